import IonPhysics
import Quantities

#if canImport(Glibc)
    import Glibc
#endif

/// How many ions a physical dose in a cube of water needs, in closed form.
///
/// With R = α T^p, a flat spread-out Bragg peak of width w has a known distribution of ranges; its integral gives the
/// ions per area. Ions that react before the middle of the cube are lost, what their fragments deposit is left out:
///
///     N = k D m / [T(w) s],   k = p² sin(π/p) / [π (p − 1)],   s = exp(−∫ n σ_R dz)
///
/// D dose, m mass of the cube, T(w) kinetic energy of an ion of range w, s the share that gets to the middle.
///
/// ## Source
/// Bortfeld & Schlegel, Phys. Med. Biol. 41 (1996) 1331, for the distribution of ranges.
/// ## Checked by
/// `DoseDemandTests`: a numerical spread-out peak, and the ions of a published sphere of 60 mm.
public struct DoseDemand: Sendable {
    private let table: RangeTable
    private let isotope: Isotope

    /// - Parameter isotope: Which bare nucleus.
    /// - Throws: If the mass of the isotope is not known.
    public init(_ isotope: Isotope) throws(IonPhysicsError) {
        table = try RangeTable(isotope)
        self.isotope = isotope
    }

    /// Ions at the entrance for a dose in a cube of water.
    ///
    /// - Parameters:
    ///   - doseGy: Absorbed dose, Gy.
    ///   - volumeCM3: Volume of the cube, cm³.
    ///   - depthMM: Depth of its middle, mm; at least half its edge.
    /// - Precondition: positive dose and volume.
    public func ions(doseGy: Double, volumeCM3: Double, depthMM: Double) -> Double {
        precondition(doseGy > 0 && volumeCM3 > 0 && depthMM > 0)
        let edgeMM = 10 * cbrt(volumeCM3)
        let massKg = volumeCM3 * 1e-3
        let energyMeV = Double(isotope.massNumber) * table.energyMeVPerNucleon(rangeMM: edgeMM)
        let quarter = Double(isotope.massNumber) * table.energyMeVPerNucleon(rangeMM: edgeMM / 4)
        let p = log(4) / log(energyMeV / quarter)
        let k = p * p * sin(Double.pi / p) / (Double.pi * (p - 1))
        let depositedMeV = doseGy * massKg / PhysicalConstants.joulePerMeV
        return k * depositedMeV / (energyMeV * survival(toMM: depthMM, rangeMM: depthMM + edgeMM / 2))
    }

    /// Share of ions of a range that have not reacted at a depth of water.
    ///
    /// - Parameters:
    ///   - depthMM: Depth, mm.
    ///   - rangeMM: Range at the entrance, mm; greater than the depth.
    public func survival(toMM depthMM: Double, rangeMM: Double) -> Double {
        let moleculesPerCM3 = PhysicalConstants.avogadroPerMol / 18.01528
        let steps = max(1, Int(depthMM.rounded(.up)))
        let stepCM = depthMM / Double(steps) / 10
        var exponent = 0.0
        for step in 0..<steps {
            let left = rangeMM - (Double(step) + 0.5) * stepCM * 10
            let energy = table.energyMeVPerNucleon(rangeMM: left)
            func crossSection(_ target: Isotope) -> Double {
                ReactionCrossSection.reactionMB(
                    projectile: isotope, target: target, energyMeVPerNucleon: energy)
            }
            let perMolecule = 2 * crossSection(.proton) + crossSection(.oxygen16)
            exponent += stepCM * moleculesPerCM3 * perMolecule * 1e-27
        }
        return exp(-exponent)
    }
}
