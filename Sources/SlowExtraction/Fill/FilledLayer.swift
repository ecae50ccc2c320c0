import Quantities

/// One layer as the ring gave it.
public struct FilledLayer: Sendable {
    /// Why the ring must be filled anew.
    public enum NewFill: String, Sendable, Hashable {
        /// Too few ions are left.
        case usedUp = "fill used up"
        /// The flat top lasts as long as it may.
        case flatTopOver = "flat top over"
        /// The ring only goes down.
        case higherEnergy = "higher energy"
    }

    /// What was asked for.
    public var request: LayerRequest
    /// When the energy step began, the beam was allowed on, and the layer was over, s from the start of the flat top.
    public var stepStartS: Double
    public var startS: Double
    public var endS: Double
    /// Ions in the ring at `startS`.
    public var ringIons: Double
    /// Ions that left before this layer, in the energy step or while the first was prepared: through the septum, and at capture.
    public var leakedIons: Double
    public var capturedLossIons: Double
    /// Rate and kick from `startS` on, with what came behind the end; nil if the layer could not be begun.
    public var spill: Spill?
    /// When beam was switched off, s from `startS`.
    public var beamOffS: Double
    /// Why the ring must be filled anew before more can be had; nil if it can go on.
    public var newFill: NewFill?

    /// A layer.
    ///
    /// - Parameters:
    ///   - request: What was asked for.
    ///   - stepStartS: When the energy step began, s.
    ///   - startS: When the beam was allowed on, s.
    ///   - endS: When it was over, s.
    ///   - ringIons: Ions in the ring at `startS`.
    ///   - leakedIons: Ions that left before it through the septum.
    ///   - capturedLossIons: Ions lost at capture.
    ///   - spill: Rate and kick from `startS` on.
    ///   - beamOffS: When beam was switched off, s from `startS`.
    ///   - newFill: Why the ring must be filled anew.
    public init(
        request: LayerRequest, stepStartS: Double, startS: Double, endS: Double, ringIons: Double,
        leakedIons: Double, capturedLossIons: Double, spill: Spill?, beamOffS: Double, newFill: NewFill?
    ) {
        self.request = request
        self.stepStartS = stepStartS
        self.startS = startS
        self.endS = endS
        self.ringIons = ringIons
        self.leakedIons = leakedIons
        self.capturedLossIons = capturedLossIons
        self.spill = spill
        self.beamOffS = beamOffS
        self.newFill = newFill
    }

    /// Ions delivered.
    public var ions: Double { spill.map { $0.ions.reduce(0, +) } ?? 0 }
    /// Ions still owed.
    public var missingIons: Double { max(0, request.ions - ions) }
    /// Whether all that was asked for came, to the counting of one part in a hundred.
    public var isComplete: Bool { ions >= 0.99 * request.ions }

    /// Figures of a layer.
    public struct Statistics: Sendable, Hashable {
        /// Mean rate while beam was asked for over the mean request.
        public var meanOverRequest: Double
        /// Duty factor of bins of 1 ms behind the first 2 ms, without counting noise.
        public var dutyFactor: Double
        /// From beam on until the first ions came, s.
        public var startUpS: Double
        /// From beam off until 95 % of what still came had come, s; nil if nothing came.
        public var stopS: Double?
        /// Ions behind beam off.
        public var tailIons: Double
        /// Greatest |mean rate/request − 1| of any 5 ms behind the first 2 ms; nil if the layer is shorter.
        public var worstWindow: Double?
        /// Counting noise (one standard deviation) of such a window.
        public var windowNoise: Double
    }

    /// Figures of the layer; nil if nothing was asked for or could be begun.
    public var statistics: Statistics? {
        guard let spill, let first = spill.requested.firstIndex(where: { $0 > 0 }), beamOffS > 0 else {
            return nil
        }
        let end = min(spill.ions.count, max(1, Int((beamOffS / spill.binS).rounded())))
        let on = (first..<end).filter { spill.requested[$0] > 0 }
        let wanted = on.reduce(0) { $0 + spill.requested[$1] }
        guard wanted > 0 else { return nil }
        let begun = Double(first) * spill.binS
        let arrival = spill.ions.firstIndex { $0 > 0 }.map { Double($0) * spill.binS } ?? beamOffS
        let (width, skip) = (Int((5e-3 / spill.binS).rounded()), Int((2e-3 / spill.binS).rounded()))
        var worst: Double?
        var least = Double.infinity
        for start in stride(from: first + skip, through: end - width, by: 1) {
            let asked = spill.requested[start..<(start + width)]
            guard asked.allSatisfy({ $0 > 0 }) else { continue }
            let sum = asked.reduce(0, +)
            let deviation = abs(spill.ions[start..<(start + width)].reduce(0, +) / sum - 1)
            worst = max(worst ?? 0, deviation)
            least = min(least, sum)
        }
        let duty = spill.dutyFactor(
            from: begun + 2e-3, to: beamOffS, width: max(1, Int((1e-3 / spill.binS).rounded())))
        return Statistics(
            meanOverRequest: on.reduce(0) { $0 + spill.ions[$1] } / wanted,
            dutyFactor: duty.corrected, startUpS: max(0, arrival - begun),
            stopS: spill.stopTimeS(share: 0.95, after: beamOffS, until: .infinity),
            tailIons: end < spill.ions.count ? spill.ions[end...].reduce(0, +) : 0, worstWindow: worst,
            windowNoise: worst == nil ? 0 : (spill.ionsPerParticle / least).squareRoot())
    }
}
