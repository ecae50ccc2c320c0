import ArgumentParser
import BeamOptics
import BeamTransport
import CaseFiles
import Foundation

/// `kasane lattice match-line`.
struct LatticeMatchLineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "match-line",
        abstract: "Find the strengths of a beam-line file by its own matching steps.",
        discussion: """
            Starts from the strengths in the file; a line that has all that its steps ask for keeps them.

            EXAMPLES
              kasane lattice match-line nirs-gantry
              kasane lattice match-line my/line.yaml
            """)

    @Argument(help: "Name of a beam line of the data folder, or path of a beam-line file.")
    var line: String

    @Option(help: ArgumentHelp("Folder of physics tables, beam data and machines.", valueName: "folder"))
    var data: String?

    func run() async throws {
        try await reportingErrors { try perform() }
    }

    private func perform() throws {
        let isPath = line.contains("/") || line.hasSuffix(".yaml")
        let store = isPath ? DataStore(path: "") : try DataStore.find(option: data)
        let file = try BeamLineFile.read(path: store.beamLinePath(line))
        guard !file.matching.steps.isEmpty else {
            throw ValidationError("\(line) has no matching steps; write them under ‘matching’")
        }
        let before = try file.line.lattice().strengths
        let matched = try file.matching.match(file.line)
        let after = try matched.lattice().strengths
        var table = TextTable(header: ["strength", "before", "after"])
        for (old, new) in zip(before, after) {
            table.rows.append([
                old.family, String(format: "%.9g", old.value), String(format: "%.9g", new.value),
            ])
        }
        print(table.text + "\n")
        var goals = TextTable(
            header: ["at", "quantity", "plane", "wanted", "reached"], leftColumns: [0, 1, 2])
        for goal in file.matching.steps.flatMap(\.goals) {
            goals.rows.append([
                goal.place ?? "isocentre", goal.quantity.rawValue, goal.plane == 0 ? "x" : "y",
                String(format: "%g", goal.wanted),
                String(format: "%.6g", try LineMatching.value(goal, matched)),
            ])
        }
        print(goals.text)
    }
}
