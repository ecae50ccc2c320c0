import Yams

/// A YAML document to be written, with its keys in their order.
///
/// ## Checked by
/// `YAMLTreeTests`: what is written reads back with the same types.
public indirect enum YAMLTree: Hashable, Sendable {
    /// Always quoted, so that `1.2` stays a text.
    case text(String)
    /// Written so that it reads back as the same value; not finite is `null`.
    case number(Double)
    case integer(Int)
    case flag(Bool)
    case null
    case list([YAMLTree])
    case map([Entry])

    public struct Entry: Hashable, Sendable {
        public var key: String
        public var value: YAMLTree

        public init(_ key: String, _ value: YAMLTree) {
            self.key = key
            self.value = value
        }
    }

    /// The document's text.
    ///
    /// - Throws: What Yams throws for text that YAML cannot hold.
    public func text() throws -> String { try Yams.serialize(node: node, width: -1, allowUnicode: true) }

    private var node: Node {
        switch self {
        case .text(let text): .scalar(.init(text, Tag(.str), .doubleQuoted))
        case .number(let value):
            value.isFinite
                ? .scalar(.init("\(value)", Tag(.float), .plain)) : .scalar(.init("null", Tag(.null), .plain))
        case .integer(let value): .scalar(.init("\(value)", Tag(.int), .plain))
        case .flag(let value): .scalar(.init(value ? "true" : "false", Tag(.bool), .plain))
        case .null: .scalar(.init("null", Tag(.null), .plain))
        case .list(let items): .sequence(.init(items.map(\.node), Tag(.seq), .any))
        case .map(let entries):
            .mapping(
                .init(
                    entries.map { (Node.scalar(.init($0.key, Tag(.str), .plain)), $0.value.node) }, Tag(.map),
                    .any))
        }
    }
}
