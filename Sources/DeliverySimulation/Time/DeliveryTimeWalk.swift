import DeliveryControl
import Quantities

#if canImport(Glibc)
    import Glibc
#endif

/// Goes through a field once and books its time: the sums of `DeliveryTimeModel`, with the ring's fills and the gate in between.
struct DeliveryTimeWalk {
    let model: DeliveryTimeModel
    let gate: GateIntervals?
    var clock: Double
    private(set) var shares = TimeShares()
    private(set) var fills = 0
    private(set) var pulses = 0
    private var left = 0.0
    private var energy: EnergyPerNucleon?
    private var energies = 0
    private var expires = 0.0
    private var position = SIMD2<Double>.zero

    init(model: DeliveryTimeModel, gate: GateIntervals?, clock: Double) {
        self.model = model
        self.gate = gate
        self.clock = clock
    }

    private mutating func spend(_ seconds: Double, on share: WritableKeyPath<TimeShares, Double>) {
        clock += seconds
        shares[keyPath: share] += seconds
    }

    /// A layer from its energy to the end of its last pulse.
    mutating func deliver(_ layer: LayerSequence) throws(DeliveryTimeError) {
        prepare(layer.energy)
        let speed =
            model.scanning.speedMMPerS
            * ((model.scanning.referenceRigidityTM ?? layer.rigidityTM) / layer.rigidityTM)
        var (visit, given, isFirst) = (0, 0.0, true)
        var group: Int?
        while visit < layer.visits.count {
            let move = self.move(to: layer.visits[visit].positionMM, speed: speed)
            spend(move, on: \.scanning)
            spend(
                isFirst ? max(model.scanning.verifyS, model.layerStartS - move) : model.scanning.verifyS,
                on: \.other)
            isFirst = false
            var end = visit + 1
            while end < layer.visits.count, !layer.visits[end].beamOffBefore { end += 1 }
            let preset = Double(layer.visits[end - 1].presetCounts)
            let next = layer.gateGroup(of: visit)
            given =
                preset
                + (try pulse(
                    preset - given, rate: layer.countsPerS, fromOpening: next != nil && next != group))
            group = layer.gateGroup(of: end - 1)
            pulses += 1
            position = layer.visits[end - 1].positionMM
            visit = end
            // What came after beam off may be all that the next visits wanted.
            while visit < layer.visits.count, Double(layer.visits[visit].presetCounts) <= given { visit += 1 }
        }
    }

    private func move(to target: SIMD2<Double>, speed: SIMD2<Double>) -> Double {
        let way = target - position
        return max(abs(way.x) / speed.x, abs(way.y) / speed.y) + model.scanning.settleS
    }

    /// Brings beam of an energy.
    private mutating func prepare(_ wanted: EnergyPerNucleon) {
        guard let energy, left > 0, wanted <= energy, clock < expires else { return fill(wanted) }
        guard wanted < energy else { return }
        // A fill that would be too old at the end of the step is not stepped any more.
        guard clock + model.ring.energyStepS < expires else { return fill(wanted) }
        if let most = model.ring.energiesPerFill, energies >= most { return fill(wanted) }
        self.energy = wanted
        energies += 1
        left *= model.ring.recapture
        spend(model.ring.energyStepS, on: \.energySteps)
    }

    private mutating func fill(_ wanted: EnergyPerNucleon) {
        spend(model.ring.fillS, on: \.fills)
        fills += 1
        energies = 1
        energy = wanted
        left = model.ring.countsPerFill
        expires = clock + model.ring.longestFlatTopS
    }

    /// Beam on for counts; whatever gate, age and content of the fill do in between.
    ///
    /// - Parameters:
    ///   - counts: That are wanted.
    ///   - rate: Counts per second.
    ///   - fromOpening: Whether beam waits for the gate to open anew.
    /// - Returns: Counts that came after the last beam off.
    private mutating func pulse(
        _ counts: Double, rate: Double, fromOpening: Bool
    ) throws(DeliveryTimeError) -> Double {
        let beam = model.beam
        var wanted = counts
        var waitsForOpening = fromOpening
        while true {
            let window = try waitForBeam(fromOpening: waitsForOpening)
            waitsForOpening = false
            let isRingShort = left < wanted
            let seconds = beam.onS + stay(min(wanted, left) / rate)
            guard seconds > window else {
                spend(seconds, on: \.beam)
                if isRingShort {
                    wanted -= left
                    left = 0
                    continue
                }
                left -= wanted
                return stop(rate: rate, afterS: seconds - beam.onS)
            }
            spend(window, on: \.beam)
            let given = rate * dose(max(0, window - beam.onS))
            left = max(0, left - given)
            wanted -= given
            wanted -= stop(rate: rate, afterS: max(0, window - beam.onS))
            if wanted <= 0 { return -wanted }
            spend(model.scanning.settleS, on: \.scanning)
        }
    }

    /// Makes a fill where it is needed and waits for the gate.
    ///
    /// - Returns: How long beam may then be on, s.
    private mutating func waitForBeam(fromOpening: Bool) throws(DeliveryTimeError) -> Double {
        var empty = 0.0
        while true {
            if left <= 0 || clock >= expires, let energy { fill(energy) }
            guard let gate else { return expires - clock }
            let (wait, open) = gate.next(atS: clock, fromOpening: fromOpening)
            if clock + wait >= expires {
                spend(max(0, expires - clock), on: \.gate)
                continue
            }
            spend(wait, on: \.gate)
            if open > model.beam.onS { return min(open, expires - clock) }
            // Too short to get beam at all.
            spend(open, on: \.gate)
            empty += wait + open
            guard empty <= 2 * gate.lengthS else {
                throw .gateTooShort(
                    longestOpenS: gate.intervals.map { $0.endS - $0.beginS }.max() ?? 0,
                    neededS: model.beam.onS)
            }
        }
    }

    /// Beam off after a pulse.
    ///
    /// - Returns: Counts that still come.
    private mutating func stop(rate: Double, afterS seconds: Double) -> Double {
        let beam = model.beam
        spend(beam.stopS, on: \.beam)
        let risen = beam.riseS > 0 ? 1 - exp(-(seconds + beam.overshootS / 2) / beam.riseS) : 1
        let over = min(left, rate * beam.overshootS * risen)
        left -= over
        return over
    }

    /// Time of full rate that is worth `seconds` of rising beam: t − τ (1 − exp(−t/τ)).
    private func dose(_ seconds: Double) -> Double {
        let rise = model.beam.riseS
        return rise > 0 ? seconds - rise * (1 - exp(-seconds / rise)) : seconds
    }

    /// The inverse of `dose` by Newton's method: convex and rising, begun above the root.
    private func stay(_ worth: Double) -> Double {
        let rise = model.beam.riseS
        guard rise > 0, worth > 0 else { return max(0, worth) }
        var time = worth + rise
        for _ in 0..<60 {
            let step = (dose(time) - worth) / (1 - exp(-time / rise))
            time -= step
            if abs(step) < 1e-12 { break }
        }
        return time
    }
}
