import IonPhysics
import Quantities

#if canImport(Glibc)
    import Glibc
#endif

/// What one species does in unit-density water in one interval of its residual range: one cache line.
struct SlowingRow: BitwiseCopyable, Sendable {
    /// E(R) as a cubic polynomial of the position t in the interval, MeV per nucleon: Hermite, so E and S are continuous.
    var energy: SIMD4<Double>
    /// T₀ at the lower end and its rise over the interval, rad²/mm: scattering power (T5), (T5a).
    var scattering: SIMD2<Float>
    /// d⟨ξ²⟩/ds = (dΩ²/ds)/S², mm: straggling of the range (T4).
    var straggling: SIMD2<Float>
    /// Macroscopic cross section on hydrogen, 1/mm.
    var hydrogen: SIMD2<Float>
    /// The same on all heavier nuclei.
    var heavier: SIMD2<Float>

    @inline(__always) func energy(at t: Double) -> Double {
        energy.x + t * (energy.y + t * (energy.z + t * energy.w))
    }

    @inline(__always) static func linear(_ pair: SIMD2<Float>, at t: Double) -> Double {
        Double(pair.x) + t * Double(pair.y)
    }
}

/// Tables of slowing down in water over the residual range, for every charged species; cross sections of the neutron.
///
/// The stepping loop knows a particle by its range, from which everything else is one row: no logarithm in a step.
/// Between nodes (16 per octave) the energy is good to 10⁻⁷, the linear quantities to 0.1 %.
///
/// ## Checked by
/// `SlowingTablesTests`.
package struct SlowingTables: Sendable {
    package static let lowestMeVPerNucleon = 0.01
    package static let highestMeVPerNucleon = 1000.0

    /// `[species][interval of OctaveGrid.range]`.
    let rows: PinnedArray<SlowingRow>
    /// `[species][interval of OctaveGrid.energy]`: R(E) as a cubic polynomial, mm.
    let ranges: PinnedArray<SIMD4<Double>>
    /// `[interval of OctaveGrid.energy]`: neutron on hydrogen (value, rise) and on heavier nuclei, 1/mm.
    let neutron: PinnedArray<SIMD4<Float>>

    /// Tables with the shipped cross sections.
    package init() throws(WaterTransportError) {
        try self.init(nuclear: try NuclearData())
    }

    init(nuclear: NuclearData) throws(WaterTransportError) {
        var rows: [SlowingRow] = []
        var ranges: [SIMD4<Double>] = []
        for isotope in TransportedSpecies.all {
            let table: RangeTable
            do { table = RangeTable(try StoppingPower(isotope)) } catch { throw .physics(error) }
            rows += Self.rows(table, nuclear: nuclear)
            ranges += Self.ranges(table)
        }
        self.rows = PinnedArray(rows)
        self.ranges = PinnedArray(ranges)
        let grid = OctaveGrid.energy
        var nodes: [SIMD2<Float>] = []
        for i in 0...grid.count {
            let sigma = nuclear.waterCrossSectionPerMM(
                projectile: .neutron, energyMeVPerNucleon: min(grid.node(i), Self.highestMeVPerNucleon))
            nodes.append(SIMD2(Float(sigma.hydrogen), Float(sigma.oxygen)))
        }
        neutron = PinnedArray(
            zip(nodes, nodes.dropFirst()).map { a, b in SIMD4(a.x, b.x - a.x, a.y, b.y - a.y) })
    }

    /// What the stepping loop reads of a species at a residual range in water, mm; scattering is T₀.
    package func state(
        species: Int, rangeMM: Double
    ) -> (energyMeVPerNucleon: Double, scatteringRad2PerMM: Double, stragglingMM: Double) {
        let at = OctaveGrid.range.locateHeld(rangeMM)
        let row = rows.pointer[species * OctaveGrid.range.count + at.interval]
        return (
            row.energy(at: at.fraction), SlowingRow.linear(row.scattering, at: at.fraction),
            SlowingRow.linear(row.straggling, at: at.fraction)
        )
    }

    /// Residual range in water of a species, mm.
    package func rangeMM(species: Int, energyMeVPerNucleon: Double) -> Double {
        let at = OctaveGrid.energy.locateHeld(energyMeVPerNucleon)
        let c = ranges.pointer[species * OctaveGrid.energy.count + at.interval]
        let t = at.fraction
        return c.x + t * (c.y + t * (c.z + t * c.w))
    }

    /// Cubic Hermite polynomial of t = 0...1 with slopes per unit of t.
    private static func hermite(_ a: Double, _ b: Double, slopes da: Double, _ db: Double) -> SIMD4<Double> {
        let rise = b - a
        let square: Double = 3 * rise - 2 * da - db
        let cube: Double = da + db - 2 * rise
        return SIMD4(a, da, square, cube)
    }

    private static func rows(_ table: RangeTable, nuclear: NuclearData) -> [SlowingRow] {
        let grid = OctaveGrid.range
        let ion = table.ion
        let longest = table.rangeMM(energyMeVPerNucleon: highestMeVPerNucleon)
        struct Node {
            var energy, slope, scattering, straggling, hydrogen, heavier: Double
        }
        let nodes = (0...grid.count).map { i in
            // Beyond the table on with the last stopping power: no particle gets there.
            let rest = max(grid.node(i) - longest, 0)
            let energy =
                rest > 0
                ? highestMeVPerNucleon
                : max(
                    table.energyMeVPerNucleon(rangeMM: grid.node(i)), StoppingPower.validEnergies.lowerBound)
            let s = table.stoppingPower.letKeVPerUM(energyMeVPerNucleon: energy)
            let perNucleon = s / Double(ion.massNumber)
            let sigma = nuclear.waterCrossSectionPerMM(
                projectile: ion.isotope, energyMeVPerNucleon: energy)
            return Node(
                energy: energy + rest * perNucleon, slope: perNucleon,
                scattering: ScatteringPower.transportRad2PerMM(ion: ion, energyMeVPerNucleon: energy),
                straggling: EnergyStraggling.variancePerPathMeV2PerMM(ion: ion, energyMeVPerNucleon: energy)
                    / (s * s),
                hydrogen: sigma.hydrogen, heavier: sigma.oxygen)
        }
        return (0..<grid.count).map { i in
            let (a, b) = (nodes[i], nodes[i + 1])
            let width = grid.node(i + 1) - grid.node(i)
            func pair(_ path: KeyPath<Node, Double>) -> SIMD2<Float> {
                SIMD2(Float(a[keyPath: path]), Float(b[keyPath: path] - a[keyPath: path]))
            }
            return SlowingRow(
                energy: hermite(a.energy, b.energy, slopes: a.slope * width, b.slope * width),
                scattering: pair(\.scattering), straggling: pair(\.straggling), hydrogen: pair(\.hydrogen),
                heavier: pair(\.heavier))
        }
    }

    private static func ranges(_ table: RangeTable) -> [SIMD4<Double>] {
        let grid = OctaveGrid.energy
        let mass = Double(table.ion.massNumber)
        let nodes = (0...grid.count).map { i in
            let energy = min(grid.node(i), highestMeVPerNucleon)
            let slope = mass / table.stoppingPower.letKeVPerUM(energyMeVPerNucleon: energy)
            return (
                range: table.rangeMM(energyMeVPerNucleon: energy) + (grid.node(i) - energy) * slope,
                slope: slope
            )
        }
        return (0..<grid.count).map { i in
            let width = grid.node(i + 1) - grid.node(i)
            return hermite(
                nodes[i].range, nodes[i + 1].range, slopes: nodes[i].slope * width, nodes[i + 1].slope * width
            )
        }
    }
}
