import IonPhysics
import Quantities

/// The nuclei that are transported, in a fixed order: every bound nuclide with Z = 1...10 that light-ion
/// fragmentation makes in number.
///
/// An index into this list stands for a species in all tables and tallies of this module.
public enum TransportedSpecies {
    /// All species, ordered by charge, then mass.
    public static let all: [Isotope] = [
        (1, 1), (1, 2), (1, 3), (2, 3), (2, 4), (2, 6), (3, 6), (3, 7), (3, 8), (3, 9), (4, 7), (4, 9),
        (4, 10),
        (5, 8), (5, 10), (5, 11), (5, 12), (6, 10), (6, 11), (6, 12), (6, 13), (6, 14), (7, 12), (7, 13),
        (7, 14), (7, 15), (7, 16), (8, 14), (8, 15), (8, 16), (8, 17), (8, 18), (9, 17), (9, 18), (9, 19),
        (9, 20),
        (10, 18), (10, 19), (10, 20), (10, 21), (10, 22),
    ].map { Isotope(atomicNumber: $0.0, massNumber: $0.1) }

    /// Index that stands for the neutron, behind all charged species: it is followed, but has no range tables.
    static let neutron = 41

    /// Index of a nuclide at charge times `NuclearData.massColumns` plus mass number; −1 where there is none.
    static let indexByChargeAndMass: [Int32] = {
        var result = [Int32](repeating: -1, count: 11 * NuclearData.massColumns)
        for (i, isotope) in all.enumerated() {
            result[isotope.atomicNumber * NuclearData.massColumns + isotope.massNumber] = Int32(i)
        }
        result[1] = Int32(neutron)
        return result
    }()

    /// Index of `isotope`, or nil if it is not transported.
    public static func index(of isotope: Isotope) -> Int? { all.firstIndex(of: isotope) }
}
