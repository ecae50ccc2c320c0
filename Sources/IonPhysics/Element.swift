/// Bulk data of one chemical element.
public struct Element: Hashable, Sendable {
    /// Atomic number Z.
    public let atomicNumber: Int
    /// Chemical symbol.
    public let symbol: String
    /// Standard atomic weight, g/mol.
    public let atomicWeight: Double
    /// Mean excitation energy of the element itself, eV (gases as gas).
    public let meanExcitationEnergyEV: Double
    /// Mean excitation energy of the element in a liquid or solid compound, eV (for Bragg additivity).
    public let compoundExcitationEnergyEV: Double

    /// Mass number used where a nucleus stands for the element: the rounded atomic weight.
    public var massNumber: Int { Int(atomicWeight.rounded()) }

    /// Whether it is a metal: alloys of metals keep the excitation energies of their elements.
    public var isMetal: Bool {
        switch atomicNumber {
        case 3, 4, 11...13, 19...31, 37...50, 55...83: true
        default: false
        }
    }

    /// The element with this atomic number.
    public static func with(atomicNumber: Int) throws(IonPhysicsError) -> Element {
        guard let element = all.first(where: { $0.atomicNumber == atomicNumber }) else {
            throw .unknownElement(atomicNumber: atomicNumber)
        }
        return element
    }

    /// The element with this chemical symbol, or nil.
    public static func with(symbol: String) -> Element? { all.first { $0.symbol == symbol } }

    /// Elements of tissues, phantoms, range shifters and implants, by atomic number.
    ///
    /// ## Source
    /// Atomic weights: IUPAC 2021, abridged. Excitation energies: ICRU Report 37 and 49; in compounds the values of
    /// ICRU 49 table 2.11 where it has one, otherwise 1.13 times that of the solid element (rule of ICRU 37).
    public static let all: [Element] = [
        make(1, "H", 1.008, 19.2, 19.2),
        make(2, "He", 4.0026, 41.8, 41.8),
        make(3, "Li", 6.94, 40.0, 45.2),
        make(4, "Be", 9.0122, 63.7, 72.0),
        make(5, "B", 10.81, 76.0, 85.9),
        make(6, "C", 12.011, 78.0, 81.0),
        make(7, "N", 14.007, 82.0, 82.0),
        make(8, "O", 15.999, 95.0, 106.0),
        make(9, "F", 18.998, 115.0, 112.0),
        make(10, "Ne", 20.180, 137.0, 137.0),
        make(11, "Na", 22.990, 149.0, 168.4),
        make(12, "Mg", 24.305, 156.0, 176.3),
        make(13, "Al", 26.982, 166.0, 187.6),
        make(14, "Si", 28.085, 173.0, 195.5),
        make(15, "P", 30.974, 173.0, 195.5),
        make(16, "S", 32.06, 180.0, 203.4),
        make(17, "Cl", 35.45, 174.0, 180.0),
        make(18, "Ar", 39.95, 188.0, 188.0),
        make(19, "K", 39.098, 190.0, 214.7),
        make(20, "Ca", 40.078, 191.0, 215.8),
        make(22, "Ti", 47.867, 233.0, 263.3),
        make(23, "V", 50.942, 245.0, 276.9),
        make(24, "Cr", 51.996, 257.0, 290.4),
        make(25, "Mn", 54.938, 272.0, 307.4),
        make(26, "Fe", 55.845, 286.0, 323.2),
        make(28, "Ni", 58.693, 311.0, 351.4),
        make(29, "Cu", 63.546, 322.0, 363.9),
        make(30, "Zn", 65.38, 330.0, 372.9),
        make(47, "Ag", 107.87, 470.0, 531.1),
        make(50, "Sn", 118.71, 488.0, 551.4),
        make(53, "I", 126.90, 491.0, 554.8),
        make(73, "Ta", 180.95, 718.0, 811.3),
        make(74, "W", 183.84, 727.0, 821.5),
        make(79, "Au", 196.97, 790.0, 892.7),
        make(82, "Pb", 207.2, 823.0, 930.0),
    ]

    private static func make(
        _ z: Int, _ symbol: String, _ weight: Double, _ excitation: Double, _ inCompound: Double
    ) -> Element {
        Element(
            atomicNumber: z, symbol: symbol, atomicWeight: weight,
            meanExcitationEnergyEV: excitation, compoundExcitationEnergyEV: inCompound)
    }
}
