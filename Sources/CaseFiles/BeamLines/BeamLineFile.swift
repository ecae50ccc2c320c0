import BeamTransport
import Foundation

/// A beam line from its file (`format: kasane-beam-line`); the format is described in `docs/formats/beam-line.md`.
///
/// ## Checked by
/// `BeamLineFileTests`, `BrokenBeamLineFileTests`.
public struct BeamLineFile: Sendable {
    public static let format = "kasane-beam-line"
    public static let version = 1

    public var line: TransferLine
    /// How its strengths were found; no steps if the file does not tell.
    public var matching: LineMatching
    /// What the line is and where its figures come from, for people.
    public var summary: String
    public var source: String
    /// The file and its bases.
    public var files: [String]

    /// - Parameters:
    ///   - line: The line.
    ///   - matching: How its strengths were found.
    ///   - summary: What it is.
    ///   - source: Where its figures come from.
    ///   - files: The file and its bases.
    public init(
        line: TransferLine, matching: LineMatching, summary: String, source: String, files: [String]
    ) {
        self.line = line
        self.matching = matching
        self.summary = summary
        self.source = source
        self.files = files
    }

    /// Reads a beam-line file, and the files that it is based on.
    ///
    /// - Parameter path: Path of the file.
    /// - Throws: `InvalidFile` with everything that is wrong in it.
    public static func read(path: String) throws(InvalidFile) -> BeamLineFile {
        try read(text: TextFile.read(path), file: path)
    }

    private static let required = [
        "format", "version", "name", "summary", "source", "ion", "energy", "entry", "isocentre-x", "elements",
        "sections",
    ]

    /// Reads the text of a beam-line file.
    ///
    /// - Parameters:
    ///   - text: Its text.
    ///   - file: Its path, for messages, and for a base that is given by a relative path.
    /// - Throws: `InvalidFile` with everything that is wrong in it.
    public static func read(text: String, file: String) throws(InvalidFile) -> BeamLineFile {
        let laid = try lay(text: text, file: file, above: [])
        let document = YAMLDocument(
            format: format, version: version,
            keys: required + ["base", "strengths", "matching-scheme", "matching"], required: required)
        return try document.read(laid.root, file: file) {
            BeamLineFileReader(top: $0, files: laid.files).file()
        }
    }

    /// The file laid over its base: mappings key by key, everything else replaced.
    private static func lay(
        text: String, file: String, above: [String]
    ) throws(InvalidFile) -> (root: YAMLElement, files: [String]) {
        let own = try YAMLElement.parse(text, file: file, findings: FindingCollector())
        guard let element = own.member("base") else { return (own, [file]) }
        guard let name = element.readText() else {
            try own.findings.finish(file: file)
            throw InvalidFile(file: file, "the base cannot be read")
        }
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent().path
        let path = name.hasPrefix("/") ? name : folder + "/" + name
        guard !(above + [file]).contains(path), above.count < 8 else {
            throw InvalidFile(
                file: file, line: element.line, path: "base",
                "the file is based on itself (\((above + [file, path]).joined(separator: " → "))); name another base"
            )
        }
        guard FileManager.default.fileExists(atPath: path) else {
            throw InvalidFile(
                file: file, line: element.line, path: "base",
                "there is no file \(path); give the base by its path from this file's folder")
        }
        let base = try lay(text: TextFile.read(path), file: path, above: above + [file])
        var merge = MachineMerge()
        let node = merge.merge(MachineMerge.withoutPlaces(base.root.node), own.node)
        return (YAMLElement(node: node, path: "", findings: own.findings), [file] + base.files)
    }
}
