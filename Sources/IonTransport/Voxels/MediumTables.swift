import IonPhysics
import Quantities

#if canImport(Glibc)
    import Glibc
#endif

/// What a material does to an ion beside what unit-density water does, for each material of a phantom.
///
/// An ion in a material of density ρ slows down as in water after s ρ s_m(E) of path, with the ratio of mass stopping
/// powers s_m (of tables for metals and gases, of Bethe's formula for compounds: `MaterialProperties`). Per water-equivalent
/// path its scattering and straggling are
///
///     f_scatter = (1/X_S)_m / [(1/X_S)_w s_m] ,   f_straggle = (Z/A)_m / [(Z/A)_w s_m]          (V1)
///
/// with scattering lengths X_S, and its macroscopic cross section per path
///
///     Σ = ρ [ w_H σ_H/A_H + Σ_k w_k σ_k/A_k ]                                              (V2)
///
/// The sum over elements k heavier than hydrogen is that of oxygen times a ratio, by species and energy.
///
/// A struck nucleus heavier than neon reacts as often as (V2) says, but breaks up as ²⁰Ne: its recoil and fragments are those of
/// twenty nucleons, energy and momentum of the collision are conserved, and what a heavy nucleus would evaporate beyond that
/// (neutrons of a few MeV) is missing. For the dose behind metal what counts is the loss of projectiles and their fragments.
///
/// ## Checked by
/// `MaterialTransportTests`, `VoxelTransportTests`.
struct MediumTables: Sendable {
    /// Numbers of one material that do not depend on energy or species.
    struct Row: BitwiseCopyable, Sendable {
        /// (1/X_S)_m/(1/X_S)_w per mass.
        var scattering: Double
        /// (Z/A)_m/(Z/A)_w.
        var straggling: Double
        /// Mass fraction of hydrogen over that of water.
        var hydrogen: Double
        /// Cumulative shares of the struck nucleus: ¹²C and lighter, ¹⁴N, ¹⁶O, ²⁰Ne and heavier.
        var targets: SIMD4<Double>
        /// Species that stand for these four classes.
        var targetSpecies: SIMD4<Int32>
    }

    let rows: [Row]
    /// `[material][interval of OctaveGrid.energy]`: s_m at the lower end and its rise.
    let stopping: [SIMD2<Float>]
    /// `[material][species][interval of OctaveGrid.energy]`, the neutron last: (V2) of heavier elements per mass over that of
    /// water, at the lower end and its rise.
    let heavier: [SIMD2<Float>]

    private static let targetSpecies = SIMD4<Int32>(
        [(6, 12), (7, 14), (8, 16), (10, 20)].map {
            Int32(TransportedSpecies.index(of: Isotope(atomicNumber: $0.0, massNumber: $0.1)) ?? 0)
        })
    private static let referenceMeVPerNucleon = 200.0
    /// Below this energy the ratio of stopping powers is taken here: Bethe's formula ends, and what is left of the range is
    /// some micrometres.
    private static let lowestRatioMeVPerNucleon = 2.0

    init(_ materials: [Material]) {
        rows = materials.map(Self.row)
        stopping = materials.flatMap(Self.stopping)
        heavier = Self.heavier(materials)
    }

    private static func stopping(_ material: Material) -> [SIMD2<Float>] {
        let grid = OctaveGrid.energy
        let values = (0...grid.count).map { i in
            let energy = min(
                max(grid.node(i), lowestRatioMeVPerNucleon), SlowingTables.highestMeVPerNucleon)
            return MaterialProperties.stoppingPowerRatio(of: material, energyMeVPerNucleon: energy)
                / material.densityGPerCM3
        }
        return (0..<grid.count).map { SIMD2(Float(values[$0]), Float(values[$0 + 1] - values[$0])) }
    }

    /// Σ w_k σ_k/A_k over the elements heavier than hydrogen, relative to water, for every species and energy.
    private static func heavier(_ materials: [Material]) -> [SIMD2<Float>] {
        let grid = OctaveGrid.energy
        let projectiles = TransportedSpecies.all + [.neutron]
        // σ/A of an element, `[species][node]`: each element once, whatever the number of materials.
        var known: [Int: [Double]] = [:]
        func perMass(_ element: Element) -> [Double] {
            if let values = known[element.atomicNumber] { return values }
            let target = Isotope(atomicNumber: element.atomicNumber, massNumber: element.massNumber)
            let values = projectiles.flatMap { projectile in
                (0...grid.count).map { i in
                    interactionMB(
                        projectile: projectile, target: target,
                        energyMeVPerNucleon: min(grid.node(i), SlowingTables.highestMeVPerNucleon))
                        / element.atomicWeight
                }
            }
            known[element.atomicNumber] = values
            return values
        }
        func sum(_ material: Material) -> [Double] {
            var result = [Double](repeating: 0, count: projectiles.count * (grid.count + 1))
            for part in material.components where part.element.atomicNumber > 1 {
                for (i, value) in perMass(part.element).enumerated() {
                    result[i] += part.massFraction * value
                }
            }
            return result
        }
        let water = sum(.water)
        var rows: [SIMD2<Float>] = []
        rows.reserveCapacity(materials.count * projectiles.count * grid.count)
        for material in materials {
            let own = sum(material)
            for species in projectiles.indices {
                let start = species * (grid.count + 1)
                let ratios = (0...grid.count).map { i in
                    // Nothing reacts where water does not.
                    water[start + i] > 0 ? own[start + i] / water[start + i] : 0
                }
                for i in 0..<grid.count {
                    rows.append(SIMD2(Float(ratios[i]), Float(ratios[i + 1] - ratios[i])))
                }
            }
        }
        return rows
    }

    /// Cross section of what happens to a particle on a nucleus heavier than hydrogen, as `NuclearData` takes it on oxygen.
    private static func interactionMB(
        projectile: Isotope, target: Isotope, energyMeVPerNucleon energy: Double
    ) -> Double {
        let lowest = NuclearData.lowestReactionMeVPerNucleon
        return projectile == .neutron && energy < lowest
            ? ReactionCrossSection.elasticNucleonMB(target: target, energyMeV: energy)
            : ReactionCrossSection.interactionMB(
                projectile: projectile, target: target, energyMeVPerNucleon: max(energy, lowest))
    }

    /// Shares of the struck nucleus by carbon at 200 MeV/u, up to a charge.
    private static func share(_ material: Material, upTo z: Int) -> Double {
        material.components.reduce(0) { sum, part in
            guard part.element.atomicNumber > 1, part.element.atomicNumber <= z else { return sum }
            let target = Isotope(
                atomicNumber: part.element.atomicNumber, massNumber: part.element.massNumber)
            return sum + part.massFraction / part.element.atomicWeight
                * interactionMB(
                    projectile: .carbon12, target: target, energyMeVPerNucleon: referenceMeVPerNucleon)
        }
    }

    private static func row(_ material: Material) -> Row {
        func hydrogen(_ material: Material) -> Double {
            material.components.first { $0.element.atomicNumber == 1 }?.massFraction ?? 0
        }
        let properties = MaterialProperties(material)
        let density = material.densityGPerCM3
        let all = max(share(material, upTo: Int.max), .leastNormalMagnitude)
        return Row(
            scattering: properties.scatteringRatio / density,
            straggling: properties.relativeElectronDensity / density,
            hydrogen: hydrogen(material) / hydrogen(.water),
            targets: SIMD4(
                share(material, upTo: 6) / all, share(material, upTo: 7) / all,
                share(material, upTo: 8) / all, 1),
            targetSpecies: targetSpecies)
    }
}
