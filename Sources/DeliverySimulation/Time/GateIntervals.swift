import DeliveryControl

/// When a gate is open: intervals within a stretch of time that repeats.
///
/// ## Checked by
/// `GateIntervalsTests`.
public struct GateIntervals: Hashable, Sendable {
    /// Open from `beginS` to `endS`, within 0 to `lengthS`.
    public struct Interval: Hashable, Sendable {
        public var beginS: Double
        public var endS: Double

        public init(beginS: Double, endS: Double) {
            self.beginS = beginS
            self.endS = endS
        }
    }

    /// In order of time, without overlap, at least one.
    public let intervals: [Interval]
    /// After which they repeat, s.
    public let lengthS: Double

    /// Breaths that are all the same.
    ///
    /// - Parameters:
    ///   - openS: Time for which the gate is open in each breath, s.
    ///   - closedS: Time for which it is closed, s.
    /// - Returns: nil unless the first is above 0, the second not negative and both finite.
    public init?(openS: Double, closedS: Double) {
        guard openS > 0, closedS >= 0, openS.isFinite, closedS.isFinite else { return nil }
        intervals = [Interval(beginS: 0, endS: openS)]
        lengthS = openS + closedS
    }

    /// The intervals of a breathing gate, read as often as the gate reads its signal.
    ///
    /// Latency shifts an interval and does not change its length, so it is left out.
    ///
    /// - Parameters:
    ///   - gate: Breathing, threshold and time between readings.
    ///   - durationS: Stretch of the trace that is read and then repeated, s.
    /// - Returns: nil if the gate is never open.
    public init?(_ gate: BreathingGate, durationS: Double = 120) {
        let step = Double(gate.samplingNS) * 1e-9
        var found: [Interval] = []
        var begin: Double?
        let count = Int((durationS / step).rounded())
        for index in 0...count {
            let time = Double(index) * step
            let isOpen = index < count && gate.isOpen(atS: time)
            if isOpen, begin == nil { begin = time }
            if !isOpen, let from = begin {
                found.append(Interval(beginS: from, endS: time))
                begin = nil
            }
        }
        guard !found.isEmpty else { return nil }
        intervals = found
        lengthS = Double(count) * step
    }

    /// Mean length of an interval and standard deviation over the intervals, s. Those that an end of the stretch cuts off do not count, unless
    /// there are no others.
    public var openS: (mean: Double, spread: Double) {
        let whole = intervals.filter { $0.beginS > 0 && $0.endS < lengthS }
        let lengths = (whole.isEmpty ? intervals : whole).map { $0.endS - $0.beginS }
        let mean = lengths.reduce(0, +) / Double(lengths.count)
        let square = lengths.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(lengths.count)
        return (mean, square.squareRoot())
    }

    /// Share of the time in which the gate is open.
    public var share: Double { intervals.reduce(0) { $0 + $1.endS - $1.beginS } / lengthS }

    /// Wait for the gate, 0 if it is open, and then the time for which it stays open.
    ///
    /// - Parameters:
    ///   - moment: s.
    ///   - fromOpening: Whether a gate that has been open for longer than `DeliveryLimits.gateBeginNS` is waited out, too.
    func next(atS moment: Double, fromOpening: Bool = false) -> (waitS: Double, openS: Double) {
        let next = next(atS: moment)
        guard fromOpening, next.waitS == 0 else { return next }
        let begin = Double(DeliveryLimits().gateBeginNS) * 1e-9
        let turns = (moment / lengthS).rounded(.down)
        let phase = moment - turns * lengthS
        guard let here = intervals.first(where: { $0.beginS <= phase && phase < $0.endS }),
            phase - here.beginS > begin
        else { return next }
        let close = next.openS
        let after = self.next(atS: moment + close + 1e-9)
        return (close + 1e-9 + after.waitS, after.openS)
    }

    private func next(atS moment: Double) -> (waitS: Double, openS: Double) {
        let turns = (moment / lengthS).rounded(.down)
        let phase = moment - turns * lengthS
        var (low, high) = (0, intervals.count)
        while low < high {
            let middle = (low + high) / 2
            if intervals[middle].endS > phase { high = middle } else { low = middle + 1 }
        }
        let interval = low < intervals.count ? intervals[low] : intervals[0]
        let shift = low < intervals.count ? 0 : lengthS
        let wait = max(0, interval.beginS + shift - phase)
        return (wait, interval.endS + shift - phase - wait)
    }
}
