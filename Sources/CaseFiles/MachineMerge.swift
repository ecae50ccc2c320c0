import Yams

/// Lays a machine file over its base: what the file writes takes the place of what the base has there.
///
/// - A figure (a mapping with `value`, `rows` or `from`) is replaced as a whole, with its source and note.
/// - The kind of energies (list, rule, modes) is replaced as a whole if it is another.
/// - Lists whose items have an `id` are laid over each other by it; new items go to the end.
/// - Other mappings are laid over each other key by key; everything else is replaced.
///
/// ## Checked by
/// `MachineBaseTests`.
struct MachineMerge {
    /// Values of the base that were replaced, by the place of what replaced them.
    private(set) var overridden: [MachineInheritance.Place: String] = [:]

    mutating func merge(_ base: Node, _ own: Node) -> Node {
        switch (base, own) {
        case (.mapping(let below), .mapping(let above)):
            if Self.isFigure(below) || Self.isFigure(above) {
                if Self.isFigure(below), let place = MachineInheritance.Place(own) {
                    overridden[place] = Self.text(below)
                }
                return own
            }
            if let kind = Self.energyKind(above), let other = Self.energyKind(below), kind != other {
                return own
            }
            return .mapping(merge(below, above))
        case (.sequence(let below), .sequence(let above)):
            guard let merged = merge(below, above) else { return own }
            return .sequence(merged)
        default: return own
        }
    }

    private mutating func merge(_ base: Node.Mapping, _ own: Node.Mapping) -> Node.Mapping {
        var pairs = base.map { ($0.key, $0.value) }
        for (key, value) in own {
            if let index = pairs.firstIndex(where: { $0.0.scalar?.string == key.scalar?.string }) {
                pairs[index] = (key, merge(pairs[index].1, value))
            } else {
                pairs.append((key, value))
            }
        }
        return Node.Mapping(pairs, own.tag, own.style, own.mark)
    }

    /// Nil if an item has no `id`.
    private mutating func merge(_ base: Node.Sequence, _ own: Node.Sequence) -> Node.Sequence? {
        var items = Array(base)
        guard items.allSatisfy({ Self.id($0) != nil }) else { return nil }
        for item in own {
            guard let id = Self.id(item) else { return nil }
            if let index = items.firstIndex(where: { Self.id($0) == id }) {
                items[index] = merge(items[index], item)
            } else {
                items.append(item)
            }
        }
        return Node.Sequence(items, own.tag, own.style, own.mark)
    }

    // MARK: Nodes

    static func member(_ node: Node, _ key: String) -> Node? {
        guard case .mapping(let mapping) = node else { return nil }
        return mapping.first { $0.key.scalar?.string == key }?.value
    }

    static func id(_ node: Node) -> String? { member(node, "id")?.scalar?.string }

    private static func keys(_ mapping: Node.Mapping) -> Set<String> {
        Set(mapping.compactMap { $0.key.scalar?.string })
    }

    private static func isFigure(_ mapping: Node.Mapping) -> Bool {
        !keys(mapping).isDisjoint(with: ["value", "rows", "from"])
    }

    private static func energyKind(_ mapping: Node.Mapping) -> String? {
        let keys = keys(mapping)
        if keys.contains("modes") { return "modes" }
        if keys.contains("list") { return "list" }
        return keys.isDisjoint(with: ["highest", "lowest", "range-steps"]) ? nil : "rule"
    }

    /// A figure's value with its unit: `63 m`.
    private static func text(_ figure: Node.Mapping) -> String {
        let node = Node.mapping(figure)
        if case .sequence(let rows)? = member(node, "rows") { return "\(rows.count) rows" }
        if let place = member(node, "from")?.scalar?.string { return "from \(place)" }
        let value = member(node, "value").map(valueText) ?? ""
        return [value, member(node, "unit")?.scalar?.string ?? ""].filter { !$0.isEmpty }
            .joined(separator: " ")
    }

    private static func valueText(_ node: Node) -> String {
        guard case .sequence(let items) = node else { return node.scalar?.string ?? "" }
        return items.map(valueText).joined(separator: ", ")
    }

    /// The same nodes without their places in the file.
    static func withoutPlaces(_ node: Node) -> Node {
        switch node {
        case .scalar(let scalar): .scalar(.init(scalar.string, scalar.tag, scalar.style))
        case .mapping(let mapping):
            .mapping(
                .init(
                    mapping.map { (withoutPlaces($0.key), withoutPlaces($0.value)) }, mapping.tag,
                    mapping.style))
        case .sequence(let sequence):
            .sequence(.init(sequence.map(withoutPlaces), sequence.tag, sequence.style))
        case .alias: node
        }
    }

    /// The same nodes with every figure assumed, and why.
    static func assuming(_ node: Node, why: String) -> Node {
        switch node {
        case .mapping(let mapping) where isFigure(mapping):
            var note = why
            var pairs = mapping.map { ($0.key, $0.value) }.filter { key, value in
                if key.scalar?.string == "note", let text = value.scalar?.string {
                    note += "; there: " + text
                }
                return !["confidence", "note"].contains(key.scalar?.string)
            }
            pairs.append((Node("confidence"), Node("assumed")))
            pairs.append((Node("note"), Node(note)))
            return .mapping(.init(pairs, mapping.tag, mapping.style, mapping.mark))
        case .mapping(let mapping):
            return .mapping(
                .init(
                    mapping.map { ($0.key, assuming($0.value, why: why)) }, mapping.tag, mapping.style,
                    mapping.mark))
        case .sequence(let sequence):
            return .sequence(
                .init(
                    sequence.map { assuming($0, why: why) }, sequence.tag, sequence.style, sequence.mark))
        default: return node
        }
    }

    /// The node without what stands at a path of keys and IDs; nil if nothing stands there.
    static func removing(_ path: ArraySlice<Substring>, from node: Node) -> Node? {
        guard let step = path.first.map(String.init) else { return nil }
        let rest = path.dropFirst()
        switch node {
        case .mapping(let mapping):
            var pairs = mapping.map { ($0.key, $0.value) }
            guard let index = pairs.firstIndex(where: { $0.0.scalar?.string == step }) else { return nil }
            if rest.isEmpty {
                pairs.remove(at: index)
            } else {
                guard let value = removing(rest, from: pairs[index].1) else { return nil }
                pairs[index].1 = value
            }
            return .mapping(.init(pairs, mapping.tag, mapping.style, mapping.mark))
        case .sequence(let sequence):
            var items = Array(sequence)
            guard let index = items.firstIndex(where: { id($0) == step || $0.scalar?.string == step }) else {
                return nil
            }
            if rest.isEmpty {
                items.remove(at: index)
            } else {
                guard let item = removing(rest, from: items[index]) else { return nil }
                items[index] = item
            }
            return .sequence(.init(items, sequence.tag, sequence.style, sequence.mark))
        default: return nil
        }
    }
}
