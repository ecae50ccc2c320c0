import FacilityModel
import IonPhysics
import PassiveBeam
import Quantities
import TestSupport
import Testing

@Suite struct BeamPassageTests {
    private func passage(
        scatterer: Double = 0, shifter: Double = 0, ridge: Double = 0, radius: Double = 116.5
    ) throws -> BeamPassage {
        try BeamPassage(
            nozzle: Sample.nozzle, ion: .carbon12,
            setting: .init(
                energy: EnergyPerNucleon(290), fieldDiameterMM: 200, wobblerRadiusMM: radius,
                scattererThicknessMM: scatterer), rangeShifterMM: shifter, ridgeMM: ridge)
    }

    @Test func aThinScattererAddsItsAngleTimesTheDistance() throws {
        let ion = try Ion(.carbon12)
        let power =
            MaterialProperties(.lead).scatteringRatio
            * ScatteringPower.rossiRad2PerMM(ion: ion, energyMeVPerNucleon: 289)
        let (none, thin) = (try passage().sigmaAtIsocentreMM, try passage(scatterer: 0.2).sigmaAtIsocentreMM)
        let expected =
            power * 0.2 * Sample.nozzle.spreading.scattererDistanceMM
            * Sample.nozzle.spreading.scattererDistanceMM
        expectClose(
            thin * thin - none * none, expected, relative: 0.01,
            because: "the beam loses 2 MeV/u in it, and what lies behind scatters a little more")
    }

    @Test func waterEquivalentThicknessesAddUp() throws {
        let ratio = MaterialProperties(.pmma).stoppingPowerRatio
        let (open, shifted) = (try passage(scatterer: 1), try passage(scatterer: 1, shifter: 40))
        let air = MaterialProperties(.air).stoppingPowerRatio
        expectClose(
            shifted.waterMM - open.waterMM, 40 * (ratio - air), absolute: 1e-9, because: "plates for air")
        let ridged = try passage(scatterer: 1, ridge: 10)
        expectClose(
            ridged.waterMM, open.waterMM - 10 * air, absolute: 1e-9,
            because: "the ridge filter counts by its steps")
        #expect(ridged.angleAtCollimatorRad > open.angleAtCollimatorRad)
        // Lead has few nuclei for its stopping power, PMMA nearly as many as water.
        #expect(open.nuclearExcessMM < -2)
        expectClose(
            shifted.nuclearExcessMM, open.nuclearExcessMM, absolute: 2,
            because: "40 mm of PMMA are nearly water")
    }

    @Test func theSourceLiesBetweenScattererAndWobbler() throws {
        let spread = try passage(scatterer: 1.38)
        #expect(spread.sourceDistanceMM > 10_300 && spread.sourceDistanceMM < 11_500)
        // Without scattering and with a wide circle, all comes from the wobbler but for the air.
        let swept = try passage(radius: 400)
        #expect(swept.sourceDistanceMM > spread.sourceDistanceMM)
        #expect(swept.sourceDistanceMM < 11_500)
    }

    @Test func aBeamThatStopsIsRefused() {
        #expect {
            _ = try passage(scatterer: 1.38, shifter: 160)
        } throws: {
            guard case .beamStops(EnergyPerNucleon(290), let water) = $0 as? PassiveBeamError else {
                return false
            }
            return water > 140
        }
    }
}
