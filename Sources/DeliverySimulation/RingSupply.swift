import DeliveryControl
import Quantities

/// Fills of the ring: which energy circulates, how many ions are left, when the next beam is there.
struct RingSupply: Sendable {
    let figures: PlantFigures.Supply
    private(set) var ionsLeft = 0.0
    private(set) var energy: EnergyPerNucleon?
    private var filledAt = MonotonicTime.start
    private(set) var fills = 0

    init(figures: PlantFigures.Supply) { self.figures = figures }

    /// Asks for beam of an energy.
    ///
    /// - Parameters:
    ///   - wanted: Energy.
    ///   - now: When.
    /// - Returns: When beam can be extracted, and whether that took a new fill.
    mutating func request(_ wanted: EnergyPerNucleon, at now: MonotonicTime) -> (
        ready: MonotonicTime, refill: Bool
    ) {
        // A fill that would be too old at the end of the step is not stepped any more.
        let step = energy.map { wanted < $0 } == true ? Int64(figures.energyStepS * 1e9) : 0
        let isOld = now.since(filledAt) + step >= Int64(figures.longestFlatTopS * 1e9)
        guard let energy, ionsLeft > 0, wanted <= energy, !isOld else {
            return (refill(wanted, at: now), true)
        }
        self.energy = wanted
        // A fill that is still being made must be there first.
        let begin = max(now, filledAt)
        return (wanted == energy ? begin.after(1) : begin.after(Int64(figures.energyStepS * 1e9)), false)
    }

    /// Dumps what is left and fills.
    ///
    /// - Parameters:
    ///   - wanted: Energy.
    ///   - now: When.
    /// - Returns: When beam can be extracted.
    mutating func refill(_ wanted: EnergyPerNucleon, at now: MonotonicTime) -> MonotonicTime {
        fills += 1
        energy = wanted
        ionsLeft = figures.ionsPerFill
        filledAt = now.after(Int64(figures.refillS * 1e9))
        return filledAt
    }

    /// Ions left the ring.
    mutating func extracted(_ ions: Double) { ionsLeft = max(0, ionsLeft - ions) }

    /// When this fill is too old.
    var expires: MonotonicTime { filledAt.after(Int64(figures.longestFlatTopS * 1e9)) }
}
