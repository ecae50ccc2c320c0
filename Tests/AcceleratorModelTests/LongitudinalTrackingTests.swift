import AcceleratorModel
import IonPhysics
import TestSupport
import Testing

@Suite struct LongitudinalTrackingTests {
    static func result(
        _ change: (inout Accelerator) -> Void = { _ in }, threads: Int = 2
    ) async throws -> LongitudinalResult {
        var accelerator = Accelerator.small
        change(&accelerator)
        return try await LongitudinalTracking(
            program: accelerator.ramp(topMeVPerNucleon: 60), particles: 96, seed: 5
        ).run(threads: threads)
    }

    /// Statistical emittance in time and energy, s MeV.
    static func emittance(_ snapshot: LongitudinalResult.Snapshot) -> Double {
        let bucket = snapshot.bucket
        let beta = bucket.motion.beta
        let (toTime, toEnergy) = (
            1 / (2 * .pi * bucket.frequencyHz), beta * beta * bucket.motion.totalEnergyMeV
        )
        let n = Double(snapshot.points.count)
        let mean = snapshot.points.reduce(SIMD2<Double>.zero, +) / n
        var (xx, xy, yy) = (0.0, 0.0, 0.0)
        for point in snapshot.points {
            let d = point - mean
            xx += d.x * d.x
            xy += d.x * d.y
            yy += d.y * d.y
        }
        return (xx * yy - xy * xy).squareRoot() / n * toTime * toEnergy
    }

    @Test func adiabaticCaptureKeepsNearlyAll() async throws {
        let result = try await Self.result()
        #expect(result.particles == 96)
        for snapshot in result.snapshots {
            let lostByThen = result.lossTimesS.count { $0 <= snapshot.timeS + 1e-4 }
            #expect(snapshot.points.count + lostByThen == 96, "\(snapshot.label)")
        }
        #expect(result.efficiency > 0.95)
        #expect(result.captureEfficiency > 0.95)
        let last = try #require(result.snapshots.last)
        #expect(last.insideBucket == last.points.count)
        // The beam shrinks in phase and momentum, not in area.
        let (before, after) = (Self.emittance(result.snapshots[1]), Self.emittance(last))
        expectClose(after, before, relative: 0.2, because: "96 particles; some filamentation")
        #expect(last.momentumSpread < 0.5 * result.snapshots[1].momentumSpread)
        #expect(result.snapshots[1].bunchingFactor < 0.6)
    }

    @Test func suddenVoltageLosesBeam() async throws {
        let sudden = try await Self.result { accelerator in
            accelerator.radioFrequency.captureStartV = 40
            accelerator.radioFrequency.captureEndV = 41
            accelerator.radioFrequency.captureS = 0.0005
        }
        let smooth = try await Self.result { accelerator in
            accelerator.radioFrequency.captureStartV = 2
            accelerator.radioFrequency.captureEndV = 41
        }
        #expect(sudden.efficiency < smooth.efficiency - 0.05, "\(sudden.efficiency) \(smooth.efficiency)")
        #expect(sudden.lossTimesS.count == 96 - (sudden.snapshots.last?.points.count ?? 0))
    }

    @Test func threadsDoNotMatter() async throws {
        let (one, three) = (try await Self.result(threads: 1), try await Self.result(threads: 3))
        #expect(one.lossTimesS == three.lossTimesS)
        #expect(one.turns == three.turns)
        for (a, b) in zip(one.snapshots, three.snapshots) { #expect(a.points == b.points) }
    }
}
