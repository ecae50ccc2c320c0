/// A MAD-X input cut into statements.
struct MADXText {
    struct Statement {
        /// Without comments and line breaks.
        var text: String
        /// Line on which it begins, from 1.
        var line: Int
    }

    let statements: [Statement]

    init(_ text: String) {
        var statements: [Statement] = []
        var present = ""
        var begin = 1
        var line = 1
        var characters = Array(text)[...]
        func skip(to end: (ArraySlice<Character>) -> Bool) {
            while !characters.isEmpty && !end(characters) {
                if characters.first?.isNewline == true { line += 1 }
                characters.removeFirst()
            }
        }
        while let c = characters.first {
            if c == "!" || (c == "/" && characters.dropFirst().first == "/") {
                skip { $0.first?.isNewline == true }
            } else if c == "/" && characters.dropFirst().first == "*" {
                skip { $0.first == "*" && $0.dropFirst().first == "/" }
                characters = characters.dropFirst(2)
            } else if c == ";" {
                let trimmed = Self.trimmed(present)
                if !trimmed.isEmpty { statements.append(Statement(text: trimmed, line: begin)) }
                present = ""
                characters.removeFirst()
            } else {
                if present.allSatisfy(\.isWhitespace) { begin = line }
                if c.isNewline { line += 1 }
                present.append(c.isNewline ? " " : c)
                characters.removeFirst()
            }
        }
        if !Self.trimmed(present).isEmpty {
            statements.append(Statement(text: Self.trimmed(present), line: begin))
        }
        self.statements = statements
    }

    static func trimmed(_ text: some StringProtocol) -> String {
        String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }

    /// Parts between commas that stand outside of brackets and quotes.
    static func parts(_ text: String) -> [String] {
        var parts: [String] = []
        var (present, depth, quote) = ("", 0, Character?.none)
        for c in text {
            if let open = quote {
                if c == open { quote = nil }
            } else if c == "\"" || c == "'" {
                quote = c
            } else if c == "(" || c == "{" {
                depth += 1
            } else if c == ")" || c == "}" {
                depth -= 1
            } else if c == "," && depth == 0 {
                parts.append(trimmed(present))
                present = ""
                continue
            }
            present.append(c)
        }
        parts.append(trimmed(present))
        return parts
    }
}
