import DICOMFile
import Foundation

/// A folder for one test, removed with it.
final class Scratch {
    let path: String

    init() throws {
        path =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("kasane-dicom-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            print("scratch folder \(path) was not removed: \(error)")
        }
    }

    /// A file of this name in the folder.
    func file(_ name: String) -> String { path + "/" + name }

    /// All files in the folder, hidden ones too.
    func contents() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }
}

/// Reads a DICOM file, changes it and writes it back.
func edit(
    _ path: String, transferSyntax: TransferSyntax = .explicitLittleEndian,
    _ change: (DICOMItem) throws -> Void
) throws {
    let file = try DICOMFile(reading: path)
    try change(file.dataset)
    try file.write(to: path, transferSyntax: transferSyntax)
}

/// Runs a program and gives its exit code and everything it printed.
func run(_ program: String, _ arguments: [String]) throws -> (code: Int32, output: String) {
    guard FileManager.default.isExecutableFile(atPath: program) else {
        throw MissingProgram(program: program)
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
}

struct MissingProgram: Error, CustomStringConvertible {
    var program: String
    var description: String {
        "\(program) is not installed (an independent checker of DICOM files is needed); run scripts/setup"
    }
}
