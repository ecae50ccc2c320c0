import FacilityModel
import NumericKernels

#if canImport(Glibc)
    import Glibc
#endif

/// A time that differs from patient to patient, minutes.
///
/// Log-normal times with mean m and standard deviation s are exp(μ + σ z) with σ² = ln(1 + s²/m²) and μ = ln m − σ²/2: they are
/// positive and have the long tail that times of people have.
///
/// ## Checked by
/// `TimeDistributionTests`.
public enum TimeDistribution: Hashable, Sendable {
    case constant(minutes: Double)
    case logNormal(meanMin: Double, deviationMin: Double)
    case exponential(meanMin: Double)

    /// The time of a machine file; without spread it is constant.
    public init(_ duration: TreatmentRoom.Duration) {
        self =
            duration.deviationMin > 0
            ? .logNormal(meanMin: duration.meanMin, deviationMin: duration.deviationMin)
            : .constant(minutes: duration.meanMin)
    }

    /// Minutes.
    public var meanMin: Double {
        switch self {
        case .constant(let minutes): minutes
        case .logNormal(let mean, _): mean
        case .exponential(let mean): mean
        }
    }

    /// One draw, minutes.
    public func sample(_ random: inout SeededRandom) -> Double {
        switch self {
        case .constant(let minutes): return minutes
        case .exponential(let mean): return mean * random.exponential()
        case .logNormal(let mean, let deviation):
            guard mean > 0 else { return 0 }
            let variance = log(1 + deviation * deviation / (mean * mean))
            return exp(log(mean) - 0.5 * variance + variance.squareRoot() * random.normal())
        }
    }

    func check(_ name: String) throws(ThroughputError) {
        let values: [Double] =
            switch self {
            case .constant(let minutes): [minutes]
            case .exponential(let mean): [mean]
            case .logNormal(let mean, let deviation): [mean, deviation]
            }
        for value in values where !(value >= 0 && value.isFinite) {
            throw .figure(name + " (min)", value, mustBe: "not negative")
        }
    }
}
