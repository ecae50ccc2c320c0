import DICOMFile
import DICOMRadiotherapy
import Foundation
import PatientModel
import PlanModel
import Testing

/// Programs that nobody here wrote judge the objects: dciodvfy (dicom3tools), drtdump (DCMTK), pydicom.
@Suite struct ExternalCheckerTests {
    /// What dciodvfy 1.00~20220618 reports although the standard allows it; each with the reason.
    static let knownFalse = [
        // Required only if the body part is one of a pair, which a head or trunk is not (C.7.3.1).
        "Missing attribute Type 2C Conditional Element=<Laterality>",
        // Required only for Scan Mode MODULATED_SPEC; the plan has MODULATED (C.8.8.25).
        "Missing attribute Type 1C Conditional Element=<ModulatedScanModeType>",
        // Dose Value Interpretation is newer than this checker's dictionary.
        "is not a recognized standard attribute - (0x300a,0x068b)",
        // Its list of values has VERIFIED and NOT_VERIFIED misspelt (C.8.8.26).
        "Unrecognized enumerated value <VERIFIED> for value 1 of attribute <Treatment Verification Status>",
    ]

    @Test func dciodvfyFindsNoError() throws {
        let scratch = try Scratch()
        // dciodvfy stops on 32-bit doses (an assertion of its own), so it is given 16-bit ones with the same header.
        let written = try Samples.writeCase(to: scratch, depth: .sixteen)
        let files = [
            written.slices[0], written.structureSetFile.file, written.planFile.file,
            written.physicalFile.file,
            written.effectiveFile.file,
        ]
        for file in files {
            let (_, output) = try run("/usr/bin/dciodvfy", [file])
            let errors = output.split(separator: "\n").map(String.init).filter { line in
                line.hasPrefix("Error") && !Self.knownFalse.contains { line.contains($0) }
            }
            #expect(errors.isEmpty, "\(file): \(errors.joined(separator: "\n"))")
        }
    }

    /// Treatment records: interrupted, continued, with range shifter and one spot, and after a crash.
    @Test func checkersFindNoErrorInTreatmentRecords() throws {
        let scratch = try Scratch()
        for (index, record) in RecordSamples.sessions().enumerated() {
            let file = scratch.file("RT\(index).dcm")
            try RecordSamples.write(record, to: file)
            let (_, verified) = try run("/usr/bin/dciodvfy", [file])
            let errors = verified.split(separator: "\n").map(String.init).filter { line in
                line.hasPrefix("Error") && !Self.knownFalse.contains { line.contains($0) }
            }
            #expect(errors.isEmpty, "\(file): \(errors.joined(separator: "\n"))")
            let (code, output) = try run("/usr/bin/drtdump", [file])
            #expect(code == 0, "\(output)")
            let complaints = output.split(separator: "\n").filter {
                $0.hasPrefix("E:") || $0.hasPrefix("F:") || $0.hasPrefix("W:")
            }
            #expect(complaints.isEmpty, "\(file): \(complaints.joined(separator: "\n"))")
        }
        let script = """
            import sys, pydicom
            total = 0.0
            for i in range(2):
                record = pydicom.dcmread(sys.argv[1] + "/RT%d.dcm" % i)
                assert record.SOPClassUID.name == "RT Ion Beams Treatment Record Storage"
                beam = record.TreatmentSessionIonBeamSequence[0]
                points = beam.IonControlPointDeliverySequence
                assert len(points) == beam.NumberOfControlPoints
                delivered = sum(float(w) for p in points for w in p.ScanSpotMetersetsDelivered)
                assert abs(delivered - float(beam.DeliveredPrimaryMeterset)) < 1e-6 * delivered
                assert float(points[0].DeliveredMeterset) == total
                total += float(beam.DeliveredPrimaryMeterset)
                assert float(points[-1].DeliveredMeterset) == total
            beam = pydicom.dcmread(sys.argv[1] + "/RT0.dcm").TreatmentSessionIonBeamSequence[0]
            assert [str(i.InterlockCodeSequence[0].CodingSchemeDesignator) for i in beam.InterlockSequence] == ["99KASANE"] * 2
            print("same")
            """
        let (code, output) = try run("/usr/bin/python3", ["-c", script, scratch.path])
        #expect(code == 0 && output.contains("same"), "pydicom disagrees: \(output)")
        try edit(scratch.file("RT0.dcm")) {
            try $0.items(.treatmentSessionIonBeamSequence)[0].remove(.treatmentTerminationStatus)
        }
        let (_, planted) = try run("/usr/bin/dciodvfy", [scratch.file("RT0.dcm")])
        #expect(planted.contains("Error") && planted.contains("TreatmentTerminationStatus"), "\(planted)")
    }

    /// The checker itself must be able to fail.
    @Test func dciodvfyFindsAPlantedError() throws {
        let scratch = try Scratch()
        let written = try Samples.writeCase(to: scratch)
        try edit(written.planFile.file) { try $0.items(.ionBeamSequence)[0].remove(.scanMode) }
        let (_, output) = try run("/usr/bin/dciodvfy", [written.planFile.file])
        #expect(output.contains("Error") && output.contains("ScanMode"), "\(output)")
    }

    @Test func drtdumpFindsNoError() throws {
        let scratch = try Scratch()
        let written = try Samples.writeCase(to: scratch)
        for file in [
            written.structureSetFile.file, written.planFile.file, written.physicalFile.file,
            written.effectiveFile.file,
        ] {
            let (code, output) = try run("/usr/bin/drtdump", [file])
            #expect(code == 0, "\(output)")
            let complaints = output.split(separator: "\n").filter {
                $0.hasPrefix("E:") || $0.hasPrefix("F:") || $0.hasPrefix("W:")
            }
            #expect(complaints.isEmpty, "\(file): \(complaints.joined(separator: "\n"))")
        }
        try edit(written.planFile.file) { try $0.items(.ionBeamSequence)[0].remove(.radiationType) }
        let (_, output) = try run("/usr/bin/drtdump", [written.planFile.file])
        #expect(output.contains("RadiationType"), "\(output)")
    }

    /// pydicom reads the numbers that were written, also from maps of more than 64 kB.
    @Test(arguments: [nil, TransferSyntax.explicitLittleEndian]) func pydicomReadsTheSameNumbers(
        _ syntax: TransferSyntax?
    ) throws {
        let scratch = try Scratch()
        var plan = Samples.plan()
        plan.fields[0].layers[0].spots = (0..<9000).map {
            Spot(positionMM: SIMD2(Double($0) * 0.01, -3), particles: 1000 + Double($0))
        }
        let written = try Samples.writeCase(to: scratch, plan: plan)
        if let syntax {
            try IonPlanWriter.write(
                plan: plan, machine: Samples.machine, ct: written.ct, structureSet: written.structureSet,
                transferSyntax: syntax, to: written.planFile.file)
        }
        let script = """
            import struct, sys, pydicom
            folder = sys.argv[1]
            plan = pydicom.dcmread(folder + "/RP.dcm")
            assert plan.SOPClassUID.name == "RT Ion Plan Storage"
            beam = plan.IonBeamSequence[0]
            point = beam.IonControlPointSequence[0]
            # A map of more than 64 kB in Explicit VR has the representation UN (PS3.5 6.2.2, note 5).
            map = point.ScanSpotPositionMap
            if isinstance(map, bytes):
                map = struct.unpack("<%df" % (len(map) // 4), map)
            assert len(map) == 18000 and abs(map[2] - 0.01) < 1e-6, len(map)
            weights = point.ScanSpotMetersetWeights
            assert len(weights) == 9000
            step = beam.IonControlPointSequence[1].CumulativeMetersetWeight
            assert abs(sum(weights) - float(step)) <= 1e-9 * float(step)
            assert [len(str(b.FinalCumulativeMetersetWeight)) <= 16 for b in plan.IonBeamSequence]
            assert plan.PatientName.components[0] == "Ion^Carb\\u00f3n^^Dr"
            structures = pydicom.dcmread(folder + "/RS.dcm")
            assert structures.StructureSetROISequence[1].ROIName == "Tr\\u00e4nendr\\u00fcse_\\u8133\\u5e79"
            dose = pydicom.dcmread(folder + "/RD-physical.dcm")
            values = dose.pixel_array * float(dose.DoseGridScaling)
            assert values.shape == (3, 4, 5)
            assert abs(values[2, 3, 4] - (0.4 + 5.1 + 39.8)) < 1e-4, values[2, 3, 4]
            ct = pydicom.dcmread(folder + "/CT.0002.dcm")
            assert ct.pixel_array[5, 6] * ct.RescaleSlope + ct.RescaleIntercept == -1000 + 6 + 35 + 60
            print("same")
            """
        let (code, output) = try run("/usr/bin/python3", ["-c", script, scratch.path])
        #expect(
            code == 0 && output.contains("same"),
            "pydicom disagrees, or python3-pydicom and python3-numpy are missing (run scripts/setup): \(output)"
        )
    }
}
