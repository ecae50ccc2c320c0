import AcceleratorModel
import Quantities
import TestSupport
import Testing

@Suite struct ChargedIonTests {
    @Test(arguments: [
        (4.03, 0.0927, 0.5786), (6.0, 0.1130, 0.7064), (55.6, 0.3309, 2.179), (290, 0.6469, 5.271),
        (430, 0.7293, 6.624), (800, 0.8430, 9.736),
    ])
    func rigidityOfCarbon(_ energy: Double, _ beta: Double, _ rigidity: Double) throws {
        let motion = try ChargedIon(.carbon12).motion(energyMeVPerNucleon: energy)
        expectClose(motion.beta, beta, relative: 0.001, because: "printed digits")
        expectClose(motion.rigidityTM, rigidity, relative: 0.001, because: "printed digits")
    }

    @Test(arguments: [(6.0, 129.6, 0.2613), (800, 129.6, 1.9500), (4.03, 63, 0.4412), (430, 63, 3.4706)])
    func revolutionFrequency(_ energy: Double, _ circumference: Double, _ megahertz: Double) throws {
        let motion = try ChargedIon(.carbon12).motion(energyMeVPerNucleon: energy)
        expectClose(
            motion.revolutionFrequencyHz(circumferenceM: circumference) * 1e-6, megahertz, relative: 0.001,
            because: "the published frequencies hold to 0.1 %")
    }

    @Test func rigidityLeadsBackToTheEnergy() throws {
        let ion = try ChargedIon(.carbon12, chargeState: 4)
        for energy in [0.008, 0.6, 6, 430] {
            let motion = ion.motion(energyMeVPerNucleon: energy)
            let back = ion.motion(rigidityTM: motion.rigidityTM).energyMeVPerNucleon
            expectClose(back, energy, relative: 1e-12, because: "rounding")
        }
    }

    @Test func electronsThatAreLeftAddTheirMass() throws {
        let difference =
            try ChargedIon(.carbon12, chargeState: 4).restEnergyMeV - ChargedIon(.carbon12).restEnergyMeV
        expectClose(difference, 2 * 0.51099895, absolute: 1e-6, because: "two electrons, rounding")
    }

    @Test func impossibleIonsAreRefused() {
        #expect(throws: AcceleratorError.chargeState(7, .carbon12)) {
            try ChargedIon(.carbon12, chargeState: 7)
        }
        #expect(throws: AcceleratorError.chargeState(0, .carbon12)) {
            try ChargedIon(.carbon12, chargeState: 0)
        }
        let unknown = Isotope(atomicNumber: 6, massNumber: 40)
        #expect(throws: AcceleratorError.ion(unknown)) { try ChargedIon(unknown) }
    }
}
