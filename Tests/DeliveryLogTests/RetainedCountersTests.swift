import DeliveryControl
import DeliveryLog
import Foundation
import Testing

/// The hardware's memory: slots, latches, and what damage does to them.
struct RetainedCountersTests {
    private static func sample(_ count: Int64) -> MonitorSample {
        MonitorSample(primary: count, secondary: -count, dark: SIMD2(2 * count, 3))
    }

    private static func latch(_ count: Int) -> VisitLatch {
        VisitLatch(layer: count / 7, visit: count % 7, primary: Int64(count), secondary: Int64(-count))
    }

    private static func filled(_ path: String, latches: Int) throws -> RetainedCounters {
        let counters = try RetainedCounters(creating: path)
        for count in stride(from: 1, through: latches, by: 1) {
            counters.latch(layer: count / 7, visit: count % 7, sample(Int64(count)))
        }
        return counters
    }

    @Test func latchesComeBackInOrderAndOldOnesGiveWay() throws {
        let scratch = try Scratch()
        for count in [0, 1, 5, RetainedCounters.places - 1, RetainedCounters.places, 3000] {
            let path = scratch.file("counters-\(count)")
            let counters = try Self.filled(path, latches: count)
            let reading = try RetainedCounters.read(path)
            let first = max(1, count - RetainedCounters.places + 1)
            #expect(reading.latches == (first..<count + 1).map(Self.latch))
            #expect(reading.registers.primary == Int64(count))
            counters.keep(Self.sample(5000))
            #expect(try RetainedCounters.read(path).latches == reading.latches)
        }
    }

    /// Every bit: a slot that is hurt leaves the other, a latch that is hurt ends what is read of the ring, and nothing wrong is ever read.
    @Test func everyFlippedBitIsFoundOrHarmless() throws {
        let scratch = try Scratch()
        let path = scratch.file("counters")
        let counters = try Self.filled(path, latches: 9)
        counters.acknowledge(77)
        counters.keep(Self.sample(10))
        let whole = try RetainedCounters.read(path)
        #expect(whole.registers == Self.sample(10))
        #expect(whole.acknowledged == 77 && !whole.isTorn && whole.latches == (1...9).map(Self.latch))
        let bytes = try LogSamples.bytes(path)
        #expect(bytes.count == RetainedCounters.size)
        var (torn, refused, shorter) = (0, 0, 0)
        // Head, slots, and the first ten places of the ring (the place before the first is empty).
        for bit in 0..<8 * (192 + 400) {
            var changed = bytes
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            try Data(changed).write(to: URL(fileURLWithPath: path + "-changed"))
            do {
                let reading = try RetainedCounters.read(path + "-changed")
                #expect(reading.latches.elementsEqual(whole.latches.suffix(reading.latches.count)))
                #expect(reading.acknowledged == whole.acknowledged)
                if reading.isTorn {
                    torn += 1
                    #expect([9, 10].contains(reading.registers.primary))
                } else {
                    // A latch, or a word that is not used.
                    #expect(reading.registers == whole.registers)
                    if reading.latches != whole.latches { shorter += 1 }
                }
            } catch {
                refused += 1
            }
        }
        // Eight words of each slot count, of the head two, of the ring nine times five.
        #expect(torn == 2 * 8 * 64 && refused == 2 * 64 && shorter == 9 * 5 * 64)
    }

    @Test func filesThatAreNotCountersAreRefused() throws {
        let scratch = try Scratch()
        let path = scratch.file("counters")
        _ = try Self.filled(path, latches: 2)
        let bytes = try LogSamples.bytes(path)
        var both = bytes
        both[64] ^= 1
        both[128] ^= 1
        var older = Array(bytes.prefix(192))
        older[8] = 1
        for (wrong, word) in [
            (both, "both slots"), (Array(bytes.dropLast()), "bytes instead of"), (older, "version 1"),
            ([], "does not begin"),
        ] {
            try Data(wrong).write(to: URL(fileURLWithPath: path))
            let error = #expect(throws: DeliveryLogError.self) { try RetainedCounters.read(path) }
            #expect("\(try #require(error))".contains(word))
        }
    }
}
