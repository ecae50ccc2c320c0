import Quantities

/// The time line of the ring for one treatment field: what it does from when to when, with which energy and how many ions.
///
/// Made by `MachineCycle.init(layers:figures:)`; read by whoever delivers.
///
/// ## Checked by
/// `MachineCycleTests`: hand sums, conservation of ions, no gap and no overlap.
public struct MachineCycle: Hashable, Sendable {
    /// What the ring does.
    public enum Phase: String, Hashable, Sendable, CaseIterable {
        /// Injection and capture.
        case inject
        case accelerate
        /// The ramp is over, no extraction yet.
        case settle
        /// Beam is extracted.
        case spill
        /// Beam is kept on the flat top without extraction (moves between spots, gates).
        case pause
        /// To another energy on the flat top.
        case energyStep = "energy step"
        /// What is left is dumped; back to injection.
        case decelerate
        /// A fixed pattern waits for its period.
        case wait
    }

    /// One stretch of time.
    public struct Event: Hashable, Sendable {
        public let phase: Phase
        public let startS: Double
        public let durationS: Double
        /// At its end.
        public let energy: EnergyPerNucleon
        /// Layer of the request, from 0; nil where none is delivered.
        public let layer: Int?
        /// Fill of the ring, from 0.
        public let fill: Int
        /// Ions that could still be extracted, at start and end.
        public let ringIonsBefore: Double
        public let ringIonsAfter: Double

        public var endS: Double { startS + durationS }
        /// Ions brought to the beam line.
        public var deliveredIons: Double { phase == .spill ? ringIonsBefore - ringIonsAfter : 0 }
    }

    /// The ions of one fill: stored = extracted + lost + dumped.
    public struct Fill: Hashable, Sendable {
        /// At the flat top.
        public let stored: Double
        /// To the beam line.
        public let extracted: Double
        /// In the ring and its septa during extraction.
        public let lost: Double
        /// Left over and dumped.
        public let dumped: Double
    }

    public let layers: [CycleLayer]
    public let figures: CycleFigures
    /// In order of time, without gap.
    public let events: [Event]
    public let fills: [Fill]

    /// End of the last event, s.
    public var durationS: Double { events.last?.endS ?? 0 }

    /// Time of each phase, s, in the order of `Phase`; phases that do not occur are left out.
    public var timeByPhase: [(phase: Phase, durationS: Double)] {
        Phase.allCases.compactMap { phase in
            let time = events.reduce(0) { $1.phase == phase ? $0 + $1.durationS : $0 }
            return time > 0 ? (phase, time) : nil
        }
    }

    /// Ions asked for.
    public var neededIons: Double { layers.reduce(0) { $0 + $1.ions } }
    /// Ions brought to the beam line.
    public var deliveredIons: Double { fills.reduce(0) { $0 + $1.extracted } }
    /// Ions asked for over what one fill can give.
    public var fillsNeeded: Double { neededIons / figures.ionsPerFill }
    /// Share of the ions at the flat top that reach the beam line.
    public var usedShare: Double {
        let stored = fills.reduce(0) { $0 + $1.stored }
        return stored > 0 ? deliveredIons / stored : 0
    }
    /// Share of the time with beam.
    public var beamShare: Double {
        durationS > 0 ? events.reduce(0) { $1.phase == .spill ? $0 + $1.durationS : $0 } / durationS : 0
    }
}
