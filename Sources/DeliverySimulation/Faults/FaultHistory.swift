import DeliveryControl

/// The first session of a run in time, for pictures: beam, counts, state, what was missing in truth, and interlocks.
public struct FaultHistory: Sendable {
    /// After an event or a packet of ions.
    public struct Point: Sendable, Hashable {
        public var timeS: Double
        /// Ions since the session's start, true.
        public var ions: Double
        /// Ions per second that the ring was asked for.
        public var askedIonsPerS: Double
        public var phase: FieldControl.Phase
        /// Counts of the layer less the visit's preset: by the first monitor, and those that the true ions would be. Nil before a layer.
        public var countsOverPreset: Double?
        public var trueOverPreset: Double?
        /// What was not as it must be, by name.
        public var lost: [String]
    }

    /// An interlock from its firing to its reset; nil where it was not reset.
    public struct Span: Sendable, Hashable {
        public var interlock: Interlock
        public var fromS: Double
        public var toS: Double?
    }

    public private(set) var points: [Point] = []
    public private(set) var interlocks: [Span] = []
    /// When the first fault came, s; nil if none did.
    public private(set) var faultS: Double?
    private var read = 0
    /// Where the layer began: first monitor at zero counts, ions and counts.
    private var base: (primary: Int64, ions: Double, counts: Double)?

    init() {}

    mutating func look<Sink>(_ plant: borrowing FieldSimulation<Sink>) {
        faultS = plant.faults.firstAt?.seconds
        while read < plant.outcome.records.count {
            let (entry, time) = plant.outcome.records[read]
            take(entry, time.seconds, plant)
            read += 1
        }
        let sequence = plant.field.layers[min(plant.layer, plant.field.layers.count - 1)]
        let preset = Double(sequence.visits[min(plant.visit, sequence.visits.count - 1)].presetCounts)
        let given = base.map {
            $0.counts + (plant.ionsPassed - $0.ions) / plant.figures.monitors.ionsPerCount
        }
        points.append(
            Point(
                timeS: plant.now.seconds, ions: plant.ionsPassed, askedIonsPerS: plant.spill.rateIonsPerS,
                phase: plant.control.phase,
                countsOverPreset: base.map { Double(plant.monitors.registers.primary - $0.primary) - preset },
                trueOverPreset: given.map { $0 - preset },
                lost: PlantTruth.allCases.filter { !$0.holds(in: plant) }.map { "\($0)" }))
    }

    private mutating func take<Sink>(
        _ entry: FieldRecord, _ timeS: Double, _ plant: borrowing FieldSimulation<Sink>
    ) {
        switch entry {
        case .layerStarted(_, let primary, _):
            base = (primary, plant.ionsPassed, Double(plant.monitors.registers.primary - primary))
        case .interlock(let interlock):
            interlocks.append(Span(interlock: interlock, fromS: timeS))
        case .reset(let interlock, _):
            for index in interlocks.indices
            where interlocks[index].interlock == interlock && interlocks[index].toS == nil {
                interlocks[index].toS = timeS
            }
        default: break
        }
    }
}

extension FaultHistory {
    /// The part that shows the fault: from a quarter of the way before it to twice the time until what it brings about is over (the last of interlocks and of
    /// the beam that it found), 1 ms at least and 1 s at most; the whole session where no fault of the plant came.
    public var windowS: ClosedRange<Double> {
        let end = max(points.last?.timeS ?? 0, 1e-3)
        guard let fault = faultS else { return 0...end }
        var last = interlocks.first { $0.fromS >= fault }?.fromS ?? fault
        // A fault of a beam that is not there yet shows when beam comes.
        let before = points.last { $0.timeS <= fault }?.ions ?? 0
        if let begin = points.first(where: { $0.ions > before })?.timeS, begin > fault + 1e-3, begin <= last {
            let reach = min(1, max(1e-3, 2 * (last - begin)))
            return (begin - 0.25 * reach)...(begin + reach)
        }
        if let index = points.firstIndex(where: { $0.timeS >= fault }) {
            // Until ions come no more for 0.2 ms.
            var beam = fault
            for (before, after) in zip(points[index...], points[index...].dropFirst())
            where after.ions > before.ions {
                if after.timeS > beam + 2e-4, beam > last { break }
                beam = after.timeS
                if beam > last + 0.02 { break }
            }
            if beam > fault, beam <= last + 0.02 { last = max(last, beam) }
        }
        let reach = min(1, max(1e-3, 2 * (last - fault)))
        return (fault - 0.25 * reach)...(fault + reach)
    }

    /// Rate of true ions in equal bins of a window, ions/s.
    ///
    /// - Parameters:
    ///   - window: In seconds.
    ///   - bins: How many.
    /// - Returns: Middle of each bin, s, and rate.
    public func rates(in window: ClosedRange<Double>, bins: Int) -> [SIMD2<Double>] {
        let width = (window.upperBound - window.lowerBound) / Double(bins)
        var index = 0
        func ions(at time: Double) -> Double {
            while index + 1 < points.count, points[index + 1].timeS < time { index += 1 }
            guard index + 1 < points.count, points[index].timeS < time else {
                return points.indices.contains(index) ? points[index].ions : 0
            }
            let (a, b) = (points[index], points[index + 1])
            return a.ions + (b.ions - a.ions) * (time - a.timeS) / max(b.timeS - a.timeS, 1e-12)
        }
        var before = ions(at: window.lowerBound)
        return (0..<bins).map { bin in
            let end = window.lowerBound + Double(bin + 1) * width
            let after = ions(at: end)
            defer { before = after }
            return SIMD2(end - width / 2, (after - before) / width)
        }
    }
}
