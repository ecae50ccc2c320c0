import DeliveryControl
import Testing

struct RoomControlTests {
    /// The only way to a secured room, and every way out of it.
    @Test func everyStateAndEvent() {
        typealias Event = RoomControl.Event
        typealias Phase = RoomControl.Phase
        let ways: [Phase: [Event]] = [
            .open: [], .searching: [.searchStarted], .searched: [.searchStarted, .lastSearchButton],
            .secured: [.searchStarted, .lastSearchButton, .doorClosedAndKey], .emergency: [.emergencyPressed],
        ]
        let forward: [Phase: (Event, Phase)] = [
            .open: (.searchStarted, .searching), .searching: (.lastSearchButton, .searched),
            .searched: (.doorClosedAndKey, .secured), .emergency: (.emergencyReset, .open),
        ]
        for phase in Phase.allCases {
            for event in Event.allCases {
                var room = RoomControl()
                for step in ways[phase] ?? [] { holds(room.handle(step)) }
                holds(room.phase == phase)
                let accepted = room.handle(event)
                let wanted: Phase? =
                    switch event {
                    case .emergencyPressed: .emergency
                    case .doorOpened, .searchLost: phase == .emergency ? .emergency : .open
                    case .searchStarted, .lastSearchButton, .doorClosedAndKey, .emergencyReset:
                        forward[phase].flatMap { $0.0 == event ? $0.1 : nil }
                    }
                holds(accepted == (wanted != nil), "\(phase) \(event)")
                holds(room.phase == wanted ?? phase, "\(phase) \(event)")
                holds(room.isSecured == (room.phase == .secured))
            }
        }
    }
}

struct WorkItemTests {
    @Test func oneStationAlone() {
        var item = WorkItem()
        holds(!item.claim(""))
        holds(item.claim("1.2"))
        holds(item.claim("1.2"))
        holds(!item.claim("1.3"))
        holds(!item.store(record: "R", transactionUID: "1.3"))
        holds(!item.complete(transactionUID: "1.3"))
        holds(!item.cancel(transactionUID: "1.3"))
        holds(item.phase == .inProgress)
    }

    @Test func recordedAndCountedOnce() {
        var item = WorkItem()
        holds(!item.store(record: "R", transactionUID: "1.2"))
        holds(item.claim("1.2"))
        holds(!item.complete(transactionUID: "1.2"), "nothing is recorded")
        holds(!item.store(record: "", transactionUID: "1.2"))
        holds(item.store(record: "R", transactionUID: "1.2"))
        holds(item.store(record: "R", transactionUID: "1.2"))
        holds(item.recordUIDs == ["R"])
        holds(!item.complete(transactionUID: "1.3") && item.phase == .inProgress)
        holds(item.complete(transactionUID: "1.2"))
        holds(item.complete(transactionUID: "1.2"))
        holds(item.fractionsCounted == 1)
        holds(item.store(record: "R", transactionUID: "1.2"), "sent again after the end")
        holds(!item.store(record: "S", transactionUID: "1.2"))
        holds(!item.claim("1.2"))
        holds(!item.cancel(transactionUID: "1.2"))
        holds(!item.complete(transactionUID: "1.3"))
    }

    @Test func progressNeverFalls() {
        var item = WorkItem()
        holds(!item.update(progressPercent: 10, transactionUID: "1.2"))
        holds(item.claim("1.2"))
        holds(item.update(progressPercent: 60, transactionUID: "1.2"))
        // An older message that was overtaken.
        holds(item.update(progressPercent: 30, transactionUID: "1.2") && item.progressPercent == 60)
        holds(!item.update(progressPercent: 70, transactionUID: "1.3"))
        holds(!item.update(progressPercent: 101, transactionUID: "1.2"))
        holds(!item.update(progressPercent: -1, transactionUID: "1.2"))
        holds(item.progressPercent == 60)
        holds(item.store(record: "R", transactionUID: "1.2") && item.complete(transactionUID: "1.2"))
        holds(!item.update(progressPercent: 100, transactionUID: "1.2"))
    }

    @Test func cancelled() {
        var item = WorkItem()
        holds(!item.cancel(transactionUID: "1.2"))
        holds(item.claim("1.2"))
        holds(item.cancel(transactionUID: "1.2") && item.cancel(transactionUID: "1.2"))
        holds(!item.cancel(transactionUID: "1.3"))
        holds(!item.complete(transactionUID: "1.2") && item.fractionsCounted == 0)
    }
}

struct PermitBoardTests {
    @Test func silenceIsNo() {
        var board = PermitBoard()
        holds(board.missing(at: .start) == Permit.allCases)
        for permit in Permit.allCases { board.grant(permit, until: MonotonicTime(nanoseconds: 100)) }
        holds(board.allHold(at: MonotonicTime(nanoseconds: 100)))
        holds(board.holds(.gate, at: MonotonicTime(nanoseconds: 100)))
        holds(!board.holds(.gate, at: MonotonicTime(nanoseconds: 101)))
        holds(!board.allHold(at: MonotonicTime(nanoseconds: 101)))
        board.withdraw(.recorder)
        holds(board.missing(at: .start) == [.recorder])
        holds(!board.holds(.recorder, at: .start) && board.holds(.gate, at: .start))
    }
}
