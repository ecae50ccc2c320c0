import BeamData
import PassiveBeam
import TestSupport
import Testing

@Suite struct BroadBeamTableTests {
    private static func beam() throws -> BeamDepthTable {
        try Sample.beamData.depthTable(energyMeVPerNucleon: 290, relativeEnergySpread: 0.001, stepMM: 0.25)
    }

    private static func dose(_ beam: BeamDepthTable, _ row: Int) -> Double {
        beam.components.reduce(0) { $0 + Double($1.doseGyMM2[row]) }
    }

    @Test func nothingUpstreamLeavesTheBeamAsItIs() throws {
        let beam = try Self.beam()
        let table = try BroadBeamTable(beam: beam, upstreamWaterMM: 0, upstreamExcessMM: 0, mixture: .none)
        for row in [0, 100, 400, 640] {
            expectClose(
                table.broadBeam(atWaterMM: 0.25 * Double(row)).dose, Self.dose(beam, row), relative: 1e-5,
                because: "32-bit rows")
        }
    }

    @Test func waterUpstreamMovesIt() throws {
        let beam = try Self.beam()
        let table = try BroadBeamTable(beam: beam, upstreamWaterMM: 30, upstreamExcessMM: 0, mixture: .none)
        expectClose(
            table.broadBeam(atWaterMM: 100).dose, Self.dose(beam, 520), relative: 1e-5,
            because: "100 mm behind 30 mm")
        expectClose(table.residualRangeMM, beam.rangeMM - 30, absolute: 1e-9, because: "range is used up")
    }

    /// A mixture is the mean of its parts.
    @Test func aMixtureIsTheMeanOfItsSteps() throws {
        let beam = try Self.beam()
        func table(_ mixture: RangeMixture) throws -> BroadBeamTable {
            try BroadBeamTable(beam: beam, upstreamWaterMM: 20, upstreamExcessMM: -3, mixture: mixture)
        }
        let both = try table(RangeMixture(thicknessMM: [0, 20], shares: [0.25, 0.75], nuclearExcess: -0.1))
        let thin = try table(RangeMixture(thicknessMM: [0], shares: [1], nuclearExcess: -0.1))
        let thick = try table(RangeMixture(thicknessMM: [20], shares: [1], nuclearExcess: -0.1))
        for depth in [0.0, 50, 110, 121, 135, 141, 160] {
            let (a, b, c) = (
                thin.broadBeam(atWaterMM: depth), thick.broadBeam(atWaterMM: depth),
                both.broadBeam(atWaterMM: depth)
            )
            expectClose(c.dose, 0.25 * a.dose + 0.75 * b.dose, relative: 1e-5, because: "linear")
            expectClose(
                c.doseZStar, 0.25 * a.doseZStar + 0.75 * b.doseZStar, relative: 1e-5, because: "linear")
        }
    }

    /// Fewer nuclei upstream: more primaries arrive.
    @Test func fewerNucleiUpstreamLeaveMoreIons() throws {
        let beam = try Self.beam()
        func peak(_ excess: Double) throws -> Double {
            try BroadBeamTable(beam: beam, upstreamWaterMM: 20, upstreamExcessMM: excess, mixture: .none)
                .broadBeam(atWaterMM: BroadBeamTable.peakDepthMM(of: beam) - 20).dose
        }
        expectClose(
            try peak(-10) / peak(0), 1.05, absolute: 0.01,
            because: "e^(10/205) for the primaries, which make the peak")
    }

    @Test func aStepThatStopsTheBeamIsRefused() throws {
        let beam = try Self.beam()
        #expect(throws: PassiveBeamError.self) {
            try BroadBeamTable(
                beam: beam, upstreamWaterMM: 20, upstreamExcessMM: 0,
                mixture: RangeMixture(thicknessMM: [0, 143], shares: [0.5, 0.5], nuclearExcess: 0))
        }
    }
}
