import DeliveryControl
import DeliveryLog
import DeliverySimulation
import Foundation
import Quantities
import Testing

/// What is written is what is read; what was cut or changed is told.
struct FormatTests {
    static let everyRecord: [FieldRecord] = {
        let sample = MonitorSample(
            primary: 123_456, secondary: 123_400, dark: SIMD2(3, 4), positionCounts: 77,
            positionMM: SIMD2(-12.345678901234567, 0.1), relativeSize: 1.0123)
        var records: [FieldRecord] = [
            .loaded(field: 1, from: .beginning), .ready,
            .layerStarted(layer: 0, primaryBase: 0, secondaryBase: -5), .beamOn,
            .visit(layer: 0, visit: 1, sample),
            .visit(layer: 0, visit: 2, MonitorSample(primary: .max / 4, secondary: 0)),
            .beamOff(sample), .layerEnded(layer: 1, sample), .resumed, .interrupted, .terminated, .completed,
        ]
        records += [
            .overridesVoid,
            .overridden(
                .imaging,
                by: [RightHolder(id: "Äda", right: .therapist), RightHolder(id: "B", right: .physicist)],
                reason: "images of 10:32, nobody went near the couch"),
        ]
        for interlock in Interlock.allCases {
            records += [
                .warning(interlock), .interlock(interlock),
                .reset(
                    interlock,
                    by: [
                        RightHolder(id: "Äda", right: .physicist), RightHolder(id: "", right: .facility),
                    ]),
            ]
        }
        return records
    }()

    @Test func everyEntryComesBack() throws {
        let scratch = try Scratch()
        let header = LogSamples.header(LogSamples.field())
        let writer = try DeliveryLogWriter(
            creating: scratch.file("a.log"), counters: scratch.file("a.counters"), header: header)
        for (index, record) in Self.everyRecord.enumerated() {
            // Times that also run backwards: the log tells what happened.
            writer.append(record, at: MonotonicTime(nanoseconds: Int64(index % 7) * 1_234_567 - 3))
            if index % 5 == 0 { #expect(writer.commit()) }
        }
        try writer.close()
        let log = try #require(try DeliveryLog.read(scratch.file("a.log")))
        #expect(log.header == header)
        #expect(log.records.map(\.entry) == Self.everyRecord)
        #expect(
            log.records.map(\.time.nanoseconds)
                == Self.everyRecord.indices.map { Int64($0 % 7) * 1_234_567 - 3 })
        #expect(log.isClosed && log.tornBytes == 0)
    }

    /// A visit needs some 40 bytes.
    @Test func visitsAreShort() throws {
        let scratch = try Scratch()
        let field = LogSamples.field(layers: 3, side: 12, paintings: 4)
        try LogSamples.deliver(scratch.path, field)
        let bytes = try LogSamples.bytes(scratch.file("field-1-session-1.log"))
        let head = try #require(DeliveryLogFormat.frame(in: bytes, at: 12)).end
        #expect(Double(bytes.count - head) / Double(field.visitCount) < 50)
    }

    /// A log in memory, and for each of its frames what the hardware's counters said and what the machine gave when it was written.
    struct Tapped: RecordSink {
        struct Mark {
            var begin: Int
            var end: Int
            var counters: RetainedCounters.Reading
            var ions: [[Double]]
        }

        let writer: DeliveryLogWriter
        let file: FailingFile
        var registers = MonitorSample(primary: 0, secondary: 0)
        var latches: [VisitLatch] = []
        var ions: [[Double]]
        var marks: [Mark] = []
        var answers: [Bool] = []

        mutating func append(_ entry: FieldRecord, at time: MonotonicTime) { writer.append(entry, at: time) }
        mutating func beginCommit() {
            let begin = file.bytes.count
            answers.append(writer.commit())
            let end = file.bytes.count
            if end > begin {
                let counters = RetainedCounters.Reading(
                    registers: registers, latches: latches.suffix(100), acknowledged: 0)
                marks.append(Mark(begin: begin, end: end, counters: counters, ions: ions))
            }
        }
        mutating func finishCommit() -> Bool { answers.removeFirst() }
        mutating func retain(_ registers: MonitorSample) {
            self.registers = registers
            writer.retain(registers)
        }
        mutating func latch(layer: Int, visit: Int, _ registers: MonitorSample) {
            latches.append(
                VisitLatch(
                    layer: layer, visit: visit, primary: registers.primary, secondary: registers.secondary))
            retain(registers)
        }
        mutating func witness(ions more: Double, layer: Int, visit: Int) { ions[layer][visit] += more }
    }

    /// Every length from nothing to everything, as a crash during each commit leaves it: the entries of the whole frames, never an error,
    /// never a wrong entry, and with counters and latches of that moment the exact counts of every visit.
    @Test func everyTruncation() throws {
        let scratch = try Scratch()
        let file = FailingFile()
        let field = LogSamples.field(layers: 3, side: 6)
        let writer = try DeliveryLogWriter(
            file: file, counters: try RetainedCounters(creating: scratch.file("counters")),
            header: LogSamples.header(field))
        let header = file.bytes.count
        var figures = LogSamples.figures
        figures.monitors.gainError = 0
        figures.monitors.recombinationS = 0
        let none = field.layers.map { $0.visits.map { _ in 0.0 } }
        var simulation = FieldSimulation(
            field: field, figures: figures, seed: 5, sink: Tapped(writer: writer, file: file, ions: none))
        _ = simulation.run()
        try #require(simulation.outcome.phase == .completed && simulation.sink.marks.count > 8)
        let bytes = file.bytes
        let whole = try #require(try DeliveryLog.parse(bytes, path: "log"))
        for length in 0..<header {
            #expect(try DeliveryLog.parse(Array(bytes[..<length]), path: "log") == nil)
        }
        var (wrong, wrongVisits, estimated) = (0, 0, 0)
        for mark in simulation.sink.marks {
            for length in mark.begin...mark.end {
                let cut = Array(bytes[..<length])
                let read = try #require(try DeliveryLog.parse(cut, path: "log", acknowledged: mark.begin))
                #expect(read.records.elementsEqual(whole.records.prefix(read.records.count)))
                let ledger = read.delivered(mark.counters).ledger
                let registers = mark.counters.registers
                if ledger.total != (registers.primary, registers.secondary) { wrong += 1 }
                if ledger.isEstimated { estimated += 1 }
                for (bookings, ions) in zip(ledger.bookings.joined(), mark.ions.joined())
                where abs(Double(bookings.primary) - ions / 50) > 1.001 { wrongVisits += 1 }
                // The counters know what was acknowledged: then anything less is damage.
                if length < mark.end {
                    #expect(throws: DeliveryLogError.self) {
                        try DeliveryLog.parse(cut, path: "log", acknowledged: mark.end)
                    }
                }
            }
        }
        #expect(wrong == 0 && wrongVisits == 0 && estimated == 0)
    }

    /// Every bit of a log, flipped: refused with its place, or told as a torn end where it is the last frame of an open log; with the
    /// counters always refused.
    @Test func everyBitFlip() throws {
        let scratch = try Scratch()
        try LogSamples.deliver(scratch.path, LogSamples.field(layers: 1, side: 3), share: 0.6)
        var bytes = try LogSamples.used(scratch.path)
        var silent: [Int] = []
        var refused = 0
        for bit in 0..<8 * bytes.count {
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            defer { bytes[bit / 8] ^= 1 << UInt8(bit % 8) }
            do {
                let log = try DeliveryLog.parse(bytes, path: "log")
                if let log, log.tornBytes == 0 { silent.append(bit) }
            } catch {
                refused += 1
            }
            #expect(throws: DeliveryLogError.self) {
                try DeliveryLog.parse(bytes, path: "log", acknowledged: bytes.count)
            }
        }
        #expect(silent.isEmpty)
        #expect(refused > 8 * bytes.count / 2)
    }

    @Test func garbageAfterACrashIsTold() throws {
        let scratch = try Scratch()
        try LogSamples.deliver(scratch.path, LogSamples.field(layers: 1, side: 3), share: 0.6)
        let bytes = try LogSamples.used(scratch.path)
        for garbage in [
            [UInt8](repeating: 9, count: 4096), [0xD5, 0x4B, 0x46, 0x0A, 1, 2, 3], Array(bytes[12..<40]),
        ] {
            let log = try #require(
                try DeliveryLog.parse(bytes + garbage, path: "log", acknowledged: bytes.count))
            #expect(log.tornBytes == garbage.count)
        }
        let padded = try #require(
            try DeliveryLog.parse(bytes + [UInt8](repeating: 0, count: 999), path: "log"))
        #expect(padded.tornBytes == 0)
    }

    @Test func otherFilesAndFramesAreRefused() throws {
        let scratch = try Scratch()
        let field = LogSamples.field(layers: 1, side: 3)
        try LogSamples.deliver(scratch.path, field)
        let bytes = try LogSamples.bytes(scratch.file("field-1-session-1.log"))
        #expect(throws: DeliveryLogError.notALog(path: "x")) {
            try DeliveryLog.parse(Array("not a log at all".utf8), path: "x")
        }
        var newer = bytes
        newer[8] = 9
        #expect(throws: DeliveryLogError.unknownVersion(path: "x", version: 9)) {
            try DeliveryLog.parse(newer, path: "x")
        }
        // A frame taken out, put in twice, or after the end.
        var starts = [12]
        while let frame = DeliveryLogFormat.frame(in: bytes, at: starts[starts.count - 1]) {
            starts.append(frame.end)
        }
        let middle = Array(bytes[starts[1]..<starts[2]])
        for wrong in [
            Array(bytes[..<starts[1]] + bytes[starts[2]...]),
            Array(bytes[..<starts[2]] + middle + bytes[starts[2]...]),
            bytes + middle, bytes + [7],
        ] {
            #expect(throws: DeliveryLogError.self) { try DeliveryLog.parse(wrong, path: "x") }
        }
        // Whole frames with entries outside the field.
        for record in [
            FieldRecord.visit(layer: 0, visit: 9, MonitorSample(primary: 0, secondary: 0)),
            .layerStarted(layer: 1, primaryBase: 0, secondaryBase: 0), .loaded(field: 2, from: .beginning),
        ] {
            let path = scratch.file("\(UUID().uuidString).log")
            let writer = try DeliveryLogWriter(
                creating: path, counters: path + ".counters", header: LogSamples.header(field))
            writer.append(record, at: .start)
            try writer.close()
            #expect(throws: DeliveryLogError.self) { try DeliveryLog.read(path) }
        }
    }
}
