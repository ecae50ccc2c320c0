import ArgumentParser
import FacilityModel
import FacilityThroughput
import Foundation
import Reporting

extension FacilityOperation.QueueRule: ExpressibleByArgument {}

/// `kasane facility day`: a treatment day of rooms that share one beam.
struct FacilityDayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "day",
        abstract: "Simulate a treatment day: rooms, patients, one beam.",
        discussion: """
            Every patient is set up, prepared, asks for beam, waits, is irradiated and leaves. Rooms with their times,
            patients, hours, and the rule by which rooms share the beam are those of the machine file; times are drawn from
            log-normal distributions with the means and deviations given there. The table tells fractions, waiting and use of rooms and beam; the CSV and the
            picture hold the time line of each room.

            EXAMPLES
              kasane facility day yamagata
              kasane facility day yamagata --days 100
              kasane facility day himac --rooms 4 --queue first-come --seed 7
              kasane facility day yamagata --csv build/day.csv --pictures build/day --png
            """)

    @OptionGroup var selection: MachineSelection
    @OptionGroup var output: SimulationOutput

    @Option(help: "Seed of the first day.")
    var seed: UInt64 = 1

    @Option(help: "Number of rooms, in place of the machine's; more rooms are like its last one.")
    var rooms: Int?

    @Option(help: "Days to simulate; CSV and picture show the first.")
    var days = 1

    @Option(help: "Hour at which the first patient enters; only names the hours.")
    var open = 9.0

    @Option(
        help: "Hour at which the last patient should have left; without it, the machine's hours after --open."
    )
    var close: Double?

    @Option(help: "Which room gets the beam next, in place of the machine's rule.")
    var queue: FacilityOperation.QueueRule?

    @Option(help: "Fractions to be given; as many as the day takes if it is left out.")
    var demand: Int?

    mutating func validate() throws {
        if let rooms, !(1...50).contains(rooms) {
            throw ValidationError("--rooms \(rooms) (must be 1 to 50)")
        }
        guard (1...10_000).contains(days) else {
            throw ValidationError("--days \(days) (must be 1 to 10000)")
        }
    }

    func run() async throws {
        let command = self
        try await reportingErrors { try command.perform() }
    }

    private func perform() throws {
        let description = try selection.read()
        let rules = try rules(description)
        let year = try AnnualThroughput(
            rules: rules, days: days, seed: seed,
            daysPerYear: description.operation?.treatmentDaysPerYear ?? 0)
        guard let first = year.days.first else { return }
        let (from, to) = (Self.clock(rules.openMin), Self.clock(rules.closeMin))
        print("\(description.machine.name): \(rules.rooms.count) rooms, one beam, \(from) to \(to)")
        if let notice = description.notice { print(notice) }
        let idle = description.rooms.filter { !$0.isInUse }.map(\.id)
        if !idle.isEmpty { print("not in use: rooms \(idle.joined(separator: ", "))") }
        print()
        print(DayText.summary(year))
        print(DayText.rooms(first).text(.table))
        print(DayText.basis(description))
        try output.write(DayText.segments(first))
        try output.write([
            DayGantt.picture(
                first, title: "A day at \(description.machine.name), \(first.fractions) fractions")
        ])
    }

    /// The machine's day with what was asked for in place of its own.
    private func rules(_ description: MachineDescription) throws -> DayRules {
        var rules = try DayRules(description, openMin: 60 * open)
        if let close { rules.closeMin = 60 * close }
        if let queue { rules.queue = queue }
        rules.demand = demand
        if let rooms, let last = rules.rooms.last {
            rules.rooms = (0..<rooms).map { index in
                if index < rules.rooms.count { return rules.rooms[index] }
                var more = last
                more.name = "room \(index + 1)"
                return more
            }
        }
        return rules
    }

    private static func clock(_ minutes: Double) -> String {
        String(format: "%d:%02d", Int(minutes) / 60, Int(minutes) % 60)
    }
}
