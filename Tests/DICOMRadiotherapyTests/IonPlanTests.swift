import DICOMFile
import DICOMRadiotherapy
import FacilityModel
import Foundation
import Frames
import PatientModel
import PlanModel
import Quantities
import TestSupport
import Testing
import Volumes

/// Positions are 32-bit floats, particles too; decimal strings carry at least nine digits.
func expectSame(_ read: Plan, _ plan: Plan, sourceLocation: SourceLocation = #_sourceLocation) {
    func close(_ a: Double, _ b: Double, relative: Double) {
        expectClose(
            a, b, relative: relative, absolute: 1e-9, because: "digits of the DICOM value representation",
            sourceLocation: sourceLocation)
    }
    #expect(read.label == plan.label && read.machineName == plan.machineName, sourceLocation: sourceLocation)
    #expect(
        read.ion == plan.ion && read.patientPosition == plan.patientPosition, sourceLocation: sourceLocation)
    #expect(read.prescription == plan.prescription, sourceLocation: sourceLocation)
    #expect(read.fields.count == plan.fields.count, sourceLocation: sourceLocation)
    for (a, b) in zip(read.fields, plan.fields) {
        #expect(
            a.number == b.number && a.name == b.name && a.portID == b.portID
                && a.rangeShifterID == b.rangeShifterID && a.gantryAngle == b.gantryAngle
                && a.patientSupportAngle == b.patientSupportAngle, sourceLocation: sourceLocation)
        close(a.isocentre.x, b.isocentre.x, relative: 1e-9)
        close(a.isocentre.y, b.isocentre.y, relative: 1e-9)
        close(a.isocentre.z, b.isocentre.z, relative: 1e-9)
        let layers = b.layers.filter { $0.particles > 0 }
        #expect(a.layers.count == layers.count, sourceLocation: sourceLocation)
        for (la, lb) in zip(a.layers, layers) {
            #expect(la.energy == lb.energy && la.paintings == lb.paintings, sourceLocation: sourceLocation)
            #expect(la.spots.count == lb.spots.count, sourceLocation: sourceLocation)
            for (sa, sb) in zip(la.spots, lb.spots)
            where Float(sb.positionMM.x) != Float(sa.positionMM.x)
                || Float(sb.positionMM.y) != Float(sa.positionMM.y)
                || abs(sa.particles - sb.particles) > 1e-6 * sb.particles
            {
                Issue.record("spot \(sa) is not \(sb)", sourceLocation: sourceLocation)
            }
        }
    }
}

@Suite struct IonPlanTests {
    private func write(
        _ plan: Plan, to scratch: Scratch, syntax: TransferSyntax? = nil
    ) throws -> (CTImage, StructureSet, String) {
        let ct = Samples.ct(plan.patientPosition)
        let set = Samples.structureSet(for: ct)
        try IonPlanWriter.write(
            plan: plan, machine: Samples.machine, ct: ct, structureSet: set, transferSyntax: syntax,
            to: scratch.file("RP.dcm"))
        return (ct, set, scratch.file("RP.dcm"))
    }

    @Test(arguments: PatientPosition.allCases) func returnsThePlanThatWasWritten(
        _ position: PatientPosition
    ) throws {
        let scratch = try Scratch()
        let plan = Samples.plan(position)
        let (ct, set, path) = try write(plan, to: scratch)
        let read = try IonPlanReader.read(file: path, for: ct)
        expectSame(read.plan, plan)
        #expect(read.findings.isEmpty, "\(read.findings)")
        #expect(read.referencedStructureSetUIDs == [set.instanceUID])
        #expect(read.frameOfReferenceUID == ct.geometry.frameOfReferenceUID)
        #expect(read.approvalStatus == "UNAPPROVED")
        #expect(read.patient == ct.patient)
        let beam = read.beams[1]
        #expect(beam.unit == .particles && beam.machineName == "test-machine")
        #expect(beam.virtualSourceDistancesMM == SIMD2(8000, 7400))
        #expect(beam.rangeModulatorIDs == ["RIDGE FILTER"])
        let shifter = try #require(beam.rangeShifter)
        expectClose(
            shifter.waterEquivalentThicknessMM ?? 0, 34.7, relative: 1e-7, because: "a 32-bit float")
        #expect(shifter.isocentreDistanceMM == 480)
        // σ at 210 MeV/u between 4.5 mm (50) and 1.9 mm (430), times 2 √(2 ln 2).
        let size = try #require(beam.spotSizesMM[0])
        expectClose(
            size.x, 2.3548200450 * (4.5 - 2.6 * 160 / 380), relative: 1e-6, because: "a 32-bit float")
        expectClose(beam.meterset, plan.fields[1].particles, relative: 1e-7, because: "32-bit weights")
    }

    /// The rules of two control points per layer, in the file itself.
    @Test func writesTwoControlPointsPerLayer() throws {
        let scratch = try Scratch()
        let (_, _, path) = try write(Samples.plan(), to: scratch)
        let dataset = try DICOMFile(reading: path).dataset
        let group = try #require(dataset.items(.fractionGroupSequence).first)
        for (beam, reference) in zip(
            dataset.items(.ionBeamSequence), group.items(.referencedBeamSequence))
        {
            let points = beam.items(.ionControlPointSequence)
            #expect(try beam.requiredInteger(.numberOfControlPoints) == points.count)
            let final = try beam.requiredNumber(.finalCumulativeMetersetWeight)
            #expect(try reference.requiredNumber(.beamMeterset) == final)
            var cumulative = 0.0
            for (index, point) in points.enumerated() {
                #expect(try point.requiredInteger(.controlPointIndex) == index)
                expectClose(
                    try point.requiredNumber(.cumulativeMetersetWeight), cumulative, relative: 1e-14,
                    because: "sums of the floats that are written")
                let weights = try point.requiredNumbers(.scanSpotMetersetWeights)
                if index.isMultiple(of: 2) {
                    cumulative += weights.reduce(0, +)
                } else {
                    #expect(weights.allSatisfy { $0 == 0 })
                    let before = points[index - 1]
                    for tag in [DICOMTag.scanSpotPositionMap, .nominalBeamEnergy, .scanningSpotSize] {
                        #expect(try point.requiredNumbers(tag) == before.requiredNumbers(tag))
                    }
                }
            }
            expectClose(final, cumulative, relative: 1e-14, because: "sums of the floats that are written")
            #expect(try beam.requiredText(.primaryDosimeterUnit) == "NP")
            #expect(try beam.requiredInteger(.radiationMassNumber) == 12)
            #expect(try beam.requiredInteger(.radiationAtomicNumber) == 6)
            #expect(try beam.requiredInteger(.radiationChargeState) == 6)
        }
    }

    @Test(arguments: [Isotope.proton, .helium4, .oxygen16]) func carriesAnyIon(_ ion: Isotope) throws {
        let scratch = try Scratch()
        var plan = Samples.plan()
        plan.ion = ion
        let (ct, _, path) = try write(plan, to: scratch)
        #expect(try IonPlanReader.read(file: path, for: ct).plan.ion == ion)
    }

    static let syntaxes: [TransferSyntax?] = [nil, .explicitLittleEndian, .implicitLittleEndian]

    /// Beyond 8191 spots the position map no longer fits the 16-bit length of Explicit VR.
    @Test(arguments: [1, 8191, 8192, 20_000], syntaxes)
    func carriesLayersOfAnySize(_ count: Int, _ syntax: TransferSyntax?) throws {
        let scratch = try Scratch()
        var plan = Samples.plan()
        plan.fields[0].layers[0].spots = (0..<count).map { index -> Spot in
            let x = Double(index % 150) * 0.7 - 50
            let y = Double(index / 150) * 0.7 - 50
            return Spot(positionMM: SIMD2(x, y), particles: 1e4 + Double(index))
        }
        let (ct, _, path) = try write(plan, to: scratch, syntax: syntax)
        let file = try DICOMFile(reading: path, extent: .headers)
        if syntax == nil {
            let expected: TransferSyntax = count > 8191 ? .implicitLittleEndian : .explicitLittleEndian
            #expect(file.transferSyntaxUID == expected.rawValue)
        }
        expectSame(try IonPlanReader.read(file: path, for: ct).plan, plan)
    }

    @Test func leavesOutLayersWithoutParticles() throws {
        let scratch = try Scratch()
        var plan = Samples.plan()
        plan.fields[0].layers.insert(EnergyLayer(energy: EnergyPerNucleon(286), spots: []), at: 1)
        plan.fields[0].layers.append(
            EnergyLayer(
                energy: EnergyPerNucleon(270), spots: [Spot(positionMM: SIMD2(1, 2), particles: 0)]))
        plan.fields[1].layers[0].spots.append(Spot(positionMM: SIMD2(5, 6), particles: 0))
        let (ct, _, path) = try write(plan, to: scratch)
        let read = try IonPlanReader.read(file: path, for: ct)
        expectSame(read.plan, plan)
        #expect(read.plan.fields[0].layers.count == 2)
        #expect(read.plan.fields[1].layers[0].spots.count == 2)
    }

    // MARK: Plans that cannot be written

    @Test func refusesToWriteWhatCannotBeDelivered() throws {
        let scratch = try Scratch()
        func refused(_ error: DICOMExportError, _ change: (inout Plan) -> Void) throws {
            var plan = Samples.plan()
            change(&plan)
            #expect(throws: error) { try write(plan, to: scratch) }
            #expect("\(error)".count > 40)
        }
        try refused(.otherMachine(plan: "x", machine: "test-machine")) { $0.machineName = "x" }
        try refused(.unknownPort(field: 1, port: "x", machine: "test-machine")) { $0.fields[0].portID = "x" }
        try refused(.unknownRangeShifter(field: 1, id: "RS9", port: "room-1-horizontal")) {
            $0.fields[0].rangeShifterID = "RS9"
        }
        try refused(.noSpotSize(field: 1, energyMeVPerNucleon: 500)) {
            $0.fields[0].layers[0].energy = EnergyPerNucleon(500)
        }
        try refused(.emptyField(number: 4)) { $0.fields[1].layers = [] }
        try refused(.duplicateFieldNumber(1)) { $0.fields[1].number = 1 }
        try refused(.unknownTarget("PTV", structureSet: "Planning")) { $0.prescription.targetName = "PTV" }
        try refused(.invalidSpot(field: 1, layer: 1, spot: 2)) {
            $0.fields[0].layers[1].spots[2].particles = -1
        }
        try refused(.invalidSpot(field: 1, layer: 0, spot: 0)) {
            $0.fields[0].layers[0].spots[0].positionMM.x = .nan
        }
        var plan = Samples.plan()
        plan.label = "a label of more than sixteen characters"
        #expect(throws: DICOMError.self) { try write(plan, to: scratch) }
        #expect(try scratch.contents().isEmpty)
    }

    @Test func leavesNothingBehindInAFolderThatIsNotThere() throws {
        let scratch = try Scratch()
        let ct = Samples.ct()
        #expect(throws: DICOMError.self) {
            try IonPlanWriter.write(
                plan: Samples.plan(), machine: Samples.machine, ct: ct,
                structureSet: Samples.structureSet(for: ct), to: scratch.file("no/such/RP.dcm"))
        }
        #expect(try scratch.contents().isEmpty)
    }

    // MARK: Plans of other systems

    struct Foreign: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var code: String
        var mentions: [String]
        var change: @Sendable (DICOMItem) throws -> Void
    }

    private static func beam(_ dataset: DICOMItem) -> DICOMItem { dataset.items(.ionBeamSequence)[0] }
    private static func point(_ dataset: DICOMItem, _ index: Int) -> DICOMItem {
        beam(dataset).items(.ionControlPointSequence)[index]
    }

    static let unusable: [Foreign] = [
        Foreign(
            testDescription: "monitor units", code: "IP-0001", mentions: ["PrimaryDosimeterUnit (300A,00B3)"]
        ) {
            try beam($0).set(.primaryDosimeterUnit, "MU")
        },
        Foreign(testDescription: "scattering", code: "IP-0002", mentions: ["ScanMode (300A,0308)", "NONE"]) {
            try beam($0).set(.scanMode, "NONE")
        },
        Foreign(
            testDescription: "unknown ion", code: "IP-0003", mentions: ["RadiationMassNumber (300A,0302)"]
        ) {
            try beam($0).remove(.radiationMassNumber)
        },
        Foreign(
            testDescription: "photons", code: "IP-0003", mentions: ["RadiationType (300A,00C6)", "PHOTON"]
        ) {
            try beam($0).set(.radiationType, "PHOTON")
        },
        Foreign(testDescription: "mixed ions", code: "IP-0004", mentions: ["12C", "4He"]) {
            try beam($0).set(.radiationMassNumber, 4)
            try beam($0).set(.radiationAtomicNumber, 2)
        },
        Foreign(
            testDescription: "weights that do not add up", code: "IP-0006",
            mentions: ["FinalCumulativeMetersetWeight"]
        ) {
            try point($0, 0).set(.scanSpotMetersetWeights, floats: [Float](repeating: 1, count: 11))
        },
        Foreign(
            testDescription: "cumulative weights of another plan", code: "IP-0006",
            mentions: ["CumulativeMetersetWeight (300A,0134)"]
        ) {
            try point($0, 1).set(.cumulativeMetersetWeight, decimal: 5)
        },
        Foreign(
            testDescription: "wrong number of control points", code: "IP-0007",
            mentions: ["NumberOfControlPoints (300A,0110)", "7"]
        ) {
            try beam($0).set(.numberOfControlPoints, 7)
        },
        Foreign(testDescription: "no beam meterset", code: "IP-0008", mentions: ["BeamMeterset (300A,0086)"])
        {
            try $0.items(.fractionGroupSequence)[0].items(.referencedBeamSequence)[0].remove(.beamMeterset)
        },
        Foreign(
            testDescription: "decubitus", code: "IP-0009", mentions: ["PatientPosition (0018,5100)", "HFDL"]
        ) {
            try $0.items(.patientSetupSequence)[0].set(.patientPosition, "HFDL")
        },
        Foreign(testDescription: "another position than the CT", code: "IP-0009", mentions: ["FFP", "HFS"]) {
            try $0.items(.patientSetupSequence)[0].set(.patientPosition, "FFP")
        },
        Foreign(
            testDescription: "no fraction group", code: "IP-0012",
            mentions: ["FractionGroupSequence (300A,0070)"]
        ) {
            try $0.remove(.fractionGroupSequence)
        },
        Foreign(
            testDescription: "no number of fractions", code: "IP-0012",
            mentions: ["NumberOfFractionsPlanned (300A,0078)"]
        ) {
            try $0.items(.fractionGroupSequence)[0].setEmpty(.numberOfFractionsPlanned)
        },
        Foreign(
            testDescription: "range shifters miscounted", code: "IP-0013",
            mentions: ["NumberOfRangeShifters (300A,0312)"]
        ) {
            try beam($0).set(.numberOfRangeShifters, 2)
        },
        Foreign(
            testDescription: "map and weights differ", code: "IP-0014",
            mentions: ["ScanSpotPositionMap (300A,0394)", "IonControlPointSequence[2]"]
        ) {
            try point($0, 2).set(.scanSpotPositionMap, floats: [1, 2, 3, 4])
        },
        Foreign(
            testDescription: "negative weight", code: "IP-0014", mentions: ["ScanSpotMetersetWeights", "-3"]
        ) {
            try point($0, 2).set(.scanSpotMetersetWeights, floats: [1, 2, -3, 4])
        },
        Foreign(
            testDescription: "pitched table", code: "IP-0015",
            mentions: ["TableTopPitchAngle (300A,0140)", "2"]
        ) {
            try point($0, 0).set(.tableTopPitchAngle, floats: [2])
        },
        Foreign(testDescription: "gantry that moves", code: "IP-0016", mentions: ["GantryAngle (300A,011E)"])
        {
            try point($0, 2).set(.gantryAngle, decimal: 91)
        },
        Foreign(testDescription: "bolus", code: "IP-0020", mentions: ["NumberOfBoli (300A,00ED)"]) {
            try beam($0).set(.numberOfBoli, 1)
        },
        Foreign(testDescription: "no energy", code: "IP-0027", mentions: ["NominalBeamEnergy (300A,0114)"]) {
            try point($0, 0).remove(.nominalBeamEnergy)
        },
        Foreign(
            testDescription: "two machines", code: "IP-0026", mentions: ["TreatmentMachineName (300A,00B2)"]
        ) {
            try beam($0).set(.treatmentMachineName, "other")
        },
    ]

    @Test(arguments: unusable) func refusesToRead(_ foreign: Foreign) throws {
        let scratch = try Scratch()
        let (ct, _, path) = try write(Samples.plan(), to: scratch)
        try edit(path, foreign.change)
        do {
            _ = try IonPlanReader.read(file: path, for: ct)
            Issue.record("the plan was accepted")
        } catch DICOMImportError.unusablePlan(let file, let findings) {
            #expect(file == path)
            let failure = findings.first { $0.code == foreign.code && $0.severity == .failure }
            let message = try #require(failure, "\(findings)").message
            for text in foreign.mentions + ["RP.dcm"] { #expect(message.contains(text), "\(message)") }
        }
    }

    static let doubtful: [Foreign] = [
        Foreign(
            testDescription: "no virtual source", code: "IP-0005",
            mentions: ["VirtualSourceAxisDistances (300A,030A)"]
        ) {
            try beam($0).set(.virtualSourceAxisDistances, floats: [0, 0])
        },
        Foreign(
            testDescription: "no cumulative weights", code: "IP-0006",
            mentions: ["CumulativeMetersetWeight (300A,0134)", "4 of 4"]
        ) {
            for index in 0..<4 { try point($0, index).setEmpty(.cumulativeMetersetWeight) }
        },
        Foreign(
            testDescription: "no position", code: "IP-0009", mentions: ["PatientPosition (0018,5100)", "HFS"]
        ) {
            try $0.items(.patientSetupSequence)[0].setEmpty(.patientPosition)
        },
        Foreign(
            testDescription: "no port", code: "IP-0010", mentions: ["InstitutionalDepartmentName (0008,1040)"]
        ) {
            try beam($0).remove(.institutionalDepartmentName)
        },
        Foreign(
            testDescription: "no prescription", code: "IP-0011",
            mentions: ["TargetPrescriptionDose (300A,0026)"]
        ) {
            try $0.remove(.doseReferenceSequence)
        },
        Foreign(
            testDescription: "setting without device", code: "IP-0013",
            mentions: ["RangeShifterSetting (300A,0362)"]
        ) {
            let item = try point($0, 0).append(.rangeShifterSettingsSequence)
            try item.set(.rangeShifterSetting, "OUT")
            try item.set(.referencedRangeShifterNumber, 0)
        },
        Foreign(
            testDescription: "energy of too many characters", code: "IP-0017",
            mentions: ["290.30000000000001"]
        ) {
            for index in 0..<2 { try point($0, index).set(.nominalBeamEnergy, "290.30000000000001") }
        },
        Foreign(
            testDescription: "setup beam", code: "IP-0018", mentions: ["TreatmentDeliveryType (300A,00CE)"]
        ) {
            try $0.items(.ionBeamSequence)[1].set(.treatmentDeliveryType, "SETUP")
        },
        Foreign(testDescription: "no label", code: "IP-0019", mentions: ["RTPlanLabel (300A,0002)"]) {
            try $0.setEmpty(.rtPlanLabel)
        },
        Foreign(testDescription: "wrong modality", code: "IP-0022", mentions: ["Modality (0008,0060)"]) {
            try $0.set(.modality, "OTHER")
        },
        Foreign(
            testDescription: "no structure set", code: "IP-0023",
            mentions: ["ReferencedStructureSetSequence (300C,0060)"]
        ) {
            try $0.remove(.referencedStructureSetSequence)
        },
        Foreign(
            testDescription: "class in place of instance", code: "IP-0024",
            mentions: ["SOPInstanceUID (0008,0018)"]
        ) {
            try $0.set(.sopInstanceUID, DICOMUID.rtIonPlan)
        },
    ]

    @Test(arguments: doubtful) func reports(_ foreign: Foreign) throws {
        let scratch = try Scratch()
        let (ct, _, path) = try write(Samples.plan(), to: scratch)
        try edit(path, foreign.change)
        let read = try IonPlanReader.read(file: path, for: ct)
        let finding = try #require(read.findings.first { $0.code == foreign.code }, "\(read.findings)")
        for text in foreign.mentions + ["RP.dcm"] {
            #expect(finding.message.contains(text), "\(finding.message)")
        }
    }

    @Test func scalesMonitorUnits() throws {
        let scratch = try Scratch()
        let (ct, _, path) = try write(Samples.plan(), to: scratch)
        try edit(path) { dataset in
            for item in dataset.items(.ionBeamSequence) { try item.set(.primaryDosimeterUnit, "MU") }
            let group = dataset.items(.fractionGroupSequence)[0]
            for item in group.items(.referencedBeamSequence) { try item.set(.beamMeterset, decimal: 100) }
        }
        let read = try IonPlanReader.read(
            file: path, for: ct, particlesPerMonitorUnit: MonitorUnitCalibration(particlesPerUnit: 2e6))
        for field in read.plan.fields {
            expectClose(
                field.particles, 2e8, relative: 1e-7, because: "100 MU of 2e6 particles, 32-bit weights")
        }
        // A table by energy: each layer with its own number; a layer outside it is refused.
        func point(_ energy: Double, _ particles: Double) -> MonitorUnitCalibration.Point {
            .init(energy: EnergyPerNucleon(energy), particles: particles)
        }
        let table = try #require(
            MonitorUnitCalibration(points: [point(200, 2e6), point(300, 3e6)]))
        let scaled = try IonPlanReader.read(file: path, for: ct, particlesPerMonitorUnit: table)
        for (a, b) in zip(scaled.plan.fields, read.plan.fields) {
            for (layer, constant) in zip(a.layers, b.layers) {
                expectClose(
                    layer.particles / constant.particles, layer.energy.value / 200, relative: 1e-6,
                    because: "particles in proportion to the energy, as the table says")
            }
        }
        let short = try #require(MonitorUnitCalibration(points: [point(250, 2e6), point(300, 3e6)]))
        do {
            _ = try IonPlanReader.read(file: path, for: ct, particlesPerMonitorUnit: short)
            Issue.record("read without complaint")
        } catch {
            let text = "\(error)"
            #expect(
                text.contains("IP-0029") && text.contains("210.0") && text.contains("(300A,0114)"), "\(text)")
        }
    }

    @Test func refusesAnotherFrameOfReference() throws {
        let scratch = try Scratch()
        let (_, _, path) = try write(Samples.plan(), to: scratch)
        #expect(throws: DICOMImportError.self) {
            try IonPlanReader.read(file: path, for: Samples.ct(frame: "2.25.5"))
        }
    }
}
