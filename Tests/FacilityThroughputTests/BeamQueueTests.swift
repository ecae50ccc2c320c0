import FacilityModel
import FacilityThroughput
import Testing

@Suite struct BeamQueueTests {
    static func request(_ room: Int, made: Double, expected: Double = 5, limit: Double) -> BeamQueue.Request {
        .init(room: room, madeMin: made, expectedMin: expected, greatestWaitMin: limit)
    }

    @Test func inOrderWhileNobodyWaitsTooLong() {
        var queue = BeamQueue(rule: .promoteLate)
        for room in 0..<3 { queue.add(Self.request(room, made: Double(room), limit: 30)) }
        #expect((0..<3).map { _ in queue.next(at: 3)?.room } == [0, 1, 2])
        #expect(queue.next(at: 3) == nil)
        #expect(queue.promotions == 0)
    }

    @Test func aRequestThatWouldWaitTooLongGoesToTheHead() {
        var queue = BeamQueue(rule: .promoteLate)
        queue.add(Self.request(0, made: 0, limit: 30))
        queue.add(Self.request(1, made: 1, limit: 30))
        // At minute 3 it has waited 1; behind 10 minutes of others it would wait 11.
        queue.add(Self.request(2, made: 2, limit: 10))
        #expect(queue.next(at: 3)?.room == 2)
        #expect(queue.promotions == 1)
        #expect(queue.next(at: 8)?.room == 0)
    }

    @Test func theLimitItselfIsNotExceeded() {
        var queue = BeamQueue(rule: .promoteLate)
        queue.add(Self.request(0, made: 0, limit: 30))
        queue.add(Self.request(1, made: 2, limit: 6))
        // 1 + 5 minutes are just allowed.
        #expect(queue.next(at: 3)?.room == 0)
    }

    @Test func ofSeveralTheOneWithLeastTimeLeft() {
        var queue = BeamQueue(rule: .promoteLate)
        queue.add(Self.request(0, made: 0, expected: 20, limit: 60))
        queue.add(Self.request(1, made: 0, limit: 15))
        queue.add(Self.request(2, made: 0, limit: 8))
        #expect(queue.next(at: 1)?.room == 2)
        #expect(queue.next(at: 6)?.room == 1)
    }

    @Test func firstComeKnowsNoPromotion() {
        var queue = BeamQueue(rule: .firstCome)
        queue.add(Self.request(0, made: 0, expected: 20, limit: 60))
        queue.add(Self.request(1, made: 0, limit: 1))
        #expect(queue.next(at: 1)?.room == 0)
    }
}
