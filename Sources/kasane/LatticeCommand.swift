import ArgumentParser
import BeamOptics
import CaseFiles
import Foundation
import Reporting

/// `kasane lattice`: optics of rings and beam lines.
struct LatticeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lattice",
        abstract: "Optics of rings and beam lines: functions, tunes, matching, tracking, slow extraction.",
        discussion: """
            EXAMPLES
              kasane lattice show pimms
              kasane lattice show compact-ring --pictures build/optics
              kasane lattice show my.seq --set qf1k1=0.3154 --functions functions.csv
              kasane lattice match pimms --vary qf1k1,qdk1 --tunes 1.66,1.72
              kasane lattice match-line nirs-gantry
              kasane lattice track compact-ring --turns 1000 --particles 500
              kasane lattice spill compact-ring --rate 5e8 --duration 0.1 --pictures build/spill
            """,
        subcommands: [
            LatticeShowCommand.self, LatticeMatchCommand.self, LatticeMatchLineCommand.self,
            LatticeTrackCommand.self,
            LatticeSpillCommand.self,
        ])
}

/// `kasane lattice show`.
struct LatticeShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show tunes, chromaticity, greatest functions and slow-extraction figures of a lattice.")

    @OptionGroup var source: LatticeOptions

    @Option(help: ArgumentHelp("Ends of bends: exact or linear.", valueName: "edges"))
    var edges = "exact"

    @Option(help: ArgumentHelp("Momentum deviation at which the optics are seen.", valueName: "delta"))
    var delta = 0.0

    @Option(help: ArgumentHelp("Write the functions behind every element as CSV.", valueName: "file"))
    var functions: String?

    @Option(
        help: ArgumentHelp(
            "Draw functions and Steinbach diagram as SVG into this folder.", valueName: "folder"))
    var pictures: String?

    func run() async throws {
        try await reportingErrors { try perform() }
    }

    private func perform() throws {
        let file = try source.load()
        guard let edges = BeamLineMap.Edges(rawValue: edges) else {
            throw ValidationError("--edges is exact or linear, not ‘\(edges)’")
        }
        let map = BeamLineMap(file.lattice, edges: edges)
        let optics: LinearOptics
        switch file.shape {
        case .ring: optics = try LinearOptics.ring(map, delta: delta)
        case .line:
            guard let start = file.start else {
                throw ValidationError("the line has no functions at its start")
            }
            optics = LinearOptics.line(map, from: start)
        }
        print(try LatticeText.summary(file, optics: optics, edges: edges, delta: delta))
        if let functions {
            try Data(LatticeText.functions(file.lattice, optics: optics).utf8).write(
                to: URL(fileURLWithPath: functions))
            print("functions: \(functions)")
        }
        if let pictures {
            var drawn = [LatticePictures.functions(file.lattice, optics: optics, name: "optics")]
            if let resonance = file.resonance,
                (try? Separatrix(file.lattice, optics: optics, resonance: resonance)) != nil
            {
                let lattice = file.lattice
                let separatrix = try Separatrix(lattice, optics: optics, resonance: resonance)
                let slope = try Chromaticity.ring(lattice, edges: edges).values.x
                drawn.append(
                    LatticePictures.steinbach(
                        {
                            Separatrix(
                                strength: separatrix.strength,
                                tuneDistance: separatrix.tuneDistance + slope * $0)
                        },
                        spreadRMS: 5e-4, emittanceMRad: 1.5e-6, name: "steinbach"))
            }
            for url in try PictureFiles.writeSVG(drawn, to: URL(fileURLWithPath: pictures)) {
                print("picture: \(url.path)")
            }
        }
    }
}

/// `kasane lattice match`.
struct LatticeMatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "match", abstract: "Turn strengths until tunes and chromaticities are what is asked for."
    )

    @OptionGroup var source: LatticeOptions

    @Option(help: ArgumentHelp("Strengths to turn.", valueName: "a,b"))
    var vary: String

    @Option(help: ArgumentHelp("Tunes to reach.", valueName: "Qx,Qy"))
    var tunes: NumberList?

    @Option(help: ArgumentHelp("Chromaticities dQ/dδ to reach.", valueName: "Q'x,Q'y"))
    var chromaticities: NumberList?

    func run() async throws {
        try await reportingErrors { try perform() }
    }

    private func perform() throws {
        let file = try source.load()
        var targets: [OpticsMatching.Target] = []
        for (list, name, make) in [
            (tunes, "--tunes", { OpticsMatching.Target.tune($0, $1) }),
            (chromaticities, "--chromaticities", { OpticsMatching.Target.chromaticity($0, $1) }),
        ] as [(NumberList?, String, (Int, Double) -> OpticsMatching.Target)] {
            guard let list else { continue }
            guard list.values.count == 2 else {
                throw ValidationError("\(name) wants two numbers, horizontal and vertical")
            }
            targets += [make(0, list.values[0]), make(1, list.values[1])]
        }
        guard !targets.isEmpty else {
            throw ValidationError("give --tunes or --chromaticities: what is to be reached")
        }
        let knobs = vary.split(separator: ",").map { String($0).trimmingCharacters(in: .whitespaces) }
        let matched = try OpticsMatching(knobs: knobs, targets: targets).match(file.lattice)
        let old = Dictionary(uniqueKeysWithValues: file.lattice.strengths.map { ($0.family, $0.value) })
        var table = TextTable(header: ["strength", "before", "after"])
        for (family, value) in matched.strengths where knobs.contains(family) {
            table.rows.append([
                family, String(format: "%.9g", old[family] ?? 0), String(format: "%.12g", value),
            ])
        }
        print(table.text)
    }
}
