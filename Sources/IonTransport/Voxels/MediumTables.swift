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
    /// `[material][node]`: s_m, on the grid of `TransportTables`.
    let stopping: [Double]
    /// `[material]`: (1/X₀)_m/(1/X₀)_w and (Z/A)_m/(Z/A)_w per mass.
    let scattering: [Double]
    let straggling: [Double]
    /// `[material]`: mass fraction of hydrogen over that of water.
    let hydrogen: [Double]
    /// `[material][species]`, the neutron last: (V2) of heavier elements per mass over that of water.
    let heavier: [Double]
    /// `[material][4]`: cumulative shares of the struck nucleus: ¹²C and lighter, ¹⁴N, ¹⁶O, ²⁰Ne and heavier.
    let targets: [Double]
    /// Species that stand for the four classes of nuclei.
    static let targetSpecies = [(6, 12), (7, 14), (8, 16), (10, 20)].map {
        TransportedSpecies.index(of: Isotope(atomicNumber: $0.0, massNumber: $0.1)) ?? 0
    }

    private static let referenceMeVPerNucleon = 200.0
    /// Below this energy the ratio of stopping powers is taken here: Bethe's formula ends, and what is left of the range is
    /// some micrometres.
    private static let lowestRatioMeVPerNucleon = 2.0

    init(_ materials: [Material]) {
        let energies = TransportTables.logEnergies.map {
            min(max(exp($0), Self.lowestRatioMeVPerNucleon), TransportTables.highestMeVPerNucleon)
        }
        var stopping: [Double] = []
        var (scattering, straggling, hydrogen, heavier, targets) =
            ([Double](), [Double](), [Double](), [Double](), [Double]())
        func fraction(_ material: Material, _ z: Int) -> Double {
            material.components.first { $0.element.atomicNumber == z }?.massFraction ?? 0
        }
        func heavy(_ material: Material, _ projectile: Isotope) -> [(z: Int, value: Double)] {
            material.components.filter { $0.element.atomicNumber > 1 }.map { part in
                let target = Isotope(
                    atomicNumber: part.element.atomicNumber, massNumber: part.element.massNumber)
                let sigma = ReactionCrossSection.reactionMB(
                    projectile: projectile, target: target, energyMeVPerNucleon: Self.referenceMeVPerNucleon)
                return (part.element.atomicNumber, part.massFraction * sigma / part.element.atomicWeight)
            }
        }
        func sum(_ parts: [(z: Int, value: Double)]) -> Double { parts.reduce(0) { $0 + $1.value } }
        for material in materials {
            let properties = MaterialProperties(material)
            let density = material.densityGPerCM3
            stopping += energies.map {
                MaterialProperties.stoppingPowerRatio(of: material, energyMeVPerNucleon: $0) / density
            }
            scattering.append(properties.scatteringRatio / density)
            straggling.append(properties.relativeElectronDensity / density)
            hydrogen.append(fraction(material, 1) / fraction(.water, 1))
            for isotope in TransportedSpecies.all + [.neutron] {
                heavier.append(sum(heavy(material, isotope)) / sum(heavy(.water, isotope)))
            }
            let parts = heavy(material, .carbon12)
            var running = 0.0
            for upTo in [6, 7, 8, Int.max] {
                let lower = [6: 0, 7: 6, 8: 7][upTo] ?? 8
                running += sum(parts.filter { $0.z > lower && $0.z <= upTo })
                targets.append(running / max(sum(parts), .leastNormalMagnitude))
            }
        }
        self.stopping = stopping
        self.scattering = scattering
        self.straggling = straggling
        self.hydrogen = hydrogen
        self.heavier = heavier
        self.targets = targets
    }
}
