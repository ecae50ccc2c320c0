import Quantities

#if canImport(Glibc)
    import Glibc
#endif

/// Total nuclear reaction cross sections of light ions on nuclei, Glauber-Gribov in closed form.
///
///     σ_R = (P/2.4) ln(1 + 2.4 S/P) c_B,      P = 2π (r_p² + r_t²)
///     S = (Z_p Z_t + N_p N_t) σ_pp + (Z_p N_t + N_p Z_t) σ_np
///     c_B = max(0, 1 − B/T_cm),  B = ½ · 1.44 MeV fm · Z_p Z_t/(r_p + r_t)
///
/// A single nucleon on a nucleus: P = 2π r², S = Z σ_pp + N σ_np and no c_B. Nucleons on nuclei with A > 4, where this
/// is 15...100 % wrong below 150 MeV, use Letaw's formula instead. ⁴He and ³He are raised by 1.03, the weighted mean of 18
/// measurements on carbon and oxygen from 17 to 216 MeV/u over the formula (1.034 ± 0.016).
///
/// Valid from 10 to 1000 MeV/u (NN cross sections are held at their value at 10 MeV below).
///
/// ## Source
/// Grichine, Eur. Phys. J. C 62 (2009) 399; radii up to A = 24 as in Geant4's G4NuclearRadii, heavier ones from ¹²C on Al
/// (Takechi 2009), Ca, Fe, Zn (Kox et al., Phys. Rev. C 35 (1987) 1678) and charge-changing on Cu, Sn, Pb (Zeitlin 2007) raised
/// by 7...9 % for removal of neutrons alone, the ratio of both on Al; NN: Charagi & Gupta, Phys. Rev. C 41
/// (1990) 1610; p + A: Letaw, Silberberg & Tsao, Astrophys. J. Suppl. 51 (1983) 271; helium factor: Ingemarsson
/// et al. (EXFOR D0186), DeVries (C3107), Horst et al., Phys. Rev. C 99 (2019) 014603 (O2435, O2441).
/// ## Checked by
/// `ReactionCrossSectionTests`.
public enum ReactionCrossSection {
    /// Factor on the helium cross sections.
    public static let heliumFactor = 1.03

    /// Total reaction cross section of `projectile` at `energyMeVPerNucleon` on a nucleus at rest, mb.
    ///
    /// Elastic nucleon-nucleon scattering is not a reaction: p on ¹H gives 0.
    public static func reactionMB(
        projectile: Isotope, target: Isotope, energyMeVPerNucleon: Double
    ) -> Double {
        if projectile.massNumber == 1 && target.massNumber == 1 { return 0 }
        if projectile.massNumber == 1 {
            return nucleonOnNucleusMB(
                nucleon: projectile, nucleus: target, energyMeV: energyMeVPerNucleon)
        }
        if target.massNumber == 1 {
            return glauberNucleonMB(
                nucleon: target, nucleus: projectile, energyMeV: energyMeVPerNucleon)
        }
        return nucleusOnNucleusMB(
            projectile: projectile, target: target, energyMeVPerNucleon: energyMeVPerNucleon)
    }

    /// Elastic cross section of a nucleon on a nucleus (A > 1), mb: that of oxygen, linear in ln E, times A/16.
    ///
    /// Oxygen: Barashenkov's evaluation, as Geant4 takes it. The formula of Fippel & Soukup (Med. Phys. 31 (2004) 2263) gives
    /// 0.7 of it at 100 and 150 MeV and 0.8 at 200 MeV, Glauber-Gribov 0.45 and 0.8.
    public static func elasticNucleonMB(target: Isotope, energyMeV: Double) -> Double {
        guard target.massNumber > 1 else { return 0 }
        let position = log(min(max(energyMeV, elasticOnOxygen[0].0), 300))
        var i = 0
        while i < elasticOnOxygen.count - 2 && position > log(elasticOnOxygen[i + 1].0) { i += 1 }
        let (low, high) = (elasticOnOxygen[i], elasticOnOxygen[i + 1])
        let share = (position - log(low.0)) / log(high.0 / low.0)
        return (low.1 + share * (high.1 - low.1)) * Double(target.massNumber) / 16
    }

    /// Slope of elastic scattering of a nucleon on a nucleus, dσ/dt ∝ exp(−slope |t|), (MeV/c)⁻²: the mean recoil energy
    /// on oxygen is 0.45 MeV (Fippel & Soukup, Med. Phys. 31 (2004) 2263: 0.32...0.49 from 50 to 250 MeV), and the slope
    /// goes with the square of the radius.
    public static func elasticSlopePerMeV2(target: Isotope) -> Double {
        12e-6 * cbrt(Double(target.massNumber * target.massNumber))
    }

    /// Neutron on proton, mb, from thermal energies up: effective-range formula below 10 MeV (Gammel, in Fast Neutron
    /// Physics II, 1963; within 1 %), above it that of `nucleonNucleonMB`.
    public static func neutronProtonMB(energyMeV e: Double) -> Double {
        guard e < 10 else { return nucleonNucleonMB(energyMeV: e).np }
        let triplet = -1.860 + 0.09415 * e + 0.0001306 * e * e
        let singlet = 0.4223 + 0.13 * e
        return 1000
            * (3 * .pi / (1.206 * e + triplet * triplet) + .pi / (1.206 * e + singlet * singlet))
    }

    /// Below 10 MeV that of neutrons without its resonances.
    private static let elasticOnOxygen: [(Double, Double)] = [
        (0.05, 3700), (0.5, 3500), (1.5, 2200), (5, 1450), (10, 1100), (20, 1127), (30, 1057), (50, 818),
        (75, 556), (100, 352), (125, 235), (150, 159),
        (175, 120), (200, 102), (250, 92), (300, 90),
    ]

    /// All collisions that change a particle: reactions, and for nucleons elastic scattering.
    public static func interactionMB(
        projectile: Isotope, target: Isotope, energyMeVPerNucleon energy: Double
    ) -> Double {
        let reaction = reactionMB(projectile: projectile, target: target, energyMeVPerNucleon: energy)
        guard projectile.massNumber == 1 else { return reaction }
        return reaction + elasticNucleonMB(target: target, energyMeV: energy)
    }

    /// Total cross sections of pp (= nn) and np scattering, mb.
    public static func nucleonNucleonMB(energyMeV: Double) -> (pp: Double, np: Double) {
        let gamma = 1 + max(energyMeV, 10) / PhysicalConstants.atomicMassUnitMeV
        let beta2 = 1 - 1 / (gamma * gamma)
        let beta = beta2.squareRoot()
        return (
            13.73 - 15.04 / beta + 8.76 / beta2 + 68.67 * beta2 * beta2,
            -70.67 - 18.18 / beta + 25.26 / beta2 + 113.85 * beta
        )
    }

    /// Nuclear radius of the nucleus-nucleus formula, fm.
    static func radiusFM(_ nucleus: Isotope) -> Double {
        switch (nucleus.atomicNumber, nucleus.massNumber) {
        case (1, 2): return 2.13
        case (1, 3): return 1.80
        case (2, 3): return 1.96
        case (2, 4): return 1.68
        case (3, _): return 2.40
        case (4, _): return 2.51
        default:
            let a = Double(nucleus.massNumber)
            // Fitted to ¹²C on Al, Ca, Fe, Cu, Zn, Sn and Pb; G4NuclearRadii's 1.1 (A^⅓ − A^−⅓) is 20 % high there from Ca on.
            if a > 24 { return 1.323 * pow(a, 0.221) }
            let scale = a <= 15 ? 1.26 : a <= 20 ? 1.19 : 1.12
            return scale * (cbrt(a) - 1 / cbrt(a))
        }
    }

    private static func nucleusOnNucleusMB(
        projectile: Isotope, target: Isotope, energyMeVPerNucleon: Double
    ) -> Double {
        let nn = nucleonNucleonMB(energyMeV: energyMeVPerNucleon)
        let (zp, ap) = (Double(projectile.atomicNumber), Double(projectile.massNumber))
        let (zt, at) = (Double(target.atomicNumber), Double(target.massNumber))
        let (rp, rt) = (radiusFM(projectile), radiusFM(target))
        let disc = 20 * .pi * (rp * rp + rt * rt)
        let sum = (zp * zt + (ap - zp) * (at - zt)) * nn.pp + (zp * (at - zt) + (ap - zp) * zt) * nn.np
        let barrierMeV = 0.5 * PhysicalConstants.coulombMeVFM * zp * zt / (rp + rt)
        // Kinetic energy in the centre of mass, from the invariant mass.
        let u = PhysicalConstants.atomicMassUnitMeV
        let (mp, mt) = (ap * u, at * u)
        let total = mp + energyMeVPerNucleon * ap
        let cmEnergyMeV = (mp * mp + mt * mt + 2 * total * mt).squareRoot() - mp - mt
        let coulomb = max(0, 1 - barrierMeV / max(cmEnergyMeV, 1e-9))
        let helium = projectile.atomicNumber == 2 ? heliumFactor : 1
        return helium * coulomb * disc / 2.4 * log(1 + 2.4 * sum / disc)
    }

    /// Glauber form for a nucleon meeting a nucleus at the same relative speed, mb.
    private static func glauberNucleonMB(
        nucleon: Isotope, nucleus: Isotope, energyMeV: Double
    ) -> Double {
        let nn = nucleonNucleonMB(energyMeV: energyMeV)
        let a = Double(nucleus.massNumber)
        let z = Double(nucleus.atomicNumber)
        let shape = exp(-(a - 20) / 20)
        let radius = 1.08 * cbrt(a) * (a <= 20 ? 1 + 0.1 * shape : 0.8 + 0.2 * shape)
        let disc = 20 * .pi * radius * radius
        let isProton = nucleon.atomicNumber == 1
        let sum = z * (isProton ? nn.pp : nn.np) + (a - z) * (isProton ? nn.np : nn.pp)
        let helium = nucleus.atomicNumber == 2 ? heliumFactor : 1
        return helium * disc / 2.4 * log(1 + 2.4 * sum / disc)
    }

    /// Letaw's formula above 10 MeV for A > 4; lighter targets by the Glauber form.
    private static func nucleonOnNucleusMB(
        nucleon: Isotope, nucleus: Isotope, energyMeV: Double
    ) -> Double {
        guard nucleus.massNumber > 4 else {
            return glauberNucleonMB(nucleon: nucleon, nucleus: nucleus, energyMeV: energyMeV)
        }
        let a = Double(nucleus.massNumber)
        let energy = max(energyMeV, 10)
        let highEnergy = 45 * pow(a, 0.7) * (1 + 0.016 * sin(5.3 - 2.63 * log(a)))
        return highEnergy
            * (1 - 0.62 * exp(-energy / 200) * sin(10.9 * pow(energy, -0.28)))
    }
}
