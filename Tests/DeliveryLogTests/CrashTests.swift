import DeliveryControl
import DeliveryLog
import DeliveryWitness
import Foundation
import NumericKernels
import Testing

/// The process that delivers is killed at random instants and started again until the field is complete: what the logs book is what the
/// machine gave.
struct CrashTests {
    /// Kills: 30, and 1,000 with the slow comparisons.
    static let kills = ProcessInfo.processInfo.environment["KASANE_VALIDATE"] == nil ? 30 : 1000

    struct Tally {
        var kills = 0
        var fields = 0
        var inFlight = 0
        var salvaged = 0
        /// Greatest difference between booked and true counts: of a field, of a visit that was logged, of one that was salvaged.
        var field = 0.0
        var logged = 0.0
        var salvagedVisit = 0.0
    }

    @Test func nothingIsLostNothingIsGivenTwice() throws {
        var random = SeededRandom(seed: 20_260_925, stream: 0)
        var tally = Tally()
        while tally.kills < Self.kills { try oneField(&random, &tally) }
        print(
            "crash test: \(tally.kills) kills, \(tally.fields) fields, \(tally.salvaged) sessions salvaged, \(tally.inFlight) killed in "
                + "a step; greatest difference, counts: field \(tally.field), logged visit \(tally.logged), salvaged visit "
                + "\(tally.salvagedVisit)")
        #expect(tally.salvaged > 0)
    }

    private func oneField(_ random: inout SeededRandom, _ tally: inout Tally) throws {
        let scratch = try Scratch()
        let folder = scratch.file("fraction-1")
        var truth: TruthFile?
        var before = 0.0
        var settled = 0
        for session in 1...200 {
            let killAfter = tally.kills < Self.kills ? 0.004 + 0.16 * random.uniform() : nil
            let process = Process()
            process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
                .appendingPathComponent("delivery-exerciser")
            process.arguments = [folder, "\(UInt64.random(in: 0...1 << 40))"]
            let output = Pipe()
            process.standardOutput = output
            try process.run()
            if let killAfter {
                usleep(UInt32(killAfter * 1e6))
                kill(process.processIdentifier, SIGKILL)
            }
            process.waitUntilExit()
            let wasKilled = process.terminationReason == .uncaughtSignal
            if wasKilled { tally.kills += 1 }
            let said = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
            // An interlock may end a session as the kill does: the next one goes on.
            try #require(
                wasKilled || [0, 2, 3].contains(process.terminationStatus), "session \(session): \(said)")
            guard FileManager.default.fileExists(atPath: folder) else { continue }
            let history = try FieldHistory(folder: folder, fieldNumber: 1)
            guard let field = history.sessions.compactMap(\.log).first?.header.field else { continue }
            if truth == nil, FileManager.default.fileExists(atPath: folder + "/truth") {
                truth = TruthFile(folder + "/truth", count: field.visitCount)
                try #require(truth != nil)
            }
            // A process that was killed before it made its files has no session.
            if let truth, let last = history.sessions.last, history.sessions.count > settled {
                settled = history.sessions.count
                try settle(truth, since: before, counters: last.counters, &tally)
                before = truth.total
                if wasKilled, last.delivered?.ledger.isSalvaged == true { tally.salvaged += 1 }
            }
            // A second process must find the same remainder; a killed one never comes back to beam by itself.
            if history.standing == .completed {
                compare(history, try #require(truth), &tally)
                tally.fields += 1
                return
            }
        }
        Issue.record("the field was not completed in 200 sessions")
    }

    /// A step under way when the process died changed the truth, but not yet the counters: it did not happen.
    private func settle(
        _ truth: TruthFile, since before: Double, counters: RetainedCounters.Reading?, _ tally: inout Tally
    ) throws {
        let counted = Double(counters?.registers.primary ?? 0)
        func agrees(_ total: Double) -> Bool {
            let counts = (total - before) / CrashField.ionsPerCount
            return counts > counted - 0.001 && counts < counted + 1.001
        }
        if agrees(truth.total) { return }
        let step = try #require(truth.lastStep)
        try #require(
            truth[step.cell] == step.after && agrees(truth.total - step.after + step.before),
            "the counters say \(counted), the machine \((truth.total - before) / CrashField.ionsPerCount)")
        truth[step.cell] = step.before
        tally.inFlight += 1
    }

    private func compare(_ history: FieldHistory, _ truth: TruthFile, _ tally: inout Tally) {
        let bookings = history.bookings
        var cell = 0
        var (booked, given) = (0.0, 0.0)
        let salvaged = history.sessions.contains { $0.delivered?.ledger.isSalvaged == true }
        for (layer, visits) in bookings.enumerated() {
            for (visit, booking) in visits.enumerated() {
                let counts = truth[cell] / CrashField.ionsPerCount
                let difference = abs(Double(booking.primary) - counts)
                if salvaged {
                    tally.salvagedVisit = max(tally.salvagedVisit, difference)
                } else {
                    tally.logged = max(tally.logged, difference)
                    // Every session that gave the visit a part rounds once.
                    let parts = history.sessions.count { session in
                        (session.delivered?.ledger.bookings[layer][visit].primary ?? 0) > 0
                    }
                    #expect(difference < Double(max(1, parts)) + 0.001, "layer \(layer), visit \(visit)")
                }
                booked += Double(booking.primary)
                given += counts
                cell += 1
            }
        }
        tally.field = max(tally.field, abs(booked - given))
        // Every session rounds down once.
        #expect(given - booked > -0.001 && given - booked < Double(history.sessions.count) + 0.001)
    }
}
