/// Cell survival −ln S = α D + β D², the common language of the models.
@frozen
public struct LinearQuadratic: Hashable, Sendable {
    /// α, 1/Gy.
    public var alpha: Double
    /// β, 1/Gy².
    public var beta: Double

    @inlinable public init(alpha: Double, beta: Double) {
        self.alpha = alpha
        self.beta = beta
    }

    /// HSG cells in 200 kV X rays: the reference of RBE10 (Inaniwa et al. 2010).
    public static let hsgXRays = LinearQuadratic(alpha: 0.313, beta: 0.0615)

    /// −ln S.
    @inlinable public func effect(doseGy: Double) -> Double { doseGy * (alpha + beta * doseGy) }

    /// Dose of this radiation that gives an effect −ln S, Gy; β = 0 is the linear case.
    @inlinable public func doseGy(effect: Double) -> Double {
        // The form without cancellation, also right for β → 0.
        2 * effect / (alpha + (alpha * alpha + 4 * beta * effect).squareRoot())
    }

    /// RBE at a survival level: dose of `reference` over dose of this radiation for the same survival.
    @inlinable public func rbe(survival effect: Double, reference: LinearQuadratic) -> Double {
        reference.doseGy(effect: effect) / doseGy(effect: effect)
    }

    /// RBE at 10 % survival.
    @inlinable public func rbe10(reference: LinearQuadratic) -> Double {
        rbe(survival: 2.302585092994046, reference: reference)
    }
}

/// Dose-weighted sums of a mixed field, from which its α and β follow (Zaider & Rossi).
///
///     α = Σ dᵢ αᵢ / Σ dᵢ,    √β = Σ dᵢ √βᵢ / Σ dᵢ
///
/// What a depth table stores for models whose β changes with the radiation: D, αD and √β D are additive.
///
/// ## Source
/// Zaider & Rossi, Radiat. Res. 83 (1980) 732; Kanai et al., Radiat. Res. 147 (1997) 78.
/// ## Checked by
/// `LinearQuadraticTests`.
@frozen
public struct MixedField: Hashable, Sendable {
    /// Σ dᵢ, Gy.
    public var doseGy: Double
    /// Σ dᵢ αᵢ.
    public var alphaDose: Double
    /// Σ dᵢ √βᵢ.
    public var sqrtBetaDose: Double

    @inlinable public init(doseGy: Double = 0, alphaDose: Double = 0, sqrtBetaDose: Double = 0) {
        self.doseGy = doseGy
        self.alphaDose = alphaDose
        self.sqrtBetaDose = sqrtBetaDose
    }

    /// Adds a dose of one radiation.
    @inlinable public mutating func add(doseGy dose: Double, _ response: LinearQuadratic) {
        doseGy += dose
        alphaDose += dose * response.alpha
        sqrtBetaDose += dose * response.beta.squareRoot()
    }

    /// −ln S of the whole field: αD + (√β D)².
    @inlinable public var effect: Double { alphaDose + sqrtBetaDose * sqrtBetaDose }

    /// Isoeffective dose of the reference radiation, Gy, with its derivatives by αD and √βD.
    @inlinable public func isoeffectiveDose(reference: LinearQuadratic) -> (
        value: Double, byAlphaDose: Double, bySqrtBetaDose: Double
    ) {
        let root = (reference.alpha * reference.alpha + 4 * reference.beta * effect).squareRoot()
        return (reference.doseGy(effect: effect), 1 / root, 2 * sqrtBetaDose / root)
    }
}
