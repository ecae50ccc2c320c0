import AcceleratorModel
import FacilityModel
import FacilityThroughput
import Foundation
import IonPhysics
import Quantities
import Reporting
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite struct FacilityPicturesTests {
    static func expectWellFormed(
        _ picture: Picture, contains texts: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let svg = picture.fileContents
        let parser = XMLParser(data: Data(svg.utf8))
        #expect(parser.parse(), "\(String(describing: parser.parserError))", sourceLocation: sourceLocation)
        for text in texts { #expect(svg.contains(text), "\(text)", sourceLocation: sourceLocation) }
        #expect(!svg.contains("nan"), sourceLocation: sourceLocation)
    }

    @Test func rampAndBuckets() async throws {
        let program = try RampProgram(
            ion: ChargedIon(.carbon12),
            ring: RingFigures(
                circumferenceM: 63, bendingRadiusM: 4.4, greatestFieldT: 1.55, rampRateTPerS: 2,
                roundingS: 0.05, tunes: SIMD2(1.68, 1.72), transitionGamma: 1.7, momentumAcceptance: 0.006,
                verticalEmittanceUM: 20),
            radioFrequency: RFFigures(
                harmonic: 2, bandMHz: 0.88...6.97, greatestVoltageV: 2000, captureStartV: 8, captureEndV: 250,
                captureS: 0.03, momentumSpread: 0.0005),
            injectionMeVPerNucleon: 4.03, topMeVPerNucleon: 20)
        Self.expectWellFormed(
            try RampPictures.program(program, machine: "m"),
            contains: ["B (T)", "f RF (MHz)", "V RF (kV)", "capture"])
        let result = try await LongitudinalTracking(program: program, particles: 16, seed: 1).run(threads: 1)
        let bucket = RampPictures.bucket(result.snapshots[1], number: 1)
        Self.expectWellFormed(bucket, contains: ["RF phase (deg)", "separatrix", "end of capture"])
        #expect(
            bucket.fileContents.components(separatedBy: "<circle").count - 1
                == result.snapshots[1].points.count)
        let injection = MultiTurnInjection(
            acceptanceUM: 200, betaAtSeptumM: 10, tune: 1.68, septumThicknessMM: 0.5,
            injectedEmittanceUM: 10, betaRatio: 0.2, injectedTurns: 20, bumpTurns: 22)
        let stored = try injection.track(particlesPerTurn: 20, seed: 1)
        Self.expectWellFormed(
            RampPictures.injection(stored, of: injection),
            contains: ["acceptance", "stored ions"])
    }

    @Test func cycleOfTwoLayers() throws {
        let figures = CycleFigures(
            mode: .extendedFlatTop, ion: try ChargedIon(.carbon12), bendingRadiusM: 4.4, rampRateTPerS: 2,
            roundingS: 0.05,
            injectionEnergy: EnergyPerNucleon(4), injectionS: 0.04, settlingS: 0.05, energyStepS: 0.25,
            beamOffS: 0,
            longestFlatTopS: 60, ionsPerFill: 1e9, extractionEfficiency: 0.9, ratesIonsPerS: 1e7...1e9)
        let cycle = try MachineCycle(
            layers: [200.0, 190].map {
                CycleLayer(energy: EnergyPerNucleon($0), ions: 1e8, rateIonsPerS: 1e8)
            },
            figures: figures)
        Self.expectWellFormed(
            CyclePicture.picture(cycle, name: "cycle-1", title: "T"),
            contains: ["Energy (MeV/u)", "beam on", "Ions (10⁹)"])
    }

    @Test func dayHasABarForEverySegment() throws {
        let rooms = ["E", "F"].map {
            DayRules.Room(
                name: $0, setUp: .logNormal(meanMin: 9, deviationMin: 4), preparation: .constant(minutes: 4),
                leaving: .constant(minutes: 3), greatestWaitMin: 5)
        }
        let mix = try PatientMix([
            TreatmentSite(name: "all", share: 1, fractions: 12, irradiation: .constant(minutes: 3))
        ])
        let rules = DayRules(
            rooms: rooms, mix: mix, openMin: 540, closeMin: 1020, leastStayMin: 7, switchMin: 0.5,
            queue: .promoteLate)
        let day = try DaySimulation(rules: rules, seed: 1).run()
        let picture = DayGantt.picture(day, title: "T")
        Self.expectWellFormed(
            picture, contains: [">E</text>", ">beam</text>", "9:00", "17:00", "irradiation"])
        let bars = picture.fileContents.components(separatedBy: "<rect").count - 1
        let beams = day.segments.count { $0.phase == .irradiation }
        // One more for the white ground, and the legend's five.
        #expect(bars == day.segments.count + beams + 5 + 1)
    }
}
