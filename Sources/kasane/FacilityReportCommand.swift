import ArgumentParser
import CaseFiles
import FacilityModel
import Foundation
import Reporting
import TreatmentPlanning

/// `kasane facility report`: a facility as one page.
struct FacilityReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract:
            "Write a facility as one HTML page and PDF: rooms, optics, extraction, ramp, cycle, day, and every figure.",
        discussion: """
            The page holds the plan view, the ring's optics and Steinbach diagram, a spill with its spectrum and phase
            space at the septum, injection and acceleration, the cycle of a reference field, a treatment day, and all
            figures with source and confidence. It needs nothing from outside. The PDF is printed by Chromium.

            EXAMPLES
              kasane facility report yamagata --to build/yamagata.html
              kasane facility report himac --to build/himac.html --pdf build/himac.pdf --pictures build/himac
            """)

    @OptionGroup var selection: MachineSelection

    @Option(name: .customLong("to"), help: "HTML file to write.")
    var html: String

    @Option(help: "PDF file to write as well.")
    var pdf: String?

    @Option(help: ArgumentHelp("Folder for every picture as an SVG file of its own.", valueName: "folder"))
    var pictures: String?

    @Option(help: "Seed of injection, tracking, spill and day.")
    var seed: UInt64 = 1

    @Option(help: "Threads to use; results do not depend on it.")
    var threads: Int = ProcessInfo.processInfo.activeProcessorCount

    mutating func validate() throws {
        guard (1...1024).contains(threads) else {
            throw ValidationError("--threads \(threads) (must be 1 to 1024)")
        }
    }

    func run() async throws {
        let command = self
        try await reportingErrors { try await command.perform() }
    }

    private func perform() async throws {
        let description = try selection.read()
        let lattice = try FacilityLattice.read(description, data: selection.data)
        let models = FacilityModels(
            description: description, lattice: lattice, ringOptics: try selection.optics(of: description),
            seed: seed, threads: threads)
        let report = FacilityReport(
            machine: description, rooms: RoomPlan(description, lattice: lattice?.lattice),
            derived: .init(
                title: "What follows from the figures",
                columns: [("figure", ""), ("value", ""), ("unit", ""), ("remark", "")],
                rows: try FacilityDerived.rows(description), textColumns: [0, 2, 3]),
            sections: try await models.sections(), program: PlanCase.programName, date: Timestamp.printed)
        let page = URL(fileURLWithPath: html)
        try Data(FacilityPage.render(report).utf8).write(to: page, options: .atomic)
        print(page.path)
        if let pictures {
            for file in try PictureFiles.writeSVG(report.pictures, to: URL(fileURLWithPath: pictures)) {
                print(file.path)
            }
        }
        if let pdf {
            let target = URL(fileURLWithPath: pdf)
            try PDFPrinter.print(html: page, to: target)
            print(target.path)
        }
    }
}
