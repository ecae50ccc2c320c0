import Foundation

/// Values of MAD-X expressions: numbers, names, + − * / ^, brackets and the usual functions; names are looked up when they are needed, as `:=` means it.
struct MADXExpression {
    /// Why an expression has no value.
    enum Failure: Error, Hashable {
        case syntax(String)
        case undefined(String)
        case circular(String)
    }

    /// Texts of variables by lower-case name.
    var variables: [String: String] = [
        "pi": "3.14159265358979323846", "twopi": "6.28318530717958647692", "degrad": "57.29577951308232",
        "raddeg": "0.017453292519943295",
    ]

    func value(of text: String) throws -> Double { try value(of: text, resolving: []) }

    private func value(of text: String, resolving: [String]) throws -> Double {
        var parser = Parser(characters: Array(text.lowercased().filter { !$0.isWhitespace })) { name in
            guard !resolving.contains(name) else { throw Failure.circular(name) }
            guard let text = variables[name] else { throw Failure.undefined(name) }
            return try value(of: text, resolving: resolving + [name])
        }
        let result = try parser.sum()
        guard parser.isAtEnd, result.isFinite else { throw Failure.syntax(text) }
        return result
    }

    private struct Parser {
        let characters: [Character]
        let lookUp: (String) throws -> Double
        var position = 0

        init(characters: [Character], lookUp: @escaping (String) throws -> Double) {
            self.characters = characters
            self.lookUp = lookUp
        }

        var isAtEnd: Bool { position == characters.count }
        var next: Character? { isAtEnd ? nil : characters[position] }

        mutating func takes(_ character: Character) -> Bool {
            guard next == character else { return false }
            position += 1
            return true
        }

        mutating func sum() throws -> Double {
            var value = try product()
            while true {
                if takes("+") {
                    value += try product()
                } else if takes("-") {
                    value -= try product()
                } else {
                    return value
                }
            }
        }

        mutating func product() throws -> Double {
            var value = try sign()
            while true {
                if takes("*") {
                    value *= try sign()
                } else if takes("/") {
                    value /= try sign()
                } else {
                    return value
                }
            }
        }

        mutating func sign() throws -> Double {
            if takes("-") { return -(try sign()) }
            if takes("+") { return try sign() }
            return try power()
        }

        mutating func power() throws -> Double {
            let base = try atom()
            return takes("^") ? pow(base, try sign()) : base
        }

        mutating func atom() throws -> Double {
            if takes("(") {
                let value = try sum()
                guard takes(")") else { throw Failure.syntax(String(characters)) }
                return value
            }
            guard let first = next else { throw Failure.syntax(String(characters)) }
            if first.isNumber || first == "." { return try number() }
            guard first.isLetter || first == "_" else { throw Failure.syntax(String(characters)) }
            let name = word()
            guard takes("(") else { return try lookUp(name) }
            let argument = try sum()
            guard takes(")") else { throw Failure.syntax(String(characters)) }
            let functions: [String: (Double) -> Double] = [
                "sqrt": { $0.squareRoot() }, "sin": sin, "cos": cos, "tan": tan, "asin": asin, "acos": acos,
                "atan": atan,
                "exp": exp, "log": log, "log10": log10, "abs": abs, "sinh": sinh, "cosh": cosh, "tanh": tanh,
            ]
            guard let function = functions[name] else { throw Failure.undefined(name + "()") }
            return function(argument)
        }

        mutating func number() throws -> Double {
            let start = position
            while let c = next, c.isNumber || c == "." { position += 1 }
            if let c = next, c == "e" || c == "d" {
                let mark = position
                position += 1
                if next == "+" || next == "-" { position += 1 }
                guard let digit = next, digit.isNumber else {
                    position = mark
                    return try plain(start..<position)
                }
                while let c = next, c.isNumber { position += 1 }
            }
            return try plain(start..<position)
        }

        func plain(_ range: Range<Int>) throws -> Double {
            let text = String(characters[range]).replacing("d", with: "e")
            guard let value = Double(text) else { throw Failure.syntax(text) }
            return value
        }

        mutating func word() -> String {
            let start = position
            while let c = next, c.isLetter || c.isNumber || c == "_" || c == "." { position += 1 }
            return String(characters[start..<position])
        }
    }
}
