import DICOMFile
import DICOMRadiotherapy
import Foundation
import Testing

/// Files with flipped, cut and repeated bytes never crash the readers: they are read or refused.
@Suite struct DamagedFileTests {
    @Test func neverCrashTheReaders() throws {
        let scratch = try Scratch()
        let written = try Samples.writeCase(to: scratch)
        let rle = try CTWriter.write(
            ct: Samples.ct(), storage: .init(transferSyntax: .rleLossless), to: scratch.file("rle"))
        let jpeg = try CTWriter.write(
            ct: Samples.ct(), storage: .init(transferSyntax: .jpegLosslessSV1), to: scratch.file("jpeg"))
        let jls = try CTWriter.write(
            ct: Samples.ct(), storage: .init(transferSyntax: .jpegLSLossless), to: scratch.file("jls"))
        let sources: [(String, [String])] = [
            (written.slices[0], written.slices), (rle[0], rle), (jpeg[0], jpeg), (jls[0], jls),
            (written.structureSetFile.file, []), (written.planFile.file, []),
            (written.physicalFile.file, []),
        ]
        var generator = SystemSeed(state: 20)
        var (read, refused) = (0, 0)
        for (source, neighbours) in sources {
            let original = try Data(contentsOf: URL(fileURLWithPath: source))
            for _ in 0..<60 {
                var data = original
                for _ in 0..<Int.random(in: 1...6, using: &generator) {
                    let place = Int.random(in: 132..<data.count, using: &generator)
                    switch Int.random(in: 0..<4, using: &generator) {
                    case 0: data[place] = UInt8.random(in: 0...255, using: &generator)
                    case 1: data.removeSubrange(place..<min(place + 7, data.count))
                    case 2: data.insert(contentsOf: original[140..<170], at: place)
                    default: data = data.prefix(max(place, 140))
                    }
                    if data.count < 140 { break }
                }
                let path = scratch.file("damaged.dcm")
                try data.write(to: URL(fileURLWithPath: path))
                do {
                    let file = try DICOMFile(reading: path)
                    switch try file.dataset.text(.modality) {
                    case "RTSTRUCT": _ = try StructureSetReader.read(file: path, for: nil)
                    case "RTPLAN": _ = try IonPlanReader.read(file: path)
                    case "RTDOSE": _ = try DoseReader.read(file: path)
                    default:
                        _ = try CTSeriesReader.read(
                            files: [path] + neighbours.filter { $0 != source })
                    }
                    read += 1
                } catch {
                    #expect(error is DICOMError || error is DICOMImportError, "\(error)")
                    refused += 1
                }
            }
        }
        #expect(refused > 100 && read > 5, "\(refused) refused, \(read) read")
    }
}

/// A small reproducible source of bits.
struct SystemSeed: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
