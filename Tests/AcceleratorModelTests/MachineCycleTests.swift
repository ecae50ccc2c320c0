import AcceleratorModel
import FacilityModel
import IonPhysics
import Quantities
import TestSupport
import Testing

@Suite struct MachineCycleTests {
    static func figures(mode: CycleFigures.Mode = .extendedFlatTop) throws -> CycleFigures {
        CycleFigures(
            mode: mode, ion: try ChargedIon(.carbon12), bendingRadiusM: 4.4, rampRateTPerS: 2,
            roundingS: 0.05,
            injectionEnergy: EnergyPerNucleon(4), injectionS: 0.04, settlingS: 0.05, energyStepS: 0.25,
            beamOffS: 0.0005,
            longestFlatTopS: 60, ionsPerFill: 1e9, extractionEfficiency: 0.8, ratesIonsPerS: 1e7...1e9)
    }

    static func layer(_ energy: Double, _ ions: Double, rate: Double = 1e8, pauses: Double = 0) -> CycleLayer
    {
        CycleLayer(energy: EnergyPerNucleon(energy), ions: ions, rateIonsPerS: rate, pausesS: pauses)
    }

    static func expectConsistent(_ cycle: MachineCycle, sourceLocation: SourceLocation = #_sourceLocation) {
        for (a, b) in zip(cycle.events, cycle.events.dropFirst()) {
            #expect(a.endS == b.startS, "no gap", sourceLocation: sourceLocation)
        }
        for fill in cycle.fills {
            expectClose(
                fill.stored, fill.extracted + fill.lost + fill.dumped, relative: 1e-12,
                because: "conservation",
                sourceLocation: sourceLocation)
            #expect(fill.dumped >= 0 && fill.lost >= 0, sourceLocation: sourceLocation)
        }
        for (index, layer) in cycle.layers.enumerated() {
            let given = cycle.events.filter { $0.layer == index }.reduce(0) { $0 + $1.deliveredIons }
            expectClose(
                given, layer.ions, relative: 1e-8, because: "every layer gets its ions",
                sourceLocation: sourceLocation)
        }
        expectClose(
            cycle.deliveredIons, cycle.neededIons, relative: 1e-8, because: "as the layers",
            sourceLocation: sourceLocation)
        let total = cycle.timeByPhase.reduce(0) { $0 + $1.durationS }
        expectClose(total, cycle.durationS, relative: 1e-12, because: "sum", sourceLocation: sourceLocation)
    }

    @Test func twoLayersOfOneFillByHand() throws {
        let figures = try Self.figures()
        let cycle = try MachineCycle(
            layers: [Self.layer(300, 2e8, pauses: 0.3), Self.layer(298, 1e8)], figures: figures)
        Self.expectConsistent(cycle)
        #expect(
            cycle.events.map(\.phase) == [
                .inject, .accelerate, .settle, .spill, .pause, .energyStep, .spill, .pause, .decelerate,
            ])
        func field(_ energy: Double) -> Double {
            figures.ion.motion(energyMeVPerNucleon: energy).rigidityTM / 4.4
        }
        let up = (field(300) - field(4)) / 2 + 0.05
        let down = (field(298) - field(4)) / 2 + 0.05
        let expected = 0.04 + up + 0.05 + 2.0 + 0.3005 + 0.25 + 1.0 + 0.0005 + down
        expectClose(cycle.durationS, expected, relative: 1e-9, because: "hand sum")
        #expect(cycle.fills.count == 1)
        expectClose(
            cycle.fills[0].dumped, 7e8 / 0.8, relative: 1e-9,
            because: "what is left, before extraction losses")
        expectClose(cycle.fillsNeeded, 0.3, relative: 1e-9, because: "3e8 of 1e9")
        expectClose(cycle.beamShare, 3 / expected, relative: 1e-9, because: "3 s of spill")
    }

    @Test func anEmptyRingIsRefilledInTheMiddleOfALayer() throws {
        let cycle = try MachineCycle(
            layers: [Self.layer(300, 2.5e9, rate: 5e8)], figures: Self.figures())
        Self.expectConsistent(cycle)
        #expect(cycle.fills.count == 3)
        expectClose(cycle.fills[0].dumped, 0, absolute: 1, because: "taken to the last ion")
        expectClose(cycle.fills[2].dumped, 5e8 / 0.8, relative: 1e-6, because: "half a fill is left")
        let spill = cycle.events.filter { $0.phase == .spill }.reduce(0) { $0 + $1.durationS }
        expectClose(spill, 5, relative: 1e-9, because: "2.5e9 at 5e8 per second")
    }

    @Test func theFlatTopCannotBeClimbed() throws {
        let cycle = try MachineCycle(
            layers: [Self.layer(200, 1e8), Self.layer(300, 1e8)], figures: Self.figures())
        Self.expectConsistent(cycle)
        #expect(cycle.fills.count == 2)
        #expect(!cycle.events.contains { $0.phase == .energyStep })
    }

    @Test func aFillIsNotKeptLongerThanAllowed() throws {
        var figures = try Self.figures()
        figures.longestFlatTopS = 2
        let cycle = try MachineCycle(layers: [Self.layer(300, 5e8)], figures: figures)
        Self.expectConsistent(cycle)
        #expect(cycle.fills.count == 3)
        expectClose(cycle.fills[0].extracted, 2e8, relative: 1e-9, because: "2 s at 1e8 per second")
    }

    @Test func fixedPeriodGivesOneEnergyPerCycle() throws {
        let cycle = try MachineCycle(
            layers: [Self.layer(300, 1e8), Self.layer(298, 4.5e8)],
            figures: Self.figures(mode: .fixedPeriod(periodS: 3.3)))
        Self.expectConsistent(cycle)
        let starts = cycle.events.filter { $0.phase == .inject }.map(\.startS)
        for (index, start) in starts.enumerated() {
            expectClose(start, 3.3 * Double(index), absolute: 1e-9, because: "the pattern repeats")
        }
        // The ramps leave about 2 s of 3.3 s: 4.5e8 at 1e8 per second takes three cycles.
        #expect(starts.count == 4)
        expectClose(cycle.durationS, 4 * 3.3, absolute: 1e-9, because: "whole periods")
    }

    @Test func largeEnergyStepsFollowTheRampRate() throws {
        let figures = try Self.figures()
        let cycle = try MachineCycle(
            layers: [Self.layer(400, 1e8), Self.layer(100, 1e8)], figures: figures)
        let step = try #require(cycle.events.first { $0.phase == .energyStep })
        let ramp = try figures.rampS(from: EnergyPerNucleon(400), to: EnergyPerNucleon(100))
        #expect(ramp > 0.25)
        #expect(step.durationS == ramp)
    }

    @Test func impossibleRequestsAreRefused() throws {
        let figures = try Self.figures()
        #expect(throws: AcceleratorError.noLayers) {
            try MachineCycle(layers: [Self.layer(300, 0)], figures: figures)
        }
        for bad in [
            Self.layer(300, -1), Self.layer(3, 1e8), Self.layer(300, 1e8, rate: 2e9), Self.layer(300, .nan),
            Self.layer(300, 1e8, pauses: -1),
        ] {
            do {
                _ = try MachineCycle(layers: [Self.layer(310, 1e8), bad], figures: figures)
                Issue.record("\(bad) is impossible")
            } catch {
                guard case .layer(2, _) = error else {
                    Issue.record("\(error)")
                    continue
                }
            }
        }
        #expect(throws: AcceleratorError.self) {
            try MachineCycle(
                layers: [Self.layer(300, 1e8)], figures: Self.figures(mode: .fixedPeriod(periodS: 1)))
        }
    }
}
