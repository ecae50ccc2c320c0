/// What `DeliveryTimeModel` says about a field.
public struct DeliveryTime: Hashable, Sendable {
    /// Mean of each part, s; `other` is verification of spots and start of layers.
    public let shares: TimeShares
    /// Standard deviation of the total over the starts within the gate's cycle, s; 0 without a gate.
    public let spreadS: Double
    /// Mean number of fills.
    public let fills: Double
    /// Stretches of beam without a planned pause, as the sequence has them; a gate divides them further.
    public let pulses: Int

    /// Mean time, s.
    public var totalS: Double { shares.total }

    init(runs: [DeliveryTimeWalk]) {
        let count = Double(runs.count)
        func mean(_ part: (DeliveryTimeWalk) -> Double) -> Double {
            runs.reduce(0) { $0 + part($1) } / count
        }
        var shares = TimeShares()
        shares.beam = mean { $0.shares.beam }
        shares.scanning = mean { $0.shares.scanning }
        shares.gate = mean { $0.shares.gate }
        shares.energySteps = mean { $0.shares.energySteps }
        shares.fills = mean { $0.shares.fills }
        shares.other = mean { $0.shares.other }
        self.shares = shares
        fills = mean { Double($0.fills) }
        pulses = runs.first?.pulses ?? 0
        let total = shares.total
        spreadS = mean { ($0.shares.total - total) * ($0.shares.total - total) }.squareRoot()
    }
}

/// Why a delivery time cannot be told.
public enum DeliveryTimeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A figure that cannot be.
    case figure(String, Double, mustBe: String)
    /// A layer (from 1) without a rate.
    case rate(layer: Int, countsPerS: Double)
    /// A gate that never stays open long enough for beam.
    case gateTooShort(longestOpenS: Double, neededS: Double)

    public var description: String {
        switch self {
        case .figure(let name, let value, let rule):
            "\(name) is \(value) (must be \(rule)); correct the figures of the machine"
        case .rate(let layer, let rate):
            "layer \(layer) has a rate of \(rate) counts/s (must be above 0); choose an extraction rate"
        case .gateTooShort(let open, let needed):
            "the gate is never open for more than \(open) s, beam needs \(needed) s to come; widen the gate"
        }
    }
}
