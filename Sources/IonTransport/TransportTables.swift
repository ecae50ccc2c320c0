import IonPhysics
import Quantities

#if canImport(Glibc)
    import Glibc
#endif

/// Flat tables of one medium for the stepping loop, all species on one grid equidistant in ln E.
///
/// Per species and node eight numbers (one cache line):
///
///     0  ln R                      CSDA range R, mm
///     1  d ln R / d ln E
///     2  V(E) = ∫ (dΩ²/ds) S⁻³ dE  variance of the range, mm²                          (T3)
///     3  Θ(E) = ∫ T S⁻¹ dE         accumulated scattering, rad²                          (T5)
///     4  macroscopic cross section on hydrogen, 1/mm
///     5  the same on all heavier nuclei, 1/mm
///     6, 7  unused
///
/// The numbers (T3), (T5) are equations of docs/theory/transport.md.
struct TransportTables: Sendable {
    static let stride = 8
    static let nodesPerDecade = 96
    static let lowestMeVPerNucleon = 0.01
    static let highestMeVPerNucleon = 1000.0
    static let nodeCount = 5 * nodesPerDecade + 1

    let logStart: Double
    let logStep: Double
    /// `[species][node][8]`; for the neutron, the last, only columns 4 and 5.
    let nodes: [Double]
    /// Rest energies by species, MeV.
    let restEnergyMeV: [Double]
    let massNumber: [Double]
    let chargeNumber: [Int]

    static var logEnergies: [Double] {
        let start = log(lowestMeVPerNucleon)
        let step = log(highestMeVPerNucleon / lowestMeVPerNucleon) / Double(nodeCount - 1)
        return (0..<nodeCount).map { start + Double($0) * step }
    }

    /// Tables for water at 1 g/cm³.
    init(nuclear: NuclearData) throws(WaterTransportError) {
        let grid = Self.logEnergies
        logStart = grid[0]
        logStep = grid[1] - grid[0]
        var nodes: [Double] = []
        nodes.reserveCapacity(TransportedSpecies.all.count * grid.count * Self.stride)
        var rest: [Double] = []
        for isotope in TransportedSpecies.all {
            let table: RangeTable
            do { table = RangeTable(try StoppingPower(isotope)) } catch { throw .physics(error) }
            rest.append(table.ion.restEnergyMeV)
            nodes += Self.columns(table: table, grid: grid, nuclear: nuclear)
        }
        for logEnergy in grid {
            let sigma = nuclear.waterCrossSectionPerMM(
                projectile: .neutron, energyMeVPerNucleon: min(exp(logEnergy), Self.highestMeVPerNucleon))
            nodes += [0, 0, 0, 0, sigma.hydrogen, sigma.oxygen, 0, 0]
        }
        self.nodes = nodes
        restEnergyMeV = rest
        massNumber = TransportedSpecies.all.map { Double($0.massNumber) }
        chargeNumber = TransportedSpecies.all.map(\.atomicNumber)
    }

    private static func columns(table: RangeTable, grid: [Double], nuclear: NuclearData) -> [Double] {
        let ion = table.ion
        let mass = Double(ion.massNumber)
        func stopping(_ energy: Double) -> Double {
            table.stoppingPower.letKeVPerUM(energyMeVPerNucleon: energy)
        }
        /// Integrands of V and Θ per d ln E.
        func integrands(_ logEnergy: Double) -> (Double, Double) {
            let energy = min(exp(logEnergy), highestMeVPerNucleon)
            let s = stopping(energy)
            let bohr = EnergyStraggling.variancePerPathMeV2PerMM(ion: ion, energyMeVPerNucleon: energy)
            let t = ScatteringPower.rossiRad2PerMM(ion: ion, energyMeVPerNucleon: energy)
            return (bohr / (s * s * s) * mass * energy, t / s * mass * energy)
        }
        var rows: [Double] = []
        var v = 0.0
        var theta = 0.0
        let h = grid[1] - grid[0]
        for (i, logEnergy) in grid.enumerated() {
            let energy = min(exp(logEnergy), highestMeVPerNucleon)
            if i > 0 {
                let (a, m, b) = (integrands(grid[i - 1]), integrands(grid[i] - h / 2), integrands(grid[i]))
                v += h / 6 * (a.0 + 4 * m.0 + b.0)
                theta += h / 6 * (a.1 + 4 * m.1 + b.1)
            }
            let range = table.rangeMM(energyMeVPerNucleon: energy)
            let sigma = nuclear.waterCrossSectionPerMM(projectile: ion.isotope, energyMeVPerNucleon: energy)
            rows += [
                log(range), mass * energy / (stopping(energy) * range), v, theta, sigma.hydrogen,
                sigma.oxygen,
                0, 0,
            ]
        }
        return rows
    }
}
