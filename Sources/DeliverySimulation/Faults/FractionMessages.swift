import DeliveryControl
import NumericKernels

/// What the stations say to the server while a fraction is delivered: claim, progress after each layer, the record of each session, the end. Network and
/// plant share one clock; the plant never waits for the network.
///
/// ## Checked by
/// `RecordNetworkTests`.
struct FractionMessages {
    private(set) var network: RecordNetwork
    /// The station that has the fraction.
    private var winner = 0
    /// Moment on the network's clock at which the session's clock is 0.
    private var origin = MonotonicTime.start
    private let trouble: Set<NetworkFault>
    /// Ions of the fraction at which the network's fault comes, and how long the link is broken, ns.
    private let troubleIons: Double
    private let outageNS: Int64
    private let lostReplies: Int
    /// Whether it came.
    private(set) var wasStruck = false
    private var read = 0
    private var ionsBefore = 0.0
    private var told = 0
    private var requests = 0
    private var records: [String] = []
    private var lastIonAt = MonotonicTime.start

    /// From the end of a session, or the death of its computer, until the next begins, ns.
    private static let restartNS: Int64 = 2_000_000_000
    private static let breakNS: Int64 = 8_000_000_000

    /// - Parameters:
    ///   - trouble: What goes wrong.
    ///   - ions: Of the fraction.
    ///   - seed: Of the network.
    init(trouble: Set<NetworkFault>, ions: Double, seed: UInt64) {
        var random = SeededRandom(seed: seed, stream: 0x4E45_5400)
        self.trouble = trouble
        troubleIons = ions * (0.02 + 0.9 * random.uniform())
        outageNS = Int64((1 + 9 * random.uniform()) * 1e9)
        lostReplies = 1 + Int(3 * random.uniform())
        network = RecordNetwork(stations: trouble.contains(.twoStations) ? 2 : 1, random: random)
    }

    /// All stations claim; nothing is delivered before the answer.
    ///
    /// - Returns: What is wrong; nil if exactly one has the fraction.
    mutating func claim() -> String? {
        for station in network.stations.indices { network.enqueue([.claim], station: station) }
        let isSettled = network.settle()
        let winners = network.stations.indices.filter { network.stations[$0].answers == [true] }
        guard winners.count == 1, isSettled else { return "\(winners.count) stations have the fraction" }
        winner = winners[0]
        return nil
    }

    /// A session begins now.
    mutating func begin() {
        origin = network.now
        read = 0
    }

    /// After an event or a packet of the plant: messages that are due pass, and what happened is told.
    mutating func look<Sink>(_ plant: borrowing FieldSimulation<Sink>) {
        network.advance(to: origin.after(plant.now.nanoseconds))
        if plant.ionsPassed > 0 { lastIonAt = max(lastIonAt, origin.after(plant.lastIonAt.nanoseconds)) }
        if !wasStruck, ionsBefore + plant.ionsPassed >= troubleIons { strike() }
        while read < plant.outcome.records.count {
            if case .layerEnded(let layer, _) = plant.outcome.records[read].entry {
                tell(layer: layer, of: plant.field)
            }
            read += 1
        }
        if !plant.condition.isControlAlive { network.setUp(false, station: winner) }
    }

    private mutating func strike() {
        wasStruck = true
        if trouble.contains(.outage) { network.breakLink(forNS: outageNS) }
        if trouble.contains(.repliesLost) { network.loseReplies(lostReplies) }
        // Who has not got the fraction tries all the same.
        for other in network.stations.indices where other != winner {
            network.enqueue([.claim, .progress(100), .store("2.25.200"), .complete], station: other)
        }
    }

    private mutating func tell(layer: Int, of field: FieldSequence) {
        let done = field.layers[...layer].reduce(0) { $0 + $1.counts }
        told = Int(100 * done / max(1, field.counts))
        ask([.progress(told)])
    }

    private mutating func ask(_ more: [RecordNetwork.Request]) {
        requests += more.count
        network.enqueue(more, station: winner)
    }

    /// A session is over: its record goes into the queue, after a restart where the computer died, and people prepare the next.
    ///
    /// - Parameter plant: At its end.
    mutating func end<Sink>(_ plant: borrowing FieldSimulation<Sink>) {
        look(plant)
        ionsBefore += plant.ionsPassed
        network.advance(to: network.now.after(Self.restartNS))
        network.setUp(true, station: winner)
        records.append("2.25.100.\(records.count + 1)")
        ask([.store(records[records.count - 1])])
        network.advance(to: network.now.after(Self.breakNS))
    }

    /// Nothing is delivered any more: the fraction is completed, or cancelled where nothing was given.
    ///
    /// - Returns: What is wrong with what the server has; nil if each thing arrived, took effect once, and from the one station alone.
    mutating func close() -> String? {
        let isGiven = ionsBefore > 0
        ask([isGiven ? .complete : .cancel])
        let isSettled = network.settle()
        let item = network.item
        let answers = network.stations[winner].answers
        let others = network.stations.indices.filter { $0 != winner }.flatMap { network.stations[$0].answers }
        guard isSettled, item.recordUIDs == records, item.fractionsCounted == (isGiven ? 1 : 0),
            item.progressPercent == told, answers == [Bool](repeating: true, count: requests + 1),
            others.allSatisfy({ !$0 })
        else {
            return
                "stored \(item.recordUIDs) for \(records), \(item.fractionsCounted) fractions counted, \(item.progressPercent) % for \(told) %, "
                + "answers \(answers) and \(others), settled \(isSettled)"
        }
        return nil
    }

    /// In one line: messages, the longest queue, and when the last was answered after the last ion.
    var summary: String {
        let wait = Double(network.now.since(lastIonAt)) * 1e-9
        return
            "network: \(requests + 1) requests sent \(network.sent) times, at most \(network.mostWaiting) waiting, "
            + "\(network.item.phase) \(wait) s after the last ion"
    }
}
