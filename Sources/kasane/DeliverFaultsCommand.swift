import ArgumentParser
import DeliveryControl
import DeliverySimulation
import Foundation
import Reporting

/// `kasane deliver faults`.
struct DeliverFaultsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faults",
        abstract:
            "Inject 25 faults into simulated deliveries, alone and in pairs, and check seven invariants.",
        discussion: """
            Every run delivers a small field on the simulated machine with faults at a moment, place and size drawn
            from its seed, resumes it or goes on in a further session as people would, and checks after every event
            and every packet of ions against what really came. The table is in Markdown. Ends with 3 if an invariant
            did not hold or a fault did not lead where it must.

            EXAMPLES
              kasane deliver faults
              kasane deliver faults --seeds 3000 --pairs 100
              kasane deliver faults --scenario 12 --seed 77 --trace
              kasane deliver faults --scenario 7,12 --seed 4 --trace
              kasane deliver faults --scenario 7 --seed 4 --picture surge.svg
            """)

    @Option(help: "Runs of each scenario.")
    var seeds = 100

    @Option(help: ArgumentHelp("Runs of each of the 300 pairs.", valueName: "runs"))
    var pairs = 1

    @Option(
        help: ArgumentHelp(
            "Scenario to run once, 1 to 25; two, with a comma, run together.", valueName: "no."))
    var scenario: String?

    @Option(help: "Seed of the run, or of the first of each scenario.")
    var seed: UInt64 = 1

    @Flag(help: "Tell what happened in the run of --scenario, line by line.")
    var trace = false

    @Option(
        help: ArgumentHelp(
            "Draw the run of --scenario around its fault: rate, counts, state, interlocks. An SVG file.",
            valueName: "file"))
    var picture: String?

    @Option(help: "Runs at the same time.")
    var threads = ProcessInfo.processInfo.activeProcessorCount

    mutating func validate() throws {
        if let picture {
            guard scenario != nil else { throw ValidationError("--picture (needs one run) add --scenario") }
            guard picture.lowercased().hasSuffix(".svg") else {
                throw ValidationError("--picture \(picture) (is an SVG) give a name that ends in .svg")
            }
        }
        if trace, scenario == nil { throw ValidationError("--trace (needs one run) add --scenario") }
        for (name, value) in [("--seeds", seeds), ("--pairs", pairs)] where !(0...1_000_000).contains(value) {
            throw ValidationError("\(name) \(value) (must be 0 to 1000000)")
        }
        guard (1...1024).contains(threads) else {
            throw ValidationError("--threads \(threads) (must be 1 to 1024)")
        }
        _ = try scenario.map(Self.scenarios)
    }

    func run() async throws {
        let command = self
        try await reportingErrors {
            if let scenario = command.scenario {
                try command.runOnce(Self.scenarios(scenario))
            } else {
                try await command.runCampaign()
            }
        }
    }

    private static func scenarios(_ text: String) throws -> [FaultScenario] {
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false)
        let found = numbers.compactMap { Int($0).flatMap(FaultScenario.init(rawValue:)) }
        guard found.count == numbers.count, Set(found).count == found.count, found.count <= 2 else {
            throw ValidationError("--scenario \(text) (must be one or two different numbers of 1 to 25)")
        }
        return found
    }

    private func runOnce(_ scenarios: [FaultScenario]) throws {
        let result = FaultCampaign.run(scenarios, seed: seed, isTraced: trace || picture != nil)
        if trace { for line in result.trace { print(line) } }
        print(
            "\(scenarios.map(\.title).joined(separator: " and ")), seed \(seed): \(result.outcome.rawValue)")
        for (number, session) in result.sessions.enumerated() {
            let fired = session.fired.map { "\($0)" }.joined(separator: ", ")
            print(
                "session \(number + 1): \(session.hasDied ? "the control died" : session.phase.rawValue), "
                    + "\(Int(session.ions.rounded())) ions, \(fired.isEmpty ? "no interlock" : fired)")
        }
        print(
            "greatest overshoot of a visit \(Int(result.largestOvershoot.rounded())) ions, "
                + "recorded less true \(Int(result.recordErrorIons.rounded())) of \(Int(result.ions.rounded())) ions"
        )
        if let picture, let history = result.history {
            let drawing = FaultPicture(
                history, title: "\(scenarios.map(\.title).joined(separator: " and ")), seed \(seed)"
            ).picture
            try Data(drawing.fileContents.utf8).write(to: URL(fileURLWithPath: picture), options: .atomic)
            print("picture: \(picture)")
        }
        for violation in result.violations { print("VIOLATION \(violation.description)") }
        if let missing = result.unexpected { print("UNEXPECTED \(missing)") }
        if !result.violations.isEmpty || result.unexpected != nil { throw Outcome.goalsFailed }
    }

    private func runCampaign() async throws {
        let campaign = FaultCampaign(seeds: seeds, pairSeeds: pairs, firstSeed: seed)
        let clock = ContinuousClock()
        let begin = clock.now
        let report = await campaign.run(workers: threads)
        let elapsed = (clock.now - begin).components
        let seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
        print(report.table)
        print("")
        print(
            "\(report.runs) runs, \(report.violations) with violations, \(report.unexpected) unexpected, "
                + "\(Int((Double(report.runs) / seconds).rounded())) runs per second")
        for failure in report.failures {
            let numbers = failure.scenarios.map { "\($0.rawValue)" }.joined(separator: ",")
            print("--scenario \(numbers) --seed \(failure.seed): \(failure.text)")
        }
        if report.violations > 0 || report.unexpected > 0 { throw Outcome.goalsFailed }
    }
}
