import ArgumentParser
import BeamOptics
import CaseFiles
import FacilityModel
import Foundation
import Quantities

/// A strength on the command line: `name=value`.
struct StrengthSetting: ExpressibleByArgument {
    let name: String
    let value: Double

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, let value = Double(parts[1]), value.isFinite, !parts[0].isEmpty else {
            return nil
        }
        name = String(parts[0])
        self.value = value
    }
}

/// Which lattice, and at which energy: shared by all `kasane lattice` commands.
struct LatticeOptions: ParsableArguments {
    @Argument(
        help:
            "Name of a lattice of the data folder or of a machine, or path of a lattice file (.yaml) or MAD-X input (.seq, .madx)."
    )
    var lattice: String

    @Option(help: ArgumentHelp("A strength over that of the file; repeat for more.", valueName: "name=value"))
    var set: [StrengthSetting] = []

    @Option(
        help: ArgumentHelp(
            "Kinetic energy, MeV per nucleon; default that of the file (MAD-X: 400).", valueName: "MeV/u"))
    var energy: Double?

    @Option(help: "Ion of a MAD-X input.")
    var ion = "12C"

    @Option(help: ArgumentHelp("Which sequence of a MAD-X input; default the last.", valueName: "name"))
    var sequence: String?

    @Option(help: ArgumentHelp("Folder of physics tables, beam data and machines.", valueName: "folder"))
    var data: String?

    /// The lattice with what the file says about it.
    func load() throws -> LatticeFile {
        let strengths = Dictionary(set.map { ($0.name, $0.value) }) { $1 }
        let path = try resolvedPath()
        var file: LatticeFile
        if [".seq", ".madx", ".mad", ".str"].contains(where: path.lowercased().hasSuffix) {
            guard let isotope = Isotope(parsing: ion) else {
                throw ValidationError("‘\(ion)’ is not an ion; write mass and symbol, for example 12C")
            }
            let reference = try ReferenceParticle(isotope: isotope, energyMeVPerNucleon: energy ?? 400)
            let read = try MADXSequence.read(
                TextFile.read(path), file: path, sequence: sequence, strengths: strengths,
                reference: reference)
            for command in read.ignored { print("passed over: \(command)") }
            file = LatticeFile(
                shape: .ring, lattice: read.lattice, summary: "Sequence \(read.lattice.name) of \(path)",
                source: path,
                resonance: nil, start: nil)
        } else {
            file = try LatticeFile.read(path: path, strengths: strengths)
        }
        if let energy { file.lattice = try file.lattice.at(energyMeVPerNucleon: energy) }
        return file
    }

    private func resolvedPath() throws -> String {
        if lattice.contains("/") || lattice.contains(".") { return lattice }
        let store = try DataStore.find(option: data)
        var path = store.path("lattices/\(lattice).yaml")
        if !FileManager.default.fileExists(atPath: path), try store.machineNames().contains(lattice) {
            let machine = try MachineFile.read(path: store.machinePath(lattice), store: store)
            guard let name = machine.synchrotron.ring?.lattice else {
                throw ValidationError(
                    "the machine \(lattice) names no lattice; give one of the data folder or a file")
            }
            path = store.path("lattices/\(name).yaml")
        }
        guard FileManager.default.fileExists(atPath: path) else {
            let names =
                (try? FileManager.default.contentsOfDirectory(atPath: store.path("lattices")))?
                .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted() ?? []
            throw ValidationError(
                "there is no lattice ‘\(lattice)’ (the data folder has \(names.joined(separator: ", "))); give one of these or a file"
            )
        }
        return path
    }
}
