import DeliveryControl
import NumericKernels

/// What the network does to messages in a run, beyond losing, doubling and delaying some.
enum NetworkFault: Sendable, Hashable {
    /// Nothing passes for some seconds.
    case outage
    /// Requests arrive, the first answers do not.
    case repliesLost
    /// Two stations want the same fraction.
    case twoStations
}

/// Stations, the server with the work item, and a network that loses, doubles, delays and reorders messages, on a virtual clock.
///
/// A station keeps its requests in a queue on disk and sends the first again until it is answered; only then comes the next.
struct RecordNetwork: Sendable {
    enum Request: Sendable, Hashable {
        case claim
        case store(String)
        case complete
        case cancel
    }

    private enum Message: Sendable {
        case request(station: Int, number: Int, Request)
        case reply(station: Int, number: Int, accepted: Bool)
        case timer(station: Int, number: Int)
    }

    struct Station: Sendable {
        var uid: String
        var outbox: [Request] = []
        /// Number of the first request in the outbox; answers to others are old.
        var number = 0
        var answers: [Bool] = []
    }

    private(set) var item = WorkItem()
    private(set) var stations: [Station]
    private(set) var now = MonotonicTime.start
    private(set) var sent = 0
    private var queue = EventQueue<Message>()
    private var random: SeededRandom
    private let fault: Set<NetworkFault>
    private var outage: (from: MonotonicTime, to: MonotonicTime)?
    private var repliesToLose = 0

    /// - Parameters:
    ///   - fault: What goes wrong.
    ///   - stations: How many there are.
    ///   - random: Draws.
    init(fault: Set<NetworkFault>, stations: Int, random: SeededRandom) {
        self.fault = fault
        self.random = random
        self.stations = (0..<stations).map { Station(uid: "2.25.\($0 + 1)") }
    }

    /// The server is answered to everything in the outboxes, or time is over.
    ///
    /// - Parameters:
    ///   - begin: When the stations begin.
    ///   - limitS: How long it is tried, s.
    /// - Returns: Whether every outbox is empty.
    mutating func settle(from begin: MonotonicTime, limitS: Double = 600) -> Bool {
        now = max(now, begin)
        if fault.contains(.outage), outage == nil, stations.contains(where: { $0.outbox.first != .claim }) {
            outage = (now, now.after(Int64((1 + 9 * random.uniform()) * 1e9)))
        }
        if fault.contains(.repliesLost), stations.contains(where: { $0.outbox.first != .claim }) {
            repliesToLose = 1 + Int(3 * random.uniform())
        }
        for station in stations.indices where !stations[station].outbox.isEmpty { send(station) }
        let limit = now.after(Int64(limitS * 1e9))
        while let (time, message) = queue.next(), time < limit {
            now = max(now, time)
            receive(message)
        }
        return stations.allSatisfy(\.outbox.isEmpty)
    }

    mutating func enqueue(_ requests: [Request], station: Int) { stations[station].outbox += requests }

    private mutating func send(_ station: Int) {
        guard let request = stations[station].outbox.first else { return }
        let number = stations[station].number
        sent += 1
        pass(.request(station: station, number: number, request))
        queue.add(.timer(station: station, number: number), at: now.after(500_000_000))
    }

    private mutating func receive(_ message: Message) {
        switch message {
        case .request(let station, let number, let request):
            let accepted = serve(request, uid: stations[station].uid)
            if repliesToLose > 0 {
                repliesToLose -= 1
            } else {
                pass(.reply(station: station, number: number, accepted: accepted))
            }
        case .reply(let station, let number, let accepted):
            guard number == stations[station].number, !stations[station].outbox.isEmpty else { return }
            stations[station].outbox.removeFirst()
            stations[station].number += 1
            stations[station].answers.append(accepted)
            send(station)
        case .timer(let station, let number):
            if number == stations[station].number { send(station) }
        }
    }

    private mutating func serve(_ request: Request, uid: String) -> Bool {
        switch request {
        case .claim: item.claim(uid)
        case .store(let record): item.store(record: record, transactionUID: uid)
        case .complete: item.complete(transactionUID: uid)
        case .cancel: item.cancel(transactionUID: uid)
        }
    }

    /// One in ten is lost, one in ten comes twice; each copy has its own delay, so that order is not kept.
    private mutating func pass(_ message: Message) {
        if let outage, now >= outage.from, now < outage.to { return }
        let copies = random.uniform() < 0.1 ? 2 : 1
        for _ in 0..<copies where random.uniform() >= 0.1 {
            queue.add(message, at: now.after(Int64(1e6 + 400e6 * random.uniform() * random.uniform())))
        }
    }
}
