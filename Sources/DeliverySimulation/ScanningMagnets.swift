import DeliveryControl

/// Where the beam is: magnets move both axes at once, the slower one decides.
struct ScanningMagnets: Sendable {
    let figures: PlantFigures.Scanning
    private var fromMM = SIMD2<Double>.zero
    private var toMM = SIMD2<Double>.zero
    private var begin = MonotonicTime.start
    private var durationNS: Int64 = 0
    private var lag = SIMD2<Double>.zero
    /// Faults: offset of the beam, mm; the magnets do not move.
    var offsetMM = SIMD2<Double>.zero
    var isStuck = false

    init(figures: PlantFigures.Scanning) { self.figures = figures }

    /// Starts a move.
    ///
    /// - Parameters:
    ///   - target: IEC gantry x and y at the isocentre plane, mm.
    ///   - rigidityTM: Of the beam.
    ///   - now: When.
    /// - Returns: When the position holds.
    mutating func move(to target: SIMD2<Double>, rigidityTM: Double, at now: MonotonicTime) -> MonotonicTime {
        let here = commanded(at: now)
        let way = target - here
        let speed = figures.speedMMPerS * figures.highestRigidityTM / rigidityTM
        let times = SIMD2(abs(way.x) / speed.x, abs(way.y) / speed.y)
        let needed = Int64((max(times.x, times.y) * 1e9).rounded(.up))
        if !isStuck {
            durationNS = needed
            fromMM = here
            toMM = target
            begin = now
            lag = SIMD2(sign(way.x), sign(way.y)) * -figures.hysteresisMM
        }
        return now.after(needed + figures.settleNS)
    }

    /// Where the beam crosses the isocentre plane, mm.
    func position(at now: MonotonicTime) -> SIMD2<Double> { commanded(at: now) + lag + offsetMM }

    /// What the read-back of the currents says, mm: the field's offset does not show in it.
    func readBack(at now: MonotonicTime) -> SIMD2<Double> { commanded(at: now) }

    private func commanded(at now: MonotonicTime) -> SIMD2<Double> {
        let elapsed = now.since(begin)
        guard durationNS > 0, elapsed < durationNS else { return toMM }
        return fromMM + (toMM - fromMM) * (Double(max(0, elapsed)) / Double(durationNS))
    }

    private func sign(_ value: Double) -> Double { value > 0 ? 1 : (value < 0 ? -1 : 0) }
}
