import IonPhysics
import Quantities

#if canImport(Glibc)
    import Glibc
#endif

/// What a material does to an ion beside what unit-density water does, for each material of a phantom.
///
/// An ion in a material of density ρ slows down as in water after s ρ s_m(E) of path, with the ratio of mass stopping
/// powers s_m. Per water-equivalent path its scattering and straggling are
///
///     f_scatter = (1/X₀)_m / [(1/X₀)_w s_m] ,   f_straggle = (Z/A)_m / [(Z/A)_w s_m]            (V1)
///
/// and its macroscopic cross section per path
///
///     Σ = ρ [ w_H σ_H/A_H + Σ_k w_k σ_k/A_k ]                                              (V2)
///
/// The sum over elements k heavier than hydrogen is that of oxygen times a ratio taken at 200 MeV/u, by species: the
/// energy dependence of σ_k/σ_O is below 2 %.
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
    /// `[material][species]`, the neutron last: (V2) of heavier elements per mass over that of water.
    let heavier: [Double]

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
        heavier = materials.flatMap { material in
            (TransportedSpecies.all + [.neutron]).map { isotope in
                Self.heavyParts(material, isotope).sum / Self.heavyParts(.water, isotope).sum
            }
        }
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

    /// Σ w_k σ_k/A_k over the elements heavier than hydrogen, whole and up to a charge.
    private struct HeavyParts {
        var parts: [(z: Int, value: Double)]
        var sum: Double { upTo(Int.max) }
        func upTo(_ z: Int) -> Double { parts.reduce(0) { $0 + ($1.z <= z ? $1.value : 0) } }
    }

    private static func heavyParts(_ material: Material, _ projectile: Isotope) -> HeavyParts {
        HeavyParts(
            parts: material.components.filter { $0.element.atomicNumber > 1 }.map { part in
                let target = Isotope(
                    atomicNumber: part.element.atomicNumber, massNumber: part.element.massNumber)
                let sigma = ReactionCrossSection.interactionMB(
                    projectile: projectile, target: target, energyMeVPerNucleon: referenceMeVPerNucleon)
                return (part.element.atomicNumber, part.massFraction * sigma / part.element.atomicWeight)
            })
    }

    private static func row(_ material: Material) -> Row {
        func hydrogen(_ material: Material) -> Double {
            material.components.first { $0.element.atomicNumber == 1 }?.massFraction ?? 0
        }
        let properties = MaterialProperties(material)
        let density = material.densityGPerCM3
        let parts = heavyParts(material, .carbon12)
        let all = max(parts.sum, .leastNormalMagnitude)
        return Row(
            scattering: ScatteringLength.inversePerMassCM2PerG(material)
                / ScatteringLength.inversePerMassCM2PerG(.water),
            straggling: properties.relativeElectronDensity / density,
            hydrogen: hydrogen(material) / hydrogen(.water),
            targets: SIMD4(parts.upTo(6) / all, parts.upTo(7) / all, parts.upTo(8) / all, 1),
            targetSpecies: targetSpecies)
    }
}
