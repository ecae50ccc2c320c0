import ArgumentParser
import FacilityModel
import FacilityThroughput
import Foundation
import Reporting

extension BeamQueue.Rule: ExpressibleByArgument {}

/// `kasane facility day`: a treatment day of rooms that share one beam.
struct FacilityDayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "day",
        abstract: "Simulate a treatment day: rooms, patients, one beam.",
        discussion: """
            Every patient is set up, prepared, asks for beam, waits, is irradiated and leaves; times are drawn from
            published distributions. The table tells fractions, waiting and use of rooms and beam; the CSV and the
            picture hold the time line of each room.

            EXAMPLES
              kasane facility day yamagata
              kasane facility day yamagata --days 100
              kasane facility day nirs-scanning --rooms 4 --queue first-come --seed 7
              kasane facility day yamagata --csv build/day.csv --pictures build/day --png
            """)

    @OptionGroup var selection: MachineSelection
    @OptionGroup var output: SimulationOutput

    @Option(help: "Seed of the first day.")
    var seed: UInt64 = 1

    @Option(help: "Number of rooms, in place of the machine's.")
    var rooms: Int?

    @Option(help: "Days to simulate; CSV and picture show the first.")
    var days = 1

    @Option(help: "Hour at which the first patient enters.")
    var open = 9.0

    @Option(help: "Hour at which the last patient should have left.")
    var close = 17.0

    @Option(help: "Which room gets the beam next.")
    var queue = BeamQueue.Rule.promoteLate

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
        var rules = DayRules(description, mix: .yamagata2023)
        if let rooms {
            rules.rooms = (0..<rooms).map { index in
                index < rules.rooms.count ? rules.rooms[index] : .init(name: "room \(index + 1)")
            }
        }
        (rules.openMin, rules.closeMin) = (60 * open, 60 * close)
        (rules.queue, rules.demand) = (queue, demand)
        let year = try AnnualThroughput(
            rules: rules, days: days, seed: seed, daysPerYear: KnownFacility.fourDayWeeks)
        guard let first = year.days.first else { return }
        print("\(description.machine.name): \(rules.rooms.count) rooms, one beam\n")
        print(DayText.summary(year))
        print(DayText.rooms(first).text(.table))
        print(DayText.assumptions)
        try output.write(DayText.segments(first))
        try output.write([
            DayGantt.picture(
                first, title: "A day at \(description.machine.name), \(first.fractions) fractions")
        ])
    }
}

/// `kasane facility year`: patients per year of the known facilities.
struct FacilityYearCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "year",
        abstract:
            "Simulate the rooms of the five facilities and compare patients per year with what is published.",
        discussion: """
            EXAMPLES
              kasane facility year
              kasane facility year --days 200 --format csv
            """)

    @Option(help: "Days to simulate for each facility.")
    var days = 100

    @Option(help: "Seed of the first day.")
    var seed: UInt64 = 1

    @Option(help: "How to print the table.")
    var format = OutputFormat.table

    mutating func validate() throws {
        guard (1...10_000).contains(days) else {
            throw ValidationError("--days \(days) (must be 1 to 10000)")
        }
    }

    func run() async throws {
        let command = self
        try await reportingErrors { try command.perform() }
    }

    private func perform() throws {
        let years = try KnownFacility.all.map { facility in
            (
                facility,
                try AnnualThroughput(
                    rules: DayRules(rooms: facility.rooms, mix: .yamagata2023), days: days, seed: seed,
                    daysPerYear: facility.daysPerYear)
            )
        }
        print(DayText.years(years).text(format))
        if format == .table { print(DayText.assumptions) }
    }
}
