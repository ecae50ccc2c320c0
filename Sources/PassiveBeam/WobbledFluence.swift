#if canImport(Glibc)
    import Glibc
#endif

/// Lateral fluence of a beam whose axis draws a circle: the ring convolved with the Gaussian of the scattered beam.
///
///     φ(r) = 1/(2πσ²) · 1/2π ∫₀^2π exp[−(r² + R² − 2 r R cos χ)/2σ²] dχ        (3)
///
/// per ion and mm². R = 1.4 σ gives a plateau; a little more gives a dip in the middle that widens the field.
///
/// ## Source
/// Kanai et al., Int. J. Radiat. Oncol. Biol. Phys. 44 (1999) 201; Tomura et al., Jpn. J. Med. Phys. 18 (1998) 42.
/// ## Checked by
/// `WobbledFluenceTests`.
public struct WobbledFluence: Hashable, Sendable {
    /// R, mm.
    public let radiusMM: Double
    /// σ, mm.
    public let sigmaMM: Double

    /// - Precondition: positive σ.
    public init(radiusMM: Double, sigmaMM: Double) {
        precondition(sigmaMM > 0 && radiusMM >= 0)
        self.radiusMM = radiusMM
        self.sigmaMM = sigmaMM
    }

    /// Points of the mean over the circle: exact to rounding for r R/σ² below 40.
    private static let points = 96

    /// Ions per mm² for one ion, at a distance from the axis.
    public func perMM2(atMM r: Double) -> Double {
        let inverse = 1 / (2 * sigmaMM * sigmaMM)
        var sum = 0.0
        for i in 0..<Self.points {
            let angle = 2 * .pi * (Double(i) + 0.5) / Double(Self.points)
            sum += exp(-(r * r + radiusMM * radiusMM - 2 * r * radiusMM * cos(angle)) * inverse)
        }
        return sum / Double(Self.points) * inverse / .pi
    }

    /// (max − min)/(max + min) within a radius, mm.
    public func flatness(withinMM radius: Double) -> Double {
        let samples = (0...200).map { perMM2(atMM: radius * Double($0) / 200) }
        guard let low = samples.min(), let high = samples.max() else { return 0 }
        return (high - low) / (high + low)
    }

    /// Share of the ions that pass within a radius, mm.
    public func share(withinMM radius: Double) -> Double {
        // Simpson's rule over r.
        let n = 200
        let step = radius / Double(n)
        var sum = 0.0
        for i in 0...n {
            let r = step * Double(i)
            sum += (i == 0 || i == n ? 1 : i % 2 == 1 ? 4 : 2) * 2 * .pi * r * perMM2(atMM: r)
        }
        return sum * step / 3
    }

    /// The circle that makes the fluence flattest within a radius for a given σ.
    ///
    /// - Parameters:
    ///   - fieldRadiusMM: Radius of the field, mm.
    ///   - sigmaMM: σ of the scattered beam at the isocentre, mm.
    public static func flattest(fieldRadiusMM: Double, sigmaMM: Double) -> WobbledFluence {
        func deviation(_ radius: Double) -> Double {
            WobbledFluence(radiusMM: radius, sigmaMM: sigmaMM).flatness(withinMM: fieldRadiusMM)
        }
        var (low, high) = (0.0, 4 * (sigmaMM + fieldRadiusMM))
        // The deviation falls towards the best radius and rises behind it: ternary search.
        for _ in 0..<80 {
            let (a, b) = (low + (high - low) / 3, high - (high - low) / 3)
            if deviation(a) < deviation(b) { high = b } else { low = a }
        }
        return WobbledFluence(radiusMM: 0.5 * (low + high), sigmaMM: sigmaMM)
    }

    /// The narrowest scattered beam, and its circle, that is flat within a radius: it needs the thinnest scatterer.
    ///
    /// - Parameters:
    ///   - fieldRadiusMM: Radius of the field, mm.
    ///   - flatness: Greatest (max − min)/(max + min); in 0.001...0.5.
    public static func narrowest(fieldRadiusMM: Double, flatness: Double) -> WobbledFluence {
        precondition(flatness >= 0.001 && flatness <= 0.5 && fieldRadiusMM > 0)
        var (low, high) = (0.2 * fieldRadiusMM, 5 * fieldRadiusMM)
        for _ in 0..<40 {
            let middle = 0.5 * (low + high)
            let best = flattest(fieldRadiusMM: fieldRadiusMM, sigmaMM: middle)
            if best.flatness(withinMM: fieldRadiusMM) > flatness { low = middle } else { high = middle }
        }
        return flattest(fieldRadiusMM: fieldRadiusMM, sigmaMM: high)
    }
}
