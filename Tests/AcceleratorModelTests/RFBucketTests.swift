import AcceleratorModel
import Foundation
import IonPhysics
import Quantities
import TestSupport
import Testing

/// Formulas of the bucket against the map of a turn.
@Suite struct RFBucketTests {
    static func bucket(phase: Double = 0) throws -> RFBucket {
        try RFBucket(
            motion: ChargedIon(.carbon12).motion(energyMeVPerNucleon: 100), circumferenceM: 63,
            transitionGamma: 1.68,
            harmonic: 2, voltageV: 1500, synchronousPhase: phase)
    }

    static func kernel(_ bucket: RFBucket) -> LongitudinalKernel {
        let rest = bucket.motion.ion.restEnergyMeV
        return LongitudinalKernel(
            restEnergySquared: rest * rest, compaction: 1 / (1.68 * 1.68), lightTimeS: 63 / 299_792_458.0)
    }

    /// Flat field: the synchronous ion gains nothing; at φ_s > 0 the ring would take away what the cavity gives.
    static func turn(_ bucket: RFBucket) -> TurnFigures {
        TurnFigures(
            angularFrequency: 2 * .pi * bucket.frequencyHz, synchronousPhase: bucket.synchronousPhase,
            sineOfPhase: sin(bucket.synchronousPhase), chargeVoltageMeV: 6 * bucket.voltageV * 1e-6,
            totalEnergyMeV: bucket.motion.totalEnergyMeV, inverseMomentum: 1 / bucket.motion.momentumMeV,
            periodS: 1 / bucket.revolutionFrequencyHz, inverseAcceptance: 0)
    }

    @Test(arguments: [0.0, 0.4])
    func synchrotronTuneOfSmallAmplitudes(_ phase: Double) throws {
        let bucket = try Self.bucket(phase: phase)
        let kernel = Self.kernel(bucket)
        let turn = Self.turn(bucket)
        var lanes = LongitudinalLanes(time: .init(repeating: 0.01 / turn.angularFrequency), energy: .zero)
        var crossings: [Double] = []
        var last = lanes.time[0]
        for n in 1...20_000 {
            kernel.advance(&lanes, through: [turn])
            let now = lanes.time[0]
            if last < 0, now >= 0 { crossings.append(Double(n) - now / (now - last)) }
            last = now
        }
        let periods = Double(crossings.count - 1)
        let measured = periods / ((crossings.last ?? 0) - (crossings.first ?? 0))
        expectClose(
            measured, bucket.synchrotronTune, relative: 2e-4, because: "amplitude 0.01 rad, finite tune")
    }

    @Test(arguments: [0.0, 0.4])
    func separatrixPartsBoundFromLost(_ phase: Double) throws {
        let bucket = try Self.bucket(phase: phase)
        let kernel = Self.kernel(bucket)
        let turn = Self.turn(bucket)
        // Start at the synchronous phase with 0.9 and 1.1 of the half height, both signs.
        let factors = [0.9, -0.9, 1.1, -1.1]
        var lanes = LongitudinalLanes(time: .zero, energy: .zero)
        for (lane, factor) in factors.enumerated() {
            let momentum = bucket.motion.momentumMeV * (1 + factor * bucket.halfHeight)
            let rest = bucket.motion.ion.restEnergyMeV
            lanes.energy[lane] =
                (momentum * momentum + rest * rest).squareRoot() - bucket.motion.totalEnergyMeV
        }
        var greatest = SIMD8<Double>.zero
        for _ in 0..<20_000 {
            kernel.advance(&lanes, through: [turn])
            for lane in 0..<4 {
                greatest[lane] = max(greatest[lane], abs(lanes.time[lane]) * turn.angularFrequency)
            }
        }
        for lane in 0..<2 { #expect(greatest[lane] < .pi + phase) }
        for lane in 2..<4 { #expect(greatest[lane] > 2 * .pi) }
        #expect(bucket.contains(phase: phase, relativeMomentum: 0.99 * bucket.halfHeight))
        #expect(!bucket.contains(phase: phase, relativeMomentum: 1.01 * bucket.halfHeight))
    }

    @Test func areaIsTheIntegralOfTheSeparatrix() throws {
        let bucket = try Self.bucket(phase: 0.3)
        let points = bucket.separatrix(pointsPerHalf: 4000)
        var area = 0.0
        for (a, b) in zip(points, points.dropFirst()) { area += 0.5 * (a.x * b.y - b.x * a.y) }
        // (φ, δ) to energy and time: β² E/ω.
        let beta = bucket.motion.beta
        let scale = beta * beta * bucket.motion.totalEnergyMeV * 1e6 / (2 * .pi * bucket.frequencyHz)
        expectClose(bucket.areaEVS, abs(area) * scale, relative: 1e-4, because: "polygon")
    }

    @Test func impossibleBucketsAreRefused() throws {
        let motion = try ChargedIon(.carbon12).motion(energyMeVPerNucleon: 700)
        #expect(throws: AcceleratorError.transition(gamma: motion.gamma, transitionGamma: 1.68)) {
            try RFBucket(
                motion: motion, circumferenceM: 63, transitionGamma: 1.68, harmonic: 2, voltageV: 100,
                synchronousPhase: 0)
        }
        #expect(throws: AcceleratorError.self) { try Self.bucket(phase: 1.6) }
    }
}
