import Foundation
import Yams

/// One element of a YAML file with its place, for readers that report everything that is wrong.
///
/// Every `read…` function returns the value or nil; where it returns nil it has added a finding, so that a reader can
/// go on and find more. Nothing is converted on the quiet: `"3"` in quotes is not a number.
struct YAMLElement {
    let node: Node
    let path: String
    let findings: FindingCollector

    /// Files beyond this size are refused; the largest machine file has some 50 kB.
    static let greatestByteCount = 4_000_000

    /// Parses a file's text.
    static func parse(
        _ text: String, file: String, findings: FindingCollector
    ) throws(InvalidFile) -> YAMLElement {
        guard text.utf8.count <= greatestByteCount else {
            throw InvalidFile(
                file: file,
                "the file has \(text.utf8.count) bytes (at most \(greatestByteCount) are read); "
                    + "check that it is the right file")
        }
        do {
            guard let node = try Yams.compose(yaml: text) else {
                throw InvalidFile(file: file, "the file is empty; write it after docs/formats")
            }
            return YAMLElement(node: node, path: "", findings: findings)
        } catch let error as InvalidFile {
            throw error
        } catch {
            throw syntaxError(error, file: file)
        }
    }

    private static func syntaxError(_ error: any Error, file: String) -> InvalidFile {
        let advice = "; correct the YAML there (indent with spaces, quote text with : or #)"
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return InvalidFile(file: file, line: mark.line, "not YAML: \(problem)" + advice)
        case .reader(let problem, let offset, _, _):
            let place = offset.map { " at character \($0)" } ?? ""
            return InvalidFile(file: file, "not YAML: \(problem)\(place)" + advice)
        case .duplicatedKeysInMapping(let duplicates, let context):
            let keys = duplicates.joined(separator: ", ")
            return InvalidFile(
                file: file, line: context.mark.line, path: keys,
                "the key occurs twice in one mapping (only one could count); delete one of them")
        default:
            return InvalidFile(file: file, "not YAML: \(error)")
        }
    }

    var line: Int? { node.mark?.line }

    /// Whether the element is present but without content (`key:` and nothing, or `null`, or `~`).
    var isNull: Bool {
        guard let scalar = node.scalar, scalar.style == .plain else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    func report(_ message: String) { findings.add(path, line: line, message) }

    func child(_ key: String, _ node: Node) -> YAMLElement {
        YAMLElement(node: node, path: path.isEmpty ? key : "\(path).\(key)", findings: findings)
    }

    /// The characters of a scalar; nil for lists and mappings.
    var scalarText: String? { node.scalar?.string }

    var isList: Bool { if case .sequence = node { true } else { false } }

    /// Key and value of a mapping with one member; nil for anything else.
    var onlyMember: (key: String, value: YAMLElement)? {
        guard case .mapping(let mapping) = node, mapping.count == 1, let pair = mapping.first,
            let key = pair.key.scalar?.string, !key.isEmpty
        else { return nil }
        return (key, child(key, pair.value))
    }

    /// The value of a key of a mapping, without any check; nil if there is none.
    func member(_ key: String) -> YAMLElement? {
        guard case .mapping(let mapping) = node else { return nil }
        return mapping.first { $0.key.scalar?.string == key }.map { child(key, $0.value) }
    }

    /// What the element is, for messages.
    var kind: String {
        if isNull { return "nothing" }
        switch node {
        case .mapping: return "a mapping"
        case .sequence: return "a list"
        case .scalar(let scalar):
            let text = scalar.string.count > 40 ? scalar.string.prefix(40) + "…" : scalar.string[...]
            return scalar.style == .plain ? "‘\(text)’" : "the text ‘\(text)’"
        case .alias: return "an alias"
        }
    }

    // MARK: Scalars

    func readText() -> String? {
        guard let scalar = node.scalar, !isNull else {
            report("expected text, found \(kind); write one word or a text in quotes")
            return nil
        }
        guard !scalar.string.isEmpty else {
            report("the text is empty; write something")
            return nil
        }
        return scalar.string
    }

    /// A finite number inside `range`.
    func readNumber(
        _ what: String = "a number", in range: ClosedRange<Double> = -1e300...1e300,
        unit: String = ""
    ) -> Double? {
        guard let scalar = node.scalar, scalar.style == .plain, let value = Self.number(scalar.string)
        else {
            report("expected \(what)\(unit.isEmpty ? "" : " in \(unit)"), found \(kind)")
            return nil
        }
        guard range.contains(value) else {
            let lower = range.lowerBound > -1e299 ? "at least \(Self.text(range.lowerBound))" : ""
            let upper = range.upperBound < 1e299 ? "at most \(Self.text(range.upperBound))" : ""
            let limits = [lower, upper].filter { !$0.isEmpty }.joined(separator: " and ")
            let suffix = unit.isEmpty ? "" : " \(unit)"
            report("\(Self.text(value))\(suffix) is out of range (it must be \(limits)\(suffix))")
            return nil
        }
        return value
    }

    /// A finite number greater than 0.
    func readPositive(_ what: String = "a number", unit: String = "", atMost: Double = 1e12)
        -> Double?
    {
        guard let value = readNumber(what, unit: unit) else { return nil }
        guard value > 0, value <= atMost else {
            report(
                "\(Self.text(value))\(unit.isEmpty ? "" : " \(unit)") is out of range "
                    + "(it must be greater than 0 and at most \(Self.text(atMost)))")
            return nil
        }
        return value
    }

    func readInteger(in range: ClosedRange<Int>) -> Int? {
        guard let scalar = node.scalar, scalar.style == .plain, let value = Int(scalar.string) else {
            report("expected a whole number, found \(kind)")
            return nil
        }
        guard range.contains(value) else {
            report("\(value) is out of range (it must be \(range.lowerBound) to \(range.upperBound))")
            return nil
        }
        return value
    }

    /// One of a few words.
    func readWord<Word: RawRepresentable & CaseIterable>(
        _ type: Word.Type
    ) -> Word? where Word.RawValue == String {
        guard let text = readText() else { return nil }
        guard let word = Word(rawValue: text) else {
            let words = Word.allCases.map(\.rawValue)
            report(
                "‘\(text)’ is not known (\(words.joined(separator: ", ")) are)"
                    + Self.suggestion(text, among: words))
            return nil
        }
        return word
    }

    // MARK: Collections

    func readList(count: ClosedRange<Int> = 0...100_000) -> [YAMLElement]? {
        guard case .sequence(let sequence) = node else {
            report("expected a list, found \(kind); write one line with a dash for each item")
            return nil
        }
        guard count.contains(sequence.count) else {
            report(
                count.lowerBound == count.upperBound
                    ? "the list has \(sequence.count) items (it must have \(count.lowerBound))"
                    : "the list has \(sequence.count) items (it must have \(count.lowerBound) to "
                        + "\(count.upperBound))")
            return nil
        }
        return sequence.enumerated().map { index, node in
            YAMLElement(node: node, path: "\(path)[\(index)]", findings: findings)
        }
    }

    /// A list of numbers of a given length.
    func readNumbers(count: Int, unit: String = "") -> [Double]? {
        guard let items = readList(count: count...count) else { return nil }
        let values = items.map { $0.readNumber(unit: unit) }
        let found = values.compactMap { $0 }
        return found.count == count ? found : nil
    }

    /// The members of a mapping whose keys are names of the user's choice, in the order of the file.
    func readOpenMapping() -> [(key: String, value: YAMLElement)]? {
        guard case .mapping(let mapping) = node else {
            report("expected a mapping, found \(kind); write lines of ‘name: …’")
            return nil
        }
        return mapping.compactMap { keyNode, value in
            guard let key = keyNode.scalar?.string, !key.isEmpty else {
                findings.add(path, line: keyNode.mark?.line, "a key is not text; write a plain word")
                return nil
            }
            return (key, child(key, value))
        }
    }

    /// The mapping's members; keys outside `known` are findings.
    func readMapping(_ known: [String], required: [String]) -> YAMLMapping? {
        guard case .mapping(let mapping) = node else {
            report("expected a mapping, found \(kind); write lines of ‘key: value’")
            return nil
        }
        var members: [String: YAMLElement] = [:]
        for (keyNode, value) in mapping {
            guard let key = keyNode.scalar?.string else {
                findings.add(path, line: keyNode.mark?.line, "a key is not text; write a plain word")
                continue
            }
            let element = child(key, value)
            guard known.contains(key) else {
                findings.add(
                    element.path, line: keyNode.mark?.line,
                    "unknown key (nothing would read it)" + Self.suggestion(key, among: known))
                continue
            }
            members[key] = element
        }
        for key in required where members[key] == nil {
            let place = path.isEmpty ? key : "\(path).\(key)"
            findings.add(place, line: line, "missing (it has no default); add it")
        }
        return YAMLMapping(element: self, members: members)
    }

    // MARK: Words for messages

    /// A number written plainly; nil for anything else, infinities and NaN included.
    static func number(_ text: String) -> Double? {
        guard let first = text.first, first.isNumber || "+-.".contains(first),
            text.allSatisfy({ $0.isASCII && ($0.isNumber || "+-.eE".contains($0)) }),
            let value = Double(text), value.isFinite
        else { return nil }
        return value
    }

    static func text(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    }

    /// `; did you mean ‘x’?` if a known word is near, else the list of known words.
    static func suggestion(_ word: String, among known: [String]) -> String {
        let near = known.map { (distance: editDistance(word.lowercased(), $0.lowercased()), word: $0) }
            .min { $0.distance < $1.distance }
        if let near, near.distance <= max(2, word.count / 3) {
            return "; did you mean ‘\(near.word)’?"
        }
        return "; known here: \(known.joined(separator: ", "))"
    }

    /// Levenshtein distance: insertions, deletions and replacements from `a` to `b`.
    static func editDistance(_ a: String, _ b: String) -> Int {
        let (left, right) = (Array(a.unicodeScalars.prefix(100)), Array(b.unicodeScalars))
        var row = Array(0...right.count)
        for (i, x) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, y) in right.enumerated() {
                let substituted = diagonal + (x == y ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[right.count]
    }
}

/// The members of a mapping whose keys have been checked.
struct YAMLMapping {
    let element: YAMLElement
    fileprivate let members: [String: YAMLElement]

    fileprivate init(element: YAMLElement, members: [String: YAMLElement]) {
        self.element = element
        self.members = members
    }

    /// The member of that key; nil if absent (which is a finding already if it was required).
    subscript(_ key: String) -> YAMLElement? { members[key] }

    var keys: Set<String> { Set(members.keys) }
}
