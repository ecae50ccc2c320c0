import IonPhysics
import Quantities
import TestSupport
import Testing

@Suite struct ChargedIonTests {
    /// MeV/u, speed, T m, revolutions in the 63 m ring and in HIMAC, MHz: relativistic kinematics of 12C6+, tabulated
    /// independently with the mass of 12C and rounded to four digits.
    static let rows: [(energy: Double, beta: Double, rigidity: Double, small: Double?, himac: Double?)] = [
        (4.03, 0.0927, 0.5786, 0.4412, nil), (6.0, 0.1130, 0.7064, nil, 0.2613),
        (55.6, 0.3309, 2.179, 1.5745, 0.7654), (100, 0.4295, 2.955, 2.0440, 0.9936),
        (140, 0.4942, 3.532, 2.3518, 1.1432), (200, 0.5677, 4.285, 2.7014, 1.3132),
        (290, 0.6469, 5.271, 3.0783, 1.4964), (350, 0.6868, 5.871, 3.2680, 1.5886),
        (400, 0.7145, 6.347, 3.4003, 1.6529), (430, 0.7293, 6.624, 3.4706, 1.6871),
        (800, 0.8430, 9.736, nil, 1.9500),
    ]

    @Test func carbonInTheTwoRings() throws {
        let carbon = try ChargedIon(.carbon12)
        for row in Self.rows {
            let motion = carbon.motion(energyMeVPerNucleon: row.energy)
            expectClose(motion.beta, row.beta, relative: 1e-3, because: "printed digits")
            expectClose(motion.rigidityTM, row.rigidity, relative: 1e-3, because: "printed digits")
            for (circumference, megahertz) in [(63.0, row.small), (129.6, row.himac)] {
                guard let megahertz else { continue }
                expectClose(
                    motion.revolutionFrequencyHz(circumferenceM: circumference) * 1e-6, megahertz,
                    relative: 1e-3, because: "\(circumference) m at \(row.energy) MeV/u")
            }
        }
    }

    @Test func fieldAndRadiusOfHIMACHoldItsHighestEnergy() throws {
        let motion = try ChargedIon(.carbon12).motion(energyMeVPerNucleon: 800)
        expectClose(motion.rigidityTM, 9.75, relative: 3e-3, because: "published: 1.5 T times 6.5 m")
    }

    @Test func rigidityLeadsBackToTheEnergy() throws {
        let ion = try ChargedIon(.carbon12, chargeState: 4)
        for energy in [0.008, 0.6, 6, 430] {
            let motion = ion.motion(energyMeVPerNucleon: energy)
            let back = ion.motion(rigidityTM: motion.rigidityTM)
            expectClose(back.energyMeVPerNucleon, energy, relative: 1e-12, because: "rounding")
            expectClose(back.beta, motion.beta, relative: 1e-12, because: "rounding")
            expectClose(back.gamma, motion.gamma, relative: 1e-12, because: "rounding")
        }
    }

    @Test func electronsThatAreLeftAddTheirMass() throws {
        let (bare, four) = (try ChargedIon(.carbon12), try ChargedIon(.carbon12, chargeState: 4))
        expectClose(
            four.restEnergyMeV - bare.restEnergyMeV, 2 * 0.51099895, absolute: 1e-6,
            because: "two electrons, rounding")
        let ratio =
            four.motion(energyMeVPerNucleon: 4.03).rigidityTM
            / bare.motion(energyMeVPerNucleon: 4.03).rigidityTM
        expectClose(ratio, 1.5, relative: 2e-4, because: "6/4, and two electrons of 1/22000 of the mass")
        #expect(ratio > 1.5)
    }

    @Test func impossibleIonsAreRefused() {
        for charge in [0, 7] {
            #expect(throws: IonPhysicsError.impossibleCharge(charge, .carbon12)) {
                try ChargedIon(.carbon12, chargeState: charge)
            }
        }
        let unknown = Isotope(atomicNumber: 6, massNumber: 40)
        #expect(throws: IonPhysicsError.unknownNuclide(unknown)) { try ChargedIon(unknown) }
    }
}
