import FacilityModel

/// Reads the figures of a machine file and keeps each with its source and confidence.
final class FigureReader {
    private(set) var figures: [AnnotatedFigure] = []
    private let sources: [String: String]
    private var usedSources: Set<String> = []

    init(sources: [String: String]) {
        self.sources = sources
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

    /// A list of numbers of any length.
    func list(_ element: YAMLElement?, unit: String, count: ClosedRange<Int>) -> [Double]? {
        guard let element, let map = figure(element, unit: unit) else { return nil }
        guard let items = map["value"]?.readList(count: count),
            let values = all(items.map { $0.readPositive(unit: unit) })
        else { return nil }
        return record(element, map, value: "\(values.count) values", unit: unit) ? values : nil
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

    /// Sources that no figure names: findings, because a figure may have lost its source.
    func reportUnusedSources(at element: YAMLElement?) {
        for key in sources.keys.sorted() where !usedSources.contains(key) {
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
        figures.append(
            AnnotatedFigure(
                path: element.path, value: value, unit: unit, source: source,
                confidence: confidence, note: map["note"]?.readText()))
        return true
    }
}
