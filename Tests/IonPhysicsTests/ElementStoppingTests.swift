import IonPhysics
import Quantities
import TestSupport
import Testing

@Suite struct ElementStoppingTests {
    /// CSDA range, g/cm², by the stopping power in water and the ratio at each energy.
    static func range(_ ion: Isotope, _ energy: Double, in material: Material) throws -> Double {
        let water = try StoppingPower(ion)
        let cells = 4000
        var sum = 0.0
        for i in 0..<cells {
            let e = (Double(i) + 0.5) / Double(cells) * energy
            let ratio =
                MaterialProperties.stoppingPowerRatio(of: material, energyMeVPerNucleon: max(e, 2))
                / material.densityGPerCM3
            sum += 1 / (water.massStoppingPowerMeVCM2PerG(energyMeVPerNucleon: e) * ratio)
        }
        return sum * energy / Double(cells) * Double(ion.massNumber)
    }

    /// Ranges of protons of 100 and 200 MeV, g/cm²: NIST PSTAR's electronic stopping powers integrated; graphite ICRU 90.
    @Test(arguments: [
        (Material.beryllium, 9.441, 31.84), (.aluminium, 10.009, 33.31), (.titanium, 11.117, 36.78),
        (.copper, 11.858, 38.97), (.tungsten, 15.97, 51.18), (.lead, 16.524, 53.12), (.pmma, 7.930, 26.67),
        (.graphite, 8.678, 29.19),
    ])
    func protonRangesAreThoseOfTheTables(material: Material, at100: Double, at200: Double) throws {
        let tolerance = material == .pmma ? 0.003 : 0.001
        for (energy, expected) in [(100.0, at100), (200, at200)] {
            expectClose(
                try Self.range(.proton, energy, in: material), expected, relative: tolerance,
                because: "PSTAR; PMMA by additivity with I = 70.9 eV instead of 74")
        }
    }

    /// Stopping powers of carbon, MeV cm²/g, ICRU Report 73 at 100, 200 and 400 MeV/u.
    @Test(arguments: [
        (Material.aluminium, [202.3, 126.1, 85.96]), (.titanium, [184.3, 115.3, 78.86]),
        (.lead, [128.7, 82.41, 57.44]),
        (.pmma, [257.2, 158.7, 107.3]),
    ])
    func carbonStopsAsInTheTables(material: Material, expected: [Double]) throws {
        let water = try StoppingPower(.carbon12)
        for (energy, value) in zip([100.0, 200, 400], expected) {
            let ratio =
                MaterialProperties.stoppingPowerRatio(of: material, energyMeVPerNucleon: energy)
                / material.densityGPerCM3
            expectClose(
                water.massStoppingPowerMeVCM2PerG(energyMeVPerNucleon: energy) * ratio, value,
                relative: 0.012,
                because: "the report's own excitation energies and 1 % between tables")
        }
    }

    @Test func alloysAddTheirElements() {
        let brass = MaterialProperties(.brass)
        let sum = [(Material.copper, 0.5752), (.lead, 0.0907)].reduce(0.0) {
            $0 + $1.1 * MaterialProperties($1.0).stoppingPowerRatio / $1.0.densityGPerCM3
        }
        // Zinc, 33 %, stops within 2 % as copper.
        let zinc = 0.3341 * MaterialProperties(.copper).stoppingPowerRatio / Material.copper.densityGPerCM3
        expectClose(
            brass.stoppingPowerRatio / Material.brass.densityGPerCM3, sum + zinc, relative: 0.01,
            because: "Bragg additivity without the factor for compounds")
        #expect(Material.named.allSatisfy { MaterialProperties($0).stoppingPowerRatio > 0 })
    }
}
