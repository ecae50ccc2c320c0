import IonPhysics

#if canImport(Glibc)
    import Glibc
#endif

/// Multiple scattering and energy loss in what the beam passes: the scattering power of the transport, T(E) ρ_M, added up over steps.
///
///     thin plate:  Θ² = ∫ T ds
///     gas of length L:  σ² += T L³/3,  cov += T L²/2,  Θ² += T L
///
/// ## Checked by
/// `LineScatteringTests`: air and kapton against Highland's formula.
public struct LineScattering: Sendable {
    let rangeTable: RangeTable
    /// Steps that a layer is cut into.
    static let steps = 10

    /// - Parameter rangeTable: Range of the ion in water.
    public init(rangeTable: RangeTable) { self.rangeTable = rangeTable }

    /// Scattering power in a material, rad²/mm.
    ///
    /// - Parameters:
    ///   - material: Its properties.
    ///   - energy: Present energy, MeV per nucleon.
    public func powerRad2PerMM(_ material: MaterialProperties, energyMeVPerNucleon energy: Double) -> Double {
        material.scatteringRatio
            * ScatteringPower.transportRad2PerMM(ion: rangeTable.ion, energyMeVPerNucleon: energy)
    }

    /// Energy and scattering power in the middle of each step through a layer.
    ///
    /// - Parameters:
    ///   - material: Its properties.
    ///   - thicknessMM: Thickness.
    ///   - energy: Energy in front of it; receives that behind it, 0 if the ion stops.
    /// - Returns: Scattering powers, rad²/mm, step by step; empty if the ion stops.
    public func powers(
        _ material: MaterialProperties, thicknessMM: Double, energyMeVPerNucleon energy: inout Double
    ) -> [Double] {
        let water = material.stoppingPowerRatio * thicknessMM
        let range = rangeTable.rangeMM(energyMeVPerNucleon: energy)
        guard range > 1.02 * water else {
            energy = 0
            return []
        }
        let powers = (0..<Self.steps).map { step in
            let passed = water * (Double(step) + 0.5) / Double(Self.steps)
            return powerRad2PerMM(
                material, energyMeVPerNucleon: rangeTable.energyMeVPerNucleon(rangeMM: range - passed))
        }
        energy = rangeTable.energyMeVPerNucleon(rangeMM: range - water)
        return powers
    }
}
