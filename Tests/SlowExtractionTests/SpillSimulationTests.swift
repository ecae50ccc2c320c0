import BeamOptics
import SlowExtraction
import TestSupport
import Testing

@Suite struct SpillSimulationTests {
    static func request(_ segments: [SpillRequest.Segment], ring: ReducedRing) -> SpillRequest {
        let fractional = ring.tune - ring.tune.rounded(.down)
        return SpillRequest(
            segments: segments, storedIons: 1e9, macroparticles: 1600, emittanceMRad: 1.5e-6,
            momentumSpread: 5e-4,
            signal: KnockOutSignal(centre: fractional, width: 0.01, modulation: .noise(lines: 30, seed: 3)),
            firstAmplitudeRad: 1e-6)
    }

    @Test func feedbackHoldsTheRateThatIsAskedFor() async throws {
        let ring = try ReducedRing(ExtractionRing.lattice())
        let spill = try await SpillSimulation(ring).run(
            Self.request([.init(durationS: 0.1, rateIonsPerS: 6e9)], ring: ring), threads: 2)
        expectClose(
            spill.meanRate(from: 0, to: 0.1) / 6e9, 1, absolute: 0.02,
            because: "asked: mean rate to 2 % of the request")
        let duty = spill.dutyFactor(from: 0.02, to: 0.1, width: 10)
        #expect(duty.counted < duty.corrected && duty.corrected > 0.8, "\(duty)")
        #expect(spill.particles.count + spill.remaining == 1600, "no macroparticle is lost or made")
        #expect(
            spill.wallShare > 0 && spill.wallShare < 0.1,
            "a wall of 0.1 mm against steps of some mm: \(spill.wallShare)")
        #expect(spill.particles.allSatisfy { $0.positionM < -0.035 })
    }

    @Test func beamStopsWithinAMillisecondAndComesBack() async throws {
        let ring = try ReducedRing(ExtractionRing.lattice())
        let spill = try await SpillSimulation(ring).run(
            Self.request(
                [
                    .init(durationS: 0.03, rateIonsPerS: 6e9), .init(durationS: 0.01, rateIonsPerS: 0),
                    .init(durationS: 0.02, rateIonsPerS: 6e9),
                ], ring: ring), threads: 2)
        let stop = spill.stopTimeS(share: 0.95, after: 0.03, until: 0.04) ?? 0
        #expect(stop < 1e-3, "\(stop * 1e3) ms")
        #expect(spill.meanRate(from: 0.031, to: 0.04) < 0.02 * 6e9)
        // The first ion after beam on within a millisecond.
        let first = spill.particles.map { Double($0.turn) / spill.revolutionFrequencyHz }.first { $0 >= 0.04 }
        #expect(try #require(first) - 0.04 < 1e-3)
        expectClose(
            spill.meanRate(from: 0.045, to: 0.06) / 6e9, 1, absolute: 0.1,
            because: "loop settles again; counting")
    }

    @Test func rippleOfTheTuneShowsInTheSpectrum() async throws {
        let ring = try ReducedRing(ExtractionRing.lattice())
        var request = Self.request([.init(durationS: 0.06, rateIonsPerS: 6e9)], ring: ring)
        request.feedback.isClosed = false
        let quiet = try await SpillSimulation(ring).run(request, threads: 2)
        request.ripple = [.init(frequencyHz: 600, tuneAmplitude: 4e-4)]
        let rippled = try await SpillSimulation(ring).run(request, threads: 2)
        func line(_ spill: Spill) -> Double {
            spill.spectrum(from: 0.01, to: 0.06).filter { abs($0.frequencyHz - 600) < 11 }.map(\.amplitude)
                .max() ?? 0
        }
        #expect(line(rippled) > 3 * line(quiet), "\(line(rippled)) against \(line(quiet))")
        #expect(
            rippled.dutyFactor(from: 0.01, to: 0.06, width: 3).corrected
                < quiet.dutyFactor(from: 0.01, to: 0.06, width: 3).corrected)
    }

    @Test func seedDecidesAndThreadsDoNot() async throws {
        let ring = try ReducedRing(ExtractionRing.lattice())
        let request = Self.request([.init(durationS: 0.01, rateIonsPerS: 6e9)], ring: ring)
        let one = try await SpillSimulation(ring).run(request, threads: 1)
        let two = try await SpillSimulation(ring).run(request, threads: 2)
        #expect(one.particles == two.particles && one.amplitudeRad == two.amplitudeRad)
        var other = request
        other.seed = 2
        #expect(try await SpillSimulation(ring).run(other, threads: 2).particles != one.particles)
    }

    @Test func impossibleRequestsAreRefused() async throws {
        let ring = try ReducedRing(ExtractionRing.lattice())
        for segments in [
            [SpillRequest.Segment(durationS: 1, rateIonsPerS: 6e9)], [.init(durationS: 0, rateIonsPerS: 1e9)],
            [.init(durationS: 0.1, rateIonsPerS: -1)],
        ] {
            await #expect(throws: BeamOpticsError.self) {
                try await SpillSimulation(ring).run(Self.request(segments, ring: ring))
            }
        }
    }
}
