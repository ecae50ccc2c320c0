import DeliveryControl
import DeliveryLog
import DeliverySimulation
import Foundation
import Testing

/// Sessions of one field in the folder of its fraction.
struct DeliverySessionTests {
    @Test func goesOnUntilTheFieldIsComplete() throws {
        let scratch = try Scratch()
        let folder = scratch.file("fraction-1")
        let field = LogSamples.field(layers: 3, side: 6)
        #expect(try FieldHistory(folder: folder, fieldNumber: 1).standing == .new)
        for share in [0.1, 0.3, 0.0, 0.4] {
            let before = try FieldHistory(folder: folder, fieldNumber: 1)
            try LogSamples.deliver(folder, field, share: share, seed: UInt64(share * 100) + 3)
            let after = try FieldHistory(folder: folder, fieldNumber: 1)
            #expect(after.standing == .interrupted)
            #expect(after.sessions.count == before.sessions.count + 1)
            #expect(after.sessions.last?.log?.header.start == before.start)
        }
        try LogSamples.deliver(folder, field)
        let history = try FieldHistory(folder: folder, fieldNumber: 1)
        #expect(history.standing == .completed && history.sessions.count == 5)
        // Every visit got its counts to the overshoot of one reaction, the sum is right to that of the layers' ends.
        for (layer, sequence) in field.layers.enumerated() {
            let counts = history.bookings[layer].reduce(0) { $0 + $1.primary }
            #expect(counts >= sequence.counts)
            #expect(Double(counts - sequence.counts) < sequence.countsPerS * 250e-6)
        }
        #expect(throws: DeliveryLogError.nothingLeft(folder: folder, field: 1)) {
            try DeliverySession(opening: folder, header: LogSamples.header(field))
        }
    }

    @Test func onlyOneProcessAtATime() throws {
        let scratch = try Scratch()
        let header = LogSamples.header(LogSamples.field())
        let session = try DeliverySession(opening: scratch.path, header: header)
        #expect(throws: DeliveryLogError.inUse(folder: scratch.path)) {
            try DeliverySession(opening: scratch.path, header: header)
        }
        try session.close()
    }

    @Test func otherPlansFractionsAndTablesAreRefused() throws {
        let scratch = try Scratch()
        let field = LogSamples.field()
        try LogSamples.deliver(scratch.path, field, share: 0.3)
        var otherTable = field
        otherTable.layers[1] = LayerSequence(
            planLayer: 1, energy: field.layers[1].energy, rigidityTM: field.layers[1].rigidityTM,
            countsPerS: 1 + field.layers[1].countsPerS, visits: field.layers[1].visits)
        var otherPatient = field
        otherPatient.setup.patientID = "Q"
        for (header, word) in [
            (LogSamples.header(LogSamples.field(hash: "other")), "plan with hash"),
            (LogSamples.header(field, fraction: 2), "fraction"),
            (LogSamples.header(otherTable), "spot table"),
            (LogSamples.header(otherPatient), "patient"),
        ] {
            let error = #expect(throws: DeliveryLogError.self) {
                try DeliverySession(opening: scratch.path, header: header)
            }
            #expect("\(try #require(error))".contains(word))
        }
        #expect(try FieldHistory(folder: scratch.path, fieldNumber: 1).sessions.count == 1)
    }

    /// What is missing or contradicts itself is never delivered on.
    @Test func missingAndContradictingFilesAreRefused() throws {
        let field = LogSamples.field()
        func refused(_ change: (String) throws -> Void, sourceLocation: SourceLocation = #_sourceLocation)
            throws
        {
            let scratch = try Scratch()
            try LogSamples.deliver(scratch.path, field, share: 0.3)
            try LogSamples.deliver(scratch.path, field, share: 0.3)
            try change(scratch.path)
            #expect(throws: DeliveryLogError.self, sourceLocation: sourceLocation) {
                try DeliverySession(opening: scratch.path, header: LogSamples.header(field))
            }
        }
        let manager = FileManager.default
        try refused { try manager.removeItem(atPath: $0 + "/field-1-session-1.log") }
        try refused { try manager.removeItem(atPath: $0 + "/field-1-session-2.log") }
        try refused { try manager.removeItem(atPath: $0 + "/field-1-session-2.counters") }
        try refused {
            try manager.removeItem(atPath: $0 + "/field-1-session-1.log")
            try manager.removeItem(atPath: $0 + "/field-1-session-1.counters")
        }
        try refused {
            try manager.removeItem(atPath: $0 + "/field-1-session-1.counters")
            try manager.copyItem(
                atPath: $0 + "/field-1-session-2.counters", toPath: $0 + "/field-1-session-1.counters")
        }
        try refused {
            try manager.removeItem(atPath: $0 + "/field-1-session-2.log")
            try manager.copyItem(
                atPath: $0 + "/field-1-session-1.log", toPath: $0 + "/field-1-session-2.log")
        }
    }

    /// Killed between the files, or before the header: nothing was delivered, the next session has the next number.
    @Test func emptySessionsDeliveredNothing() throws {
        let scratch = try Scratch()
        let field = LogSamples.field()
        _ = try RetainedCounters(creating: scratch.file("field-1-session-1.counters"))
        _ = try RetainedCounters(creating: scratch.file("field-1-session-2.counters"))
        try Data([0x4B, 0x41] + [UInt8](repeating: 0, count: 5000))
            .write(to: URL(fileURLWithPath: scratch.file("field-1-session-2.log")))
        // Killed while the counters' file was made: empty, or zeros.
        try Data().write(to: URL(fileURLWithPath: scratch.file("field-1-session-3.counters")))
        try Data(count: 192).write(to: URL(fileURLWithPath: scratch.file("field-1-session-4.counters")))
        #expect(try FieldHistory(folder: scratch.path, fieldNumber: 1).standing == .new)
        try LogSamples.deliver(scratch.path, field)
        let history = try FieldHistory(folder: scratch.path, fieldNumber: 1)
        #expect(history.sessions.count == 5 && history.standing == .completed)
        #expect(history.sessions[4].log?.header.session == 5)
    }
}
