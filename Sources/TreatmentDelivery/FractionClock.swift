import DeliveryControl
import DeliveryLog
import NumericKernels

/// Where on the clock of the fraction, which is that of breathing, each session of each field begins.
///
/// The patient breathes on between fields and sessions: a session begins where those before it ended, and 20 s later, so that fields do not
/// all meet the same breath. The fraction begins somewhere within the first ten seconds of the trace, drawn from its seed.
///
/// ## Checked by
/// `DeliverCommandTests`.
struct FractionClock {
    static let pauseS = 20.0
    private let beginS: Double

    init(seed: UInt64) {
        var random = SeededRandom(seed: seed, stream: 0xC10C)
        beginS = 10 * random.uniform()
    }

    /// - Parameters:
    ///   - histories: Of the fields in order of delivery.
    /// - Returns: Begin of each session that was recorded, `[field][session]`, s, and of one that would begin now in each field.
    func offsets(_ histories: [FieldHistory]) -> [(sessions: [Double], next: Double)] {
        var now = beginS
        return histories.map { history in
            let begins = history.sessions.map { session -> Double in
                defer { now += (session.delivered?.end?.seconds ?? 0) + Self.pauseS }
                return now
            }
            return (begins, now)
        }
    }
}
