import Foundation
import Testing

/// One bad call of the program and what it has to answer.
struct BadCall: Sendable, CustomTestStringConvertible {
    var arguments: [String]
    var status: Int32
    /// Words that the message must hold.
    var words: [String]
    var testDescription: String { arguments.joined(separator: " ") }

    init(_ arguments: String..., status: Int32, says words: String...) {
        self.arguments = arguments
        self.status = status
        self.words = words
    }
}

/// Bad input from the command line: one clear message, the right exit code, and nothing left behind.
@Suite struct BadInputTests {
    /// A folder with a text file, an empty folder, a plan file that names no patient, and something that is no case.
    private static func scratch() throws -> URL {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("kasane-bad-\(UUID().uuidString)")
        let manager = FileManager.default
        for name in ["empty", "text", "occupied"] {
            try manager.createDirectory(
                at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
        }
        try Data("not DICOM".utf8).write(to: folder.appendingPathComponent("text/a.txt"))
        try Data("mine".utf8).write(to: folder.appendingPathComponent("occupied/thesis.txt"))
        try Data("label: [".utf8).write(to: folder.appendingPathComponent("broken.yaml"))
        try Data([0xff, 0xfe, 0x00, 0x80]).write(to: folder.appendingPathComponent("binary.yaml"))
        let example = try String(
            contentsOf: KasaneProcess.checkout.appendingPathComponent("Examples/head/plan.yaml"),
            encoding: .utf8)
        func variant(_ name: String, _ from: String, _ to: String) throws {
            try #require(example.contains(from))
            try Data(example.replacing(from, with: to).utf8).write(to: folder.appendingPathComponent(name))
        }
        try variant("no-machine.yaml", "machine: yamagata", "machine: mars")
        try variant("bad-angle.yaml", "gantry-angle: 90", "gantry-angle: 1000")
        try variant("bad-port.yaml", "port: gantry", "port: roof")
        try variant("unknown-key.yaml", "calibration: schneider", "calibraton: schneider")
        try variant("good.yaml", "seed: 1", "seed: 2")
        return folder
    }

    static let calls = [
        BadCall("import", "nowhere", status: 65, says: "nowhere", "no such folder"),
        BadCall("import", "empty", status: 65, says: "no CT series", "empty"),
        BadCall("import", "text", status: 65, says: "no CT series"),
        BadCall("plan", "nowhere.yaml", "--to", "out", status: 65, says: "nowhere.yaml", "no such file"),
        BadCall("plan", "empty", "--to", "out", status: 65, says: "folder"),
        BadCall("plan", "broken.yaml", "--to", "out", status: 65, says: "broken.yaml", "not YAML"),
        BadCall("plan", "binary.yaml", "--to", "out", status: 65, says: "binary.yaml", "UTF-8"),
        BadCall("plan", "no-machine.yaml", "--to", "out", status: 65, says: "mars", "yamagata"),
        BadCall("plan", "bad-angle.yaml", "--to", "out", status: 65, says: "gantry-angle", "1000"),
        BadCall("plan", "bad-port.yaml", "--to", "out", status: 65, says: "roof", "gantry"),
        BadCall("plan", "unknown-key.yaml", "--to", "out", status: 65, says: "calibraton", "calibration"),
        BadCall("plan", "good.yaml", "--dicom", "nowhere", "--to", "out", status: 65, says: "nowhere"),
        BadCall("plan", "good.yaml", "--dicom", "empty", "--to", "out", status: 65, says: "no CT series"),
        BadCall(
            "plan", "good.yaml", "--dicom", "text", "--to", "occupied", status: 65, says: "occupied",
            "not a case"),
        BadCall("plan", "good.yaml", "--to", "out", "--threads", "0", status: 64, says: "--threads 0"),
        BadCall(
            "plan", "good.yaml", "--to", "out", "--data", "empty", status: 65, says: "--data", "data folder"),
        BadCall("evaluate", "empty", status: 65, says: "case.json"),
        BadCall("evaluate", "nowhere", status: 65, says: "nowhere"),
        BadCall("export", "text", "--to", "out", status: 65, says: "case.json"),
        BadCall("export", "text", "--to", "out", "--dose-bits", "24", status: 64, says: "24", "16 or 32"),
        BadCall("report", "occupied", "--to", "out.html", status: 65, says: "case.json"),
        BadCall("dose", "empty", "--to", "out", status: 65, says: "case.json"),
        BadCall(
            "check", "nowhere", "--machine", "yamagata", "--to", "out", status: 65, says: "nowhere",
            "no such folder"),
        BadCall(
            "check", "empty", "--machine", "yamagata", "--to", "out", status: 65, says: "no RT Ion Plan",
            "empty"),
        BadCall(
            "check", "text", "--machine", "yamagata", "--to", "occupied", status: 65, says: "occupied",
            "not a dose check"),
        BadCall("check", "empty", "--to", "out", status: 64, says: "--machine"),
        BadCall(
            "check", "empty", "--machine", "yamagata", "--to", "out", "--accept", "OC-0003", status: 64,
            says: "OC-0003", "can be accepted"),
        BadCall(
            "check", "empty", "--machine", "yamagata", "--to", "out", "--pass", "0", status: 64,
            says: "--pass 0"),
        BadCall(
            "check", "empty", "--machine", "yamagata", "--to", "out", "--biology", "lem", status: 64,
            says: "--biology lem", "rbe=1.1"),
        BadCall(
            "check", "empty", "--machine", "yamagata", "--to", "out", "--port", "x=gantry", status: 64,
            says: "--port x=gantry"),
        BadCall(
            "check", "empty", "--machine", "yamagata", "--to", "out", "--particles-per-mu", "broken.yaml",
            status: 65, says: "broken.yaml:1", "particles-per-mu"),
        BadCall("dose", "--to", "out", status: 64, says: "<case-folder>"),
        BadCall("dose", "empty", status: 64, says: "--to"),
        BadCall(
            "dose", "empty", "--to", "out", "--uncertainty", "1%", status: 64, says: "--engine monte-carlo"),
        BadCall(
            "dose", "empty", "--to", "out", "--engine", "monte-carlo", "--uncertainty", "1", status: 64,
            says: "'1'", "for example 1%"),
        BadCall(
            "dose", "empty", "--to", "out", "--engine", "monte-carlo", "--uncertainty", "0.001%", status: 64,
            says: "0.01%"),
        BadCall(
            "dose", "empty", "--to", "out", "--engine", "monte-carlo", "--time", "5", status: 64, says: "'5'",
            "90s"),
        BadCall(
            "dose", "empty", "--to", "out", "--engine", "monte-carlo", "--histories", "10", status: 64,
            says: "1000 to 1000000000"),
        BadCall(
            "dose", "empty", "--to", "out", "--tasks", "3", status: 64, says: "--tasks", "--cluster slurm"),
        BadCall(
            "dose", "empty", "--to", "out", "--cluster", "slurm", "--time", "5m", status: 64, says: "--time",
            "--histories"),
        BadCall(
            "dose", "empty", "--to", "out", "--cluster", "slurm", "--engine", "pencil-beam", status: 64,
            says: "Monte Carlo"),
        BadCall("dose", "empty", "--cluster", "slurm", "--resume", "text", status: 64, says: "a case folder"),
        BadCall("dose", "--cluster", "slurm", "--resume", "text", status: 65, says: "not a job folder"),
        BadCall("facility", "show", "atlantis", status: 65, says: "atlantis", "yamagata"),
        BadCall("facility", "show", "broken.yaml", status: 65, says: "broken.yaml"),
    ]

    @Test(arguments: calls) func isRefused(_ call: BadCall) throws {
        let folder = try Self.scratch()
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
        let before = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
        var arguments = call.arguments
        if !arguments.contains("--data") && arguments[0] != "import" {
            arguments += ["--data", KasaneProcess.checkout.appendingPathComponent("Data").path]
        }
        let result = try KasaneProcess.run(arguments, in: folder)
        #expect(result.status == call.status, "\(result.errors)")
        for word in call.words { #expect(result.errors.contains(word), "\(result.errors)") }
        let after = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
        #expect(after == before, "something was left behind")
    }
}
