import Quantities

#if canImport(Glibc)
    import Glibc
#endif

/// Stopping power of liquid water below 1 MeV/u from the nodes of ICRU Report 90, up to a factor that joins it to
/// the formula above.
///
/// Carbon uses its own nodes, every other ion S_p (z*/z*_p)² at the same energy per nucleon. Between nodes: cubic
/// spline in log-log; below the first node S ∝ √E.
///
/// ## Source
/// ICRU Report 90 (2016), electronic stopping power of liquid water for protons and carbon ions.
struct LowEnergyStopping: Sendable {
    private let ion: Ion
    private let nodes: LogLogSpline
    private let scalesWithCharge: Bool
    private let proton: Ion

    /// T (MeV), S/ρ (MeV cm²/g) of protons.
    private static let protonNodes: [(Double, Double)] = [
        (0.01, 422.9), (0.02, 567.3), (0.05, 774.0), (0.08, 824.1), (0.1, 814.5), (0.2, 658.5),
        (0.3, 543.5), (0.5, 406.5), (0.8, 299.7), (1.0, 257.4),
    ]
    /// E (MeV per nucleon), S/ρ (MeV cm²/g) of ¹²C.
    private static let carbonNodes: [(Double, Double)] = [
        (0.0125, 2099), (0.05, 4652), (0.083333, 6116), (0.125, 7364), (0.25, 8791), (0.5, 8029),
        (0.833333, 6926),
    ]

    init(ion: Ion) {
        self.ion = ion
        proton = Ion(isotope: .proton, restEnergyMeV: 938.27209)
        scalesWithCharge = ion.chargeNumber != 6
        nodes = LogLogSpline(scalesWithCharge ? Self.protonNodes : Self.carbonNodes)
    }

    /// S/ρ before joining, MeV cm²/g.
    func value(energyMeVPerNucleon energy: Double) -> Double {
        let clipped = max(energy, nodes.first.0)
        var value = nodes.value(at: clipped)
        if scalesWithCharge {
            // At one speed: the ion's own β, so that a deuteron and a proton of the same speed stop alike.
            let beta = ion.kinematics(energyMeVPerNucleon: clipped).beta
            let own = EffectiveCharge.stopping(chargeNumber: ion.chargeNumber, beta: beta)
            let ofProton = EffectiveCharge.stopping(chargeNumber: 1, beta: beta)
            value *= (own / ofProton) * (own / ofProton)
        }
        return energy < clipped ? value * (energy / clipped).squareRoot() : value
    }
}

/// Natural cubic spline through points in double logarithmic axes, straight beyond its ends.
struct LogLogSpline: Sendable {
    let first: (Double, Double)
    private let x: [Double]
    private let y: [Double]
    private let curvature: [Double]

    /// - Precondition: at least three points with increasing positive abscissas and positive ordinates.
    init(_ points: [(Double, Double)]) {
        first = points[0]
        x = points.map { log($0.0) }
        y = points.map { log($0.1) }
        let n = points.count
        var second = [Double](repeating: 0, count: n)
        var scratch = [Double](repeating: 0, count: n)
        for i in 1..<(n - 1) {
            let ratio = (x[i] - x[i - 1]) / (x[i + 1] - x[i - 1])
            let pivot = ratio * second[i - 1] + 2
            second[i] = (ratio - 1) / pivot
            let slope = (y[i + 1] - y[i]) / (x[i + 1] - x[i]) - (y[i] - y[i - 1]) / (x[i] - x[i - 1])
            scratch[i] = (6 * slope / (x[i + 1] - x[i - 1]) - ratio * scratch[i - 1]) / pivot
        }
        for i in stride(from: n - 2, through: 0, by: -1) {
            second[i] = second[i] * second[i + 1] + scratch[i]
        }
        curvature = second
    }

    func value(at abscissa: Double) -> Double {
        let t = log(abscissa)
        var i = x.count - 2
        while i > 0 && x[i] > t { i -= 1 }
        let h = x[i + 1] - x[i]
        let a = (x[i + 1] - t) / h
        let b = 1 - a
        let bend =
            t > x[x.count - 1]
            ? 0 : ((a * a * a - a) * curvature[i] + (b * b * b - b) * curvature[i + 1]) * h * h / 6
        return exp(a * y[i] + b * y[i + 1] + bend)
    }
}
