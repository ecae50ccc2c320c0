import DeliveryControl

/// Delivered spots sorted by the amplitude of breathing at their time.
///
/// Bins of equal width lie between the least and the greatest amplitude that was met with beam on. Half of the ions of a stay belong to
/// its first moment and half to its last: both had beam, whatever gate lies between.
///
/// ## Checked by
/// `BreathingPhasesTests`.
public struct BreathingPhases: Sendable {
    /// Spots that were delivered at about one amplitude.
    public struct Phase: Sendable {
        /// Mean amplitude, weighted with ions.
        public var amplitude: Double
        public var ions: Double
        /// One entry for each field that delivered in the phase, in order.
        public var delivered: [DeliveredSpots]
    }

    /// Rising amplitude; phases without ions are left out.
    public let phases: [Phase]

    /// - Parameters:
    ///   - delivered: All fields of the fraction, on the clock of the trace.
    ///   - trace: Breathing.
    ///   - count: Greatest number of phases, at least 1.
    public init(_ delivered: [DeliveredSpots], trace: BreathingTrace, count: Int) {
        precondition(count >= 1)
        struct Part {
            var amplitude: Double
            var field: Int
            var spot: DeliveredSpot
        }
        var parts: [Part] = []
        for (field, spots) in delivered.enumerated() {
            for spot in spots.spots where spot.ions > 0 {
                for time in [spot.beginS, spot.endS] {
                    var half = spot
                    half.ions = 0.5 * spot.ions
                    (half.beginS, half.endS) = (time, time)
                    parts.append(Part(amplitude: trace.amplitude(atS: time), field: field, spot: half))
                }
            }
        }
        let (low, high) = parts.reduce((Double.infinity, -Double.infinity)) {
            (min($0.0, $1.amplitude), max($0.1, $1.amplitude))
        }
        var sums = [(ions: Double, moment: Double)](repeating: (0, 0), count: count)
        var spots = [[[DeliveredSpot]]](
            repeating: Array(repeating: [], count: delivered.count), count: count)
        for part in parts {
            let share = high > low ? (part.amplitude - low) / (high - low) : 0
            let bin = min(count - 1, Int(share * Double(count)))
            sums[bin].ions += part.spot.ions
            sums[bin].moment += part.spot.ions * part.amplitude
            spots[bin][part.field].append(part.spot)
        }
        phases = sums.indices.filter { sums[$0].ions > 0 }.map { bin in
            Phase(
                amplitude: sums[bin].moment / sums[bin].ions, ions: sums[bin].ions,
                delivered: delivered.indices.filter { !spots[bin][$0].isEmpty }.map {
                    DeliveredSpots(fieldNumber: delivered[$0].fieldNumber, spots: spots[bin][$0])
                })
        }
    }
}
