import BeamOptics
import Quantities
import SlowExtraction
import TestSupport
import Testing

@Suite struct SpillProfileTests {
    /// The summary draws spills that are as even, and as long in coming, as those it was measured from.
    @Test func drawnSpillsAreLikeTheTrackedOnes() async throws {
        var patterns: [KnockOutPattern?] = []
        var fill: FillSimulation?
        for seed in UInt64(1)...4 {
            var next = try FillSimulation(
                ExtractionRing.lattice(), settings: FillSimulationTests.settings(macroparticles: 2000),
                ions: 1e9, seed: seed, patterns: patterns, threads: 2)
            var time = 0.0
            for energy in [400.0, 390] {
                let layer = try await next.next(
                    FillSimulationTests.layer(energy, ions: 1.5e8), from: time)
                time = layer.endS
            }
            patterns = next.learnedPatterns
            fill = next
        }
        let layers = try #require(fill?.layers)
        let profile = try #require(SpillProfile(measuring: layers, repaymentS: 2e-3))
        #expect(profile.noise > 0 && profile.noise < 0.5, "\(profile)")
        #expect(profile.startUpS < 1e-3 && profile.tailS < 5e-4, "\(profile)")

        // Spread of windows of 5 ms behind 2 ms, counting noise taken off the tracked ones.
        func spread(_ values: [Double]) -> Double {
            let mean = values.reduce(0, +) / Double(values.count)
            return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
        }
        var tracked: [Double] = []
        var counting = 0.0
        for layer in layers {
            let spill = try #require(layer.spill)
            let width = Int((2.5e-3 / spill.binS).rounded())
            let end = Int((layer.beamOffS / spill.binS).rounded())
            for first in stride(from: 20, through: end - width, by: width) {
                tracked.append(spill.ions[first..<(first + width)].reduce(0, +) / (1e10 * 2.5e-3))
                counting = spill.ionsPerParticle / (1e10 * 2.5e-3)
            }
        }
        var drawn: [Double] = []
        var total = 0.0
        for seed in UInt64(1)...40 {
            let bins = profile.draw([.init(durationS: 0.015, rateIonsPerS: 1e10)], seed: seed)
            total += bins.reduce(0, +)
            for first in stride(from: 4, through: 25, by: 5) {
                drawn.append(bins[first..<(first + 5)].reduce(0, +) / (1e10 * 2.5e-3))
            }
        }
        expectClose(total / (40 * 1.5e8), 1, absolute: 0.02, because: "the count keeps the mean")
        let (own, theirs) = (spread(drawn).squareRoot(), spread(tracked).squareRoot())
        let net = max(0, theirs * theirs - counting).squareRoot()
        #expect(
            abs(own - net) < 0.1,
            "drawn \(own), tracked \(theirs) with counting noise \(counting.squareRoot())")
        // Duty factor in bins of half a millisecond against 1/(1 + σ²).
        let long = profile.draw([.init(durationS: 2, rateIonsPerS: 1e10)], seed: 7).dropLast().dropFirst(8)
        let mean = long.reduce(0, +) / Double(long.count)
        let square = long.reduce(0) { $0 + $1 * $1 } / Double(long.count)
        expectClose(
            mean * mean / square, profile.dutyFactor, absolute: 0.05, because: "the loop adds a little noise")
    }

    @Test func startUpAndTailAreWhereTheyBelong() {
        let profile = SpillProfile(
            startUpS: 1e-3, noise: 0, correlationS: 1e-3, repaymentS: 2e-3, tailS: 1e-4, binS: 5e-4)
        let ions = profile.draw(
            [
                .init(durationS: 0.01, rateIonsPerS: 1e9), .init(durationS: 0.002, rateIonsPerS: 0),
                .init(durationS: 0.01, rateIonsPerS: 1e9),
            ], seed: 1)
        #expect(ions.count == 45 && ions[0] == 0 && ions[1] == 0 && ions[2] > 0)
        expectClose(ions[20], 1e5, relative: 1e-12, because: "0.1 ms of 10⁹ ions/s behind beam off")
        #expect(ions[21] == 0 && ions[24] == 0 && ions[26] > 0, "starts again as late")
        expectClose(
            ions[..<20].reduce(0, +), 1e7, relative: 0.02,
            because: "what the start-up owed is repaid within some ms")
    }
}
