#if canImport(Glibc)
    import Glibc
#endif

/// Geometry and cell line of the modified microdosimetric-kinetic model.
@frozen
public struct MKMParameters: Hashable, Sendable {
    /// α₀, 1/Gy: initial slope in the limit of zero LET.
    public var alpha0: Double
    /// β, 1/Gy².
    public var beta: Double
    /// Radius of a domain r_d, µm.
    public var domainRadiusUM: Double
    /// Radius of the nucleus R_n, µm.
    public var nucleusRadiusUM: Double

    public init(alpha0: Double, beta: Double, domainRadiusUM: Double, nucleusRadiusUM: Double) {
        self.alpha0 = alpha0
        self.beta = beta
        self.domainRadiusUM = domainRadiusUM
        self.nucleusRadiusUM = nucleusRadiusUM
    }

    /// HSG cells of Inaniwa et al. 2010, the set of the clinical dose at NIRS/QST.
    public static let hsgInaniwa2010 = MKMParameters(
        alpha0: 0.172, beta: 0.0615, domainRadiusUM: 0.32, nucleusRadiusUM: 3.9)

    /// Saturation parameter z₀ = (R_n/r_d)²/√(β [1 + (R_n/r_d)²]), Gy.
    public var saturationGy: Double {
        let ratio = (nucleusRadiusUM / domainRadiusUM) * (nucleusRadiusUM / domainRadiusUM)
        return ratio / (beta * (1 + ratio)).squareRoot()
    }
}

/// Dose-mean specific energies that single tracks of one kind leave in a domain.
///
///     z₁(b) = 1/(π r_d²) ∫ D(r) 2πr f(r, b) dr                                       (5)
///     z̄_d  = ∫ z₁² b db / ∫ z₁ b db                                                  (6)
///     z*_d = z₀² ∫ [1 − exp(−(z₁/z₀)²)] b db / ∫ z₁ b db                              (7)
///
/// f is the part of the circle of radius r around the track inside the domain whose centre lies at distance b. All
/// integrals are Gauss-Legendre between the points where the integrand has a kink; the square-root ends of f are taken
/// out by r = a + (c − a) sin²θ.
///
/// ## Source
/// Kase et al., Phys. Med. Biol. 53 (2008) 37, eqs. 5-11; Inaniwa et al., Phys. Med. Biol. 55 (2010) 6721.
/// ## Checked by
/// `DomainSpecificEnergyTests`.
public struct DomainSpecificEnergy: Hashable, Sendable {
    /// z̄_d, Gy.
    public let doseMeanGy: Double
    /// z*_d, Gy: with saturation.
    public let saturationCorrectedGy: Double

    /// Integrates over all impact parameters.
    public init(track: KieferChatterjeeTrack, parameters: MKMParameters) {
        self.init(track: track, parameters: parameters, rules: Rules())
    }

    /// Quadrature rules, kept by the table builder so that they are made once.
    struct Rules: Sendable {
        let inner = GaussLegendre(count: 20)
        let outer = GaussLegendre(count: 12)
    }

    init(track: KieferChatterjeeTrack, parameters: MKMParameters, rules: Rules) {
        let domain = parameters.domainRadiusUM
        let z0 = parameters.saturationGy
        let end = domain + track.penumbraRadiusUM
        var edges = [0, domain, end]
        for radius in [track.coreRadiusUM, track.penumbraRadiusUM] {
            edges += [abs(domain - radius), domain + radius]
        }
        // Far from the domain z₁ falls as 1/b²: octaves keep every piece smooth.
        var octave = domain / 4
        while octave < end {
            edges.append(octave)
            octave *= 2
        }
        edges = edges.filter { $0 >= 0 && $0 <= end }.sorted()
        var (first, second, saturated) = (0.0, 0.0, 0.0)
        for (a, c) in zip(edges, edges.dropFirst()) where c - a > 1e-12 * end {
            for (node, weight) in zip(rules.outer.nodes, rules.outer.weights) {
                let s = sin(.pi / 2 * node)
                let b = a + (c - a) * s * s
                let jacobian = (c - a) * .pi * s * cos(.pi / 2 * node)
                let z1 = Self.singleTrackGy(
                    track: track, domainRadiusUM: domain, impactUM: b, rule: rules.inner)
                let common = weight * jacobian * b
                first += common * z1
                second += common * z1 * z1
                saturated += common * z0 * z0 * -expm1(-(z1 / z0) * (z1 / z0))
            }
        }
        doseMeanGy = second / first
        saturationCorrectedGy = saturated / first
    }

    /// z₁(b): specific energy of a domain at distance b from one track, Gy.
    public static func singleTrackGy(
        track: KieferChatterjeeTrack, domainRadiusUM: Double, impactUM: Double
    ) -> Double {
        singleTrackGy(
            track: track, domainRadiusUM: domainRadiusUM, impactUM: impactUM,
            rule: GaussLegendre(count: 20))
    }

    private static func singleTrackGy(
        track: KieferChatterjeeTrack, domainRadiusUM: Double, impactUM: Double, rule: GaussLegendre
    ) -> Double {
        let domain = domainRadiusUM
        var sum = impactUM < domain ? track.enclosedGyUM2(radiusUM: domain - impactUM) : 0
        let inside = abs(domain - impactUM)
        let outside = min(domain + impactUM, track.penumbraRadiusUM)
        if inside < outside {
            let core = track.coreRadiusUM
            if core > inside && core < outside {
                sum += arcs(track, domain, impactUM, inside, core, rule)
                sum += arcs(track, domain, impactUM, core, outside, rule)
            } else {
                sum += arcs(track, domain, impactUM, inside, outside, rule)
            }
        }
        return sum / (.pi * domain * domain)
    }

    /// ∫ D(r) 2πr f(r, b) dr from a to c, with f = arccos[(r² + b² − r_d²)/(2 r b)]/π.
    private static func arcs(
        _ track: KieferChatterjeeTrack, _ domain: Double, _ b: Double, _ a: Double, _ c: Double,
        _ rule: GaussLegendre
    ) -> Double {
        let inCore = c <= track.coreRadiusUM
        var sum = 0.0
        for i in rule.nodes.indices {
            let angle = .pi / 2 * rule.nodes[i]
            let s = sin(angle)
            let r = a + (c - a) * s * s
            let cosine = (r * r + b * b - domain * domain) / (2 * r * b)
            let share = 2 * acos(min(max(cosine, -1), 1))
            let dose = inCore ? track.coreDoseGy : track.penumbraGyUM2 / (r * r)
            sum += rule.weights[i] * (c - a) * .pi * s * cos(angle) * dose * r * share
        }
        return sum
    }
}
