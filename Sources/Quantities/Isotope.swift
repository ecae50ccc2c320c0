/// A nucleus by charge and mass number; its fully stripped ion is what is transported.
@frozen
public struct Isotope: Hashable, Comparable, Sendable {
    /// Atomic number Z (charge number of the bare nucleus).
    public var atomicNumber: Int
    /// Mass number A (nucleons).
    public var massNumber: Int

    /// A nucleus with `atomicNumber` protons and `massNumber` nucleons.
    @inlinable public init(atomicNumber: Int, massNumber: Int) {
        self.atomicNumber = atomicNumber
        self.massNumber = massNumber
    }

    /// Ordered by charge, then by mass.
    @inlinable public static func < (a: Self, b: Self) -> Bool {
        (a.atomicNumber, a.massNumber) < (b.atomicNumber, b.massNumber)
    }

    public static let neutron = Isotope(atomicNumber: 0, massNumber: 1)
    public static let proton = Isotope(atomicNumber: 1, massNumber: 1)
    public static let deuteron = Isotope(atomicNumber: 1, massNumber: 2)
    public static let triton = Isotope(atomicNumber: 1, massNumber: 3)
    public static let helium3 = Isotope(atomicNumber: 2, massNumber: 3)
    public static let helium4 = Isotope(atomicNumber: 2, massNumber: 4)
    public static let carbon12 = Isotope(atomicNumber: 6, massNumber: 12)
    public static let oxygen16 = Isotope(atomicNumber: 8, massNumber: 16)
    public static let neon20 = Isotope(atomicNumber: 10, massNumber: 20)
}

extension Isotope: CustomStringConvertible {
    /// `p`, `d`, `t`, `n`, or mass number and symbol such as `12C`.
    public var description: String {
        switch (atomicNumber, massNumber) {
        case (0, 1): "n"
        case (1, 1): "p"
        case (1, 2): "d"
        case (1, 3): "t"
        default: "\(massNumber)\(symbol)"
        }
    }

    /// Chemical symbol, H to Ca; `Z<number>` beyond.
    public var symbol: String {
        let symbols = [
            "n", "H", "He", "Li", "Be", "B", "C", "N", "O", "F", "Ne", "Na", "Mg", "Al", "Si",
            "P", "S", "Cl", "Ar", "K", "Ca",
        ]
        return symbols.indices.contains(atomicNumber) ? symbols[atomicNumber] : "Z\(atomicNumber)"
    }

    /// Reads `p`, `d`, `t`, `12C`, `C12` or `C` (most abundant isotope is not guessed: a mass is required
    /// except for the names above); nil if not understood.
    public init?(parsing text: String) {
        switch text.lowercased() {
        case "n": self = .neutron
        case "p", "1h": self = .proton
        case "d", "2h": self = .deuteron
        case "t", "3h": self = .triton
        default:
            let digits = text.filter(\.isNumber)
            let letters = text.filter(\.isLetter).lowercased()
            guard let mass = Int(digits), digits.count + letters.count == text.count else {
                return nil
            }
            for z in 1...20
            where Isotope(atomicNumber: z, massNumber: mass).symbol.lowercased() == letters {
                guard mass >= z, mass <= 3 * z + 1 else { return nil }
                self = Isotope(atomicNumber: z, massNumber: mass)
                return
            }
            return nil
        }
    }
}
