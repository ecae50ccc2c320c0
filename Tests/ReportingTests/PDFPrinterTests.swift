import Foundation
import Reporting
import Testing

@Suite struct PDFPrinterTests {
    static func which(_ name: String) -> String? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    private static func run(_ path: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    private static func folder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "kasane-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    @Test(
        .enabled(
            if: which("chromium") != nil && which("pdftotext") != nil, "needs chromium and poppler-utils"))
    func everyPrintedPageCarriesTheNotice() throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        var report = try SyntheticHead.report()
        report.appearance.pixelMM = 2
        let page = folder.appendingPathComponent("report.html")
        let pdf = folder.appendingPathComponent("report.pdf")
        try Data(try HTMLReport.render(report).utf8).write(to: page)
        try PDFPrinter.print(html: page, to: pdf)
        let pdftotext = try #require(Self.which("pdftotext"))
        let text = try Self.run(pdftotext, ["-layout", pdf.path, "-"])
        let pages = text.components(separatedBy: "\u{C}").filter { !$0.allSatisfy(\.isWhitespace) }
        #expect(pages.count >= 5)
        for (index, page) in pages.enumerated() {
            #expect(page.contains(TreatmentReport.notice), "page \(index + 1)")
            #expect(page.contains("Page \(index + 1) of \(pages.count)"))
        }
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for figure in ["Treatment plan report", "SYN-001", "Clinical goals", "keV/µm", "Gy (RBE)"] {
            #expect(words.contains(figure), "\(figure)")
        }
    }

    @Test(.enabled(if: which("chromium") != nil, "needs chromium"))
    func picturesBecomePNGFiles() throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let plot = LinePlot(
            horizontal: .init(title: "x (mm)", range: 0...1),
            panels: [.init(vertical: .init(title: "y (Gy)", range: 0...1), series: [])], size: SIMD2(300, 200)
        )
        let file = folder.appendingPathComponent("plot.png")
        let picture = plot.picture(name: "plot", title: "Plot", alternativeText: "An empty plot.")
        try PictureFiles.writePNG(picture, to: file, pixelRatio: 2)
        let image = try #require(decodePNG(Array(try Data(contentsOf: file)), channels: .colourWithOpacity))
        #expect(image.width == 600 && image.height == 400)
    }

    @Test func namesThePackageWhenThereIsNoBrowser() {
        #expect(
            "\(PrintError.browserMissing(searched: ["chromium"]))".contains("install the package `chromium`"))
    }

    @Test func refusesAMissingPage() throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let pdf = folder.appendingPathComponent("x.pdf")
        #expect(throws: PrintError.self) {
            try PDFPrinter.print(html: folder.appendingPathComponent("none.html"), to: pdf)
        }
        #expect(!FileManager.default.fileExists(atPath: pdf.path))
    }
}
