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
    static let killsOfAField = 12

    struct Tally {
        var kills = 0
        var fields = 0
        /// What a process that gave a whole field took last, s: kills are spread over that, however fast the disk is.
        var durationS: Double?
        var inFlight = 0
        var salvaged = 0
        /// Sessions whose counts were divided by presets, and counts that were salvaged.
        var estimated = 0
        var counts: Int64 = 0
        /// Greatest difference between booked and true counts: of a field, of a visit, of one that a killed session had a part in.
        var field = 0.0
        var visit = 0.0
        var salvagedVisit = 0.0
    }

    @Test func nothingIsLostNothingIsGivenTwice() throws {
        var random = SeededRandom(seed: 20_260_925, stream: 0)
        var tally = Tally()
        while tally.kills < Self.kills { try oneField(&random, &tally) }
        print(
            "crash test: \(tally.kills) kills, \(tally.fields) fields, \(tally.salvaged) sessions salvaged (\(tally.counts) counts), "
                + "\(tally.inFlight) killed in a step; greatest difference, counts: field \(tally.field), visit \(tally.visit), "
                + "visit with a killed session \(tally.salvagedVisit)")
        #expect(tally.salvaged > 0)
        // The latches reach back to the last entry whenever the process is killed.
        #expect(tally.estimated == 0)
    }

    private func oneField(_ random: inout SeededRandom, _ tally: inout Tally) throws {
        let scratch = try Scratch()
        let folder = scratch.file("fraction-1")
        var truth: TruthFile?
        var before: [Double] = []
        // Sessions that gave a visit something, and whether one of them was salvaged.
        var parts: [(count: Int, isSalvaged: Bool)] = []
        var settled = 0
        for session in 1...40 {
            // Every session reads those before: a field that is killed again and again would not come to its end.
            let isKilled = tally.kills < Self.kills && session <= Self.killsOfAField
            let killAfter = isKilled ? tally.durationS.map { 0.002 + $0 * random.uniform() } : nil
            let process = Process()
            process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
                .appendingPathComponent("delivery-exerciser")
            process.arguments = [folder, "\(UInt64.random(in: 0...1 << 40))"]
            let output = Pipe()
            process.standardOutput = output
            let begin = ContinuousClock.now
            try process.run()
            if let killAfter {
                usleep(UInt32(killAfter * 1e6))
                kill(process.processIdentifier, SIGKILL)
            }
            process.waitUntilExit()
            let wasKilled = process.terminationReason == .uncaughtSignal
            if wasKilled {
                tally.kills += 1
            } else if session == 1, process.terminationStatus == 0 {
                tally.durationS = (ContinuousClock.now - begin) / .seconds(1)
            }
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
                try settle(truth, since: before.reduce(0, +), counters: last.counters, &tally)
                let ledger = last.delivered?.ledger
                if wasKilled, let ledger, ledger.isSalvaged {
                    tally.salvaged += 1
                    tally.counts += ledger.total.primary - logged(last)
                    if ledger.isEstimated { tally.estimated += 1 }
                }
                if before.isEmpty {
                    before = [Double](repeating: 0, count: truth.count)
                    parts = [(Int, Bool)](repeating: (0, false), count: truth.count)
                }
                for cell in 0..<truth.count where truth[cell] != before[cell] {
                    before[cell] = truth[cell]
                    parts[cell].count += 1
                    if ledger?.isSalvaged == true { parts[cell].isSalvaged = true }
                }
            }
            // A second process must find the same remainder; a killed one never comes back to beam by itself.
            if history.standing == .completed {
                compare(history, try #require(truth), parts, &tally)
                tally.fields += 1
                return
            }
        }
        Issue.record("the field was not completed in 40 sessions")
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

    /// Counts that the log alone tells of.
    private func logged(_ session: RecordedSession) -> Int64 {
        guard let log = session.log else { return 0 }
        return log.delivered(nil).total.primary
    }

    private func compare(
        _ history: FieldHistory, _ truth: TruthFile, _ parts: [(count: Int, isSalvaged: Bool)],
        _ tally: inout Tally
    ) {
        var cell = 0
        var (booked, given) = (0.0, 0.0)
        for (layer, visits) in history.bookings.enumerated() {
            for (visit, booking) in visits.enumerated() {
                let counts = truth[cell] / CrashField.ionsPerCount
                let difference = abs(Double(booking.primary) - counts)
                tally.visit = max(tally.visit, difference)
                if parts[cell].isSalvaged { tally.salvagedVisit = max(tally.salvagedVisit, difference) }
                // Every session that gave the visit a part rounds once.
                #expect(difference < Double(parts[cell].count) + 0.001, "layer \(layer), visit \(visit)")
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
