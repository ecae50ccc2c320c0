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

/// Stations, the server with the work item, and a network that loses, doubles, delays and reorders messages, on the clock of the delivery.
///
/// A station keeps its requests in a queue on disk and sends the first again until it is answered; only then comes the next. A station whose
/// computer is down hears nothing and goes on with its queue when it is back.
///
/// ## Checked by
/// `RecordNetworkTests`; in runs `FractionMessages`.
struct RecordNetwork: Sendable {
    enum Request: Sendable, Hashable {
        case claim
        /// Progress of the fraction, percent.
        case progress(Int)
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
        /// Answers in the order of the requests.
        var answers: [Bool] = []
        var isUp = true
    }

    private(set) var item = WorkItem()
    private(set) var stations: [Station]
    private(set) var now = MonotonicTime.start
    private(set) var sent = 0
    private var queue = EventQueue<Message>()
    private var random: SeededRandom
    private var outageUntil = MonotonicTime.start
    private var repliesToLose = 0
    /// Most requests that waited in one queue.
    private(set) var mostWaiting = 0

    /// - Parameters:
    ///   - stations: How many there are.
    ///   - random: Draws.
    init(stations: Int, random: SeededRandom) {
        self.random = random
        self.stations = (0..<stations).map { Station(uid: "2.25.\($0 + 1)") }
    }

    /// Everything that is due until a moment happens.
    ///
    /// - Parameter time: On the network's clock.
    mutating func advance(to time: MonotonicTime) {
        while let next = queue.nextTime, next <= time, let (due, message) = queue.next() {
            now = max(now, due)
            receive(message)
        }
        now = max(now, time)
    }

    /// Goes on until every queue is empty, or time is over.
    ///
    /// - Parameter limitS: How long it is tried, s.
    /// - Returns: Whether every queue is empty.
    mutating func settle(limitS: Double = 600) -> Bool {
        let limit = now.after(Int64(limitS * 1e9))
        while stations.contains(where: { !$0.outbox.isEmpty }), let next = queue.nextTime, next < limit {
            advance(to: next)
        }
        return stations.allSatisfy(\.outbox.isEmpty)
    }

    /// Puts requests into the queue of a station.
    mutating func enqueue(_ requests: [Request], station: Int) {
        let wasIdle = stations[station].outbox.isEmpty
        stations[station].outbox += requests
        mostWaiting = max(mostWaiting, stations[station].outbox.count)
        if wasIdle { send(station) }
    }

    /// Nothing passes for a while from now on.
    mutating func breakLink(forNS duration: Int64) { outageUntil = max(outageUntil, now.after(duration)) }

    /// The next answers are lost.
    mutating func loseReplies(_ count: Int) { repliesToLose += count }

    /// The computer of a station dies, or is back: its queue is on disk.
    mutating func setUp(_ isUp: Bool, station: Int) {
        guard stations[station].isUp != isUp else { return }
        stations[station].isUp = isUp
        if isUp { send(station) }
    }

    private mutating func send(_ station: Int) {
        guard stations[station].isUp, let request = stations[station].outbox.first else { return }
        let number = stations[station].number
        sent += 1
        pass(.request(station: station, number: number, request))
        queue.add(.timer(station: station, number: number), at: now.after(500_000_000))
    }

    private mutating func receive(_ message: Message) {
        switch message {
        case .request, .reply: if now < outageUntil { return }
        case .timer: break
        }
        switch message {
        case .request(let station, let number, let request):
            let accepted = serve(request, uid: stations[station].uid)
            if repliesToLose > 0 {
                repliesToLose -= 1
            } else {
                pass(.reply(station: station, number: number, accepted: accepted))
            }
        case .reply(let station, let number, let accepted):
            guard stations[station].isUp, number == stations[station].number,
                !stations[station].outbox.isEmpty
            else { return }
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
        case .progress(let percent): item.update(progressPercent: percent, transactionUID: uid)
        case .store(let record): item.store(record: record, transactionUID: uid)
        case .complete: item.complete(transactionUID: uid)
        case .cancel: item.cancel(transactionUID: uid)
        }
    }

    /// One in ten is lost, one in ten comes twice; each copy has its own delay, so that order is not kept.
    private mutating func pass(_ message: Message) {
        if now < outageUntil { return }
        let copies = random.uniform() < 0.1 ? 2 : 1
        for _ in 0..<copies where random.uniform() >= 0.1 {
            queue.add(message, at: now.after(Int64(1e6 + 400e6 * random.uniform() * random.uniform())))
        }
    }
}
