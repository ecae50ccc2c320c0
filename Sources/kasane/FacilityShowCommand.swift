import ArgumentParser
import CaseFiles
import FacilityModel
import Foundation
import Quantities

/// The sections of a machine file, as flags.
enum FacilitySection: String, EnumerableFlag {
    case injector, synchrotron, energies, nozzles, ports, beamLines, rooms, operation, facts, derived

    static func help(for value: Self) -> ArgumentHelp? {
        switch value {
        case .injector: "Ion source, RFQ, linac and stripper, and the ions behind each."
        case .synchrotron: "The ring."
        case .energies: "All energies of a mode with their range in water."
        case .nozzles: "Beam size, field, range shifters."
        case .ports: "Ports with their angles."
        case .beamLines: "Beam lines from the ring to the ports."
        case .rooms: "Rooms with ports, imaging and times."
        case .operation: "Days, hours, patients, queue."
        case .facts: "Published figures that nothing computes with."
        case .derived: "What follows from the figures: rigidity, frequencies, ions, fills, fractions."
        }
    }

    /// First word of the paths of its figures.
    var key: String { self == .beamLines ? "beam-lines" : rawValue }

    func holds(_ figure: AnnotatedFigure) -> Bool {
        figure.path.prefix { $0 != "." && $0 != "[" } == key
    }
}

struct FacilityShowCommand: AsyncParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, csv, json
    }

    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract:
            "Show a machine: ports, rooms, derived figures, and every figure with source and confidence.",
        discussion: """
            Without options everything is printed. Flags of sections choose what is printed; --assumptions and \
            --overrides choose among the figures. CSV and JSON hold figures (of the sections that are chosen), or \
            energies, or derived figures.

            EXAMPLES
              kasane facility show yamagata
              kasane facility show yamagata --derived
              kasane facility show himac --rooms --operation
              kasane facility show himac --energies --mode flat-tops-11 --format csv
              kasane facility show my-centre.yaml --overrides
            """)

    @Argument(help: "Name of a machine, or path of a machine file.")
    var machine: String

    @Flag var sections: [FacilitySection] = []

    @Flag(help: "Only the figures that nobody has published and that were chosen here.")
    var assumptions = false

    @Flag(help: "Only the figures that take the place of those of the file's base.")
    var overrides = false

    @Option(help: ArgumentHelp("Which list of energies; the file's default without.", valueName: "name"))
    var mode: String?

    @Option(help: "How to print the figures.")
    var format = Format.table

    @Option(help: ArgumentHelp("Folder of physics tables, beam data and machines.", valueName: "folder"))
    var data: String?

    func validate() throws {
        if mode != nil && !sections.contains(.energies) {
            throw ValidationError("--mode chooses what --energies lists; give both")
        }
        let alone = sections.filter { $0 == .energies || $0 == .derived }
        if format != .table && !alone.isEmpty && sections.count > 1 {
            throw ValidationError(
                "--\(alone[0].rawValue) is a table of its own in \(format.rawValue); ask for it alone")
        }
    }

    func run() async throws {
        try await reportingErrors { try perform() }
    }

    private func perform() throws {
        let isPath = machine.contains("/") || machine.hasSuffix(".yaml")
        let store = isPath && data == nil ? nil : try DataStore.find(option: data)
        let path = isPath ? machine : try store?.machinePath(machine) ?? machine
        let description = try MachineFile.read(path: path, store: store)
        var parts: [String] = []
        if format == .table && !assumptions && !overrides {
            parts.append(FacilityTables.head(description, brief: !sections.isEmpty))
            parts += try readable(description)
        } else if sections == [.energies] {
            parts.append(try FacilityTables.energies(description, mode: mode, format: format))
        } else if sections == [.derived] {
            parts.append(
                FacilityTables.text(
                    FacilityDerived.header, try FacilityDerived.rows(description), format: format))
        }
        if let figures = chosen(description) {
            parts.append(
                FacilityTables.figures(figures, hasBase: description.base != nil, format: format))
        }
        print(parts.joined(separator: "\n\n"))
    }

    /// The figures to print; nil if only tables of other kinds are asked for.
    private func chosen(_ description: MachineDescription) -> [AnnotatedFigure]? {
        if !sections.isEmpty && sections.allSatisfy({ $0 == .energies || $0 == .derived })
            && !assumptions && !overrides
        {
            return nil
        }
        return description.figures.filter { figure in
            (sections.isEmpty || sections.contains { $0.holds(figure) })
                && (!assumptions || figure.confidence == .assumed)
                && (!overrides || figure.overridden != nil)
        }
    }

    /// Tables that say more than single figures, for people.
    private func readable(_ description: MachineDescription) throws -> [String] {
        let all = sections.isEmpty
        func wants(_ section: FacilitySection) -> Bool { all || sections.contains(section) }
        var parts: [String?] = []
        if wants(.injector) { parts.append(FacilitySections.injector(description)) }
        if sections.contains(.energies) {
            parts.append(try FacilityTables.energies(description, mode: mode, format: .table))
        } else if all {
            parts.append(FacilitySections.modes(description))
        }
        if wants(.ports) { parts.append(FacilitySections.ports(description)) }
        if sections.contains(.nozzles) { parts.append(FacilitySections.nozzles(description)) }
        if wants(.rooms) { parts.append(FacilitySections.rooms(description)) }
        if wants(.operation) { parts.append(FacilitySections.patients(description)) }
        if wants(.derived) {
            parts.append(
                FacilityTables.text(
                    FacilityDerived.header, try FacilityDerived.rows(description), leftColumns: [0, 2, 3],
                    format: .table))
        }
        return parts.compactMap { $0 }
    }
}
