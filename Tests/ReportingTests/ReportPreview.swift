import Foundation
import Reporting
import Testing

/// Writes the synthetic report, its pictures and its PDF into the folder named by `KASANE_PREVIEW`, to be looked at.
@Suite struct ReportPreview {
    @Test(.enabled(if: ProcessInfo.processInfo.environment["KASANE_PREVIEW"] != nil))
    func write() throws {
        let path = try #require(ProcessInfo.processInfo.environment["KASANE_PREVIEW"])
        let folder = URL(fileURLWithPath: path)
        let report = try SyntheticHead.report()
        let clock = ContinuousClock()
        let start = clock.now
        let pictures = try ReportPictures(report)
        let html = HTMLReport.render(report, pictures: pictures)
        print("page of \(html.utf8.count) bytes in \(clock.now - start)")
        let page = folder.appendingPathComponent("report.html")
        try Data(html.utf8).write(to: page)
        try PictureFiles.writeSVG(pictures.all, to: folder)
        let printing = clock.now
        try PDFPrinter.print(html: page, to: folder.appendingPathComponent("report.pdf"))
        print("PDF in \(clock.now - printing)")
    }
}
