import Quantities

#if canImport(Glibc)
    import Glibc
#endif

/// CSDA range of one ion in unit-density water against energy, and back.
///
///     R(E) = A ∫_0^E dE' / S(E')
///
/// Nodes are equidistant in ln E (96 per decade from 0.001 to 1000 MeV/u), integrated by three-point Gauss-Legendre;
/// between them ln R is a cubic Hermite polynomial in ln E with the exact slope E A/(S R), so R(E) is smooth and its
/// inverse, found by Newton's method inside the bracketing interval, returns to the same energy within 1e-12. Below
/// the first node S ∝ √E gives R = 2 A E/S.
///
/// ## Checked by
/// `RangeTableTests`.
public struct RangeTable: Sendable {
    /// Stopping power the table was made from.
    public let stoppingPower: StoppingPower
    private let logStart: Double
    private let logStep: Double
    private let logRange: [Double]
    private let slope: [Double]

    /// Table for `isotope` in water.
    public init(_ isotope: Isotope) throws(IonPhysicsError) {
        self.init(try StoppingPower(isotope))
    }

    /// Table from a stopping power.
    public init(_ stoppingPower: StoppingPower) {
        self.stoppingPower = stoppingPower
        let valid = StoppingPower.validEnergies
        let count = 6 * 96 + 1
        logStart = log(valid.lowerBound)
        logStep = (log(valid.upperBound) - logStart) / Double(count - 1)
        let mass = Double(stoppingPower.ion.massNumber)
        func inverseLET(_ logEnergy: Double) -> Double {
            let energy = min(max(exp(logEnergy), valid.lowerBound), valid.upperBound)
            return mass * energy / stoppingPower.letKeVPerUM(energyMeVPerNucleon: energy)
        }
        var range = 2 * inverseLET(logStart)
        var logRange = [log(range)]
        var slope = [inverseLET(logStart) / range]
        let node = (0.6).squareRoot() / 2
        for i in 1..<count {
            let middle = logStart + (Double(i) - 0.5) * logStep
            range +=
                logStep / 18
                * (5 * inverseLET(middle - node * logStep) + 8 * inverseLET(middle)
                    + 5 * inverseLET(middle + node * logStep))
            logRange.append(log(range))
            slope.append(inverseLET(logStart + Double(i) * logStep) / range)
        }
        self.logRange = logRange
        self.slope = slope
    }

    /// The ion.
    public var ion: Ion { stoppingPower.ion }
    /// Greatest range in the table, mm.
    public var greatestRangeMM: Double { exp(logRange[logRange.count - 1]) }

    /// CSDA range in unit-density water, mm (10 × g/cm²).
    ///
    /// - Precondition: 0 ≤ energy ≤ 1000 MeV/u.
    public func rangeMM(energyMeVPerNucleon energy: Double) -> Double {
        precondition(energy >= 0 && energy <= StoppingPower.validEnergies.upperBound)
        guard energy > StoppingPower.validEnergies.lowerBound else {
            return exp(logRange[0]) * (energy / StoppingPower.validEnergies.lowerBound).squareRoot()
        }
        return exp(logRange(atLogEnergy: log(energy)).value)
    }

    /// Energy (MeV per nucleon) whose CSDA range in unit-density water is `rangeMM`.
    ///
    /// - Precondition: 0 ≤ rangeMM ≤ `greatestRangeMM`.
    public func energyMeVPerNucleon(rangeMM: Double) -> Double {
        precondition(rangeMM >= 0 && rangeMM <= greatestRangeMM * (1 + 1e-12))
        guard rangeMM > exp(logRange[0]) else {
            let ratio = rangeMM / exp(logRange[0])
            return StoppingPower.validEnergies.lowerBound * ratio * ratio
        }
        let target = log(rangeMM)
        var low = 0
        var high = logRange.count - 1
        while high - low > 1 {
            let middle = (low + high) / 2
            if logRange[middle] <= target { low = middle } else { high = middle }
        }
        let fraction = (target - logRange[low]) / (logRange[high] - logRange[low])
        var logEnergy = logStart + (Double(low) + fraction) * logStep
        for _ in 0..<6 {
            let at = logRange(atLogEnergy: logEnergy)
            let change = (at.value - target) / at.slope
            logEnergy -= change
            if abs(change) < 1e-14 { break }
        }
        return exp(logEnergy)
    }

    /// Energy (MeV per nucleon) left after `pathMM` of water, 0 if the ion stops before.
    public func energyMeVPerNucleon(after pathMM: Double, from energyMeVPerNucleon: Double) -> Double {
        let rest = rangeMM(energyMeVPerNucleon: energyMeVPerNucleon) - pathMM
        return rest > 0 ? self.energyMeVPerNucleon(rangeMM: rest) : 0
    }

    private func logRange(atLogEnergy logEnergy: Double) -> (value: Double, slope: Double) {
        let position = (logEnergy - logStart) / logStep
        let i = min(max(Int(position), 0), logRange.count - 2)
        let t = position - Double(i)
        let d0 = slope[i] * logStep
        let d1 = slope[i + 1] * logStep
        let rise = logRange[i + 1] - logRange[i]
        let c2 = 3 * rise - 2 * d0 - d1
        let c3 = d0 + d1 - 2 * rise
        return (
            logRange[i] + t * (d0 + t * (c2 + t * c3)), (d0 + t * (2 * c2 + 3 * t * c3)) / logStep
        )
    }
}
