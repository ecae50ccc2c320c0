import ArgumentParser
import CaseFiles
import FacilityModel
import Foundation
import Reporting

/// `kasane facility rooms`: the plan view of a facility.
struct FacilityRoomsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rooms",
        abstract: "Draw the plan view of a facility: ring, beam lines, rooms, ports.",
        discussion: """
            Ring, gantries and building have the sizes that the machine file tells; dashed lines are a scheme, for nobody
            has published where things stand. What is to scale is listed with its source.

            EXAMPLES
              kasane facility rooms himac --to build/himac-rooms
              kasane facility rooms my/own-machine.yaml --to build/rooms --png
            """)

    @OptionGroup var selection: MachineSelection

    @Option(name: .customLong("to"), help: ArgumentHelp("Folder for rooms.svg.", valueName: "folder"))
    var output: String

    @Flag(help: "Write the picture as PNG too (needs the browser that prints reports).")
    var png = false

    func run() async throws {
        let command = self
        try await reportingErrors { try command.perform() }
    }

    private func perform() throws {
        let description = try selection.read()
        let file = try FacilityLattice.read(description, data: selection.data)
        let plan = RoomPlan(description, lattice: file?.lattice)
        let picture = plan.picture()
        let folder = URL(fileURLWithPath: output)
        for written in try PictureFiles.writeSVG([picture], to: folder) { print(written.relativePath) }
        if png {
            let written = folder.appendingPathComponent("\(picture.name).png")
            try PictureFiles.writePNG(picture, to: written)
            print(written.relativePath)
        }
        for note in plan.notes { print("  - \(note)") }
    }
}

/// The lattice that a machine file names.
enum FacilityLattice {
    /// - Parameter data: Value of `--data`, if given.
    /// - Returns: nil if the machine names none.
    /// - Throws: `InvalidFile`, `DataStoreError`.
    static func read(_ description: MachineDescription, data: String?) throws -> LatticeFile? {
        guard let name = description.synchrotron.ring?.lattice else { return nil }
        let path = try DataStore.find(option: data).path("lattices/\(name).yaml")
        return try LatticeFile.read(path: path)
    }
}
