import BeamOptics
import Quantities
import SlowExtraction
import TestSupport
import Testing

@Suite struct FillSimulationTests {
    static func settings(macroparticles: Int = 1200, flatTopS: Double = 60) throws -> FillSettings {
        let ring = try ReducedRing(ExtractionRing.lattice())
        return FillSettings(
            macroparticles: macroparticles, emittanceMRad: 2e-6, momentumSpread: 5e-4,
            signal: KnockOutSignal(
                centre: ring.tune - ring.tune.rounded(.down), width: 0.01,
                modulation: .frequency(repetitionHz: 5000, isDual: true)), firstAmplitudeRad: 1.5e-6,
            energyStep: .init(durationS: 0.2), longestFlatTopS: flatTopS)
    }

    static func layer(_ energy: Double, ions: Double, rate: Double = 1e10) -> LayerRequest {
        LayerRequest(energy: EnergyPerNucleon(energy), ions: ions, rateIonsPerS: rate)
    }

    @Test func ionsAreNeitherLostNorMadeOnTheWayDown() async throws {
        var fill = try FillSimulation(
            ExtractionRing.lattice(), settings: Self.settings(), ions: 1e9, seed: 1, threads: 2)
        var time = 0.0
        for energy in [400.0, 300, 220] {
            let layer = try await fill.next(Self.layer(energy, ions: 8e7), from: time)
            #expect(layer.newFill == nil && layer.isComplete, "\(layer.ions)")
            #expect(layer.ions < 9.2e7, "the dose monitor ends the layer: \(layer.ions)")
            time = layer.endS
        }
        let gone = fill.layers.reduce(0) { $0 + $1.ions + $1.leakedIons + $1.capturedLossIons }
        expectClose(gone + fill.ringIons, 1e9, relative: 1e-12, because: "every macroparticle is counted")
        expectClose(
            fill.layers[1].startS - fill.layers[1].stepStartS, 0.2, absolute: 1e-12, because: "one step")
        #expect(fill.energy == EnergyPerNucleon(220))
        // Revolution frequency of the energy of each layer.
        let reference = try ExtractionRing.lattice().reference.at(energyMeVPerNucleon: 220)
        expectClose(
            fill.layers[2].spill?.revolutionFrequencyHz ?? 0,
            reference.revolutionFrequencyHz(circumferenceM: try ExtractionRing.lattice().lengthM),
            relative: 1e-12, because: "β c/C")
    }

    /// ε ∝ 1/Bρ: a beam well inside the triangle loses nothing, and one that fills it loses the part that grows out.
    @Test func whatGrowsOutOfTheTriangleLeaks() async throws {
        func leaked(emittance: Double, to energy: Double) async throws -> Double {
            var settings = try Self.settings()
            settings.emittanceMRad = emittance
            settings.preparationShare = 0
            settings.tailS = 0
            var fill = try FillSimulation(
                ExtractionRing.lattice(), settings: settings, ions: 1e9, seed: 1, threads: 2)
            // A stretch of beam off alone: nothing is knocked out before the step.
            _ = try await fill.next(
                LayerRequest(
                    energy: EnergyPerNucleon(400),
                    segments: [
                        .init(durationS: 1e-3, rateIonsPerS: 0), .init(durationS: 1e-4, rateIonsPerS: 1),
                    ]), from: 0)
            let before = fill.layers[0].ions
            let layer = try await fill.next(Self.layer(energy, ions: 1e7), from: 1)
            return layer.leakedIons + before
        }
        #expect(try await leaked(emittance: 0.3e-6, to: 200) == 0)
        let (one, two) = (
            try await leaked(emittance: 3e-6, to: 380), try await leaked(emittance: 3e-6, to: 200)
        )
        #expect(two > 1.5 * one && two > 2e7, "\(one), \(two)")
    }

    @Test func captureTakesItsShare() async throws {
        var settings = try Self.settings(macroparticles: 4000)
        settings.emittanceMRad = 0.5e-6
        settings.energyStep.captureLoss = 0.1
        settings.preparationShare = 0
        var fill = try FillSimulation(
            ExtractionRing.lattice(), settings: settings, ions: 1e9, seed: 3, threads: 2)
        _ = try await fill.next(Self.layer(400, ions: 1e6, rate: 1e9), from: 0)
        let layer = try await fill.next(Self.layer(300, ions: 1e6, rate: 1e9), from: 1)
        expectClose(
            layer.capturedLossIons / (layer.ringIons + layer.capturedLossIons), 0.1, absolute: 0.015,
            because: "three standard deviations of 400 of 4000")
    }

    @Test func theFillSaysWhenItNeedsAnother() async throws {
        var fill = try FillSimulation(
            ExtractionRing.lattice(), settings: Self.settings(flatTopS: 0.3), ions: 1e9, seed: 1, threads: 2)
        _ = try await fill.next(Self.layer(300, ions: 4e7), from: 0)
        #expect(try await fill.next(Self.layer(310, ions: 4e7), from: 0.1).newFill == .higherEnergy)
        let late = try await fill.next(Self.layer(280, ions: 4e7), from: 0.2)
        #expect(late.newFill == .flatTopOver && late.spill == nil && late.missingIons == 4e7)

        var settings = try Self.settings()
        settings.leastShare = 0.9
        var small = try FillSimulation(
            ExtractionRing.lattice(), settings: settings, ions: 1e9, seed: 1, threads: 2)
        let layer = try await small.next(Self.layer(300, ions: 5e8), from: 0)
        #expect(layer.newFill == .usedUp && layer.ions > 5e7 && layer.ions < 1.3e8, "\(layer.ions)")
        #expect(layer.missingIons > 3e8)
    }

    @Test func impossibleFillsAreRefused() async throws {
        let lattice = try ExtractionRing.lattice()
        #expect(throws: BeamOpticsError.self) {
            try FillSimulation(lattice, settings: Self.settings(), ions: 0, seed: 1)
        }
        var settings = try Self.settings()
        settings.energyStep.captureLoss = 1
        #expect(throws: BeamOpticsError.self) {
            try FillSimulation(lattice, settings: settings, ions: 1, seed: 1)
        }
        var fill = try FillSimulation(lattice, settings: Self.settings(), ions: 1e9, seed: 1, threads: 2)
        let layer = try await fill.next(Self.layer(300, ions: 1e7), from: 1)
        await #expect(throws: BeamOpticsError.self) {
            try await fill.next(Self.layer(300, ions: 1e7), from: 0.5 * layer.endS)
        }
        await #expect(throws: BeamOpticsError.self) {
            try await fill.next(Self.layer(300, ions: 1e7, rate: -1), from: layer.endS)
        }
    }

    @Test func seedDecidesAndThreadsDoNot() async throws {
        func ions(seed: UInt64, threads: Int) async throws -> [Double] {
            var fill = try FillSimulation(
                ExtractionRing.lattice(), settings: Self.settings(macroparticles: 800), ions: 1e9, seed: seed,
                threads: threads)
            _ = try await fill.next(Self.layer(400, ions: 2e7), from: 0)
            return try await fill.next(Self.layer(300, ions: 2e7), from: 0.1).spill?.ions ?? []
        }
        let one = try await ions(seed: 1, threads: 1)
        #expect(try await ions(seed: 1, threads: 2) == one)
        #expect(try await ions(seed: 2, threads: 2) != one)
    }
}
