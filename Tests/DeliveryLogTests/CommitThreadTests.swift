import DeliveryControl
import DeliveryLog
import DeliverySimulation
import Foundation
import Testing

/// Commits on a thread of their own: nothing is said to be on disk before it is, and nothing depends on how fast that goes.
struct CommitThreadTests {
    private func writer(_ file: FailingFile, _ scratch: Scratch, _ field: FieldSequence) throws
        -> DeliveryLogWriter
    {
        try DeliveryLogWriter(
            file: file, counters: try RetainedCounters(creating: scratch.file("counters")),
            header: LogSamples.header(field))
    }

    /// The disk holds a commit back: its begin returns, and until it is through nothing is acknowledged.
    @Test(.timeLimit(.minutes(1))) func beginDoesNotWait() throws {
        let scratch = try Scratch()
        let permission = DispatchSemaphore(value: 0)
        permission.signal()
        let file = FailingFile(permission: permission)
        let writer = try writer(file, scratch, LogSamples.field())
        let header = try RetainedCounters.read(scratch.file("counters")).acknowledged
        #expect(header == file.onDisk.count)
        writer.append(.ready, at: .start)
        writer.beginCommit()
        writer.append(.beamOn, at: .start)
        writer.retain(MonitorSample(primary: 5, secondary: 6))
        let meanwhile = try RetainedCounters.read(scratch.file("counters"))
        #expect(meanwhile.acknowledged == header && meanwhile.registers.primary == 5 && writer.commits == 0)
        permission.signal()
        #expect(writer.finishCommit() && writer.commits == 1)
        let after = try RetainedCounters.read(scratch.file("counters")).acknowledged
        #expect(after == file.onDisk.count && after > header)
        let log = try #require(try DeliveryLog.parse(file.onDisk, path: "log", acknowledged: after))
        #expect(log.records.map(\.entry) == [.ready])
        // Answers come in the order of the commits, also where there was nothing to write.
        permission.signal()
        writer.beginCommit()
        writer.beginCommit()
        writer.append(.resumed, at: .start)
        file.fault = .write
        writer.beginCommit()
        writer.beginCommit()
        #expect([writer.finishCommit(), writer.finishCommit()] == [true, true])
        #expect([writer.finishCommit(), writer.finishCommit()] == [false, false])
    }

    /// Looks whether what was said to be on disk is there.
    final class Witness: RecordSink {
        let writer: DeliveryLogWriter
        let file: FailingFile
        var begun: [Int] = []
        var tooEarly = 0
        var told = 0
        private var entries = 0

        init(_ writer: DeliveryLogWriter, _ file: FailingFile) {
            self.writer = writer
            self.file = file
        }

        func append(_ entry: FieldRecord, at time: MonotonicTime) {
            entries += 1
            writer.append(entry, at: time)
        }
        func beginCommit() {
            begun.append(entries)
            writer.beginCommit()
        }
        func finishCommit() -> Bool {
            let wanted = begun.removeFirst()
            let answer = writer.finishCommit()
            if answer {
                told += 1
                let log = try? DeliveryLog.parse(file.onDisk, path: "log")
                if (log?.records.count ?? 0) < wanted { tooEarly += 1 }
            }
            return answer
        }
        func retain(_ registers: MonitorSample) { writer.retain(registers) }
        func latch(layer: Int, visit: Int, _ registers: MonitorSample) {
            writer.latch(layer: layer, visit: visit, registers)
        }
    }

    @Test func speedOfTheDiskChangesNothing() throws {
        let field = LogSamples.field(layers: 3, side: 8)
        func deliver(_ delays: [UInt32]) throws -> (outcome: FieldOutcome, bytes: [UInt8]) {
            let scratch = try Scratch()
            let file = FailingFile()
            file.take(delays)
            let sink = Witness(try writer(file, scratch, field), file)
            var simulation = FieldSimulation(field: field, figures: LogSamples.figures, seed: 8, sink: sink)
            _ = simulation.run()
            #expect(sink.tooEarly == 0 && sink.told > 10)
            try sink.writer.close()
            return (simulation.outcome, file.bytes)
        }
        let fast = try deliver([])
        let slow = try deliver([100, 0, 4000, 1500])
        #expect(fast.bytes == slow.bytes)
        #expect(fast.outcome.ions == slow.outcome.ions && fast.outcome.lastIonS == slow.outcome.lastIonS)
        #expect(fast.outcome.events == slow.outcome.events)
        #expect(fast.outcome.recordsOnDisk == slow.outcome.recordsOnDisk)
    }

    /// The thread holds the file; when it is gone, so is the thread, whether the log was closed, failed or forgotten.
    @Test(arguments: [FailingFile.Fault.none, .write, .synchronise]) func threadEndsWithTheWriter(
        fault: FailingFile.Fault
    ) throws {
        for closes in [true, false] {
            let scratch = try Scratch()
            weak var file: FailingFile?
            do {
                let made = FailingFile()
                made.take([2000])
                file = made
                let writer = try writer(made, scratch, LogSamples.field())
                made.fault = fault
                writer.append(.ready, at: .start)
                writer.beginCommit()
                if closes {
                    if fault == .none {
                        try writer.close()
                    } else {
                        #expect(throws: DeliveryLogError.self) { try writer.close() }
                    }
                }
            }
            #expect(file == nil)
        }
    }
}
