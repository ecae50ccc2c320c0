import ArgumentParser
import Foundation
import Reporting
import TreatmentPlanning

/// `kasane report`: the page and the PDF of a case.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write the report of a case as one HTML page and as PDF.",
        discussion: """
            The page needs nothing from outside. The PDF is printed by Chromium (package chromium).

            EXAMPLES
              kasane report build/head --to build/head.html
              kasane report build/head --to build/head.html --pdf build/head.pdf --pictures build/pictures
            """)

    @Argument(help: "Case folder made by kasane plan.")
    var caseFolder: String

    @Option(name: .customLong("to"), help: "HTML file to write.")
    var html: String

    @Option(help: "PDF file to write as well.")
    var pdf: String?

    @Option(help: "Folder for every picture as an SVG file of its own.")
    var pictures: String?

    @OptionGroup var compute: ComputeOptions

    func run() async throws {
        let command = self
        try await reportingErrors { try command.perform() }
    }

    private func perform() throws {
        let opened = try OpenedCase(folder: caseFolder, data: compute.data, threads: compute.threads)
        let report = opened.report(date: Timestamp.printed)
        let drawn = try ReportPictures(report)
        let page = URL(fileURLWithPath: html)
        try Data(HTMLReport.render(report, pictures: drawn).utf8).write(to: page, options: .atomic)
        print(page.path)
        if let pictures {
            for file in try PictureFiles.writeSVG(drawn.all, to: URL(fileURLWithPath: pictures)) {
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
