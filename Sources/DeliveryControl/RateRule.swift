/// What the extraction rate of a layer is chosen for.
public enum RateRule: Hashable, Sendable {
    /// A mean stay at a spot, s.
    case meanDwell(Double)
    /// One rate for all layers, ions/s.
    case fixed(ionsPerS: Double)
    /// Whole paintings that fill gates: phase-controlled rescanning.
    case gate(GateFilling)
}

/// Phase-controlled rescanning: the rate is such that the paintings of a layer last exactly as long as the gate is open, so that every
/// position gets the mean of all phases within the gate.
///
///     rate = counts in one gate / (gate − moves and pauses in it)
///
/// If that is more than the ring gives or than the shortest stay allows, the paintings are divided as evenly as possible over two gates,
/// over three and so on, at most one painting each. The first visit of each group begins with an opening of the gate
/// (`SpotVisit.beginsAtGateOpening`); what a short breath leaves over is given in the next opening, and the next group waits for the one after.
///
/// ## Source
/// Furukawa et al., Med. Phys. 34 (2007) 1085; Mori et al., Phys. Med. Biol. 59 (2014).
/// ## Checked by
/// `RescanningTests`.
public struct GateFilling: Hashable, Sendable {
    /// Time for which the gate is open in one breath, s.
    public var openS: Double
    /// Moves with beam off: speed at the isocentre plane, x and y, mm/s.
    public var speedMMPerS: SIMD2<Double>
    /// Beam off, settling and beam on again, s.
    public var pauseS: Double

    /// - Parameters:
    ///   - openS: Time for which the gate is open in one breath, s.
    ///   - speedMMPerS: Speed at the isocentre plane, x and y, mm/s; above 0.
    ///   - pauseS: Beam off, settling and beam on again, s.
    public init(openS: Double, speedMMPerS: SIMD2<Double>, pauseS: Double) {
        self.openS = openS
        self.speedMMPerS = speedMMPerS
        self.pauseS = pauseS
    }

    /// How a layer goes into gates.
    public struct Choice: Hashable, Sendable {
        public var countsPerS: Double
        /// Gates that the layer takes, and the most paintings in one.
        public var gates: Int
        public var paintingsPerGate: Int
        /// Whether whole paintings fit: false where even one painting takes longer than a gate at the greatest rate that is allowed.
        public var fits: Bool
    }

    /// Chooses the rate of a layer.
    ///
    /// - Parameters:
    ///   - visits: Of the layer, not empty.
    ///   - rates: Counts per second that are allowed by ring and shortest stay.
    func choice(_ visits: [SpotVisit], rates: ClosedRange<Double>) -> Choice {
        let loads = paintingLoads(visits)
        for gates in 1...loads.count {
            let each = (loads.count + gates - 1) / gates
            // Several numbers of gates can mean the same paintings in each.
            guard gates == 1 || each < (loads.count + gates - 2) / (gates - 1) else { continue }
            var wished = 0.0
            for first in stride(from: 0, to: loads.count, by: each) {
                let group = loads[first..<min(first + each, loads.count)]
                let free = openS - group.reduce(0) { $0 + $1.movesS }
                let counts = Double(group.reduce(0) { $0 + $1.counts })
                wished = max(wished, free > 0 ? counts / free : .infinity)
            }
            guard wished <= rates.upperBound else { continue }
            return Choice(
                countsPerS: max(wished, rates.lowerBound), gates: (loads.count + each - 1) / each,
                paintingsPerGate: each, fits: true)
        }
        let seconds = loads.reduce(0) { $0 + Double($1.counts) / rates.upperBound + $1.movesS }
        return Choice(
            countsPerS: rates.upperBound, gates: Int((seconds / openS).rounded(.up)), paintingsPerGate: 0,
            fits: false)
    }

    /// Marks the first visit of each group of paintings that share a gate.
    ///
    /// - Parameters:
    ///   - visits: Of a layer.
    ///   - choice: For this layer.
    func marked(_ visits: [SpotVisit], _ choice: Choice) -> [SpotVisit] {
        var marked = visits
        var (rank, last) = (-1, Int32.min)
        for index in visits.indices where visits[index].painting != last {
            last = visits[index].painting
            rank += 1
            guard choice.fits ? rank % choice.paintingsPerGate == 0 : rank == 0 else { continue }
            marked[index].beginsAtGateOpening = true
            marked[index].beamOffBefore = true
        }
        return marked
    }

    /// Counts and beam-off time of each painting.
    private func paintingLoads(_ visits: [SpotVisit]) -> [(counts: Int64, movesS: Double)] {
        var loads: [(counts: Int64, movesS: Double)] = []
        var last: SpotVisit?
        for visit in visits {
            if loads.isEmpty || visit.painting != last?.painting { loads.append((0, 0)) }
            var moves = 0.0
            if visit.beamOffBefore {
                let way = visit.positionMM - (last?.positionMM ?? visit.positionMM)
                moves = pauseS + max(abs(way.x) / speedMMPerS.x, abs(way.y) / speedMMPerS.y)
            }
            loads[loads.count - 1].counts += visit.presetCounts - (last?.presetCounts ?? 0)
            loads[loads.count - 1].movesS += moves
            last = visit
        }
        return loads
    }
}

extension SequenceRules {
    /// Counts per second for a layer by the rule, so low that the shortest visit lasts long enough, within what the ring can give.
    ///
    /// - Parameter visits: Of the layer, not empty.
    public func countsPerS(_ visits: [SpotVisit]) -> Double {
        let wished: Double
        switch rate {
        case .meanDwell(let dwell):
            wished = Double(visits.last?.presetCounts ?? 0) / (Double(visits.count) * dwell)
        case .fixed(let ions): wished = ions / ionsPerCount
        case .gate(let filling): return filling.choice(visits, rates: allowedCountsPerS(visits)).countsPerS
        }
        let allowed = allowedCountsPerS(visits)
        return min(max(wished, allowed.lowerBound), allowed.upperBound)
    }

    /// How phase-controlled rescanning divides a layer; nil for other rules.
    ///
    /// - Parameter visits: Of the layer, not empty.
    public func gateChoice(_ visits: [SpotVisit]) -> GateFilling.Choice? {
        guard case .gate(let filling) = rate else { return nil }
        return filling.choice(visits, rates: allowedCountsPerS(visits))
    }

    /// Rates by ring and shortest stay; where the stay would want less than the ring can give, the ring's least.
    private func allowedCountsPerS(_ visits: [SpotVisit]) -> ClosedRange<Double> {
        var (shortest, last) = (Int64.max, Int64(0))
        for visit in visits {
            shortest = min(shortest, visit.presetCounts - last)
            last = visit.presetCounts
        }
        let (low, high) = (ratesIonsPerS.lowerBound / ionsPerCount, ratesIonsPerS.upperBound / ionsPerCount)
        return low...max(low, min(high, Double(shortest) / shortestDwellS))
    }
}
