/// The second way to end a field: it has its own copy of the table, looks at the second monitor alone, and cuts the beam by the second
/// means when the first control lets more through than the layer allows, is silent, or moves on too early.
///
///     disarmed ──arm──▶ armed ──trip──▶ tripped ──reset──▶ disarmed
///
/// ## Checked by
/// `SecondaryProtectionTests`.
public struct SecondaryProtection: ~Copyable, Sendable {
    public enum Phase: String, CaseIterable, Sendable {
        case disarmed, armed, tripped
    }

    /// Why it tripped.
    public enum Reason: String, CaseIterable, Sendable {
        /// More counts than preset and margin.
        case doseLimit
        /// The control moved on although counts are missing.
        case earlyAdvance
        /// The control did not speak for too long.
        case heartbeat
        /// Counters ran backwards.
        case counters
    }

    /// Margins.
    public struct Limits: Hashable, Sendable {
        /// Counts over the preset: this many, this share of the preset, and what comes in this time at the layer's rate.
        public var counts: Int64 = 100
        public var share = 0.05
        public var timeNS: Int64 = 1_000_000
        /// Longest silence of the control while armed.
        public var heartbeatNS: Int64 = 20_000_000

        public init() {}
    }

    public let limits: Limits
    public private(set) var phase = Phase.disarmed
    public private(set) var reason: Reason?
    private var sequence: FieldSequence?
    private var bounds: LayerBounds?
    private var visit = 0
    private var last: Int64 = .min
    private var heardAt = MonotonicTime.start

    /// - Parameter limits: Margins.
    public init(limits: Limits = Limits()) { self.limits = limits }

    /// Whether its permit may be given.
    public var holds: Bool { phase == .armed }

    /// Takes a field; damaged tables are refused.
    ///
    /// - Parameters:
    ///   - sequence: Own copy of the field.
    ///   - time: Now.
    /// - Returns: Whether it is armed.
    public mutating func arm(_ sequence: FieldSequence, at time: MonotonicTime) -> Bool {
        guard phase == .disarmed, sequence.layers.allSatisfy({ $0.checksum == $0.computedChecksum }) else {
            return false
        }
        self.sequence = sequence
        bounds = nil
        visit = 0
        last = .min
        heardAt = time
        phase = .armed
        return true
    }

    /// A layer begins or goes on.
    ///
    /// - Parameters:
    ///   - bounds: Where its counts start.
    ///   - time: Now.
    public mutating func protect(_ bounds: LayerBounds, at time: MonotonicTime) {
        guard phase == .armed, sequence?.layers.indices.contains(bounds.layer) == true else { return }
        self.bounds = bounds
        visit = 0
        heardAt = time
    }

    /// The control moved to a visit.
    ///
    /// - Parameters:
    ///   - visit: Index in the layer.
    ///   - time: Now.
    /// - Returns: Whether the beam must be cut.
    public mutating func moved(to visit: Int, at time: MonotonicTime) -> Bool {
        guard phase == .armed, let layer, layer.visits.indices.contains(visit), let bounds else {
            return phase == .tripped
        }
        heardAt = time
        self.visit = visit
        guard visit > 0, last != .min else { return false }
        let wanted = layer.visits[visit - 1].presetCounts
        if last - bounds.secondaryBase < wanted - margin(wanted, layer) { trip(.earlyAdvance) }
        return phase == .tripped
    }

    /// The second monitor reports.
    ///
    /// - Parameters:
    ///   - secondary: Its counter.
    ///   - time: Now.
    /// - Returns: Whether the beam must be cut.
    public mutating func counted(_ secondary: Int64, at time: MonotonicTime) -> Bool {
        guard phase == .armed else { return phase == .tripped }
        if secondary < last { trip(.counters) }
        last = max(last, secondary)
        if let layer, let bounds {
            let preset = layer.visits[visit].presetCounts
            if secondary - bounds.secondaryBase > preset + margin(preset, layer) { trip(.doseLimit) }
        }
        return heard(at: time)
    }

    /// The control beats.
    public mutating func heartbeat(at time: MonotonicTime) {
        if phase == .armed { heardAt = max(heardAt, time) }
    }

    /// Time passes.
    ///
    /// - Parameter time: Now.
    /// - Returns: Whether the beam must be cut.
    public mutating func heard(at time: MonotonicTime) -> Bool {
        if phase == .armed, time.since(heardAt) > limits.heartbeatNS { trip(.heartbeat) }
        return phase == .tripped
    }

    /// The field is over.
    public mutating func disarm() { if phase == .armed { phase = .disarmed } }

    /// After a trip: two persons, one a physicist at least.
    ///
    /// - Parameter persons: Who resets.
    /// - Returns: Whether it was reset.
    public mutating func reset(by persons: [RightHolder]) -> Bool {
        let able = Set(persons.filter { !$0.id.isEmpty }.map(\.id))
        guard phase == .tripped, able.count >= 2, persons.contains(where: { $0.right >= .physicist }) else {
            return false
        }
        phase = .disarmed
        reason = nil
        return true
    }

    private var layer: LayerSequence? { bounds.flatMap { sequence?.layers[$0.layer] } }

    private func margin(_ preset: Int64, _ layer: LayerSequence) -> Int64 {
        limits.counts + Int64(limits.share * Double(preset) + layer.countsPerS * Double(limits.timeNS) * 1e-9)
    }

    private mutating func trip(_ reason: Reason) {
        phase = .tripped
        if self.reason == nil { self.reason = reason }
    }
}
