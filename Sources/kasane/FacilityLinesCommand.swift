import ArgumentParser
import BeamOptics
import BeamTransport
import CaseFiles
import FacilityModel
import Foundation
import Quantities
import Reporting

/// `kasane facility lines`: the beam lines of a machine, from the extraction septum to the isocentre.
struct FacilityLinesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lines",
        abstract: "Show the beam lines of a machine: envelope, spot sizes, gantry angles, scan field.",
        discussion: """
            For each port with a beam-line file: the beam from the extraction septum to the isocentre, the spot against
            energy (with window, monitors and air) beside what planning has, its change over a gantry's turn for each
            matching scheme, virtual sources, and reach and speed of the scanning magnets. docs/guide/beam-line.md tells
            how to write a line of your own.

            EXAMPLES
              kasane facility lines himac --to build/lines
              kasane facility lines yamagata --port gantry --energy 150 --angle 45 --to build/lines
            """)

    @OptionGroup var selection: MachineSelection

    @Option(help: "Port to show; all with a beam-line file if it is left out.")
    var port: String?

    @Option(help: "Energy of the envelope and of the turn, MeV/u; the machine's highest if it is left out.")
    var energy: Double?

    @Option(help: "Angle of the gantry for the envelope, degrees.")
    var angle = 0.0

    @Option(help: ArgumentHelp("Folder for tables (CSV) and pictures (SVG).", valueName: "folder"))
    var to: String?

    func run() async throws {
        try await reportingErrors { try perform() }
    }

    private func perform() throws {
        let path =
            selection.machine.contains("/") || selection.machine.hasSuffix(".yaml")
            ? selection.machine
            : try DataStore.find(option: selection.data).machinePath(selection.machine)
        let description = try selection.read()
        let machine = description.machine
        if let port, !machine.portIDs.contains(port) {
            throw ValidationError(
                "there is no port ‘\(port)’; \(machine.name) has \(machine.portIDs.joined(separator: ", "))")
        }
        let ports = machine.ports.filter { port == nil || $0.id == port }
        var shown = 0
        for port in ports {
            guard let name = description.beamLines[port.id]?.file else {
                print("\(port.id): no beam-line file\n")
                continue
            }
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
            let isPath = name.contains("/") || name.hasSuffix(".yaml")
            let store = isPath ? DataStore(path: "") : try DataStore.find(option: selection.data)
            let file = try BeamLineFile.read(path: store.beamLinePath(name, relativeTo: folder))
            try show(port, file, machine)
            shown += 1
        }
        guard shown > 0 else {
            throw ValidationError(
                "no port that was asked for has a beam-line file; name one under beam-lines in the machine file"
            )
        }
    }

    private func show(_ port: FacilityModel.Port, _ file: BeamLineFile, _ machine: Machine) throws {
        let line = file.line
        let all = machine.energies.map(\.value)
        guard let low = all.min(), let high = all.max() else { return }
        let energy = energy ?? high
        let text = BeamLineText(port: port, line: line)
        let table = try SpotTable(line, energiesMeVPerNucleon: SpotTable.energies(low...high, count: 24))
        let beam = try line.beam(energyMeVPerNucleon: energy, angleRad: angle * .pi / 180)
        let scan = try ScanOptics(line, energyMeVPerNucleon: high)
        print("\(port.id): \(line.name), \(String(format: "%.2f", line.lengthM)) m\n\(file.summary)\n")
        print(text.spots(table) + "\n")
        print(try text.scanning(scan) + "\n")
        var curves: [(scheme: RotatingGantry.Matching, points: [(degrees: Double, sigmaMM: SIMD2<Double>)])] =
            []
        if line.hasGantry {
            curves = try RotatingGantry.Matching.allCases.map { scheme in
                (
                    scheme,
                    try stride(from: 0.0, through: 360, by: 10).map { degrees in
                        let sigma = try line.beam(
                            energyMeVPerNucleon: energy, angleRad: degrees * .pi / 180, scheme: scheme
                        ).isocentre.moments.sigmaM
                        return (degrees, line.iec(sigma) * 1e3)
                    }
                )
            }
            print(text.angles(curves, energy: energy, table: table) + "\n")
        }
        guard let to else { return }
        let folder = URL(fileURLWithPath: to)
        let pictures =
            [
                try BeamLinePictures.envelope(line, beam: beam, name: "\(port.id)-envelope"),
                BeamLinePictures.energies(
                    table, planned: port.nozzle.spotSizes.map { ($0.energy.value, $0.sigmaMM) },
                    title: port.id, name: "\(port.id)-energies"),
                BeamLinePictures.field(
                    scan, halfWidthMM: port.nozzle.fieldHalfWidthMM, title: port.id, name: "\(port.id)-field"),
            ]
            + (curves.isEmpty
                ? []
                : [
                    BeamLinePictures.angles(
                        curves, title: "\(port.id), \(String(format: "%g", energy)) MeV/u",
                        name: "\(port.id)-angles")
                ])
        for url in try PictureFiles.writeSVG(pictures, to: folder) { print(url.relativePath) }
        for (name, contents) in [
            ("\(port.id)-envelope.csv", text.envelope(beam)), ("\(port.id)-spots.csv", text.spotRows(table)),
        ] {
            let url = folder.appendingPathComponent(name)
            try Data(contents.utf8).write(to: url, options: .atomic)
            print(url.relativePath)
        }
        print("")
    }
}
