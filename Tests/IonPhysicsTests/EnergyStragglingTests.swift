import IonPhysics
import Quantities
import TestSupport
import Testing

@Suite struct EnergyStragglingTests {
    /// Range straggling in water, mm: relativistic Bohr straggling integrated independently of this code.
    @Test(arguments: [
        (Isotope.carbon12, 200.0, 0.263), (.carbon12, 290, 0.474), (.carbon12, 350, 0.632),
        (.carbon12, 400, 0.773), (.carbon12, 430, 0.860), (.proton, 100, 0.867), (.proton, 150, 1.709),
        (.proton, 230, 3.421), (.helium4, 150, 0.861), (.helium4, 220, 1.604), (.oxygen16, 350, 0.410),
        (.neon20, 400, 0.358),
    ])
    func rangeStraggling(isotope: Isotope, energy: Double, sigmaMM: Double) throws {
        expectClose(
            EnergyStraggling.rangeSigmaMM(
                stoppingPower: try StoppingPower(isotope), energyMeVPerNucleon: energy),
            sigmaMM, relative: 0.05, because: "differences of stopping powers and of the lower limit")
    }
}
