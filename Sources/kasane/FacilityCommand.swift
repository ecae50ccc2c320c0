import ArgumentParser
import CaseFiles
import FacilityModel
import Foundation
import Quantities

/// `kasane facility`: which machines there are and what is known of them.
struct FacilityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "facility",
        abstract: "List the machines, show their figures with source and confidence, and simulate them.",
        discussion: """
            EXAMPLES
              kasane facility list
              kasane facility show yamagata
              kasane facility show himac --assumptions
              kasane facility show himac --injector --synchrotron
              kasane facility show himac --energies --mode flat-tops-11
              kasane facility show my/own-machine.yaml --overrides
              kasane facility show irock --rooms --format csv
              kasane facility rooms himac --to build/himac-rooms
              kasane facility report yamagata --to build/yamagata.html
              kasane facility lines himac --to build/lines
              kasane facility ramp yamagata
              kasane facility cycle yamagata --plan build/head
              kasane facility spill himac --mode flat-tops-11 --layers 11
              kasane facility day yamagata
              kasane facility year
            """,
        subcommands: [
            FacilityListCommand.self, FacilityShowCommand.self, FacilityRoomsCommand.self,
            FacilityReportCommand.self, FacilityLinesCommand.self, FacilityRampCommand.self,
            FacilityCycleCommand.self, FacilitySpillCommand.self,
            FacilityDayCommand.self, FacilityYearCommand.self,
        ])
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
            header: ["machine", "energies", "MeV/u", "rooms", "ports", "figures", "assumed", "facility"],
            leftColumns: [0, 7])
        var notices: [String] = []
        for name in try store.machineNames() {
            let description = try MachineFile.read(path: store.machinePath(name), store: store)
            let machine = description.machine
            let energies = machine.energies.map(\.value)
            table.rows.append([
                machine.name, "\(energies.count)",
                String(format: "%.1f-%.1f", energies.last ?? 0, energies.first ?? 0),
                description.rooms.isEmpty ? "" : "\(description.rooms.count)",
                "\(machine.portIDs.count)", "\(description.figures.count)",
                "\(description.assumptions.count)", machine.facility,
            ])
            if let notice = description.notice { notices.append("\(machine.name): \(notice)") }
        }
        print(([table.text] + notices).joined(separator: "\n\n"))
    }
}
