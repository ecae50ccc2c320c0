import DeliveryControl

/// What is due, by time; what is due at the same time comes in the order in which it was entered.
package struct EventQueue<Event: Sendable>: Sendable {
    private struct Entry: Sendable {
        let time: MonotonicTime
        let order: UInt64
        let event: Event

        func isBefore(_ other: Entry) -> Bool {
            time != other.time ? time < other.time : order < other.order
        }
    }

    private var heap: [Entry] = []
    private var entered: UInt64 = 0

    package init() {}

    /// Time of the next event; nil if there is none.
    package var nextTime: MonotonicTime? { heap.first?.time }

    package mutating func add(_ event: Event, at time: MonotonicTime) {
        heap.append(Entry(time: time, order: entered, event: event))
        entered += 1
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].isBefore(heap[parent]) else { break }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    package mutating func next() -> (time: MonotonicTime, event: Event)? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        if heap.isEmpty { return (first.time, first.event) }
        heap[0] = last
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, heap[child + 1].isBefore(heap[child]) { child += 1 }
            guard heap[child].isBefore(heap[parent]) else { break }
            heap.swapAt(child, parent)
            parent = child
        }
        return (first.time, first.event)
    }
}
