import DICOMFile
import DICOMRadiotherapy
import Foundation
import Frames
import PatientModel
import PlanModel
import TestSupport
import Testing
import Volumes

@Suite struct DoseTests {
    private func write(
        _ dose: Volume<Float>, meaning: DoseMeaning = .physical, depth: DoseWriter.Depth = .thirtyTwo,
        syntax: TransferSyntax = .explicitLittleEndian, to scratch: Scratch
    ) throws -> String {
        let ct = Samples.ct()
        try DoseWriter.write(
            dose: dose, meaning: meaning,
            plan: WrittenObject(file: "", sopInstanceUID: "2.25.11", seriesInstanceUID: "2.25.12"), ct: ct,
            depth: depth, transferSyntax: syntax,
            to: scratch.file("RD.dcm"))
        return scratch.file("RD.dcm")
    }

    @Test(
        arguments: [DoseWriter.Depth.sixteen, .thirtyTwo],
        [TransferSyntax.explicitLittleEndian, .implicitLittleEndian, .explicitBigEndian, .rleLossless])
    func returnsTheDoseThatWasWritten(_ depth: DoseWriter.Depth, _ syntax: TransferSyntax) throws {
        let scratch = try Scratch()
        let dose = Samples.dose()
        let read = try DoseReader.read(
            file: write(dose, depth: depth, syntax: syntax, to: scratch), for: Samples.ct())
        #expect(read.dose.geometry == dose.geometry)
        let maximum = Double(dose.values.max() ?? 0)
        // Half a step of the scaled integers, and one rounding to 32-bit float.
        let step = depth == .sixteen ? maximum / 65535 : maximum / 4_294_967_295
        for (a, b) in zip(read.dose.values, dose.values) {
            expectClose(
                Double(a), Double(b), relative: 1.2e-7, absolute: 0.51 * step, because: "scaled whole numbers"
            )
        }
        #expect(read.kind == .physical && read.summationType == "PLAN")
        #expect(read.referencedPlanUIDs == ["2.25.11"])
        #expect(read.findings.isEmpty)
    }

    @Test func saysWhichModelAnEffectiveDoseHas() throws {
        let scratch = try Scratch()
        let path = try write(Samples.dose(), meaning: .rbeWeighted(model: "clinical MKM, HSG"), to: scratch)
        let read = try DoseReader.read(file: path)
        #expect(read.kind == .effective)
        #expect(read.comment.contains("clinical MKM, HSG"))
        try edit(path) { try $0.remove(.doseComment) }
        #expect(try DoseReader.read(file: path).findings.map(\.code) == ["DO-0001"])
    }

    @Test func namesTheBeamItIsOf() throws {
        let scratch = try Scratch()
        try DoseWriter.write(
            dose: Samples.dose(), meaning: .physical,
            plan: WrittenObject(file: "", sopInstanceUID: "2.25.11", seriesInstanceUID: "2.25.12"),
            extent: .beam(4), ct: Samples.ct(), to: scratch.file("RD.dcm"))
        let read = try DoseReader.read(file: scratch.file("RD.dcm"))
        #expect(read.summationType == "BEAM" && read.referencedBeamNumbers == [4])
        #expect(read.referencedPlanUIDs == ["2.25.11"] && read.file == scratch.file("RD.dcm"))
        let whole = try DoseReader.read(file: write(Samples.dose(), to: scratch))
        #expect(whole.summationType == "PLAN" && whole.referencedBeamNumbers.isEmpty)
    }

    @Test func carriesADoseOfZero() throws {
        let scratch = try Scratch()
        let dose = Samples.dose(scale: 0)
        #expect(try DoseReader.read(file: write(dose, to: scratch)).dose.values == dose.values)
    }

    /// Directions of stored columns, rows and planes: +1 along the patient axis, -1 against it.
    static let directions: [SIMD3<Double>] = (0..<8).map { k in
        SIMD3(k & 1 == 0 ? 1 : -1, k & 2 == 0 ? 1 : -1, k & 4 == 0 ? 1 : -1)
    }

    /// The same grid in each storage order, with offsets relative and absolute.
    @Test(arguments: directions) func readsAnyOrderOfTheGrid(_ direction: SIMD3<Double>) throws {
        let (x, y, upwards) = (direction.x, direction.y, direction.z)
        let dose = Samples.dose()
        let grid = dose.geometry
        let n = grid.dimensions
        let first = grid.centre(x > 0 ? 0 : n.x - 1, y > 0 ? 0 : n.y - 1, upwards > 0 ? 0 : n.z - 1)
        var words: [UInt16] = []
        for k in 0..<n.z {
            for j in 0..<n.y {
                for i in 0..<n.x {
                    let value = dose[
                        x > 0 ? i : n.x - 1 - i, y > 0 ? j : n.y - 1 - j, upwards > 0 ? k : n.z - 1 - k]
                    words.append(UInt16((value * 100).rounded()))
                }
            }
        }
        // Relative offsets run along row × column, whose z is the product of the signs.
        let relative = (0..<n.z).map { Double($0) * grid.spacingMM.z * upwards * x * y }
        let absolute = (0..<n.z).map { first.z + Double($0) * grid.spacingMM.z * upwards }
        for offsets in [relative, absolute] {
            let scratch = try Scratch()
            let path = try write(dose, depth: .sixteen, to: scratch)
            try edit(path) { dataset in
                try dataset.set(.imagePositionPatient, decimals: [first.x, first.y, first.z])
                try dataset.set(.imageOrientationPatient, decimals: [x, 0, 0, 0, y, 0])
                try dataset.set(.gridFrameOffsetVector, decimals: offsets)
                try dataset.set(.doseGridScaling, "0.01")
                try dataset.set(.pixelData, words: words)
            }
            let read = try DoseReader.read(file: path).dose
            #expect(read.geometry == grid)
            for (a, b) in zip(read.values, dose.values) {
                expectClose(Double(a), Double(b), absolute: 0.0051, because: "steps of 0.01 Gy")
            }
        }
    }

    struct Broken: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var mentions: [String]
        var change: @Sendable (DICOMItem) throws -> Void
    }

    static let broken: [Broken] = [
        Broken(testDescription: "relative dose", mentions: ["DoseUnits (3004,0002)", "RELATIVE"]) {
            try $0.set(.doseUnits, "RELATIVE")
        },
        Broken(testDescription: "dose error", mentions: ["DoseType (3004,0004)", "ERROR"]) {
            try $0.set(.doseType, "ERROR")
        },
        Broken(testDescription: "no scaling", mentions: ["DoseGridScaling (3004,000E)"]) {
            try $0.remove(.doseGridScaling)
        },
        Broken(testDescription: "scaling of zero", mentions: ["DoseGridScaling (3004,000E)", "0.0"]) {
            try $0.set(.doseGridScaling, "0")
        },
        Broken(testDescription: "uneven planes", mentions: ["GridFrameOffsetVector (3004,000C)", "7.5"]) {
            try $0.set(.gridFrameOffsetVector, decimals: [0, 3, 7.5])
        },
        Broken(
            testDescription: "offsets from nowhere",
            mentions: ["GridFrameOffsetVector (3004,000C)", "-203.0"]
        ) {
            try $0.set(.gridFrameOffsetVector, decimals: [40, 43, 46])
        },
        Broken(
            testDescription: "too few offsets", mentions: ["GridFrameOffsetVector (3004,000C)", "2 values"]
        ) {
            try $0.set(.gridFrameOffsetVector, decimals: [0, 3])
        },
        Broken(testDescription: "oblique grid", mentions: ["ImageOrientationPatient (0020,0037)"]) {
            try $0.set(.imageOrientationPatient, decimals: [0, 1, 0, 1, 0, 0])
        },
        Broken(testDescription: "no frame of reference", mentions: ["FrameOfReferenceUID (0020,0052)"]) {
            try $0.remove(.frameOfReferenceUID)
        },
        Broken(testDescription: "pixels cut off", mentions: ["PixelData (7FE0,0010)", "60", "240"]) {
            try $0.set(.pixelData, words: [UInt16](repeating: 0, count: 30))
        },
        Broken(testDescription: "eight bits", mentions: ["BitsAllocated (0028,0100)", "8"]) {
            try $0.set(.bitsAllocated, 8)
        },
        Broken(testDescription: "another object", mentions: ["SOPClassUID (0008,0016)"]) {
            try $0.set(.sopClassUID, DICOMUID.ctImage)
        },
    ]

    @Test(arguments: broken) func refuses(_ broken: Broken) throws {
        let scratch = try Scratch()
        let path = try write(Samples.dose(), to: scratch)
        try edit(path, broken.change)
        do {
            _ = try DoseReader.read(file: path)
            Issue.record("the broken dose was accepted")
        } catch {
            #expect(error is DICOMError || error is DICOMImportError)
            for text in broken.mentions + ["RD.dcm"] { #expect("\(error)".contains(text), "\(error)") }
        }
    }

    @Test func refusesAnotherFrameAndImpossibleDoses() throws {
        let scratch = try Scratch()
        let path = try write(Samples.dose(), to: scratch)
        #expect(throws: DICOMImportError.self) {
            try DoseReader.read(file: path, for: Samples.ct(frame: "2.25.5"))
        }
        var dose = Samples.dose()
        dose.values[7] = .nan
        #expect(throws: DICOMExportError.self) { try write(dose, to: scratch) }
        dose.values[7] = -1
        #expect(throws: DICOMExportError.invalidDose(index: 7, value: -1)) { try write(dose, to: scratch) }
        #expect(throws: DICOMExportError.self) { try write(Samples.dose(frame: "2.25.5"), to: scratch) }
        #expect(throws: DICOMError.self) {
            try write(
                Samples.dose(), meaning: .rbeWeighted(model: String(repeating: "model ", count: 20)),
                to: scratch)
        }
        #expect(try scratch.contents() == ["RD.dcm"])
    }
}
