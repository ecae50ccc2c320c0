import DeliveryControl

/// How much may pass until a fault is found and beam is off.
///
///     Q = n (c + s P + 5 s₂ √P) + f R (t_detect + t_off) + g P n
///
/// P is the preset of the visit (counts since the layer's start), n ions per count, R the rate that was asked for, ions/s; t_off the longer of
/// delay and fall of the switch, and the second means. f is how far the rate may be over the one asked for, g the gain error of a sound
/// monitor (five standard deviations). A fault that blinds the first monitor is ended by the second protection: c, s and 1 ms are its margin
/// (`SecondaryProtection.Limits`), s₂ √P the noise of its monitor. For several faults t add up and the greatest of the others counts.
package struct ReactionBound: Sendable, Hashable {
    /// f: noise of 20 % five times over, and lines of the supplies.
    package var rateFactor = 2.1
    /// t_detect: by default the latency of the counter's comparator.
    package var detectionNS: Int64 = 2_000
    /// c and s.
    package var counts: Int64 = 1
    package var share = 0.0
    /// Longest silence of the control until its watchdog acts; added to every reaction that the control has to make.
    package var silenceNS: Int64 = 0
    /// How much longer beam takes to be off: a switch that fails is found by its time, and the second means acts.
    package var switchNS: Int64 = 0
    /// How much longer the gate may be shut in truth: a signal that is stuck open is found by its length alone.
    package var gateNS: Int64 = 0
    /// Whether the control's table is damaged: until that is found it may stay at a visit that the ledger takes to be over, or go on too early,
    /// so that counts are booked to a neighbour. Their sum is not touched.
    package var isTableDamaged = false
    /// What the recorded sum may be off, beyond gain: counts and share of what came.
    package var recordCounts: Int64 = 2
    package var recordShare = 0.0

    /// How many faults move the beam beside its spot, and the least gain that a monitor may have fallen to meanwhile.
    package var beamMoves = 0
    package var leastGain = 1.0

    package init() {}

    /// The margin of the second protection, with a sample interval and the second means.
    package static func secondProtection(figures: PlantFigures) -> ReactionBound {
        let limits = SecondaryProtection.Limits()
        var bound = ReactionBound()
        bound.detectionNS = limits.timeNS + figures.monitors.samplingNS
        bound.counts = limits.counts
        bound.share = limits.share
        return bound
    }

    /// Both faults in one run.
    package func joined(with other: ReactionBound) -> ReactionBound {
        var both = self
        both.rateFactor = max(rateFactor, other.rateFactor)
        both.detectionNS += other.detectionNS
        both.counts = max(counts, other.counts)
        both.share = max(share, other.share)
        both.silenceNS = max(silenceNS, other.silenceNS)
        both.switchNS = max(switchNS, other.switchNS)
        both.isTableDamaged = isTableDamaged || other.isTableDamaged
        both.gateNS = max(gateNS, other.gateNS)
        both.recordCounts = max(recordCounts, other.recordCounts)
        both.recordShare = max(recordShare, other.recordShare)
        both.beamMoves = beamMoves + other.beamMoves
        both.leastGain = min(leastGain, other.leastGain)
        return both
    }

    /// Q of a visit, ions.
    ///
    /// - Parameters:
    ///   - visit: Index in the layer.
    ///   - layer: The layer.
    ///   - figures: Of the plant.
    package func ions(visit: Int, of layer: LayerSequence, figures: PlantFigures) -> Double {
        let preset = Double(layer.visits[visit].presetCounts)
        let off = max(figures.spill.offDelayNS + figures.spill.fallNS, figures.spill.cutNS)
        let rate = layer.countsPerS * Double(detectionNS + switchNS + off) * 1e-9
        let gain = 5 * figures.monitors.gainError * preset
        let noise = counts > 1 ? 5 * figures.monitors.countNoise * preset.squareRoot() : 0
        return figures.monitors.ionsPerCount
            * (Double(counts) + share * preset + noise + rateFactor * rate + gain)
    }

    /// Ions that may land beside a visit without anybody being able to judge its position: twice what a reading needs, for a visit may be
    /// divided by a pause of the beam.
    package func unjudgedIons(figures: PlantFigures, limits: DeliveryLimits) -> Double {
        Double(2 * limits.leastCountsForPosition) * figures.monitors.ionsPerCount
            * (1 + 5 * figures.monitors.gainError) / leastGain
    }

    /// Ions of a visit that may land beside it: what is needed to judge a position, and what comes until that was read and beam is off.
    ///
    ///     M = n/g (L + c + s P + f R (t_sample + t_detect + t_switch + t_silence + t_off))
    ///
    /// L are the counts below which no position is judged, g the gain that a second fault may leave. Where a second fault makes position or
    /// control blind, the visit is over first: its own counts and what the monitors may differ by are added. 0 where no fault moves the beam.
    ///
    /// - Parameters:
    ///   - visit: Index in the layer.
    ///   - layer: The layer.
    ///   - figures: Of the plant.
    ///   - limits: Of the control.
    package func misplacedIons(
        visit: Int, of layer: LayerSequence, figures: PlantFigures, limits: DeliveryLimits
    ) -> Double {
        guard beamMoves > 0 else { return 0 }
        let preset = Double(layer.visits[visit].presetCounts)
        let off = max(figures.spill.offDelayNS + figures.spill.fallNS, figures.spill.cutNS)
        let time = figures.monitors.samplingNS + detectionNS + switchNS + silenceNS + off
        var allowed =
            Double(limits.leastCountsForPosition + counts) + share * preset
            + rateFactor * layer.countsPerS * Double(time) * 1e-9
        if silenceNS > 0 || recordShare > 0 || isTableDamaged {
            allowed += Double(layer.counts(ofVisit: visit) + recordCounts) + recordShare * preset
        }
        return allowed * figures.monitors.ionsPerCount * (1 + 5 * figures.monitors.gainError) / leastGain
    }
}
