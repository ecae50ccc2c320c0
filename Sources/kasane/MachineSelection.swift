import AcceleratorModel
import ArgumentParser
import CaseFiles
import FacilityModel
import Foundation
import Reporting

/// A machine by name or path, for commands that simulate it.
struct MachineSelection: ParsableArguments {
    @Argument(help: "Name of a machine, or path of a machine file.")
    var machine: String

    @Option(help: ArgumentHelp("Folder of physics tables, beam data and machines.", valueName: "folder"))
    var data: String?

    func read() throws -> MachineDescription {
        let path =
            machine.contains("/") || machine.hasSuffix(".yaml")
            ? machine : try DataStore.find(option: data).machinePath(machine)
        return try MachineFile.read(path: path)
    }

    /// Optics of the lattice that the machine names; nil if it names none.
    func optics(of description: MachineDescription) throws -> RingOptics? {
        guard description.synchrotron.ring?.lattice != nil else { return nil }
        return try description.ringOptics(store: DataStore.find(option: data))
    }
}

/// Where tables and pictures of a simulation go beside the terminal.
struct SimulationOutput: ParsableArguments {
    @Option(help: "Write the detailed table to this CSV file.")
    var csv: String?

    @Option(help: ArgumentHelp("Write pictures (SVG) into this folder.", valueName: "folder"))
    var pictures: String?

    @Flag(help: "Write the pictures as PNG too (needs the browser that prints reports).")
    var png = false

    mutating func validate() throws {
        if png && pictures == nil {
            throw ValidationError("--png (pictures need a folder) add --pictures <folder>")
        }
    }

    func write(_ table: NumberTable) throws {
        guard let csv else { return }
        try Data(table.text(.csv).utf8).write(to: URL(fileURLWithPath: csv), options: .atomic)
        print(csv)
    }

    func write(_ drawn: [Picture]) throws {
        guard let pictures else { return }
        let folder = URL(fileURLWithPath: pictures)
        for file in try PictureFiles.writeSVG(drawn, to: folder) { print(file.relativePath) }
        guard png else { return }
        for picture in drawn {
            let file = folder.appendingPathComponent("\(picture.name).png")
            try PictureFiles.writePNG(picture, to: file)
            print(file.relativePath)
        }
    }
}
