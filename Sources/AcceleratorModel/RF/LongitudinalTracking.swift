import IonPhysics
import NumericKernels

#if canImport(Glibc)
    import Glibc
#endif

/// Capture and acceleration of a coasting beam by tracking macroparticles turn by turn.
///
/// The injected beam fills the ring evenly; its momentum is Gaussian, cut off at 3 σ. A particle is lost when its momentum leaves
/// the ring's acceptance: so are those that the buckets did not take, soon after the ramp begins. The map is that of
/// `LongitudinalKernel`; no wake, no space charge.
///
/// See docs/theory/accelerator.md.
///
/// ## Checked by
/// `LongitudinalTrackingTests`: synchrotron tune and bucket edge against `RFBucket`, area during acceleration,
/// conservation, efficiency with and without adiabatic capture, threads.
public struct LongitudinalTracking: Sendable {
    public let program: RampProgram
    /// Macroparticles; a multiple of 8.
    public let particles: Int
    public let seed: UInt64

    /// - Parameters:
    ///   - program: Field, frequency and voltage.
    ///   - particles: Macroparticles; rounded up to a multiple of 8.
    ///   - seed: Seed; the result depends on it, the number of particles and the program alone.
    public init(program: RampProgram, particles: Int, seed: UInt64) {
        precondition(particles >= 1)
        self.program = program
        self.particles = (particles + 7) / 8 * 8
        self.seed = seed
    }

    /// Moments at which the beam is kept.
    static let labels = ["injected", "end of capture", "middle of the ramp", "flat top"]

    private var snapshotTimes: [Double] {
        let capture = program.radioFrequency.captureS
        return [0, capture, capture + 0.5 * program.dipole.durationS, program.durationS]
    }

    /// Tracks all particles.
    ///
    /// - Parameters:
    ///   - threads: Greatest number of threads; the result does not depend on it.
    ///   - progress: Called with the number of finished batches of their number.
    /// - Throws: `CancellationError`.
    public func run(
        threads: Int, progress: (Int, Int) -> Void = { _, _ in }
    ) async throws -> LongitudinalResult {
        let vectors = particles / 8
        let perBatch = 4
        let count = (vectors + perBatch - 1) / perBatch
        let batches = try await ParallelBatches.map(
            count: count, threads: threads, progress: { progress($0, count) }
        ) { batch in
            let first = batch * perBatch
            return try track(vectors: first..<min(first + perBatch, vectors))
        }
        let snapshots = try snapshotTimes.enumerated().map { index, time in
            LongitudinalResult.Snapshot(
                label: Self.labels[index], timeS: time,
                bucket: try program.bucket(at: min(time, program.durationS)),
                points: batches.flatMap { $0.snapshots[index] })
        }
        return LongitudinalResult(
            particles: particles, turns: batches.first?.turns ?? 0,
            lossTimesS: batches.flatMap(\.lossTimes).sorted(),
            snapshots: snapshots)
    }

    private struct Batch: Sendable {
        var snapshots: [[SIMD2<Double>]] = []
        var lossTimes: [Double] = []
        var turns = 0
    }

    private func start(_ vector: Int) -> LongitudinalLanes {
        let injection = program.injection
        let period =
            1 / injection.revolutionFrequencyHz(circumferenceM: program.ring.circumferenceM)
            / Double(program.radioFrequency.harmonic)
        var lanes = LongitudinalLanes(time: .zero, energy: .zero)
        for lane in 0..<8 {
            var random = SeededRandom(seed: seed, stream: UInt64(8 * vector + lane))
            lanes.time[lane] = period * (random.uniform() - 0.5)
            let delta = program.radioFrequency.momentumSpread * random.normal(within: 3)
            let momentum = injection.momentumMeV * (1 + delta)
            let rest = program.ion.restEnergyMeV
            lanes.energy[lane] = (momentum * momentum + rest * rest).squareRoot() - injection.totalEnergyMeV
        }
        return lanes
    }

    private func track(vectors: Range<Int>) throws -> Batch {
        let ring = program.ring
        let kernel = LongitudinalKernel(
            restEnergySquared: program.ion.restEnergyMeV * program.ion.restEnergyMeV,
            compaction: 1 / (ring.transitionGamma * ring.transitionGamma),
            lightTimeS: ring.circumferenceM / PhysicalConstants.speedOfLightMPerS)
        var lanes = vectors.map(start)
        var isLost = [SIMDMask<SIMD8<Double>.MaskStorage>](
            repeating: .init(repeating: false), count: lanes.count)
        var batch = Batch()
        var turns = TurnSequence(program: program)
        let times = snapshotTimes
        batch.snapshots.append(points(lanes, isLost, turns.figures))
        while batch.snapshots.count < times.count {
            let chunk = turns.next(atMost: 256, until: times[batch.snapshots.count])
            let bucketLength = 2 * .pi / turns.figures.angularFrequency
            for index in lanes.indices {
                lanes[index].greatest = .zero
                kernel.advance(&lanes[index], through: chunk)
                let gone = (lanes[index].greatest .> 1) .& .!isLost[index]
                if any(gone) {
                    for lane in 0..<8 where gone[lane] { batch.lossTimes.append(turns.timeS) }
                    isLost[index] = isLost[index] .| gone
                }
                lanes[index].time.replace(with: 0, where: isLost[index])
                lanes[index].energy.replace(with: 0, where: isLost[index])
                // All buckets are alike: who drifts into the next one is shown in this one.
                let position = lanes[index].time / bucketLength
                lanes[index].time -= bucketLength * position.rounded(.toNearestOrEven)
            }
            if turns.timeS >= times[batch.snapshots.count] {
                batch.snapshots.append(points(lanes, isLost, turns.figures))
            }
            try Task.checkCancellation()
        }
        batch.turns = turns.count
        return batch
    }

    /// Phase, rad, and relative momentum of the particles that are left.
    private func points(
        _ lanes: [LongitudinalLanes], _ isLost: [SIMDMask<SIMD8<Double>.MaskStorage>], _ turn: TurnFigures
    ) -> [SIMD2<Double>] {
        var points: [SIMD2<Double>] = []
        let rest = program.ion.restEnergyMeV
        for (vector, lost) in zip(lanes, isLost) {
            for lane in 0..<8 where !lost[lane] {
                let total = turn.totalEnergyMeV + vector.energy[lane]
                let delta = (total * total - rest * rest).squareRoot() * turn.inverseMomentum - 1
                var phase = turn.synchronousPhase + turn.angularFrequency * vector.time[lane]
                if phase > .pi { phase -= 2 * .pi }
                if phase < -.pi { phase += 2 * .pi }
                points.append(SIMD2(phase, delta))
            }
        }
        return points
    }
}

/// The synchronous ion turn by turn.
package struct TurnSequence {
    let program: RampProgram
    package private(set) var timeS = 0.0
    package private(set) var count = 0
    /// The last turn, or the first before any.
    package private(set) var figures: TurnFigures
    private let restSquared: Double
    private let momentumPerTesla: Double

    package init(program: RampProgram) {
        self.program = program
        restSquared = program.ion.restEnergyMeV * program.ion.restEnergyMeV
        momentumPerTesla =
            program.ring.bendingRadiusM * Double(program.ion.chargeState)
            * PhysicalConstants.speedOfLightMPerS
            * 1e-6
        figures = Self.figures(
            program, momentum: program.injection.momentumMeV, energy: program.injection.totalEnergyMeV,
            gain: 0,
            voltage: program.voltage(at: 0))
    }

    /// At most `count` turns, and none that begins after `end`.
    package mutating func next(atMost count: Int, until end: Double) -> [TurnFigures] {
        var turns: [TurnFigures] = []
        turns.reserveCapacity(count)
        while turns.count < count, timeS < end || turns.isEmpty {
            let momentum = momentumPerTesla * program.field(at: timeS + figures.periodS)
            let energy = (momentum * momentum + restSquared).squareRoot()
            figures = Self.figures(
                program, momentum: momentum, energy: energy, gain: energy - figures.totalEnergyMeV,
                voltage: program.voltage(at: timeS))
            timeS += figures.periodS
            turns.append(figures)
        }
        self.count += turns.count
        return turns
    }

    private static func figures(
        _ program: RampProgram, momentum: Double, energy: Double, gain: Double, voltage: Double
    ) -> TurnFigures {
        let beta = momentum / energy
        let period = program.ring.circumferenceM / (beta * PhysicalConstants.speedOfLightMPerS)
        let chargeVoltage = Double(program.ion.chargeState) * voltage * 1e-6
        let sine = gain / chargeVoltage
        return TurnFigures(
            angularFrequency: 2 * .pi * Double(program.radioFrequency.harmonic) / period,
            synchronousPhase: asin(sine), sineOfPhase: sine, chargeVoltageMeV: chargeVoltage,
            totalEnergyMeV: energy, inverseMomentum: 1 / momentum, periodS: period,
            inverseAcceptance: 1 / (beta * momentum * program.ring.momentumAcceptance))
    }
}
