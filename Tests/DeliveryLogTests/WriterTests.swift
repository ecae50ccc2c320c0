import DeliveryControl
import DeliveryLog
import DeliverySimulation
import Foundation
import Testing

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
            try DeliveryLog.parse(file.onDisk, path: "log", acknowledged: acknowledged))
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
            if failedAt == nil, state.hasBeam, state.outcome.recordsOnDisk > 60 {
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
            try DeliveryLog.parse(file.onDisk, path: "log", acknowledged: counters.acknowledged))
        let total = log.delivered(counters).total
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
