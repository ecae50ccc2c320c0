import CaseFiles
import Testing

/// One change to the text of a good file, and what the message of its reader must say.
struct BrokenText: CustomTestStringConvertible, Sendable {
    let from: String
    let to: String
    /// Place of the finding, for example `fields[0].gantry-angle`.
    let path: String
    /// Words that its message must hold.
    let words: String
    var testDescription: String { "\(path): \(to)" }

    init(_ from: String, _ to: String, path: String, says words: String) {
        (self.from, self.to, self.path, self.words) = (from, to, path, words)
    }

    /// Another value of a figure of a machine file: `key: {value: from` becomes `key: {value: to`.
    static func figure(
        _ key: String, _ from: String, _ to: String, path: String, says words: String
    ) -> BrokenText {
        BrokenText("\(key): {value: \(from)", "\(key): {value: \(to)", path: path, says: words)
    }

    /// Makes the change in `whole` and expects `read(text, file)` to refuse the text at the place, with the words, and
    /// with the file's name in front.
    func expectRefused(
        in whole: String, file: String, read: (String, String) throws(InvalidFile) -> Void
    ) throws {
        let text = whole.replacing(from, with: to, maxReplacements: 1)
        try #require(text != whole)
        do {
            try read(text, file)
            Issue.record("read without complaint")
        } catch {
            #expect(
                error.findings.contains { $0.path == path && $0.message.contains(words) }, "\(error)")
            #expect(error.description.hasPrefix("\(file):"))
        }
    }
}
