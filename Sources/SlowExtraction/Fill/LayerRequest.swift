import Quantities

/// What one energy of a fill shall give.
public struct LayerRequest: Sendable, Hashable {
    public var energy: EnergyPerNucleon
    /// Requested rate, one stretch after the other: the intensity may change within the layer, and be 0 for a while.
    public var segments: [SpillRequest.Segment]
    /// Beam off once so many ions are counted; nil to follow the segments to their end.
    public var stopIons: Double?

    /// A layer that follows the clock.
    ///
    /// - Parameters:
    ///   - energy: Its energy.
    ///   - segments: Requested rate, one stretch after the other.
    public init(energy: EnergyPerNucleon, segments: [SpillRequest.Segment]) {
        self.energy = energy
        self.segments = segments
        stopIons = nil
    }

    /// A layer that follows the dose monitor: beam off when its ions are counted, however long it takes (at most twice the time that they should take).
    ///
    /// - Parameters:
    ///   - energy: Its energy.
    ///   - ions: Ions to deliver.
    ///   - rateIonsPerS: Requested rate, ions/s.
    public init(energy: EnergyPerNucleon, ions: Double, rateIonsPerS: Double) {
        self.energy = energy
        segments = [.init(durationS: 2 * ions / rateIonsPerS, rateIonsPerS: rateIonsPerS)]
        stopIons = ions
    }

    /// Ions that are asked for.
    public var ions: Double { stopIons ?? segments.reduce(0) { $0 + $1.durationS * $1.rateIonsPerS } }

    /// Mean rate while beam is asked for, ions/s.
    public var rateIonsPerS: Double {
        let on = segments.filter { $0.rateIonsPerS > 0 }
        let time = on.reduce(0) { $0 + $1.durationS }
        return time > 0 ? on.reduce(0) { $0 + $1.durationS * $1.rateIonsPerS } / time : 0
    }
}
