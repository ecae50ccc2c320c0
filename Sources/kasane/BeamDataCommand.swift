import ArgumentParser
import BeamCommissioning
import BeamData
import CaseFiles
import Foundation
import IonPhysics
import IonTransport
import Quantities

/// `kasane beam-data`: makes beam data with the own transport, and shows what is in them.
struct BeamDataCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "beam-data",
        abstract: "Build beam data with our own transport in water, or show depth dose, spectra and LET.",
        subcommands: [BuildBeamData.self, ShowBeamData.self])
}

/// `kasane beam-data build`.
struct BuildBeamData: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Transport mono-energetic beams in water and write the beam data set.",
        discussion: """
            The set holds energies between which any other is interpolated in range. The same seed, histories
            and version give the same file on any number of threads.

            EXAMPLES
              kasane beam-data build
              kasane beam-data build --histories 5000 --output build/quick
            """)

    @OptionGroup var compute: ComputeOptions

    @Option(help: "Primary ions per energy.")
    var histories = 40_000

    @Option(help: "Seed of the first energy.")
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Lowest energy, MeV per nucleon.", valueName: "MeV/u"))
    var lowest = 50.0

    @Option(help: ArgumentHelp("Highest energy, MeV per nucleon.", valueName: "MeV/u"))
    var highest = 450.0

    @Option(
        help: ArgumentHelp("Folder for the set; default beam/carbon of the data folder.", valueName: "folder")
    )
    var output: String?

    mutating func validate() throws {
        guard lowest.isFinite, highest.isFinite, lowest < highest else {
            throw ValidationError("--lowest \(lowest) and --highest \(highest) (must be increasing)")
        }
    }

    func run() async throws {
        let command = self
        try await reportingErrors { try await command.perform() }
    }

    private func perform() async throws {
        var options = BeamDataBuilder.Options()
        options.energies = lowest...highest
        options.histories = histories
        options.seed = seed
        let folder =
            try output
            ?? DataStore.find(option: compute.data).path("beam/\(BeamDataStore.folder(of: options.ion))")
        let builder = try BeamDataBuilder(options: options)
        let progress = TerminalProgress()
        progress.begin("transport in water")
        let set: BeamDataSet
        do {
            set = try await builder.build(threads: compute.threads) { share, detail in
                progress.update(fraction: share, detail: detail)
            }
        } catch BeamDataBuilderError.transport(.cancelled) {
            throw CancellationError()
        }
        progress.end("\(set.nodes.count) energies")
        try BeamDataStore.write(
            set,
            command: "kasane beam-data build --histories \(histories) --seed \(seed) --lowest \(lowest) "
                + "--highest \(highest)",
            folder: folder)
        print("\(folder)/\(BeamDataStore.fileName)")
    }
}

/// `kasane beam-data show`.
struct ShowBeamData: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Print depth dose, components, LET, z* and spectra of any energy.",
        discussion: """
            Without --energy the set and its nodes are listed. Doses are per primary ion, integrated over the
            plane; widths are those of a pencil that enters with zero width.

            EXAMPLES
              kasane beam-data show
              kasane beam-data show --energy 290 --step 1 --format csv
              kasane beam-data show --energy 290 --energy-spread 0.002 --ridge-filter 1.5
              kasane beam-data show --energy 400 --spectrum-depth 150 --format json
            """)

    @Option(help: ArgumentHelp("Folder of physics tables, beam data and machines.", valueName: "folder"))
    var data: String?

    @Option(help: ArgumentHelp("A beam data file instead of that of the data folder.", valueName: "file"))
    var file: String?

    @Option(help: ArgumentHelp("Energy, MeV per nucleon.", valueName: "MeV/u"))
    var energy: Double?

    @Option(help: ArgumentHelp("Depth step, mm.", valueName: "mm"))
    var step = 1.0

    @Option(help: ArgumentHelp("Relative energy spread, one standard deviation.", valueName: "share"))
    var energySpread = 0.0

    @Option(
        help: ArgumentHelp(
            "Width that a ridge filter adds to the range, one standard deviation.", valueName: "mm"))
    var ridgeFilter = 0.0

    @Option(help: ArgumentHelp("Water passed before depth 0, mm.", valueName: "mm"))
    var waterOffset = 0.0

    @Option(help: ArgumentHelp("Print fluence spectra at this depth instead.", valueName: "mm"))
    var spectrumDepth: Double?

    @Option(help: "table, csv or json.")
    var format = OutputFormat.table

    func run() async throws {
        let command = self
        try await reportingErrors { print(try command.table().text(command.format), terminator: "") }
    }

    private func table() throws -> NumberTable {
        let path =
            try file ?? DataStore.find(option: data).path(BeamDataStore.relativePath(of: .carbon12))
        let set = try BeamDataStore.read(path: path)
        guard let energy else { return BeamDataTables.nodes(of: set) }
        if let spectrumDepth {
            return BeamDataTables.spectra(
                try set.spectra(energyMeVPerNucleon: energy, depthMM: spectrumDepth),
                title: "\(set.ion) \(energy) MeV/u: particles per primary ion and energy bin at "
                    + "\(spectrumDepth) mm of water")
        }
        let depthTable = try set.depthTable(
            energyMeVPerNucleon: energy, relativeEnergySpread: energySpread,
            ridgeFilterSigmaMM: ridgeFilter, waterOffsetMM: waterOffset, stepMM: step)
        return BeamDataTables.depths(
            of: depthTable, title: "\(set.ion) \(energy) MeV/u in water, CSDA range \(depthTable.rangeMM) mm")
    }
}

/// The tables of `kasane beam-data show`.
enum BeamDataTables {
    private typealias Column = NumberTable.Column

    static func nodes(of set: BeamDataSet) -> NumberTable {
        NumberTable(
            title: set.provenance,
            columns: [
                Column(name: "energy", unit: "MeV/u"), Column(name: "range", unit: "mm"),
                Column(name: "entranceDose", unit: "nGy mm2"), Column(name: "peakDose", unit: "nGy mm2"),
                Column(name: "peakDepth", unit: "mm"),
            ],
            rows: set.nodes.map { node in
                let total = set.axes.depths.indices.map { i in
                    node.components.reduce(0.0) { $0 + Double($1.doseGyMM2[i]) }
                }
                let top = total.indices.max { total[$0] < total[$1] } ?? 0
                return [
                    node.energyMeVPerNucleon, node.rangeMM, total[0] * 1e9, total[top] * 1e9,
                    set.axes.depths[top] * node.rangeMM,
                ].map { .number($0, digits: 5) }
            })
    }

    static func depths(of table: BeamDepthTable, title: String) -> NumberTable {
        let names = ["primary", "heavy", "light"]
        var columns = [Column(name: "depth", unit: "mm"), Column(name: "dose", unit: "nGy mm2")]
        columns += names.map { Column(name: $0, unit: "nGy mm2") }
        columns += [Column(name: "letD", unit: "keV/um"), Column(name: "zStar", unit: "Gy")]
        columns += names.map { Column(name: "sigma \($0)", unit: "mm") }
        for name in names.dropFirst() {
            columns += [
                Column(name: "wideShare \(name)", unit: ""), Column(name: "wideSigma \(name)", unit: "mm"),
            ]
        }
        let rows: [[NumberTable.Cell]] = (0..<table.count).map { i in
            let doses = table.components.map { Double($0.doseGyMM2[i]) }
            let total = doses.reduce(0, +)
            let weighted = table.components.reduce(0.0) { $0 + Double($1.doseLETGyMM2KeVPerUM[i]) }
            let biological = table.components.reduce(0.0) { $0 + Double($1.doseZStarGy2MM2[i]) }
            var cells: [NumberTable.Cell] = [
                .number(Double(i) * table.stepMM, digits: 6), .number(total * 1e9, digits: 5),
            ]
            cells += doses.map { .number($0 * 1e9, digits: 4) }
            cells += [weighted, biological].map { total > 0 ? .number($0 / total, digits: 4) : .none }
            cells += table.components.map { .number(Double($0.sigmaMM[i]), digits: 4) }
            for component in table.components.dropFirst() {
                cells += [component.wideShare[i], component.wideSigmaMM[i]].map {
                    .number(Double($0), digits: 4)
                }
            }
            return cells
        }
        return NumberTable(title: title, columns: columns, rows: rows)
    }

    static func spectra(_ spectra: [FluenceSpectrum], title: String) -> NumberTable {
        let edges = spectra.first?.edgesMeVPerNucleon ?? []
        let rows: [[NumberTable.Cell]] = zip(edges, edges.dropFirst()).enumerated().map { bin, pair in
            [.number(pair.0, digits: 5), .number(pair.1, digits: 5)]
                + spectra.map { .number($0.particlesPerPrimary[bin], digits: 4) }
        }
        return NumberTable(
            title: title,
            columns: [Column(name: "from", unit: "MeV/u"), Column(name: "to", unit: "MeV/u")]
                + spectra.map { Column(name: "\($0.species)", unit: "per primary") },
            rows: rows)
    }
}
