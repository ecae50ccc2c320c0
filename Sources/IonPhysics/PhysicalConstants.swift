/// Constants of nature used by the physics modules, in the units of the field (MeV, fm, cm, g).
///
/// ## Source
/// CODATA 2018 (Tiesinga et al., Rev. Mod. Phys. 93 (2021) 025010).
public enum PhysicalConstants {
    /// Speed of light, m/s.
    public static let speedOfLightMPerS = 299_792_458.0
    /// Elementary charge, C.
    public static let elementaryChargeC = 1.602176634e-19
    /// Rest energy of the electron m_e c², MeV.
    public static let electronMassMeV = 0.51099895
    /// Atomic mass constant m_u c², MeV.
    public static let atomicMassUnitMeV = 931.49410242
    /// Fine-structure constant α.
    public static let fineStructure = 7.2973525693e-3
    /// K = 4π N_A r_e² m_e c², MeV cm²/mol: the prefactor of the stopping-power formula.
    public static let bethePrefactorMeVCM2PerMol = 0.307075
    /// Avogadro constant, 1/mol.
    public static let avogadroPerMol = 6.02214076e23
    /// e²/(4π ε₀), MeV fm.
    public static let coulombMeVFM = 1.439964548
    /// 1 MeV in J; so 1 MeV/mm in unit-density water spread over 1 mm² is 1.602176634e-7 Gy.
    public static let joulePerMeV = 1.602176634e-13
    /// Gy µm² per keV/µm in unit-density matter: dose of fluence 1/µm² of particles of LET 1 keV/µm.
    public static let grayUM2PerKeVPerUM = 0.1602176634
}
