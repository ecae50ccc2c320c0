import NumericKernels

/// Turn-by-turn tracking of many particles through a lattice, on several threads.
///
/// Particles go one by one through all turns, so that a particle stays in registers; the lattice is read only.
///
/// ## Checked by
/// `ParticleTrackerTests`; speed by the benchmark `tracking`.
public struct ParticleTracker: Sendable {
    /// What became of a particle.
    public enum Fate: Hashable, Sendable {
        /// Still there after the last turn.
        case circulates
        /// Behind the septum of this element in this turn.
        case extracted(turn: Int, element: Int)
        /// On a septum's wall.
        case hitSeptum(turn: Int, element: Int)
        /// On an aperture, or too steep for an element.
        case lost(turn: Int, element: Int)
    }

    /// A particle behind the last turn, or where it ended.
    public struct Outcome: Sendable {
        public var coordinates: BeamCoordinates<Double>
        public var fate: Fate
    }

    let map: BeamLineMap

    /// - Parameter map: Ring or line.
    public init(_ map: BeamLineMap) { self.map = map }

    /// Tracks particles for a number of turns.
    ///
    /// - Parameters:
    ///   - particles: Coordinates at the start of the lattice.
    ///   - turns: Number of turns.
    ///   - kicks: Horizontal kick of the exciter for each turn, rad; empty for none.
    ///   - threads: Threads; the result does not depend on it.
    /// - Returns: One outcome for each particle, in order.
    public func track(
        _ particles: [BeamCoordinates<Double>], turns: Int, kicks: [Double] = [], threads: Int = 1
    ) async throws -> [Outcome] {
        precondition(kicks.isEmpty || kicks.count >= turns)
        let share = 64
        let batches = (particles.count + share - 1) / share
        let parts = try await ParallelBatches.map(count: batches, threads: max(1, threads)) { batch in
            (batch * share..<min((batch + 1) * share, particles.count)).map { i in
                trackOne(particles[i], turns: turns, kicks: kicks, record: { _, _ in })
            }
        }
        return parts.flatMap { $0 }
    }

    /// Tracks one particle and hands its coordinates to `record` at the start of each turn and after the last.
    ///
    /// - Parameters:
    ///   - particle: Coordinates at the start of the lattice.
    ///   - turns: Number of turns.
    ///   - kicks: Horizontal kick of the exciter for each turn, rad; empty for none.
    ///   - record: Receives the turn and the coordinates.
    @discardableResult
    public func trackOne(
        _ particle: BeamCoordinates<Double>, turns: Int, kicks: [Double] = [],
        record: (Int, BeamCoordinates<Double>) -> Void
    ) -> Outcome {
        var p = particle
        let reference = map.reference
        return map.steps.withUnsafeBufferPointer { steps in
            for turn in 0..<turns {
                record(turn, p)
                for step in steps {
                    if let aperture = step.aperture, !aperture.contains(p.x, p.y) {
                        return Outcome(coordinates: p, fate: .lost(turn: turn, element: Int(step.element)))
                    }
                    switch step.action {
                    case .exciter:
                        if !kicks.isEmpty { p.px += kicks[turn] }
                    case .septum(let septum):
                        let beyond = septum.positionM > 0 ? p.x - septum.positionM : septum.positionM - p.x
                        guard beyond > 0 else { continue }
                        if beyond < septum.thicknessM {
                            return Outcome(
                                coordinates: p, fate: .hitSeptum(turn: turn, element: Int(step.element)))
                        }
                        p.px += septum.positionM > 0 ? septum.kickRad : -septum.kickRad
                        return Outcome(
                            coordinates: p, fate: .extracted(turn: turn, element: Int(step.element)))
                    default: step.apply(&p, reference)
                    }
                }
                // A particle that is too steep has no longitudinal momentum; one a metre off is in no ring.
                guard p.isFinite, abs(p.x) < 1, abs(p.y) < 1 else {
                    return Outcome(
                        coordinates: p, fate: .lost(turn: turn, element: Int(steps.last?.element ?? 0)))
                }
            }
            record(turns, p)
            return Outcome(coordinates: p, fate: .circulates)
        }
    }
}
