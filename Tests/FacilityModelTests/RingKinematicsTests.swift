import FacilityModel
import Quantities
import TestSupport
import Testing

@Suite struct RingKinematicsTests {
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
        let small = try RingKinematics(isotope: .carbon12, circumferenceM: 63)
        let himac = try RingKinematics(isotope: .carbon12, circumferenceM: 129.6)
        for row in Self.rows {
            expectClose(
                small.beta(energyMeVPerNucleon: row.energy), row.beta, relative: 1e-3, because: "speed")
            expectClose(
                small.rigidityTM(energyMeVPerNucleon: row.energy), row.rigidity, relative: 3e-3,
                because: "rigidity at \(row.energy) MeV/u")
            if let frequency = row.small {
                expectClose(
                    small.revolutionMHz(energyMeVPerNucleon: row.energy), frequency, relative: 3e-3,
                    because: "63 m at \(row.energy) MeV/u")
            }
            if let frequency = row.himac {
                expectClose(
                    himac.revolutionMHz(energyMeVPerNucleon: row.energy), frequency, relative: 3e-3,
                    because: "129.6 m at \(row.energy) MeV/u")
            }
        }
    }

    @Test func fieldAndRadiusOfHIMACHoldItsHighestEnergy() throws {
        let himac = try RingKinematics(isotope: .carbon12, circumferenceM: 129.6)
        expectClose(
            himac.rigidityTM(energyMeVPerNucleon: 800), 9.75, relative: 3e-3, because: "1.5 T times 6.5 m")
    }

    @Test func anIonWithElectronsIsStiffer() throws {
        let bare = try RingKinematics(isotope: .carbon12, circumferenceM: 63)
        let four = try RingKinematics(isotope: .carbon12, chargeState: 4, circumferenceM: 63)
        expectClose(
            four.rigidityTM(energyMeVPerNucleon: 4.03) / bare.rigidityTM(energyMeVPerNucleon: 4.03), 1.5,
            relative: 2e-4, because: "6/4, and two electrons of 1/22000 of the mass")
        #expect(four.rigidityTM(energyMeVPerNucleon: 4.03) > 1.5 * bare.rigidityTM(energyMeVPerNucleon: 4.03))
    }
}
