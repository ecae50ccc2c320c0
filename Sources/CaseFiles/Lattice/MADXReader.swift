import BeamOptics
import Foundation

/// What has been read of a MAD-X input so far.
struct MADXReader {
    struct Definition {
        var type: String
        /// By lower-case attribute.
        var attributes: [String: String]
        var line: Int
    }
    struct Place {
        var element: String
        var label: String
        var at: String
        var line: Int
    }
    struct Sequence {
        var name: String
        var refer: String
        var length: String
        var line: Int
        var places: [Place] = []
    }

    let file: String
    var expression = MADXExpression()
    var definitions: [String: Definition] = [:]
    var sequences: [Sequence] = []
    var findings: [FileFinding] = []
    var ignored: [String] = []
    private var isInSequence = false

    init(file: String) { self.file = file }

    static let commands = [
        "beam", "use", "twiss", "select", "option", "title", "call", "return", "stop", "exit", "quit",
        "survey", "plot", "match", "vary",
        "constraint", "endmatch", "jacobian", "lmdif", "show", "value", "print", "set", "save", "assign",
        "resbeam", "makethin", "ptc_create_universe",
        "ptc_create_layout", "ptc_twiss", "ptc_end", "seqedit", "endedit", "flatten", "cycle", "system",
        "write", "readtable", "weight",
    ]

    func sequence(_ name: String?) -> Sequence? {
        guard let name else { return sequences.last }
        return sequences.first { $0.name.lowercased() == name.lowercased() }
    }

    /// Takes one statement.
    mutating func take(_ statement: MADXText.Statement) {
        let text = statement.text
        let head = text.prefix { $0.isLetter || $0.isNumber || "_.$".contains($0) }.lowercased()
        if head == "endsequence" {
            isInSequence = false
            return
        }
        if Self.commands.contains(head) {
            ignored.append(String(text.prefix(60)))
            return
        }
        // name->attribute = value
        if let arrow = text.range(of: "->") {
            let name = MADXText.trimmed(text[..<arrow.lowerBound]).lowercased()
            guard let (attribute, value) = Self.assignment(String(text[arrow.upperBound...])) else {
                return refuse(
                    statement, name, "‘\(text.prefix(60))’ sets no attribute; write name->attribute = value")
            }
            definitions[name, default: Definition(type: "", attributes: [:], line: statement.line)]
                .attributes[attribute] = value
            return
        }
        let label = text.prefix { $0 != ":" && $0 != "=" && $0 != "," }
        let rest = text.dropFirst(label.count)
        if rest.hasPrefix(":"), !rest.hasPrefix(":=") {
            define(MADXText.trimmed(label), String(rest.dropFirst()), statement)
        } else if rest.hasPrefix("=") || rest.hasPrefix(":=") {
            guard let (name, value) = Self.assignment(text) else {
                return refuse(statement, "", "‘\(text.prefix(60))’ is not understood; write name = value")
            }
            expression.variables[name.split(separator: " ").last.map(String.init) ?? name] = value
        } else if isInSequence {
            let parts = MADXText.parts(text)
            place(
                parts[0], label: parts[0], attributes: Self.attributes(parts.dropFirst()), statement)
        } else {
            refuse(
                statement, "", "‘\(text.prefix(60))’ is not understood; delete it or write it as MAD-X does")
        }
    }

    private mutating func define(
        _ name: String, _ text: String, _ statement: MADXText.Statement
    ) {
        let parts = MADXText.parts(text)
        let type = parts[0].lowercased()
        let attributes = Self.attributes(parts.dropFirst())
        if type == "sequence" {
            sequences.append(
                Sequence(
                    name: name, refer: (attributes["refer"] ?? "centre").lowercased(),
                    length: attributes["l"] ?? "0",
                    line: statement.line))
            isInSequence = true
        } else if isInSequence, attributes["at"] != nil {
            var own = attributes
            own["at"] = nil
            if own.isEmpty {
                place(parts[0], label: name, attributes: attributes, statement)
            } else {
                definitions[name.lowercased()] = Definition(type: type, attributes: own, line: statement.line)
                place(name, label: name, attributes: attributes, statement)
            }
        } else {
            definitions[name.lowercased()] = Definition(
                type: type, attributes: attributes, line: statement.line)
        }
    }

    private mutating func place(
        _ element: String, label: String, attributes: [String: String], _ statement: MADXText.Statement
    ) {
        guard let at = attributes["at"] else {
            return refuse(statement, label, "its place is missing; write AT = …")
        }
        guard attributes["from"] == nil else {
            return refuse(statement, label, "FROM is not understood; write AT from the start of the sequence")
        }
        sequences[sequences.count - 1].places.append(
            Place(element: element, label: label, at: at, line: statement.line))
    }

    private mutating func refuse(_ statement: MADXText.Statement, _ path: String, _ message: String) {
        findings.append(FileFinding(line: statement.line, path: path, message: message))
    }

    private static func assignment(_ text: String) -> (String, String)? {
        guard let equals = text.firstIndex(of: "=") else { return nil }
        var name = text[..<equals]
        if name.hasSuffix(":") { name = name.dropLast() }
        let trimmed = MADXText.trimmed(name).lowercased()
        let value = MADXText.trimmed(text[text.index(after: equals)...])
        return trimmed.isEmpty || value.isEmpty ? nil : (trimmed, value)
    }

    private static func attributes(_ parts: ArraySlice<String>) -> [String: String] {
        var attributes: [String: String] = [:]
        for part in parts {
            if let (name, value) = assignment(part) {
                attributes[name] = value
            } else {
                attributes[part.lowercased()] = "1"
            }
        }
        return attributes
    }

    func number(_ text: String) throws -> Double { try expression.value(of: text) }

    static func words(_ error: any Error) -> String {
        switch error as? MADXExpression.Failure {
        case .undefined(let name): "‘\(name)’ has no value; give one in the file or with --set \(name)=…"
        case .circular(let name): "‘\(name)’ depends on itself"
        case .syntax(let text): "‘\(text)’ is not an expression"
        case nil: "\(error)"
        }
    }
}
