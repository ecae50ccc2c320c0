import IonPhysics
import IonTransport
import Quantities
import TestSupport
import Testing

@Suite struct SlowingTablesTests {
    @Test(arguments: [Isotope.proton, .helium4, .carbon12, Isotope(atomicNumber: 10, massNumber: 20)])
    func tablesFollowTheClosedForms(isotope: Isotope) throws {
        let tables = try SlowingTables()
        let species = try #require(TransportedSpecies.index(of: isotope))
        let exact = RangeTable(try StoppingPower(isotope))
        var energy = 0.05
        while energy < 900 {
            let range = exact.rangeMM(energyMeVPerNucleon: energy)
            expectClose(
                tables.rangeMM(species: species, energyMeVPerNucleon: energy), range,
                // The stopping power has a kink where the formula begins.
                relative: energy < 2 ? 1e-4 : 2e-7, because: "cubic, 16 nodes per octave")
            guard range > 0.001 else {
                energy *= 1.07
                continue
            }
            let state = tables.state(species: species, rangeMM: range)
            expectClose(
                state.energyMeVPerNucleon, energy, relative: energy < 2 ? 1e-4 : 2e-7,
                because: "cubic, 16 nodes per octave")
            let ion = exact.ion
            let stopping = exact.stoppingPower.letKeVPerUM(energyMeVPerNucleon: energy)
            expectClose(
                state.scatteringRad2PerMM,
                ScatteringPower.transportRad2PerMM(ion: ion, energyMeVPerNucleon: energy),
                relative: energy < 10 ? 0.02 : 2e-3, because: "linear, 16 nodes per octave")
            expectClose(
                state.stragglingMM,
                EnergyStraggling.variancePerPathMeV2PerMM(ion: ion, energyMeVPerNucleon: energy)
                    / (stopping * stopping), relative: energy < 2 ? 0.02 : 2e-3,
                because: "linear, 16 nodes per octave")
            energy *= 1.07
        }
    }
}
