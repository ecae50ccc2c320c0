import Foundation

/// One thing that is wrong in a file that people write.
public struct FileFinding: Hashable, Sendable {
    /// Line in the file, from 1; nil if the finding is about the whole file.
    public var line: Int?
    /// Where, for example `fields[1].gantry-angle`; empty for the whole file.
    public var path: String
    /// Problem (why it is one); what to do.
    public var message: String

    public init(line: Int? = nil, path: String, message: String) {
        self.line = line
        self.path = path
        self.message = message
    }
}

/// A file that cannot be used, with everything that is wrong in it.
public struct InvalidFile: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file's path as given.
    public var file: String
    /// In the order of the file; never empty.
    public var findings: [FileFinding]

    public init(file: String, findings: [FileFinding]) {
        self.file = file
        self.findings = findings
    }

    public init(file: String, line: Int? = nil, path: String = "", _ message: String) {
        self.init(
            file: file, findings: [FileFinding(line: line, path: path, message: message)])
    }

    /// One line for each finding: `file:line: path: problem (why) what to do`.
    public var description: String {
        findings.map { finding in
            let place = finding.line.map { "\(file):\($0)" } ?? file
            return finding.path.isEmpty
                ? "\(place): \(finding.message)" : "\(place): \(finding.path): \(finding.message)"
        }.joined(separator: "\n")
    }
}

/// Collects the findings of one file while it is read.
final class FindingCollector {
    private(set) var findings: [FileFinding] = []

    /// After this many, reading goes on but nothing more is noted: people correct these first.
    static let greatestCount = 200

    func add(_ path: String, line: Int?, _ message: String) {
        guard findings.count < Self.greatestCount else { return }
        let finding = FileFinding(line: line, path: path, message: message)
        if !findings.contains(finding) { findings.append(finding) }
    }

    /// Throws what was found, if anything was.
    func finish(file: String) throws(InvalidFile) {
        guard findings.isEmpty else {
            let order = findings.indices.sorted {
                (findings[$0].line ?? 0, $0) < (findings[$1].line ?? 0, $1)
            }
            throw InvalidFile(file: file, findings: order.map { findings[$0] })
        }
    }
}
