import Quantities

#if canImport(Glibc)
    import Glibc
#endif

/// A quantity of an ion and its energy whose dose-weighted sum is scored beside the dose, such as LET or z*.
///
/// Scored is Σ ε r(E_mid) over all charged particles' steps, with ε the energy deposited in the step and E_mid its mean
/// energy: divided by Σ ε it is the dose average (never dE/dx of the step, which depends on its length). Energy deposited where a
/// particle stops takes the mean of r over its remaining slowing down. Heavy recoils of the target are counted in the
/// dose but not here (their LET is no ion's of the beam): see `WaterTransportResult.DepthTable.recoilMeV`.
public struct ResponseTable: Sendable {
    /// What it is, with its unit, such as `LET keV/um`.
    public let name: String
    /// `[species][node]` of `EnergyNodes`.
    let values: [Double]

    /// A response evaluated for every transported species from 0.01 to 1000 MeV/u.
    ///
    /// - Parameters:
    ///   - value: Response of (isotope, energy in MeV per nucleon); must be finite.
    public init(name: String, _ value: (Isotope, Double) -> Double) {
        self.name = name
        let energies = EnergyNodes.logEnergies.map { min(exp($0), SlowingTables.highestMeVPerNucleon) }
        values = TransportedSpecies.all.flatMap { isotope in energies.map { value(isotope, $0) } }
    }

    /// Means of the response over the rest of the slowing down, weighted with energy, `[species][node]`.
    func meansOverRest() -> [Double] {
        let count = EnergyNodes.count
        let energies = EnergyNodes.logEnergies.map { exp($0) }
        var means = values
        for s in TransportedSpecies.all.indices {
            var integral = values[s * count] * energies[0]
            for i in 1..<count {
                integral +=
                    0.5 * (values[s * count + i] + values[s * count + i - 1])
                    * (energies[i] - energies[i - 1])
                means[s * count + i] = integral / energies[i]
            }
        }
        return means
    }

    /// A value of a table `[species][node]`, linear in ln E.
    static func value(in table: [Double], _ species: Int, energyMeVPerNucleon energy: Double) -> Double {
        let position = (log(energy) - EnergyNodes.logStart) / EnergyNodes.logStep
        let index = min(max(Int(position), 0), EnergyNodes.count - 2)
        let fraction = min(max(position - Double(index), 0), 1)
        let at = species * EnergyNodes.count + index
        return table[at] + fraction * (table[at + 1] - table[at])
    }

    /// The energies at which responses are asked for: 96 per decade, MeV per nucleon.
    private enum EnergyNodes {
        static let count = 5 * 96 + 1
        static let logStart = log(SlowingTables.lowestMeVPerNucleon)
        static let logStep =
            log(SlowingTables.highestMeVPerNucleon / SlowingTables.lowestMeVPerNucleon) / Double(count - 1)
        static var logEnergies: [Double] { (0..<count).map { logStart + Double($0) * logStep } }
    }
}
