/// What a tissue is made of: mass fractions of the elements.
public struct TissueComposition: Hashable, Sendable {
    /// For people, for example `tissue 8`.
    public let name: String
    /// Mass fraction by `TissueElement.rawValue`; they sum to 1.
    public let massFractions: [Double]

    /// Mass fractions in the order of `TissueElement`; normalised to a sum of 1 (published tables are rounded to
    /// the third digit and sum to 0.998...1.003).
    ///
    /// - Precondition: 13 fractions, none negative, with a positive sum.
    public init(name: String, massFractions: [Double]) {
        precondition(massFractions.count == TissueElement.allCases.count)
        let sum = massFractions.reduce(0, +)
        precondition(sum > 0 && massFractions.allSatisfy { $0 >= 0 })
        self.name = name
        self.massFractions = massFractions.map { $0 / sum }
    }

    /// Mass fraction of one element.
    public func massFraction(_ element: TissueElement) -> Double {
        massFractions[element.rawValue]
    }

    /// Water, H₂O.
    public static let water: TissueComposition = {
        var fractions = [Double](repeating: 0, count: TissueElement.allCases.count)
        fractions[TissueElement.hydrogen.rawValue] = 2 * TissueElement.hydrogen.atomicMass
        fractions[TissueElement.oxygen.rawValue] = TissueElement.oxygen.atomicMass
        return TissueComposition(name: "water", massFractions: fractions)
    }()
}
