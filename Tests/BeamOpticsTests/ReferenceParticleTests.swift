import BeamOptics
import IonPhysics
import Quantities
import TestSupport
import Testing

@Suite struct ReferenceParticleTests {
    /// Carbon in the 63 m ring and HIMAC: rigidity (T m) and revolution frequency (MHz) by relativistic kinematics.
    @Test(arguments: [
        (4.03, 0.5786, 0.4412, 0.0), (6.0, 0.7064, 0, 0.2613), (140, 3.532, 2.3518, 1.1432),
        (430, 6.624, 3.4706, 1.6871),
        (800, 9.736, 0, 1.9500),
    ])
    func rigidityAndFrequency(energy: Double, rigidity: Double, small: Double, large: Double) throws {
        let carbon = try ReferenceParticle(isotope: .carbon12, energyMeVPerNucleon: energy)
        expectClose(carbon.rigidityTM, rigidity, relative: 2e-4, because: "digits")
        if small > 0 {
            expectClose(
                carbon.revolutionFrequencyHz(circumferenceM: 63) * 1e-6, small, relative: 2e-4,
                because: "digits")
        }
        if large > 0 {
            expectClose(
                carbon.revolutionFrequencyHz(circumferenceM: 129.6) * 1e-6, large, relative: 2e-4,
                because: "digits")
        }
    }

    @Test func electronsThatStayMakeTheIonStiffer() throws {
        let bare = try ReferenceParticle(isotope: .carbon12, energyMeVPerNucleon: 4)
        let four = try ReferenceParticle(isotope: .carbon12, chargeState: 4, energyMeVPerNucleon: 4)
        expectClose(four.rigidityTM / bare.rigidityTM, 1.5, relative: 2e-4, because: "6 charges for 4")
    }

    @Test func impossibleParticlesAreRefused() {
        #expect(throws: BeamOpticsError.energy(-1)) {
            try ReferenceParticle(isotope: .carbon12, energyMeVPerNucleon: -1)
        }
        #expect(throws: BeamOpticsError.ion(.impossibleCharge(7, .carbon12))) {
            try ReferenceParticle(isotope: .carbon12, chargeState: 7, energyMeVPerNucleon: 4)
        }
    }
}
