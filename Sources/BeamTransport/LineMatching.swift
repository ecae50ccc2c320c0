import BeamOptics

/// How the strengths of a line were found: step by step, each with knobs and what the beam shall be at a place.
///
/// Wanted are the functions of the beam itself (β = σ²/ε, α; behind the scatterer those of the scattered beam) at the energy of the entry, gantry angle 0, without window, monitors and air; dispersion; and distances of virtual sources.
///
/// ## Checked by
/// `BeamLineFileTests`: the strengths of every shipped line come out of its own steps.
public struct LineMatching: Hashable, Sendable {
    /// What is wanted at a place.
    public struct Goal: Hashable, Sendable {
        /// Name of a part; its end counts. Nil for the isocentre.
        public var place: String?
        public var quantity: Quantity
        public var plane: Int
        public var wanted: Double

        /// - Parameters:
        ///   - place: Name of a part; nil for the isocentre.
        ///   - quantity: What is meant.
        ///   - plane: 0 for horizontal and x, 1 for vertical and y.
        ///   - wanted: Value, in m where it is a length.
        public init(place: String?, quantity: Quantity, plane: Int, wanted: Double) {
            self.place = place
            self.quantity = quantity
            self.plane = plane
            self.wanted = wanted
        }
    }

    /// Quantities that can be matched.
    public enum Quantity: String, CaseIterable, Hashable, Sendable {
        case beta
        case alpha
        case dispersion
        case dispersionSlope = "dispersion-slope"
        /// Distance of the virtual source of x or y, m.
        case sourceDistance = "source-distance"

        /// Deviation that still counts as reached.
        var tolerance: Double {
            switch self {
            case .beta, .sourceDistance: 1e-5
            case .alpha, .dispersion, .dispersionSlope: 1e-6
            }
        }
    }

    /// Knobs and goals of one step.
    public struct Step: Hashable, Sendable {
        public var knobs: [String]
        public var goals: [Goal]

        /// - Parameters:
        ///   - knobs: Strengths to turn.
        ///   - goals: What to reach.
        public init(knobs: [String], goals: [Goal]) {
            self.knobs = knobs
            self.goals = goals
        }
    }
    public var steps: [Step]

    /// - Parameter steps: In the order in which they are done.
    public init(steps: [Step]) { self.steps = steps }

    /// The line with its strengths turned.
    ///
    /// - Parameter line: Where to start from.
    /// - Throws: If a step does not reach its goals, naming the one that is furthest away.
    public func match(_ line: TransferLine) throws(BeamTransportError) -> TransferLine {
        var line = line
        for step in steps {
            let present = line
            let targets = step.goals.map { goal in
                OpticsMatching.Target(
                    "\(goal.quantity.rawValue)[\(goal.plane)] at \(goal.place ?? "the isocentre")",
                    wanted: goal.wanted, tolerance: goal.quantity.tolerance
                ) { (lattice: Lattice) throws(BeamOpticsError) in
                    do {
                        return try Self.value(goal, present.replacingElements(by: lattice))
                    } catch {
                        throw .matching("\(error)")
                    }
                }
            }
            let lattice: Lattice
            do {
                lattice = try OpticsMatching(knobs: step.knobs, targets: targets).match(
                    line.lattice(), iterations: 200)
            } catch let error as BeamOpticsError {
                throw .optics(error)
            } catch let error as BeamTransportError {
                throw error
            } catch {
                throw .line("\(error)")
            }
            line = try line.replacingElements(by: lattice)
        }
        return line
    }

    /// What a line has, against a goal.
    ///
    /// - Parameters:
    ///   - goal: The goal.
    ///   - line: The line.
    /// - Throws: If the place is not in the line.
    public static func value(_ goal: Goal, _ line: TransferLine) throws(BeamTransportError) -> Double {
        let energy = line.entry.reference.energyMeVPerNucleon
        if goal.quantity == .sourceDistance {
            return try ScanOptics(line, energyMeVPerNucleon: energy).virtualSourceDistancesMM()[goal.plane]
                * 1e-3
        }
        let beam = try line.beam(energyMeVPerNucleon: energy, matter: .scattererOnly)
        var point = beam.isocentre
        if let place = goal.place {
            guard let found = beam.points.last(where: { $0.part == place }) else {
                throw .line("no part of the line is called ‘\(place)’")
            }
            point = found
        }
        switch goal.quantity {
        case .beta: return point.betaM(goal.plane)
        case .alpha: return point.alpha(goal.plane)
        case .dispersion: return point.dispersion[2 * goal.plane]
        case .dispersionSlope: return point.dispersion[2 * goal.plane + 1]
        case .sourceDistance: return 0
        }
    }
}
