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
    /// `[species][node]` on the engine's energy grid.
    let values: [Double]

    /// A response evaluated for every transported species from 0.01 to 1000 MeV/u.
    ///
    /// - Parameters:
    ///   - value: Response of (isotope, energy in MeV per nucleon); must be finite.
    public init(name: String, _ value: (Isotope, Double) -> Double) {
        self.name = name
        let energies = TransportTables.logEnergies.map { min(exp($0), TransportTables.highestMeVPerNucleon) }
        values = TransportedSpecies.all.flatMap { isotope in energies.map { value(isotope, $0) } }
    }

    /// Response values and their means over the rest of the slowing down, `[species][node][response][2]`.
    static func rows(_ responses: [ResponseTable]) -> [Double] {
        let count = TransportTables.nodeCount
        let energies = TransportTables.logEnergies.map { exp($0) }
        var rows = [Double](
            repeating: 0, count: TransportedSpecies.all.count * count * 2 * responses.count)
        for (r, response) in responses.enumerated() {
            for s in TransportedSpecies.all.indices {
                var integral = response.values[s * count] * energies[0]
                for i in 0..<count {
                    let value = response.values[s * count + i]
                    if i > 0 {
                        integral +=
                            0.5 * (value + response.values[s * count + i - 1])
                            * (energies[i] - energies[i - 1])
                    }
                    let at = ((s * count + i) * responses.count + r) * 2
                    rows[at] = value
                    rows[at + 1] = integral / energies[i]
                }
            }
        }
        return rows
    }
}
