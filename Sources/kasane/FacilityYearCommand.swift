import ArgumentParser
import CaseFiles
import FacilityModel
import FacilityThroughput
import Foundation

/// `kasane facility year`: patients per year of machines.
struct FacilityYearCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "year",
        abstract: "Simulate the days of machines and compare patients per year with what is published.",
        discussion: """
            Rooms, patients, hours and days are those of each machine file, as for kasane facility day. What is published
            is the fact patients-per-year of the file.

            EXAMPLES
              kasane facility year
              kasane facility year himac yamagata --days 200
              kasane facility year my/own-machine.yaml --format csv
            """)

    @Argument(help: "Names of machines, or paths of machine files; all of the data folder without.")
    var machines: [String] = []

    @Option(help: ArgumentHelp("Folder of physics tables, beam data and machines.", valueName: "folder"))
    var data: String?

    @Option(help: "Days to simulate for each machine.")
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
        let store = try DataStore.find(option: data)
        let names = try machines.isEmpty ? store.machineNames() : machines
        var years: [(MachineDescription, AnnualThroughput)] = []
        for name in names {
            let description = try MachineFile.read(path: store.machinePath(name), store: store)
            if machines.isEmpty, description.operation == nil || description.rooms.isEmpty {
                complain("\(name) is left out: its file tells no rooms or no operation")
                continue
            }
            let year = try AnnualThroughput(
                rules: DayRules(description, openMin: 0), days: days, seed: seed,
                daysPerYear: description.operation?.treatmentDaysPerYear ?? 0)
            years.append((description, year))
        }
        print(DayText.years(years).text(format))
        if format == .table {
            print(
                "Nothing was fitted to the published numbers; kasane facility day MACHINE tells what each rests on."
            )
        }
    }
}
