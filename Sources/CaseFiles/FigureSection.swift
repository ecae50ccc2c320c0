/// A mapping of a machine file whose figures are read by their keys.
///
/// A figure that is not there, or is wrong, is nil; what is wrong has been reported, so that the file is refused.
struct FigureSection {
    let map: YAMLMapping
    let figures: FigureReader

    /// Nil, with findings, if the element is no mapping, a required key is missing, or a key is not known.
    init?(
        _ element: YAMLElement?, required: [String], optional: [String] = [], figures: FigureReader
    ) {
        guard let map = element?.readMapping(required + optional, required: required) else { return nil }
        self.map = map
        self.figures = figures
    }

    subscript(_ key: String) -> YAMLElement? { map[key] }

    /// A mapping within the mapping.
    func section(_ key: String, _ required: [String]) -> FigureSection? {
        map[key].flatMap { FigureSection($0, required: required, figures: figures) }
    }

    func number(_ key: String, _ unit: String, _ range: ClosedRange<Double>) -> Double? {
        figures.number(map[key], unit: unit, in: range)
    }

    /// A share of what comes in, above 0 and at most 1.
    func share(_ key: String) -> Double? { number(key, "", 0.001...1) }

    /// Two numbers of one unit.
    func pair(_ key: String, _ unit: String, _ range: ClosedRange<Double>) -> SIMD2<Double>? {
        figures.numbers(map[key], count: 2, unit: unit, in: range).map { SIMD2($0[0], $0[1]) }
    }

    func limits(_ key: String, _ unit: String, _ range: ClosedRange<Double>) -> ClosedRange<Double>? {
        figures.limits(map[key], unit: unit, in: range)
    }

    func integer(_ key: String, _ range: ClosedRange<Int>) -> Int? { figures.integer(map[key], in: range) }

    func text(_ key: String) -> String? { figures.text(map[key]) }
}
