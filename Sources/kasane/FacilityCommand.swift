import ArgumentParser
import CaseFiles
import FacilityModel
import Foundation
import Quantities

/// `kasane facility`: which machines there are and what is known of them.
struct FacilityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "facility",
        abstract: "List the machines and show their figures with source and confidence.",
        discussion: """
            EXAMPLES
              kasane facility list
              kasane facility show yamagata
              kasane facility show nirs-scanning --assumptions
              kasane facility show my/own-machine.yaml --format csv
            """,
        subcommands: [FacilityListCommand.self, FacilityShowCommand.self])
}

struct FacilityListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the machines of the data folder.")

    @Option(help: ArgumentHelp("Folder of physics tables, beam data and machines.", valueName: "folder"))
    var data: String?

    func run() async throws {
        try await reportingErrors { try perform() }
    }

    private func perform() throws {
        let store = try DataStore.find(option: data)
        var table = TextTable(
            header: ["machine", "energies", "MeV/u", "ports", "figures", "assumed", "facility"],
            leftColumns: [0, 6])
        for name in try store.machineNames() {
            let description = try MachineFile.read(path: store.machinePath(name))
            let machine = description.machine
            let energies = machine.energies.map(\.value)
            table.rows.append([
                machine.name, "\(energies.count)",
                String(format: "%.1f-%.1f", energies.last ?? 0, energies.first ?? 0),
                "\(machine.portIDs.count)", "\(description.figures.count)",
                "\(description.assumptions.count)", machine.facility,
            ])
        }
        print(table.text)
    }
}

struct FacilityShowCommand: AsyncParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, csv, json
    }

    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a machine's ports and every figure with source and confidence.")

    @Argument(help: "Name of a machine, or path of a machine file.")
    var machine: String

    @Flag(help: "Only the figures that nobody has published and that were chosen here.")
    var assumptions = false

    @Flag(help: "List all energies with their range in water.")
    var energies = false

    @Option(help: "How to print the figures.")
    var format = Format.table

    @Option(help: ArgumentHelp("Folder of physics tables, beam data and machines.", valueName: "folder"))
    var data: String?

    func run() async throws {
        try await reportingErrors { try perform() }
    }

    private func perform() throws {
        let path =
            machine.contains("/") || machine.hasSuffix(".yaml")
            ? machine : try DataStore.find(option: data).machinePath(machine)
        let description = try MachineFile.read(path: path)
        if energies {
            print(try FacilityTables.energies(description.machine, format: format))
            return
        }
        let figures = assumptions ? description.assumptions : description.figures
        if format == .table && !assumptions { print(FacilityTables.head(description)) }
        print(FacilityTables.figures(figures, format: format))
    }
}
