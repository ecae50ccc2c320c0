import FacilityModel

/// Reads the figures of a machine file and keeps each with its source and confidence.
final class FigureReader {
    private(set) var figures: [AnnotatedFigure] = []
    private let sources: [String: String]
    private let inheritance: MachineInheritance?
    private var usedSources: Set<String> = []

    /// - Parameters:
    ///   - sources: Sources in full by their keys.
    ///   - inheritance: What the file has from its base; nil if it stands alone.
    init(sources: [String: String], inheritance: MachineInheritance? = nil) {
        self.sources = sources
        self.inheritance = inheritance
    }

    /// What is written beside each value.
    private static let keys = ["value", "unit", "source", "confidence", "note"]

    /// A single number in `range`; its unit must be written as `unit`.
    func number(_ element: YAMLElement?, unit: String, in range: ClosedRange<Double>) -> Double? {
        guard let element, let map = figure(element, unit: unit) else { return nil }
        guard let value = map["value"]?.readNumber(in: range, unit: unit) else { return nil }
        return record(element, map, value: YAMLElement.text(value), unit: unit) ? value : nil
    }

    /// Several numbers, each in `range`.
    func numbers(
        _ element: YAMLElement?, count: Int, unit: String, in range: ClosedRange<Double>
    ) -> [Double]? {
        guard let element, let map = figure(element, unit: unit) else { return nil }
        guard let items = map["value"]?.readList(count: count...count),
            let values = all(items.map { $0.readNumber(in: range, unit: unit) })
        else { return nil }
        let text = values.map(YAMLElement.text).joined(separator: ", ")
        return record(element, map, value: text, unit: unit) ? values : nil
    }

    /// A lower and an upper limit.
    func limits(_ element: YAMLElement?, unit: String, in range: ClosedRange<Double>)
        -> ClosedRange<Double>?
    {
        guard let values = numbers(element, count: 2, unit: unit, in: range) else { return nil }
        guard values[0] <= values[1] else {
            element?.report(
                "the limits are in the wrong order (\(YAMLElement.text(values[0])) is greater than "
                    + "\(YAMLElement.text(values[1])) \(unit)); write the lower first")
            return nil
        }
        return values[0]...values[1]
    }

    /// A single number or a pair of limits.
    func numberOrLimits(_ element: YAMLElement?, unit: String, in range: ClosedRange<Double>)
        -> (lower: Double, upper: Double?)?
    {
        guard let element, let map = figure(element, unit: unit) else { return nil }
        if map["value"]?.isList == true {
            return limits(element, unit: unit, in: range).map { ($0.lowerBound, $0.upperBound) }
        }
        return number(element, unit: unit, in: range).map { ($0, nil) }
    }

    /// A table whose columns stand under `columns`, one row for each line; records the whole as one figure.
    func table(_ element: YAMLElement?, columns: [String], rows: ClosedRange<Int>) -> [[Double]]? {
        let keys = ["columns", "rows", "source", "confidence"]
        guard let element, let map = element.readMapping(keys + ["note"], required: keys) else {
            return nil
        }
        let names = map["columns"]?.readList().flatMap { all($0.map { $0.readText() }) }
        if let names, names != columns {
            map["columns"]?.report(
                "the columns are \(names.joined(separator: ", ")) (they must be "
                    + "\(columns.joined(separator: ", "))); put them in this order")
            return nil
        }
        guard names != nil,
            let lines = map["rows"]?.readList(count: rows),
            let values = all(lines.map { $0.readNumbers(count: columns.count) })
        else { return nil }
        return record(element, map, value: "\(values.count) rows", unit: "") ? values : nil
    }

    /// Whether a figure is left to the port's beam line (`from: beam-line`); records that it is. Nil if it is written wrongly.
    func isFromBeamLine(_ element: YAMLElement?) -> Bool? {
        guard let element, element.member("from") != nil else { return false }
        let keys = ["from", "source", "confidence"]
        guard let map = element.readMapping(keys + ["note"], required: keys),
            let origin = map["from"]?.readText()
        else { return nil }
        guard origin == "beam-line" else {
            map["from"]?.report("‘\(origin)’ gives no figures (only beam-line does); write from: beam-line")
            return nil
        }
        return record(element, map, value: "of each port's beam line", unit: "") ? true : nil
    }

    /// A figure that was computed while the file was read.
    func add(_ figure: AnnotatedFigure) { figures.append(figure) }

    /// A whole number without unit.
    func integer(_ element: YAMLElement?, in range: ClosedRange<Int>) -> Int? {
        guard let element, let map = figure(element, unit: "") else { return nil }
        guard let value = map["value"]?.readInteger(in: range) else { return nil }
        return record(element, map, value: "\(value)", unit: "") ? value : nil
    }

    /// A text without unit.
    func text(_ element: YAMLElement?) -> String? {
        guard let element, let map = figure(element, unit: "") else { return nil }
        guard let value = map["value"]?.readText() else { return nil }
        return record(element, map, value: value, unit: "") ? value : nil
    }

    /// One of a few words.
    func word<Word: RawRepresentable & CaseIterable>(
        _ element: YAMLElement?, _ type: Word.Type
    ) -> Word? where Word.RawValue == String {
        guard let element, let map = figure(element, unit: "") else { return nil }
        guard let value = map["value"]?.readWord(type) else { return nil }
        return record(element, map, value: value.rawValue, unit: "") ? value : nil
    }

    /// A list of words, each once.
    func words<Word: RawRepresentable & CaseIterable & Hashable>(
        _ element: YAMLElement?, _ type: Word.Type, count: ClosedRange<Int>
    ) -> [Word]? where Word.RawValue == String {
        guard let element, let map = figure(element, unit: "") else { return nil }
        guard let items = map["value"]?.readList(count: count),
            let values = all(items.map { $0.readWord(type) })
        else { return nil }
        guard Set(values).count == values.count else {
            map["value"]?.report("a word occurs twice (each counts once); delete one")
            return nil
        }
        let text = values.map(\.rawValue).joined(separator: ", ")
        return record(element, map, value: text, unit: "") ? values : nil
    }

    /// A number or text of any unit, for figures that nothing computes with.
    func fact(_ element: YAMLElement) -> Bool {
        guard
            let map = element.readMapping(Self.keys, required: ["value", "source", "confidence"]),
            let value = map["value"]?.readText()
        else { return false }
        let unit = map["unit"].map { $0.readText() } ?? ""
        guard let unit else { return false }
        return record(element, map, value: value, unit: unit)
    }

    /// A list of numbers of any length.
    func list(_ element: YAMLElement?, unit: String, count: ClosedRange<Int>) -> [Double]? {
        guard let element, let map = figure(element, unit: unit) else { return nil }
        guard let items = map["value"]?.readList(count: count),
            let values = all(items.map { $0.readPositive(unit: unit) })
        else { return nil }
        // A short list can be shown; a long one would fill the table.
        let text =
            values.count <= 16
            ? values.map(YAMLElement.text).joined(separator: ", ") : "\(values.count) values"
        return record(element, map, value: text, unit: unit) ? values : nil
    }

    /// A list of pairs (whole number, number), as the range steps are.
    func steps(_ element: YAMLElement?, unit: String) -> [(count: Int, pitch: Double)]? {
        guard let element, let map = figure(element, unit: unit) else { return nil }
        guard let items = map["value"]?.readList(count: 1...100) else { return nil }
        let values = items.map { item -> (Int, Double)? in
            guard let pair = item.readList(count: 2...2) else { return nil }
            let count = pair[0].readInteger(in: 1...10_000)
            let pitch = pair[1].readPositive(unit: unit, atMost: 50)
            guard let count, let pitch else { return nil }
            return (count, pitch)
        }
        guard let found = all(values) else { return nil }
        let text = found.map { "\($0.0) × \(YAMLElement.text($0.1))" }.joined(separator: ", ")
        return record(element, map, value: text, unit: unit) ? found : nil
    }

    /// Sources that no figure names: findings, because a figure may have lost its source. Those of a base are its own
    /// business.
    func reportUnusedSources(at element: YAMLElement?) {
        for key in sources.keys.sorted()
        where !usedSources.contains(key) && inheritance?.sources.contains(key) != true {
            element?.report("the source ‘\(key)’ is used by no figure; use it or delete it")
        }
    }

    /// The figure's mapping if its keys and unit are right.
    private func figure(_ element: YAMLElement, unit: String) -> YAMLMapping? {
        var required = ["value", "source", "confidence"]
        if !unit.isEmpty { required.append("unit") }
        guard let map = element.readMapping(Self.keys, required: required) else { return nil }
        guard let written = map["unit"] else { return unit.isEmpty ? map : nil }
        guard let text = written.readText() else { return nil }
        guard text == unit else {
            let wanted = unit.isEmpty ? "a pure number without unit" : unit
            written.report("the unit is ‘\(text)’ (it must be \(wanted)); convert the value")
            return nil
        }
        return map
    }

    private func record(_ element: YAMLElement, _ map: YAMLMapping, value: String, unit: String) -> Bool {
        let key = map["source"]?.readText()
        let confidence = map["confidence"]?.readWord(FigureConfidence.self)
        guard let key, let confidence else { return false }
        guard let source = sources[key] else {
            map["source"]?.report(
                "the source ‘\(key)’ is not listed under ‘sources’"
                    + YAMLElement.suggestion(key, among: sources.keys.sorted()))
            return false
        }
        usedSources.insert(key)
        var figure = AnnotatedFigure(
            path: element.path, value: value, unit: unit, source: source,
            confidence: confidence, note: map["note"]?.readText())
        inheritance?.mark(&figure, node: element.node)
        figures.append(figure)
        return true
    }
}
