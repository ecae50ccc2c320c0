/// What the colours of a wash mean.
public struct WashScale: Hashable, Sendable {
    /// What is shown, for example `RBE-weighted dose`.
    public var quantity: String
    /// Unit, for example `Gy (RBE)`; empty for a ratio.
    public var unit: String
    public var map: ColourMap
    /// Values at the two ends of the colour map, in the unit.
    public var range: ClosedRange<Double>
    /// Value that is 100 % on the second scale of the colour bar; nil for no such scale.
    public var reference: Double?

    public init(
        quantity: String, unit: String, map: ColourMap, range: ClosedRange<Double>, reference: Double? = nil
    ) {
        self.quantity = quantity
        self.unit = unit
        self.map = map
        self.range = range
        self.reference = reference
    }

    /// Quantity and unit as the title of an axis: `RBE-weighted dose (Gy (RBE))`.
    public var axisTitle: String { unit.isEmpty ? quantity : "\(quantity) (\(unit))" }

    /// A level as it stands at a line: per cent of the reference if there is one, else the value.
    func shortLabel(_ level: Double) -> String {
        guard let reference, reference > 0 else { return NumberText.significant(level, 3) }
        return NumberText.percent(level / reference, 0)
    }

    /// Share of the colour map at a value, 0...1.
    func share(_ value: Double) -> Double {
        (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    }
}
