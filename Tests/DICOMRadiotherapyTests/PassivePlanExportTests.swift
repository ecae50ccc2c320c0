import DICOMFile
import DICOMRadiotherapy
import FacilityModel
import Foundation
import PlanModel
import Quantities
import TestSupport
import Testing

/// A plan for a passive port, as DICOM says it.
@Suite struct PassivePlanExportTests {
    private static let nozzle = PassiveNozzle(
        spreading: PassiveNozzle.Spreading(
            wobblerDistanceMM: 11_500, scattererDistanceMM: 10_500, scattererMaterial: "lead", beamSigmaMM: 8,
            relativeEnergySpread: 0.001,
            settings: [
                .init(
                    energy: EnergyPerNucleon(290), fieldDiameterMM: 200, wobblerRadiusMM: 116.5,
                    scattererThicknessMM: 1.38)
            ]),
        path: PassiveNozzle.Path(
            vacuumWindowDistanceMM: 10_800, monitorWaterMM: 1.5, monitorDistanceMM: 2600),
        ridgeFilters: PassiveNozzle.RidgeFilters(
            material: "aluminium", distanceMM: 2200, barPitchMM: 5, widthsMM: [60], referenceDoseGyRBE: 4),
        rangeShifter: PassiveNozzle.RangeShifterStack(
            material: "pmma", platesMM: [0.5, 1, 2, 4], distanceMM: 1300),
        collimator: PassiveNozzle.Collimator(
            distanceMM: 500, leafWidthMM: 4, leafPairCount: 4, travelMM: -50...100),
        bolus: PassiveNozzle.BolusBlank(
            material: "polyethylene", distanceMM: 300, leastThicknessMM: 3, greatestThicknessMM: 100,
            toolDiameterMM: 6), layerStacking: nil, fieldDiameterMM: 200, flatness: 0.025,
        doseRateGyRBEPerMin: 5)

    static var machine: Machine {
        var machine = Samples.machine
        machine.passivePorts = [
            PassivePort(
                id: "passive", room: "B", direction: .fixed(AngleDegrees(90)),
                patientSupportAngles: AngleDegrees(0)...AngleDegrees(0), nozzle: nozzle)
        ]
        return machine
    }

    static func plan() -> Plan {
        var plan = Samples.plan()
        let opening = LeafOpening(
            boundariesMM: [-8, -4, 0, 4, 8],
            pairsMM: [.zero, SIMD2(-10.126, 11), SIMD2(-9, 12.5), .zero])
        plan.fields = [plan.fields[0]]
        plan.fields[0].portID = "passive"
        plan.fields[0].layers = []
        plan.fields[0].rangeShifterID = nil
        plan.fields[0].passive = PassiveDelivery(
            energy: EnergyPerNucleon(290), wobblerRadiusMM: 116.5, scattererThicknessMM: 1.38,
            ridgeFilterWidthMM: 60, sourceDistanceMM: 10_480,
            bolus: Bolus(
                material: "polyethylene", distanceMM: 300, firstMM: SIMD2(-15, -10), pitchMM: 2,
                columnCount: 3, rowCount: 2, thicknessMM: [3, 4, 5, 6, 7, 8.126]),
            slices: [
                PassiveSlice(rangeShifterPlatesMM: [1, 4], opening: opening, particles: 2e9),
                PassiveSlice(rangeShifterPlatesMM: [2, 4], opening: opening, particles: 5e8),
            ])
        return plan
    }

    static func write(_ plan: Plan, to scratch: Scratch) throws -> WrittenObject {
        let ct = Samples.ct()
        return try IonPlanWriter.write(
            plan: plan, machine: machine, ct: ct, structureSet: Samples.structureSet(for: ct),
            to: scratch.file("RN.dcm"))
    }

    @Test func leavesBolusAndPlatesStandWhereDICOMWantsThem() throws {
        let scratch = try Scratch()
        let file = try DICOMFile(reading: Self.write(Self.plan(), to: scratch).file)
        let beam = try #require(file.dataset.items(.ionBeamSequence).first)
        #expect(try beam.text(.scanMode) == "NONE")
        expectClose(
            try beam.requiredNumber(.finalCumulativeMetersetWeight), 2.5e9, relative: 1e-12, because: "ions")
        let leaves = try #require(beam.items(.ionBeamLimitingDeviceSequence).first)
        #expect(try leaves.requiredNumbers(.leafPositionBoundaries) == [-8, -4, 0, 4, 8])
        let points = beam.items(.ionControlPointSequence)
        #expect(points.count == 4)
        let ends = try #require(points[0].items(.beamLimitingDevicePositionSequence).first)
        #expect(try ends.requiredNumbers(.leafJawPositions) == [0, -10.13, -9, 0, 0, 11, 12.5, 0])
        // The first row is that of the greatest y.
        let bolus = try #require(beam.items(.ionRangeCompensatorSequence).first)
        #expect(try bolus.requiredNumbers(.compensatorThicknessData) == [6, 7, 8.13, 3, 4, 5])
        #expect(try bolus.requiredNumbers(.compensatorPosition) == [-15, -8])
        #expect(try bolus.integer(.compensatorRows) == 2 && bolus.integer(.compensatorColumns) == 3)
        let settings = try [points[0], points[2]].map { point in
            try point.items(.rangeShifterSettingsSequence).map { try $0.text(.rangeShifterSetting) ?? "" }
        }
        #expect(settings == [["OUT", "IN", "OUT", "IN"], ["OUT", "OUT", "IN", "IN"]])
        #expect(points[0].items(.lateralSpreadingDeviceSettingsSequence).count == 3)
    }

    @Test func checkersFindNoError() throws {
        let scratch = try Scratch()
        let file = try Self.write(Self.plan(), to: scratch).file
        let (_, output) = try run("/usr/bin/dciodvfy", [file])
        let errors = output.split(separator: "\n").map(String.init).filter { line in
            line.hasPrefix("Error") && !ExternalCheckerTests.knownFalse.contains { line.contains($0) }
        }
        #expect(errors.isEmpty, "\(errors.joined(separator: "\n"))")
        let (code, dump) = try run("/usr/bin/drtdump", [file])
        #expect(code == 0, "\(dump)")
    }

    @Test func whatCannotBeDeliveredIsNotWritten() throws {
        let scratch = try Scratch()
        var plan = Self.plan()
        plan.fields[0].passive?.slices[1].particles = -1
        #expect(throws: DICOMExportError.invalidSlice(field: plan.fields[0].number, slice: 1)) {
            try Self.write(plan, to: scratch)
        }
        plan.fields[0].passive?.slices = []
        #expect(throws: DICOMExportError.emptyField(number: plan.fields[0].number)) {
            try Self.write(plan, to: scratch)
        }
    }
}
