import IonPhysics
import Quantities
import TestSupport
import Testing

@Suite struct NuclearMassTests {
    /// CODATA 2018 rest energies of the bare nuclei, MeV.
    @Test(arguments: [
        (Isotope.proton, 938.27208816), (.deuteron, 1875.61294257), (.triton, 2808.92113298),
        (.helium3, 2808.39160743), (.helium4, 3727.3794066), (.neutron, 939.56542052),
    ])
    func lightNucleiAgreeWithCODATA(isotope: Isotope, restEnergyMeV: Double) throws {
        expectClose(
            try NuclearMass.restEnergyMeV(of: isotope), restEnergyMeV, absolute: 2e-5,
            because: "AME2020 and CODATA 2018 agree to eV; atomic binding is a fit good to 10 eV")
    }

    @Test func carbonIsTwelveUnitsLessItsElectrons() throws {
        // 12 u − 6 m_e + 1030.1 eV of electron binding.
        expectClose(
            try NuclearMass.restEnergyMeV(of: .carbon12), 11177.929229 - 6 * 0.51099895 + 0.0010301,
            absolute: 3e-5, because: "binding energy of six electrons is fitted to about 2 %")
    }

    @Test func refusesAnUnknownNuclide() {
        let unknown = Isotope(atomicNumber: 6, massNumber: 30)
        #expect(throws: IonPhysicsError.unknownNuclide(unknown)) {
            try NuclearMass.restEnergyMeV(of: unknown)
        }
    }
}

@Suite struct KinematicsTests {
    @Test func agreesWithTheDefinitions() throws {
        let ion = try Ion(.carbon12)
        let k = ion.kinematics(energyMeVPerNucleon: 400)
        let gamma = 1 + 4800 / ion.restEnergyMeV
        let beta = (1 - 1 / (gamma * gamma)).squareRoot()
        expectClose(k.gamma, gamma, relative: 1e-14, because: "same formula")
        expectClose(k.beta, beta, relative: 1e-13, because: "same quantity another way")
        expectClose(
            k.momentumMeV, gamma * beta * ion.restEnergyMeV, relative: 1e-13, because: "p = γ β M")
        expectClose(
            k.momentumVelocityMeV, k.momentumMeV * beta, relative: 1e-13, because: "p v = p β")
    }
}
