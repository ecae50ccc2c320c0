import Frames
import IonPhysics
import IonTransport
import Quantities
import Volumes

/// A transport run as a physicist asks for it: a beam, a phantom, scores by name.
///
/// ## Checked by
/// `PhantomTransportTests`.
public struct PhantomTransport: Sendable {
    public let beam: BeamDescription
    public let phantom: TransportPhantom
    public let descriptions: [ScoreDescription]
    public let settings: RunSettings
    /// How the descriptions became sums.
    public let plan: ScorePlan
    private let engine: ScoredTransport
    private let source: BeamSource

    /// Why a run ended.
    public enum Ending: String, Sendable {
        case histories, time, uncertainty
    }

    /// What a run gave.
    public struct Outcome: Sendable {
        public var result: TransportScoreResult
        public var ending: Ending
        /// Of the score that the settings name; nil if they name none.
        public var uncertainty: Double?
    }

    /// Where a run is; for a progress bar.
    public struct Progress: Sendable {
        /// Histories done, and at most.
        public var done: Int
        public var histories: Int
        /// Nil until there are ten batches or if no score is named.
        public var uncertainty: Double?
    }

    /// Prepares tables and sums (about a second).
    ///
    /// - Throws: `PhantomTransportError`.
    public init(
        beam: BeamDescription, phantom: TransportPhantom, scores: [ScoreDescription], settings: RunSettings
    ) throws(PhantomTransportError) {
        guard TransportedSpecies.index(of: beam.ion) != nil else { throw .ionNotTransported(beam.ion) }
        self.beam = beam
        self.phantom = phantom
        descriptions = scores
        self.settings = settings
        plan = try ScorePlan(scores, beam: beam, phantom: phantom)
        if let goal = settings.uncertainty, plan.doseScore(named: goal.score) == nil {
            throw .noSuchScore(goal.score, known: plan.doseScoreNames)
        }
        do {
            engine = try ScoredTransport(
                phantom: phantom, scores: plan.scores, beamChargeNumber: beam.ion.atomicNumber,
                stepping: settings.stepping)
        } catch { throw .transport(error) }
        source = BeamSource(beam)
    }

    /// Runs until the settings say so.
    ///
    /// - Parameters:
    ///   - elapsedS: Seconds since the run began; asked after each batch if the settings limit the time.
    ///   - progress: Called after each batch.
    /// - Throws: `PhantomTransportError.transport(.cancelled)`, `.transport(.noMemory)`.
    public func run(
        threads: Int, elapsedS: () -> Double = { 0 }, progress: (Progress) -> Void = { _ in }
    ) async throws(PhantomTransportError) -> Outcome {
        var result = engine.empty
        let source = source
        let workspace: ScoreWorkspace
        do { workspace = try engine.workspace(threads: threads) } catch { throw .transport(error) }
        while let batch = settings.nextBatch(done: result.histories, batches: result.batches) {
            do {
                try await engine.run(batch, seed: settings.seed, in: workspace, into: &result) {
                    source.primary(&$0)
                }
            } catch { throw .transport(error) }
            let uncertainty = result.batches >= 10 ? self.uncertainty(result) : nil
            progress(
                Progress(done: result.histories, histories: settings.histories, uncertainty: uncertainty))
            guard result.histories < settings.histories else { break }
            if let goal = settings.uncertainty, let uncertainty, uncertainty <= goal.below {
                return Outcome(result: result, ending: .uncertainty, uncertainty: uncertainty)
            }
            if let limit = settings.timeS, elapsedS() >= limit {
                return Outcome(result: result, ending: .time, uncertainty: uncertainty)
            }
        }
        return Outcome(result: result, ending: .histories, uncertainty: uncertainty(result))
    }

    /// Mean relative standard error of the score that the settings name, over its bins above half of its maximum.
    private func uncertainty(_ result: TransportScoreResult) -> Double? {
        guard let goal = settings.uncertainty, let score = plan.doseScore(named: goal.score) else {
            return nil
        }
        return result.meanUncertainty(score: score)
    }
}

extension TransportScoreResult {
    /// Mean relative standard error of the dose to water of a score's bins above half of its maximum; nil without dose.
    public func meanUncertainty(score: Int) -> Double? {
        let bins = request.scores[score].bins.count
        var top = 0.0
        for bin in 0..<bins { top = max(top, doseToWaterGyMM3(score: score, bin: bin).value) }
        guard top > 0 else { return nil }
        var (sum, count) = (0.0, 0)
        for bin in 0..<bins {
            let (value, error) = doseToWaterGyMM3(score: score, bin: bin)
            guard value > 0.5 * top else { continue }
            sum += error / value
            count += 1
        }
        return sum / Double(count)
    }
}

/// Why a run was refused.
public enum PhantomTransportError: Error, Equatable, Sendable {
    case ionNotTransported(Isotope)
    case beamMissesPhantom(position: [Double], direction: [Double])
    case noSuchSolid(String, score: String, known: [String])
    case noVoxelGrid(score: String)
    case scoreOutside(score: String, key: String, value: Double, reaches: ClosedRange<Double>)
    case noSuchScore(String, known: [String])
    case biology(IonPhysicsError)
    case transport(VoxelTransportError)
}

extension PhantomTransportError: CustomStringConvertible {
    /// The problem, why it is one, and what to do.
    public var description: String {
        switch self {
        case .ionNotTransported(let ion):
            "\(ion) is not transported (known are \(TransportedSpecies.all.map(\.description).joined(separator: " "))); "
                + "choose one of them"
        case .beamMissesPhantom(let position, let direction):
            "the beam from \(position) along \(direction) misses the phantom (its axis must go through it); "
                + "correct position or direction"
        case .noSuchSolid(let name, let score, let known):
            "score ‘\(score)’ asks for the solid ‘\(name)’ (there is \(known.isEmpty ? "none" : known.joined(separator: ", "))); "
                + "correct the name"
        case .noVoxelGrid(let score):
            "score ‘\(score)’ has no grid (only a CT has voxels of its own); give from, to and spacing"
        case .scoreOutside(let score, let key, let value, let reaches):
            "score ‘\(score)’: \(key) \(value.plain) mm is outside the phantom (along the beam it reaches from "
                + "\(reaches.lowerBound.plain) to \(reaches.upperBound.plain) mm); correct it"
        case .noSuchScore(let name, let known):
            "there is no dose score ‘\(name)’ (known: \(known.joined(separator: ", "))); correct the name"
        case .biology(let error): "\(error)"
        case .transport(let error): "\(error)"
        }
    }
}
