/// The elements of human tissue and of implants in the order of Schneider's table, with what the conversion needs.
public enum TissueElement: Int, CaseIterable, Sendable {
    case hydrogen, carbon, nitrogen, oxygen, magnesium, phosphorus, sulfur, chlorine, argon, calcium, sodium,
        potassium, titanium

    /// Atomic number Z.
    public var atomicNumber: Int { figures.z }
    /// Standard atomic mass, g/mol.
    public var atomicMass: Double { figures.mass }
    /// Mass number of the most abundant isotope.
    public var massNumber: Int { figures.a }
    /// Mean excitation energy in compounds, eV.
    ///
    /// ## Source
    /// ICRU Report 49 (1993), table 2.11, for constituents of solid and liquid compounds.
    public var meanExcitationEnergyEV: Double { figures.i }
    /// Radiation length X₀, g/cm².
    ///
    /// ## Source
    /// Particle Data Group, Atomic and Nuclear Properties of Materials (after Tsai, Rev. Mod. Phys. 46 (1974) 815).
    public var radiationLengthGPerCM2: Double { figures.x0 }

    private var figures: (z: Int, mass: Double, a: Int, i: Double, x0: Double) {
        switch self {
        case .hydrogen: (1, 1.008, 1, 19.2, 63.04)
        case .carbon: (6, 12.011, 12, 81.0, 42.70)
        case .nitrogen: (7, 14.007, 14, 82.0, 37.99)
        case .oxygen: (8, 15.999, 16, 106.0, 34.24)
        case .magnesium: (12, 24.305, 24, 176.3, 25.03)
        case .phosphorus: (15, 30.974, 31, 195.5, 21.21)
        case .sulfur: (16, 32.06, 32, 203.4, 19.50)
        case .chlorine: (17, 35.45, 35, 180.0, 19.28)
        case .argon: (18, 39.948, 40, 188.0, 19.55)
        case .calcium: (20, 40.078, 40, 215.8, 16.14)
        case .sodium: (11, 22.990, 23, 168.4, 27.74)
        case .potassium: (19, 39.098, 39, 214.7, 17.32)
        case .titanium: (22, 47.867, 48, 263.3, 16.16)
        }
    }
}
