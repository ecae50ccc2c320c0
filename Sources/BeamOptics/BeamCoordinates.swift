/// Coordinates of one particle about the reference particle, in metres and radians, canonical in every element.
///
///     x, y    transverse position, m
///     px, py  transverse momentum over the reference momentum P₀
///     ζ       s − β₀ c t, m: positive ahead of the reference particle
///     δ       (P − P₀)/P₀
///
/// Conjugate to ζ is (E − E₀)/(β₀ P₀ c); δ stands for it because it is what optics and users speak of. `energyRatio` is E/E₀ and is
/// kept with δ so that no drift has to take its root again.
public struct BeamCoordinates<Number: OpticsNumber>: Sendable {
    public var x: Number
    public var px: Number
    public var y: Number
    public var py: Number
    public var zeta: Number
    public private(set) var delta: Number
    /// E/E₀ = √(1 + β₀² δ (2 + δ)).
    public private(set) var energyRatio: Number

    /// Coordinates at an initial momentum deviation.
    ///
    /// - Parameters:
    ///   - x: Horizontal position, m.
    ///   - px: Horizontal momentum over P₀.
    ///   - y: Vertical position, m.
    ///   - py: Vertical momentum over P₀.
    ///   - zeta: ζ, m.
    ///   - delta: δ.
    ///   - reference: The reference particle.
    public init(
        x: Number, px: Number, y: Number, py: Number, zeta: Number, delta: Number,
        reference: ReferenceParticle
    ) {
        (self.x, self.px, self.y, self.py, self.zeta, self.delta) = (x, px, y, py, zeta, delta)
        energyRatio = Self.energyRatio(delta, reference)
    }

    /// Changes the energy to `ratio` of the reference energy, and δ with it.
    @inline(__always) mutating func setEnergyRatio(_ ratio: Number, reference: ReferenceParticle) {
        energyRatio = ratio
        let perBeta = 1 / (reference.beta * reference.beta)
        delta = (perBeta * (ratio * ratio + -1) + 1).squareRoot() + -1
    }

    private static func energyRatio(_ delta: Number, _ reference: ReferenceParticle) -> Number {
        let betaSquared = reference.beta * reference.beta
        return (betaSquared * (delta * (delta + 2)) + 1).squareRoot()
    }

    /// The longitudinal momentum over P₀, √((1 + δ)² − px² − py²).
    @inline(__always) var longitudinal: Number {
        let total = delta + 1
        return (total * total - px * px - py * py).squareRoot()
    }
}

extension BeamCoordinates<Double> {
    /// Coordinates of a particle to track; all zero is the reference particle.
    ///
    /// - Parameters:
    ///   - x: Horizontal position, m.
    ///   - px: Horizontal momentum over P₀.
    ///   - y: Vertical position, m.
    ///   - py: Vertical momentum over P₀.
    ///   - delta: δ.
    ///   - reference: The reference particle.
    public init(
        x: Double = 0, px: Double = 0, y: Double = 0, py: Double = 0, delta: Double = 0,
        reference: ReferenceParticle
    ) {
        self.init(x: x, px: px, y: y, py: py, zeta: 0, delta: delta, reference: reference)
    }

    /// Whether all coordinates are numbers: a particle too steep for an element has none.
    public var isFinite: Bool {
        (x + px + y + py + zeta).isFinite
    }
}

extension BeamCoordinates<DualNumber> {
    /// Coordinates that carry their derivatives by themselves.
    public init(differentiating point: BeamCoordinates<Double>, reference: ReferenceParticle) {
        self.init(
            x: .coordinate(0, point.x), px: .coordinate(1, point.px), y: .coordinate(2, point.y),
            py: .coordinate(3, point.py), zeta: .coordinate(4, point.zeta),
            delta: .coordinate(5, point.delta), reference: reference)
    }
}
