import Quantities

/// Which dose an objective or goal is about.
public enum DoseQuantity: String, Hashable, Sendable, CaseIterable {
    case rbeWeighted = "rbe-weighted"
    case physical
}

/// What an objective asks of the dose in a structure. Doses are totals over all fractions, in Gy (RBE) or Gy as
/// the objective's `quantity` says; volumes are fractions 0...1 of the structure.
public enum ObjectiveKind: Hashable, Sendable {
    /// Mean of (D − dose)².
    case squaredDeviation(dose: Double)
    /// Mean of max(0, dose − D)².
    case squaredUnderdose(dose: Double)
    /// Mean of max(0, D − dose)².
    case squaredOverdose(dose: Double)
    /// max(0, D_mean − dose)².
    case meanDose(atMost: Double)
    /// Smooth maximum at most `dose`.
    case maximumDose(Double)
    /// Smooth minimum at least `dose`.
    case minimumDose(Double)
    /// At most the fraction `volume` may receive more than `dose`.
    case maximumDVH(dose: Double, volume: Double)
    /// At least the fraction `volume` must receive `dose`.
    case minimumDVH(dose: Double, volume: Double)
    /// Generalised equivalent uniform dose with exponent `a`, at most `dose`.
    case maximumEUD(dose: Double, a: Double)
    /// Generalised equivalent uniform dose with exponent `a`, at least `dose`.
    case minimumEUD(dose: Double, a: Double)
}

extension ObjectiveKind {
    /// Whether it is met only by giving dose.
    public var givesDose: Bool {
        switch self {
        case .squaredDeviation, .squaredUnderdose, .minimumDose, .minimumDVH, .minimumEUD: true
        case .squaredOverdose, .meanDose, .maximumDose, .maximumDVH, .maximumEUD: false
        }
    }

    /// Whether the dose at a single place decides.
    public var isExtreme: Bool {
        switch self {
        case .maximumDose, .minimumDose: true
        default: false
        }
    }
}

/// One term of the objective function, or a hard constraint.
public struct DoseObjective: Hashable, Sendable {
    public var structureName: String
    public var kind: ObjectiveKind
    /// Factor of the term in the sum; positive. Not used by a constraint.
    public var priority: Double
    /// Whether this must hold (a constraint) instead of being weighed.
    public var isConstraint: Bool
    public var quantity: DoseQuantity
    /// Whether the worst of the scenarios counts, once there are several. The nominal scenario alone needs `false`.
    public var isRobust: Bool

    public init(
        structureName: String, kind: ObjectiveKind, priority: Double = 1,
        isConstraint: Bool = false, quantity: DoseQuantity = .rbeWeighted, isRobust: Bool = false
    ) {
        self.structureName = structureName
        self.kind = kind
        self.priority = priority
        self.isConstraint = isConstraint
        self.quantity = quantity
        self.isRobust = isRobust
    }
}
