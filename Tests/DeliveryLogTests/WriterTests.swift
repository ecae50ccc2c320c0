import DeliveryControl
import DeliveryLog
import DeliverySimulation
import Foundation
import Testing

/// A file that fails on demand.
final class FailingFile: LogFile {
    enum Fault: CaseIterable { case none, fullDisk, write, synchronise }

    var bytes: [UInt8] = []
    /// What a power cut would leave.
    var durable = 0
    var fault = Fault.none
    var calls = 0

    func append(_ more: [UInt8]) throws(DeliveryLogError) {
        calls += 1
        switch fault {
        case .fullDisk:
            // A part is written before the disk is full.
            bytes += more.prefix(more.count / 2)
            throw .refused(path: "log", action: "write", why: "No space left on device")
        case .write: throw .refused(path: "log", action: "write", why: "Input/output error")
        case .none, .synchronise: bytes += more
        }
    }

    func synchronise() throws(DeliveryLogError) {
        calls += 1
        if fault == .synchronise {
            // The system drops the pages and forgets the error: the next call would say yes.
            fault = .none
            throw .refused(path: "log", action: "bring the file to disk", why: "Input/output error")
        }
        durable = bytes.count
    }

    func trim() throws(DeliveryLogError) {}
    func close() {}
}

/// What the writer does when the disk does not.
struct DeliveryLogWriterTests {
    /// After a fault no commit is acknowledged again and the file is left alone; what was acknowledged is there.
    @Test(arguments: [FailingFile.Fault.fullDisk, .write, .synchronise])
    func firstFaultEndsTheLog(fault: FailingFile.Fault) throws {
        let scratch = try Scratch()
        let file = FailingFile()
        let writer = try DeliveryLogWriter(
            file: file, counters: try RetainedCounters(creating: scratch.file("counters")),
            header: LogSamples.header(LogSamples.field()))
        writer.append(.ready, at: .start)
        #expect(writer.commit() && writer.commits == 1)
        writer.append(.beamOn, at: .start)
        file.fault = fault
        #expect(!writer.commit())
        #expect(writer.failure != nil)
        let calls = file.calls
        file.fault = .none
        writer.append(.resumed, at: .start)
        #expect(!writer.commit())
        #expect(throws: DeliveryLogError.self) { try writer.close() }
        #expect(file.calls == calls)
        let acknowledged = try RetainedCounters.read(scratch.file("counters")).acknowledged
        let log = try #require(
            try DeliveryLog.parse(Array(file.bytes[..<file.durable]), path: "log", acknowledged: acknowledged)
        )
        #expect(log.records.map(\.entry) == [.ready])
    }

    /// The disk fails while beam is on: the control stops, and every count is in the log or in the counters.
    @Test(arguments: [FailingFile.Fault.fullDisk, .write, .synchronise])
    func beamStopsWhenTheDiskFails(fault: FailingFile.Fault) throws {
        let scratch = try Scratch()
        let file = FailingFile()
        let field = LogSamples.field(layers: 2, side: 8)
        let writer = try DeliveryLogWriter(
            file: file, counters: try RetainedCounters(creating: scratch.file("counters")),
            header: LogSamples.header(field))
        var simulation = FieldSimulation(
            field: field, figures: LogSamples.figures, people: .init(resumes: 0), seed: 3, sink: writer)
        var failedAt: MonotonicTime?
        var lastIon = 0.0
        _ = simulation.run { state in
            if failedAt == nil, state.hasBeam, file.bytes.count > 6000 {
                file.fault = fault
                failedAt = state.now
            }
            return false
        }
        lastIon = simulation.outcome.lastIonS.joined().max() ?? 0
        let failed = try #require(failedAt)
        #expect(simulation.outcome.phase == .terminated)
        #expect(lastIon < failed.seconds + 0.010)
        let counters = try RetainedCounters.read(scratch.file("counters"))
        let log = try #require(
            try DeliveryLog.parse(
                Array(file.bytes[..<file.durable]), path: "log", acknowledged: counters.acknowledged))
        let total = log.delivered(retained: counters.registers).total
        #expect(total.primary == simulation.outcome.registers.primary)
    }

    @Test func nothingIsOverwritten() throws {
        let scratch = try Scratch()
        let header = LogSamples.header(LogSamples.field())
        _ = try DeliveryLogWriter(
            creating: scratch.file("a.log"), counters: scratch.file("a.counters"), header: header)
        let before = try LogSamples.bytes(scratch.file("a.log"))
        #expect(throws: DeliveryLogError.exists(path: scratch.file("a.log"))) {
            try DeliveryLogWriter(
                creating: scratch.file("a.log"), counters: scratch.file("b.counters"), header: header)
        }
        #expect(try LogSamples.bytes(scratch.file("a.log")) == before)
        #expect(throws: DeliveryLogError.self) {
            try DeliveryLogWriter(
                creating: "/proc/nowhere/a.log", counters: scratch.file("c.counters"), header: header)
        }
    }
}

struct RetainedCountersTests {
    @Test func tornSlotLeavesTheOther() throws {
        let scratch = try Scratch()
        let path = scratch.file("counters")
        let counters = try RetainedCounters(creating: path)
        for count in 1...9 as ClosedRange<Int64> {
            counters.keep(MonitorSample(primary: count, secondary: -count, dark: SIMD2(2 * count, 3)))
        }
        counters.acknowledge(77)
        let whole = try RetainedCounters.read(path)
        #expect(whole.registers == MonitorSample(primary: 9, secondary: -9, dark: SIMD2(18, 3)))
        #expect(whole.acknowledged == 77 && !whole.isTorn)
        let bytes = try LogSamples.bytes(path)
        var (torn, refused) = (0, 0)
        for bit in 0..<8 * bytes.count {
            var changed = bytes
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            try Data(changed).write(to: URL(fileURLWithPath: path + "-changed"))
            do {
                let reading = try RetainedCounters.read(path + "-changed")
                if reading.isTorn {
                    torn += 1
                    #expect(reading.registers == whole.registers)
                } else {
                    // A word that is not used.
                    #expect(reading == whole)
                }
            } catch {
                refused += 1
            }
        }
        // Seven words of each slot count; of the head, two.
        #expect(torn == 2 * 7 * 64 && refused == 2 * 64)
        var both = bytes
        both[64] ^= 1
        both[128] ^= 1
        try Data(both).write(to: URL(fileURLWithPath: path + "-changed"))
        #expect(throws: DeliveryLogError.self) { try RetainedCounters.read(path + "-changed") }
        try Data(bytes.dropLast()).write(to: URL(fileURLWithPath: path + "-changed"))
        #expect(throws: DeliveryLogError.self) { try RetainedCounters.read(path + "-changed") }
    }
}
