import Quantities
import Testing

@Suite struct QuantityTests {
    @Test func arithmeticStaysWithinTheUnit() {
        let a = Length(3)
        let b = Length(4.5)
        #expect((a + b).value == 7.5)
        #expect((b - a).value == 1.5)
        #expect((2 * a).value == 6)
        #expect(b / a == 1.5)
        #expect(a < b)
        #expect("\(EnergyPerNucleon(430))" == "430.0 MeV/u")
    }

    @Test func degreesConvertToRadians() {
        #expect(AngleDegrees(180).radians == .pi)
    }
}

@Suite struct IsotopeTests {
    @Test(arguments: [
        ("p", 1, 1), ("d", 1, 2), ("t", 1, 3), ("12C", 6, 12), ("C12", 6, 12), ("4he", 2, 4),
        ("20Ne", 10, 20),
        ("1H", 1, 1), ("n", 0, 1),
    ])
    func readsUsualNames(text: String, z: Int, a: Int) {
        #expect(Isotope(parsing: text) == Isotope(atomicNumber: z, massNumber: a))
    }

    @Test(arguments: ["C", "12", "", "12Xx", "12C!", "3C", "99C", "-12C"])
    func refusesWhatIsNoIsotope(text: String) {
        #expect(Isotope(parsing: text) == nil)
    }

    @Test func printsWhatItReads() {
        for isotope in [Isotope.proton, .deuteron, .triton, .helium3, .carbon12, .oxygen16, .neon20] {
            #expect(Isotope(parsing: isotope.description) == isotope)
        }
    }
}
