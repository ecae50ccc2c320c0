import IonPhysics

/// Tissues and densities by CT number: air, 23 tissues from fat to bone, and titanium.
///
/// ## Source
/// Composition sections and densities after Schneider, Bortfeld & Schlegel, Phys. Med. Biol. 45 (2000) 459,
/// table 6 and equations 17 to 23, in the widely used form with 25 sections and seven pieces of density
/// (OpenTOPAS, examples/Patient/HUtoMaterialSchneider.txt), without that file's correction to one clinic's scanner.
/// ## Checked by
/// `SchneiderTissuesTests`.
public enum SchneiderTissues {
    /// A composition and the CT number from which it is used, up to the next section's.
    public struct Section: Sendable {
        public let fromHounsfield: Int
        /// The composition at unit density.
        public let material: Material
    }

    /// CT numbers from here on are titanium.
    public static let titaniumHounsfield = 2995

    /// CT numbers the model speaks about: from the value scanners write outside their field of view to the
    /// largest a CT can store. Everything at or below −1000 HU is air.
    public static let domain = -1024...Int(Int16.max)

    /// All sections by ascending CT number.
    ///
    /// Mass fractions in the order H C N O Mg P S Cl Ar Ca Na K Ti.
    public static let sections: [Section] = [
        section(-1000, "air", [0, 0, 0.755, 0.232, 0, 0, 0, 0, 0.013, 0, 0, 0, 0]),
        section(
            -950, "tissue 2", [0.103, 0.105, 0.031, 0.749, 0, 0.002, 0.003, 0.003, 0, 0, 0.002, 0.002, 0]),
        section(-120, "tissue 3", [0.116, 0.681, 0.002, 0.198, 0, 0, 0.001, 0.001, 0, 0, 0.001, 0, 0]),
        section(-83, "tissue 4", [0.113, 0.567, 0.009, 0.308, 0, 0, 0.001, 0.001, 0, 0, 0.001, 0, 0]),
        section(-53, "tissue 5", [0.110, 0.458, 0.015, 0.411, 0, 0.001, 0.002, 0.002, 0, 0, 0.001, 0, 0]),
        section(-23, "tissue 6", [0.108, 0.356, 0.022, 0.509, 0, 0.001, 0.002, 0.002, 0, 0, 0, 0, 0]),
        section(7, "tissue 7", [0.106, 0.284, 0.026, 0.578, 0, 0.001, 0.002, 0.002, 0, 0, 0, 0.001, 0]),
        section(18, "tissue 8", [0.103, 0.134, 0.030, 0.723, 0, 0.002, 0.002, 0.002, 0, 0, 0.002, 0.002, 0]),
        section(80, "tissue 9", [0.094, 0.207, 0.062, 0.622, 0, 0, 0.006, 0.003, 0, 0, 0.006, 0, 0]),
        section(
            120, "tissue 10", [0.095, 0.455, 0.025, 0.355, 0, 0.021, 0.001, 0.001, 0, 0.045, 0.001, 0.001, 0]),
        section(
            200, "tissue 11", [0.089, 0.423, 0.027, 0.363, 0, 0.030, 0.001, 0.001, 0, 0.064, 0.001, 0.001, 0]),
        section(
            300, "tissue 12", [0.082, 0.391, 0.029, 0.372, 0, 0.039, 0.001, 0.001, 0, 0.083, 0.001, 0.001, 0]),
        section(
            400, "tissue 13", [0.076, 0.361, 0.030, 0.380, 0.001, 0.047, 0.002, 0.001, 0, 0.101, 0.001, 0, 0]),
        section(
            500, "tissue 14", [0.071, 0.335, 0.032, 0.387, 0.001, 0.054, 0.002, 0, 0, 0.117, 0.001, 0, 0]),
        section(
            600, "tissue 15", [0.066, 0.310, 0.033, 0.394, 0.001, 0.061, 0.002, 0, 0, 0.132, 0.001, 0, 0]),
        section(
            700, "tissue 16", [0.061, 0.287, 0.035, 0.400, 0.001, 0.067, 0.002, 0, 0, 0.146, 0.001, 0, 0]),
        section(
            800, "tissue 17", [0.056, 0.265, 0.036, 0.405, 0.002, 0.073, 0.003, 0, 0, 0.159, 0.001, 0, 0]),
        section(
            900, "tissue 18", [0.052, 0.246, 0.037, 0.411, 0.002, 0.078, 0.003, 0, 0, 0.170, 0.001, 0, 0]),
        section(
            1000, "tissue 19", [0.049, 0.227, 0.038, 0.416, 0.002, 0.083, 0.003, 0, 0, 0.181, 0.001, 0, 0]),
        section(
            1100, "tissue 20", [0.045, 0.210, 0.039, 0.420, 0.002, 0.088, 0.003, 0, 0, 0.192, 0.001, 0, 0]),
        section(
            1200, "tissue 21", [0.042, 0.194, 0.040, 0.425, 0.002, 0.092, 0.003, 0, 0, 0.201, 0.001, 0, 0]),
        section(
            1300, "tissue 22", [0.039, 0.179, 0.041, 0.429, 0.002, 0.096, 0.003, 0, 0, 0.210, 0.001, 0, 0]),
        section(
            1400, "tissue 23", [0.036, 0.165, 0.042, 0.432, 0.002, 0.100, 0.003, 0, 0, 0.219, 0.001, 0, 0]),
        section(
            1500, "tissue 24", [0.034, 0.155, 0.042, 0.435, 0.002, 0.103, 0.003, 0, 0, 0.225, 0.001, 0, 0]),
        section(2995, "titanium", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
    ]

    /// Number of the section that a CT number falls into, from 0.
    public static func sectionIndex(hounsfield: Int) -> Int {
        let following = sections.firstIndex { $0.fromHounsfield > hounsfield } ?? sections.count
        return max(following - 1, 0)
    }

    /// The tissue at a CT number.
    public static func material(hounsfield: Int) -> Material {
        let material = sections[sectionIndex(hounsfield: hounsfield)].material
        let density = densityGPerCM3(hounsfield: hounsfield)
        do {
            return try material.withDensity(gPerCM3: density)
        } catch {
            preconditionFailure("the density of tissue is positive: \(error)")
        }
    }

    /// Mass density, g/cm³: seven straight pieces, joined with the small jumps of the publication.
    public static func densityGPerCM3(hounsfield: Int) -> Double {
        let h = Double(hounsfield)
        return switch hounsfield {
        case ..<(-1000): 0.00121
        case ..<(-98): 0.00121 + 0.001_029_700_665_188 * (1000 + h)
        case ..<15: 1.018 + 0.000_893 * h
        case ..<23: 1.03
        case ..<101: 1.003 + 0.001_169 * h
        case ..<2001: 1.017 + 0.000_592 * h
        case ..<titaniumHounsfield: 2.201 + 0.0005 * (h - 2000)
        default: 4.54
        }
    }

    /// Atomic numbers of the columns.
    private static let atomicNumbers = [1, 6, 7, 8, 12, 15, 16, 17, 18, 20, 11, 19, 22]

    private static func section(_ from: Int, _ name: String, _ fractions: [Double]) -> Section {
        let byElement = Dictionary(uniqueKeysWithValues: zip(atomicNumbers, fractions))
        do {
            return Section(
                fromHounsfield: from,
                material: try Material(name: name, densityGPerCM3: 1, massFractions: byElement))
        } catch {
            preconditionFailure("the table of tissues is damaged at \(name): \(error)")
        }
    }
}
