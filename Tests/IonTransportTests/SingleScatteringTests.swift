import Glibc
import IonPhysics
import IonTransport
import Quantities
import TestSupport
import Testing

@Suite struct SingleScatteringTests {
    @Test func theLogarithmIsThatOfTheLibrary() {
        for exponent in stride(from: -12.0, through: 3, by: 0.0137) {
            let x = pow(10, exponent)
            expectClose(
                SingleScattering.decadic(x), exponent, absolute: 1.2e-5, because: "four terms of artanh")
        }
    }

    @Test(arguments: [Isotope.proton, .deuteron, .helium4], [20.0, 150, 400])
    func theKernelsPowerIsTheClosedForm(isotope: Isotope, start: Double) throws {
        let ion = try Ion(isotope)
        let single = SingleScattering(chargeNumber: isotope.atomicNumber)
        for share in [0.99999, 0.999, 0.9, 0.5, 0.1] {
            let full = ScatteringPower.transportRad2PerMM(ion: ion, energyMeVPerNucleon: share * start)
            let first = ScatteringPower.transportRad2PerMM(ion: ion, energyMeVPerNucleon: start)
            expectClose(
                single.power(full: full, first: first),
                ScatteringPower.differentialMoliere.rad2PerMM(
                    ion: ion, energyMeVPerNucleon: share * start, pathMM: 1,
                    initialEnergyMeVPerNucleon: start),
                relative: 5e-5, because: "the same formula by T₀ alone")
        }
        let first = ScatteringPower.transportRad2PerMM(ion: ion, energyMeVPerNucleon: start)
        #expect(single.power(full: first, first: first) == 0)
    }

    @Test func ionsFromLithiumOnKeepAllOfIt() {
        #expect(SingleScattering(chargeNumber: 3).power(full: 2e-6, first: 1e-6) == 2e-6)
        #expect(SingleScattering(chargeNumber: 6).power(full: 2e-6, first: 2e-6) == 2e-6)
    }
}
