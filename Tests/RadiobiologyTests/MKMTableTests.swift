import IonPhysics
import Quantities
import Radiobiology
import TestSupport
import Testing

@Suite struct MKMTableTests {
    static let table = Result { try MKMTable(parameters: .hsgInaniwa2010) }

    /// z₀ = 48.98 Gy for HSG.
    @Test func saturationParameter() {
        expectClose(
            MKMParameters.hsgInaniwa2010.saturationGy, 48.980, relative: 1e-4, because: "closed form")
    }

    /// z* of carbon (Gy) read off the published curve: Inaniwa et al., Phys. Med. Biol. 55 (2010) 6721.
    @Test(arguments: [
        (10.0, 25.793), (20, 23.449), (50, 12.707), (100, 7.2742), (150, 5.2691), (200, 4.2794),
        (300, 3.216), (430, 2.6334),
    ])
    func carbonAgreesWithThePublishedCurve(energy: Double, zStarGy: Double) throws {
        expectClose(
            try Self.table.get().saturationCorrectedGy(chargeNumber: 6, energyMeVPerNucleon: energy), zStarGy,
            relative: 0.03,
            because:
                "reading the printed curve and another LET table; 4 % at 5 MeV/u, which is left out here")
    }

    @Test func interpolationAgreesWithDirectIntegration() throws {
        let table = try Self.table.get()
        for (charge, energy) in [(1, 1.234), (2, 0.777), (6, 7.3), (6, 61.7), (6, 333), (10, 33)] {
            let stopping = try StoppingPower(MKMTable.isotope(chargeNumber: charge))
            let direct = DomainSpecificEnergy(
                track: KieferChatterjeeTrack(
                    chargeNumber: charge, energyMeVPerNucleon: energy,
                    letKeVPerUM: stopping.letKeVPerUM(energyMeVPerNucleon: energy)),
                parameters: table.parameters)
            expectClose(
                table.saturationCorrectedGy(chargeNumber: charge, energyMeVPerNucleon: energy),
                direct.saturationCorrectedGy, relative: 1e-3, because: "linear in log-log, 40 per decade")
            expectClose(
                table.doseMeanGy(chargeNumber: charge, energyMeVPerNucleon: energy), direct.doseMeanGy,
                relative: 1e-3, because: "linear in log-log, 40 per decade")
        }
    }

    /// RBE10 of mono-energetic carbon on HSG cells, own integration with MSTAR LET.
    @Test(arguments: [(10.0, 25.77), (100, 7.316), (300, 3.265)])
    func rbeAtTenPercentSurvival(energy: Double, zStarGy: Double) throws {
        let table = try Self.table.get()
        let ours = LinearQuadratic(
            alpha: table.alpha(chargeNumber: 6, energyMeVPerNucleon: energy), beta: 0.0615)
        let reference = LinearQuadratic(alpha: 0.172 + 0.0615 * zStarGy, beta: 0.0615)
        expectClose(
            ours.rbe10(reference: .hsgXRays), reference.rbe10(reference: .hsgXRays), relative: 0.01,
            because: "LET tables differ by up to 1 %")
    }
}
