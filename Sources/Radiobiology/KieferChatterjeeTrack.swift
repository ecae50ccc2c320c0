import IonPhysics

#if canImport(Glibc)
    import Glibc
#endif

/// Radial dose around an ion track, Kiefer-Chatterjee model, in unit-density water.
///
///     R_c = 0.0116 β µm,   R_p = 0.0616 E^1.7 µm (E in MeV/u, not below R_c)           (1)
///     K_p = 1.25·10⁻⁴ (z*/β)² Gy µm²                                                 (2)
///     D(r) = K_p/r²                                        R_c < r ≤ R_p              (3)
///     D(r) = [LET/ρ − 2π K_p ln(R_p/R_c)]/(π R_c²)         r ≤ R_c                    (4)
///
/// The core takes what the penumbra leaves, so the whole track holds the LET exactly.
///
/// ## Source
/// Chatterjee & Schaefer, Radiat. Environ. Biophys. 13 (1976) 215; Kiefer & Straaten, Phys. Med. Biol. 31 (1986)
/// 1201; combination: Kase et al., Phys. Med. Biol. 53 (2008) 37.
/// ## Checked by
/// `KieferChatterjeeTrackTests`.
public struct KieferChatterjeeTrack: Hashable, Sendable {
    /// R_c, µm.
    public let coreRadiusUM: Double
    /// R_p, µm.
    public let penumbraRadiusUM: Double
    /// K_p, Gy µm².
    public let penumbraGyUM2: Double
    /// Dose in the core, Gy.
    public let coreDoseGy: Double

    /// Track of an ion of charge Z at an energy per nucleon with a given LET.
    ///
    /// - Precondition: all arguments positive.
    public init(chargeNumber: Int, energyMeVPerNucleon: Double, letKeVPerUM: Double) {
        precondition(chargeNumber > 0 && energyMeVPerNucleon > 0 && letKeVPerUM > 0)
        let beta = Kinematics(
            kineticEnergyMeV: energyMeVPerNucleon, restEnergyMeV: PhysicalConstants.atomicMassUnitMeV
        ).beta
        let zStar = EffectiveCharge.barkas(chargeNumber: chargeNumber, beta: beta)
        coreRadiusUM = 0.0116 * beta
        penumbraRadiusUM = max(0.0616 * pow(energyMeVPerNucleon, 1.7), coreRadiusUM)
        penumbraGyUM2 = 1.25e-4 * (zStar / beta) * (zStar / beta)
        let wholeGyUM2 = PhysicalConstants.grayUM2PerKeVPerUM * letKeVPerUM
        coreDoseGy =
            (wholeGyUM2 - 2 * .pi * penumbraGyUM2 * log(penumbraRadiusUM / coreRadiusUM))
            / (.pi * coreRadiusUM * coreRadiusUM)
    }

    /// Local dose at a distance from the track, Gy.
    public func localDoseGy(radiusUM: Double) -> Double {
        if radiusUM <= coreRadiusUM { return coreDoseGy }
        return radiusUM <= penumbraRadiusUM ? penumbraGyUM2 / (radiusUM * radiusUM) : 0
    }

    /// ∫ D 2πr dr from 0 to `radiusUM`, Gy µm².
    public func enclosedGyUM2(radiusUM: Double) -> Double {
        let inCore = min(radiusUM, coreRadiusUM)
        let core = .pi * inCore * inCore * coreDoseGy
        guard radiusUM > coreRadiusUM else { return core }
        return core + 2 * .pi * penumbraGyUM2 * log(min(radiusUM, penumbraRadiusUM) / coreRadiusUM)
    }
}
