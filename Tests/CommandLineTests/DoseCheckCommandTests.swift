import CaseFiles
import DICOMFile
import DICOMRadiotherapy
import Foundation
import Frames
import PatientModel
import TestSupport
import Testing
import Volumes

/// `kasane check` as a user runs it: a plan of our own, exported, and damaged in the ways that a check is for.
@Suite struct DoseCheckCommandTests {
    private static let data = KasaneProcess.checkout.appendingPathComponent("Data").path

    /// A check by pencil beam of the box's images and one folder of objects.
    private func check(
        _ box: WaterBoxCase, _ objects: String, _ arguments: [String] = [],
        engine: [String] = ["--engine", "pencil-beam"]
    ) throws -> KasaneProcess {
        try KasaneProcess.run(
            [
                "check", box.path("images"), box.path(objects), "--machine", "yamagata", "--to",
                box.path("check"),
                "--gamma-dose", "1", "--gamma-distance", "1", "--data", Self.data,
            ]
                + engine + arguments)
    }

    /// A copy of the exported objects, without those that `keeping` does not name, and changed.
    private func copy(
        _ box: WaterBoxCase, _ name: String, keeping: [String],
        _ changes: [String: (DICOMItem) throws -> Void]
    ) throws {
        let manager = FileManager.default
        try? manager.removeItem(atPath: box.path(name))  // There may be none.
        try manager.createDirectory(atPath: box.path(name), withIntermediateDirectories: true)
        for file in keeping {
            try manager.copyItem(atPath: box.path("dicom/" + file), toPath: box.path(name + "/" + file))
        }
        for (file, change) in changes {
            let object = try DICOMFile(reading: box.path(name + "/" + file))
            try change(object.dataset)
            try object.write(to: box.path(name + "/" + file))
        }
    }

    private func planned() throws -> WaterBoxCase {
        let box = try WaterBoxCase()
        for arguments in [
            ["plan", box.planFile.path, "--to", box.path("plan")],
            ["export", box.path("plan"), "--to", box.path("dicom"), "--beam-doses"],
        ] {
            let run = try KasaneProcess.run(arguments + ["--data", Self.data])
            try #require(run.status == 0, "\(run.errors)")
        }
        return box
    }

    /// A figure of `check.yaml` by the words of its line.
    private func figures(_ box: WaterBoxCase, _ key: String) throws -> [Double] {
        let text = try String(contentsOfFile: box.path("check/check.yaml"), encoding: .utf8)
        return text.split(separator: "\n").compactMap { line in
            let words = line.trimmingCharacters(in: CharacterSet(charactersIn: " -"))
            guard words.hasPrefix(key + ": ") else { return nil }
            return Double(words.dropFirst(key.count + 2))
        }
    }

    private let plan = ["RN.dcm", "RS.dcm"]

    @Test func theOwnPlanPassesAndLeavesEverything() throws {
        let box = try planned()
        defer { #expect(throws: Never.self) { try box.remove() } }
        let run = try check(box, "dicom", ["--range-limit", "0.5", "--threads", "2"])
        try #require(run.status == 0, "\(run.output)\(run.errors)")
        #expect(run.output.contains("PASSED") && !run.output.contains("FAIL"))
        #expect(run.errors.contains("comparing doses"))
        #expect(
            run.errors.contains("warning CHECK-0016"), "a pencil beam dose checked by the same pencil beam")
        let files = try FileManager.default.contentsOfDirectory(atPath: box.path("check")).sorted()
        #expect(
            files == [
                "RD.recomputed-physical.dcm", "RD.recomputed-rbe.dcm", "check.yaml", "dvh.csv", "gamma-1.mha",
                "gamma-2.mha", "gamma-3.mha", "gamma-4.mha", "rays.csv", "recomputed-physical.mha",
                "recomputed-rbe.mha", "report.html",
            ])
        for rate in try figures(box, "passed-percent") { #expect(rate == 100) }
        let ratios = try figures(box, "mean-ratio")
        #expect(ratios.count == 4, "RBE-weighted and absorbed dose of the plan, absorbed doses of two fields")
        for ratio in ratios {
            expectClose(ratio, 1, absolute: 1e-4, because: "the same engine, 32-bit doses")
        }
        for median in try figures(box, "median-mm") {
            expectClose(median, 0, absolute: 0.01, because: "the same engine")
        }
        // A report is passed on: it names files, but not the folders of this machine.
        let page = try String(contentsOfFile: box.path("check/report.html"), encoding: .utf8)
        #expect(page.contains("RN.dcm") && !page.contains(box.folder.path))
        // The recomputed dose is that of the plan, on its voxels.
        let own = try DoseReader.read(file: box.path("dicom/RD.physical.dcm"))
        let again = try DoseReader.read(file: box.path("check/RD.recomputed-physical.dcm"))
        #expect(
            own.dose.geometry == again.dose.geometry && own.referencedPlanUIDs == again.referencedPlanUIDs)
        // Once more on top of itself, where its own results lie among the inputs.
        let second = try check(box, ".", ["--threads", "1", "--structures", "Organ"])
        #expect(second.status == 0, "\(second.errors)")
        #expect(!second.output.contains("External  "), "only what was asked for, and the target")
    }

    /// One damage, the call that sees it, and what it has to say.
    private struct Damage {
        var name: String
        var keeping: [String]
        var changes: [String: (DICOMItem) throws -> Void] = [:]
        var arguments: [String] = []
        var status: Int32
        var words: [String] = []
        var absent: [String] = []
    }

    private func damages() -> [Damage] {
        func scale(_ factor: Double) -> (DICOMItem) throws -> Void {
            { item in
                let old = try item.requiredNumber(.doseGridScaling)
                try item.set(.doseGridScaling, decimal: factor * old)
            }
        }
        func shift(_ offset: SIMD3<Double>) -> (DICOMItem) throws -> Void {
            { item in
                let p = try item.requiredNumbers(.imagePositionPatient, count: 3)
                try item.set(
                    .imagePositionPatient, decimals: [p[0] + offset.x, p[1] + offset.y, p[2] + offset.z])
            }
        }
        func toMonitorUnits(_ item: DICOMItem) throws {
            for beam in item.items(.ionBeamSequence) { try beam.set(.primaryDosimeterUnit, "MU") }
            for beam in item.items(.fractionGroupSequence)[0].items(.referencedBeamSequence) {
                let particles = try beam.requiredNumber(.beamMeterset)
                try beam.set(.beamMeterset, decimal: particles / 2.5e5)
            }
        }
        let physical = plan + ["RD.physical.dcm"]
        let unit = ["RN.dcm": toMonitorUnits]
        return [
            Damage(
                name: "5 % more dose", keeping: physical, changes: ["RD.physical.dcm": scale(1.05)],
                status: 4,
                words: [
                    "NOT PASSED", "FAIL  Absorbed dose of the plan, CTV, γ ≤ 1",
                    "mean where it is high: -4.8 %",
                ]),
            Damage(
                name: "moved by 4 mm", keeping: physical, changes: ["RD.physical.dcm": shift(SIMD3(4, 0, 0))],
                status: 4, words: ["NOT PASSED", "edges of the plan's dose"]),
            Damage(
                name: "another patient", keeping: physical,
                changes: ["RN.dcm": { try $0.set(.patientID, "WATER-2") }], status: 65,
                words: ["OC-0001", "RN.dcm", "(0010,0020)", "'WATER-2'", "'WATER-1'"]),
            Damage(
                name: "another frame", keeping: physical,
                changes: ["RN.dcm": { try $0.set(.frameOfReferenceUID, "2.25.9") }], status: 65,
                words: ["OC-0003", "RN.dcm", "(0020,0052)", "2.25.9"]),
            Damage(
                name: "no reference to structures", keeping: physical,
                changes: ["RN.dcm": { try $0.remove(.referencedStructureSetSequence) }], status: 65,
                words: ["OC-0006", "(300C,0060)", "--accept"]),
            Damage(
                name: "no reference to structures, accepted", keeping: physical,
                changes: ["RN.dcm": { try $0.remove(.referencedStructureSetSequence) }],
                arguments: ["--accept", "OC-0006", "--structure-set", "dicom/RS.dcm"], status: 0,
                words: ["warning OC-0006", "(accepted)"]),
            Damage(
                name: "no reference to the plan", keeping: physical,
                changes: ["RD.physical.dcm": { try $0.remove(.referencedRTPlanSequence) }], status: 65,
                words: ["OC-0008", "RD.physical.dcm", "(300C,0002)"]),
            Damage(
                name: "monitor units", keeping: physical, changes: unit, status: 65,
                words: ["IP-0001", "RN.dcm", "(300A,00B3)"]),
            Damage(
                name: "monitor units with their calibration", keeping: physical, changes: unit,
                arguments: ["--particles-per-mu", "2.5e5"], status: 0, words: ["PASSED"]),
            Damage(
                name: "monitor units with another calibration", keeping: physical, changes: unit,
                arguments: ["--particles-per-mu", "2e5"], status: 4,
                words: ["mean where it is high: -20.0 %", "CHECK-0021", "ions per meterset"]),
            Damage(
                name: "RBE-weighted dose called physical", keeping: plan + ["RD.rbe.dcm"],
                changes: ["RD.rbe.dcm": { try $0.set(.doseType, "PHYSICAL") }], status: 4,
                words: ["CHECK-0021", "RBE-weighted (EFFECTIVE) dose of 16 fractions", "(3004,0004)"]),
            Damage(
                name: "RBE-weighted dose of an unknown model", keeping: plan + ["RD.rbe.dcm"],
                changes: ["RD.rbe.dcm": { try $0.set(.doseComment, "LEM IV") }], status: 0,
                words: ["CHECK-0013", "'LEM IV'", "export PHYSICAL"]),
            Damage(
                name: "dose of one fraction", keeping: physical,
                changes: ["RD.physical.dcm": scale(1 / 16.0)],
                status: 4, words: ["CHECK-0021", "of 1 fraction", "--dose-fractions one"]),
            Damage(
                name: "dose of one fraction, said so", keeping: physical,
                changes: ["RD.physical.dcm": scale(1 / 16.0)], arguments: ["--dose-fractions", "one"],
                status: 0,
                words: ["one fraction", "PASSED"]),
            Damage(
                name: "relative dose", keeping: physical,
                changes: ["RD.physical.dcm": { try $0.set(.doseUnits, "RELATIVE") }], status: 65,
                words: ["RD.physical.dcm", "(3004,0002)", "RELATIVE"]),
            Damage(
                name: "target outside the grid", keeping: physical,
                changes: ["RD.physical.dcm": shift(SIMD3(0, 0, 60))], status: 65,
                words: ["CHECK-0010", "RD.physical.dcm", "'CTV'"]),
            Damage(
                name: "energy that no machine has", keeping: physical,
                changes: [
                    "RN.dcm": { item in
                        for point in item.items(.ionBeamSequence)[0].items(.ionControlPointSequence) {
                            try point.set(.nominalBeamEnergy, decimal: 999)
                        }
                    }
                ], status: 65, words: ["PLAN-0022", "999"]),
            Damage(
                name: "no target", keeping: physical,
                changes: ["RN.dcm": { try $0.remove(.doseReferenceSequence) }], status: 65,
                words: ["RN.dcm", "--target", "CTV"]),
            Damage(
                name: "no target, named", keeping: physical,
                changes: ["RN.dcm": { try $0.remove(.doseReferenceSequence) }],
                arguments: ["--target", "CTV"],
                status: 0, words: ["IP-0011", "PASSED"]),
            Damage(
                name: "target that the structure set lacks", keeping: physical,
                changes: [
                    "RN.dcm": { item in
                        for reference in item.items(.doseReferenceSequence) {
                            try reference.set(.referencedROINumber, 99)
                        }
                    }
                ], status: 65, words: ["RN.dcm", "300A,0010", "ROI 99", "3006,0084", "--target", "CTV"]),
            Damage(
                name: "dose in another frame", keeping: physical,
                changes: ["RD.physical.dcm": { try $0.set(.frameOfReferenceUID, "2.25.9") }], status: 65,
                words: ["OC-0003", "RD.physical.dcm", "(0020,0052)", "2.25.9"]),
            Damage(
                name: "dose of another system", keeping: physical,
                changes: ["RD.physical.dcm": { try $0.set(.manufacturer, "Another") }], status: 0,
                words: ["PASSED"], absent: ["CHECK-0016"]),
            Damage(
                name: "only fields", keeping: plan + ["RD.physical.beam-1.dcm", "RD.physical.beam-2.dcm"],
                status: 0, words: ["Absorbed dose of the plan", "absorbed dose of the field"]),
            Damage(
                name: "one field", keeping: plan + ["RD.physical.beam-2.dcm"], status: 0,
                words: ["Absorbed dose of field 2"]),
            Damage(
                name: "effective dose of a field", keeping: plan + ["RD.physical.beam-2.dcm"],
                changes: ["RD.physical.beam-2.dcm": { try $0.set(.doseType, "EFFECTIVE") }], status: 65,
                words: ["no dose that can be judged"]),
            Damage(
                name: "a range that cannot be judged", keeping: physical, arguments: ["--range-limit", "1"],
                status: 65, words: ["--range-limit", "BEAM"]),
        ]
    }

    @Test func damagedObjectsGetTheRightVerdict() throws {
        let box = try planned()
        defer { #expect(throws: Never.self) { try box.remove() } }
        for damage in damages() {
            try copy(box, "damaged", keeping: damage.keeping, damage.changes)
            let arguments = damage.arguments.map { $0.hasPrefix("dicom/") ? box.path($0) : $0 }
            let run = try check(box, "damaged", arguments)
            #expect(run.status == damage.status, "\(damage.name): \(run.output)\(run.errors)")
            for word in damage.words {
                #expect(
                    (run.output + run.errors).contains(word),
                    "\(damage.name): \(word): \(run.output)\(run.errors)")
            }
            for word in damage.absent {
                #expect(!(run.output + run.errors).contains(word), "\(damage.name): \(word)")
            }
            let left = FileManager.default.fileExists(atPath: box.path("check"))
            #expect(left == (damage.status != 65), "\(damage.name)")
            if left { try FileManager.default.removeItem(atPath: box.path("check")) }
        }
        let hidden = try FileManager.default.contentsOfDirectory(atPath: box.folder.path)
            .filter { $0.hasPrefix(".") }
        #expect(hidden.isEmpty, "nothing is left beside the results: \(hidden)")
    }

    /// The dose of field 1 (along −x) moved by a voxel, 5 mm, against the beam: its edges, and they alone, differ by that.
    @Test func aFieldThatReachesTooFarIsFound() throws {
        let box = try planned()
        defer { #expect(throws: Never.self) { try box.remove() } }
        let fields = ["RD.physical.beam-1.dcm", "RD.physical.beam-2.dcm"]
        try copy(
            box, "moved", keeping: plan + ["RD.physical.dcm"] + fields,
            [
                "RD.physical.beam-1.dcm": { item in
                    let p = try item.requiredNumbers(.imagePositionPatient, count: 3)
                    try item.set(.imagePositionPatient, decimals: [p[0] + 5, p[1], p[2]])
                }
            ])
        let run = try check(box, "moved", ["--range-limit", "2", "--pass", "1"])
        #expect(run.status == 4, "\(run.errors)")
        #expect(
            run.output.contains("FAIL  Range of field 1") && run.output.contains("pass  Range of field 2"))
        let medians = try figures(box, "median-mm")
        #expect(medians.count == 6, "80 %, 50 %, and 80 % in water of two fields")
        for median in medians.prefix(2) {
            expectClose(median, 5, absolute: 0.05, because: "one voxel, at 80 % and at 50 %")
        }
        expectClose(medians[2], 5.1, absolute: 0.1, because: "0 HU has 1.02 times the stopping of water")
        for median in medians.suffix(3) { expectClose(median, 0, absolute: 0.05, because: "not moved") }
    }

    /// A dose of other voxels than CT and plan, stored from the other ends of all three axes, as other systems write it.
    @Test func gridsOfAnyOrderAndSpacingAreCompared() throws {
        let box = try planned()
        defer { #expect(throws: Never.self) { try box.remove() } }
        let made = try check(box, "dicom", ["--grid", "3.5"])
        try #require(made.status == 4, "5 mm against 3.5 mm voxels at 1 %/1 mm: \(made.errors)")
        let manager = FileManager.default
        try copy(box, "turned", keeping: plan, [:])
        try manager.moveItem(
            atPath: box.path("check/RD.recomputed-physical.dcm"), toPath: box.path("turned/RD.dcm"))
        try manager.removeItem(atPath: box.path("check"))
        let upright = try DoseReader.read(file: box.path("turned/RD.dcm")).dose
        let object = try DICOMFile(reading: box.path("turned/RD.dcm"))
        try turn(object.dataset, upright)
        try object.write(to: box.path("turned/RD.dcm"))
        #expect(try DoseReader.read(file: box.path("turned/RD.dcm")).dose.geometry == upright.geometry)
        let run = try check(box, "turned")
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        #expect(try figures(box, "passed-percent").allSatisfy { $0 == 100 })
        let ratio = try #require(try figures(box, "mean-ratio").first)
        expectClose(ratio, 1, absolute: 1e-4, because: "the same voxels, found from the dose's own lattice")
    }

    /// Voxels that are no cubes and share nothing with the CT, values interpolated from voxels of 5 mm.
    @Test func voxelsNeedNotBeCubes() throws {
        let box = try planned()
        defer { #expect(throws: Never.self) { try box.remove() } }
        try copy(box, "flat", keeping: plan, [:])
        let slices = try FileManager.default.contentsOfDirectory(atPath: box.path("images"))
            .filter { $0.hasPrefix("CT") }.sorted().map { box.path("images/" + $0) }
        let ct = try CTSeriesReader.readWithFindings(files: slices).image
        let own = try DoseReader.read(file: box.path("dicom/RD.physical.dcm"))
        let grid = VolumeGeometry(
            dimensions: SIMD3(23, 20, 14), origin: Point3(-50.3, -47.1, -44.4), spacingMM: SIMD3(4, 5.1, 6.3),
            frameOfReferenceUID: ct.geometry.frameOfReferenceUID)
        let values = (0..<grid.voxelCount).map { index in
            let v = grid.voxel(at: index)
            return Float(own.dose.interpolated(at: grid.centre(v.x, v.y, v.z)) ?? 0)
        }
        let reference = try DICOMFile(reading: box.path("dicom/RN.dcm")).dataset
        try DoseWriter.write(
            dose: Volume(geometry: grid, values: values), meaning: .physical,
            plan: WrittenObject(
                file: "", sopInstanceUID: reference.requiredText(.sopInstanceUID), seriesInstanceUID: ""),
            ct: ct, to: box.path("flat/RD.dcm"))
        let run = try check(
            box, "flat",
            ["--gamma-dose", "5", "--gamma-distance", "4", "--pass", "80", "--mean-dose-limit", "25"])
        // The plan is flat at the centres of its own voxels of 5 mm; between them the dose is up to a sixth higher.
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        #expect(run.errors.contains("outside the dose grid"), "the grid is smaller than the beam: CHECK-0012")
        let text = try String(contentsOfFile: box.path("check/check.yaml"), encoding: .utf8)
        #expect(text.contains("- 5.1") && text.contains("- 6.3"), "recomputed on these voxels")
    }

    /// Columns, rows and planes from the other end; absolute offsets of the planes.
    private func turn(_ item: DICOMItem, _ dose: Volume<Float>) throws {
        let g = dose.geometry
        let n = g.dimensions
        let last = g.centre(n.x - 1, n.y - 1, n.z - 1)
        let scaling = Double(dose.values.max() ?? 0) / 65535
        var words: [UInt16] = []
        for z in (0..<n.z).reversed() {
            for y in (0..<n.y).reversed() {
                for x in (0..<n.x).reversed() {
                    words.append(UInt16((Double(dose[x, y, z]) / scaling).rounded()))
                }
            }
        }
        try item.set(.imagePositionPatient, decimals: [last.x, last.y, last.z])
        try item.set(.imageOrientationPatient, decimals: [-1, 0, 0, 0, -1, 0])
        try item.set(
            .gridFrameOffsetVector, decimals: (0..<n.z).map { last.z - Double($0) * g.spacingMM.z })
        try item.set(.doseGridScaling, decimal: scaling)
        try item.set(.bitsAllocated, 16)
        try item.set(.bitsStored, 16)
        try item.set(.highBit, 15)
        try item.set(.pixelData, words: words)
    }

    @Test func tooFewHistoriesDoNotPass() throws {
        let box = try planned()
        defer { #expect(throws: Never.self) { try box.remove() } }
        let dose = ["--dose", box.path("dicom/RD.physical.dcm")]
        let fewest = try check(box, "dicom", dose, engine: ["--histories", "2000"])
        #expect(fewest.status == 65 && fewest.errors.contains("2000"), "\(fewest.errors)")
        let run = try check(box, "dicom", dose, engine: ["--histories", "24000"])
        #expect(run.status == 4, "\(run.errors)")
        #expect(run.output.contains("FAIL  Standard error of a voxel") && run.errors.contains("CHECK-0020"))
        let page = try String(contentsOfFile: box.path("check/report.html"), encoding: .utf8)
        #expect(page.contains("Monte Carlo") && page.contains("Noise widens"))
    }
}
