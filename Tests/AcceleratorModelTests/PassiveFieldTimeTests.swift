import AcceleratorModel
import FacilityModel
import IonPhysics
import Quantities
import TestSupport
import Testing

@Suite struct PassiveFieldTimeTests {
    private static func figures(_ mode: CycleFigures.Mode) throws -> CycleFigures {
        CycleFigures(
            mode: mode, ion: try ChargedIon(.carbon12, chargeState: nil), bendingRadiusM: 6.5,
            rampRateTPerS: 2, roundingS: 0.05, injectionEnergy: EnergyPerNucleon(6), injectionS: 0.05,
            settlingS: 0.05, energyStepS: 0.2, beamOffS: 0, longestFlatTopS: 60, ionsPerFill: 1e9,
            extractionEfficiency: 1, ratesIonsPerS: 1e7...2e9)
    }
    private let energy = EnergyPerNucleon(290)

    @Test func aFieldTakesItsIonsOverTheFillInCycles() throws {
        let time = try PassiveFieldTime(
            energy: energy, sliceIons: [5.5e9], rules: .init(rateIonsPerS: 1e9),
            figures: Self.figures(.fixedPeriod(periodS: 3.3)))
        #expect(time.cycles == 6)
        expectClose(time.durationS, 6 * 3.3, relative: 1e-12, because: "5.5 fills of 10⁹, 3.3 s each")
        #expect(time.waitsS == 0)
    }

    @Test func theGateMultipliesTheExtraction() throws {
        func duration(_ share: Double) throws -> Double {
            try PassiveFieldTime(
                energy: energy, sliceIons: [8e8], rules: .init(rateIonsPerS: 1e9, gatingShare: share),
                figures: Self.figures(.extendedFlatTop)
            ).durationS
        }
        expectClose(
            try duration(0.25) - duration(1), 0.8 * 3, relative: 1e-9, because: "0.8 s of beam in a quarter")
    }

    @Test func slicesHaveCyclesOfTheirOwnAndSlowDevicesCostPeriods() throws {
        func time(_ change: Double, _ mode: CycleFigures.Mode) throws -> PassiveFieldTime {
            try PassiveFieldTime(
                energy: energy, sliceIons: [2e8, 1e8, 1e8],
                rules: .init(rateIonsPerS: 1e9, deviceChangeS: change), figures: Self.figures(mode))
        }
        let fixed = CycleFigures.Mode.fixedPeriod(periodS: 3.3)
        expectClose(try time(0.5, fixed).durationS, 9.9, relative: 1e-12, because: "three cycles")
        expectClose(
            try time(3.15, fixed).durationS, 9.9 + 3.3, relative: 1e-12,
            because: "3.1 s lie behind the first slice and 3.2 s behind the second")
        let (quick, slow) = (try time(0, .extendedFlatTop), try time(0.5, .extendedFlatTop))
        expectClose(
            slow.durationS - quick.durationS, 1, relative: 1e-9, because: "two moves of half a second")
        #expect(slow.cycles == 1)
    }

    @Test(arguments: [(0.0, 0.5), (1.5, 0.5), (1, -1)]) func impossibleRulesAreRefused(
        gate: Double, change: Double
    ) throws {
        let figures = try Self.figures(.extendedFlatTop)
        #expect(throws: AcceleratorError.self) {
            try PassiveFieldTime(
                energy: energy, sliceIons: [1e8],
                rules: .init(rateIonsPerS: 1e9, gatingShare: gate, deviceChangeS: change), figures: figures)
        }
    }
}
