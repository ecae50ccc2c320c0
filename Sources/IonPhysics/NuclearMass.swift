import Quantities

#if canImport(Glibc)
    import Glibc
#endif

/// Rest energies of bare nuclei.
///
///     M c² = A m_u c² + Δ − Z m_e c² + B_e(Z),   B_e = 14.4381 Z^2.39 + 1.55468·10⁻⁶ Z^5.35  eV
///
/// with the mass excess Δ of the neutral atom.
///
/// ## Source
/// AME2020: Wang et al., Chinese Phys. C 45 (2021) 030003; electron binding energies: Lunney, Pearson & Thibault,
/// Rev. Mod. Phys. 75 (2003) 1021, eq. A4.
/// ## Checked by
/// `NuclearMassTests`.
public enum NuclearMass {
    /// Rest energy of the bare nucleus, MeV.
    public static func restEnergyMeV(of isotope: Isotope) throws(IonPhysicsError) -> Double {
        guard
            let row = massExcessKeV.first(where: {
                $0.z == isotope.atomicNumber && $0.a == isotope.massNumber
            })
        else { throw .unknownNuclide(isotope) }
        let z = Double(row.z)
        let electronBindingMeV = (14.4381 * pow(z, 2.39) + 1.55468e-6 * pow(z, 5.35)) * 1e-6
        return Double(row.a) * PhysicalConstants.atomicMassUnitMeV + row.excess * 1e-3
            - z * PhysicalConstants.electronMassMeV + electronBindingMeV
    }

    /// Nuclides with a mass in the table, ordered by charge, then mass.
    public static var nuclides: [Isotope] {
        massExcessKeV.map { Isotope(atomicNumber: $0.z, massNumber: $0.a) }
    }
}
