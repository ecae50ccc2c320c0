import Foundation
import Reporting
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite struct HTMLReportTests {
    @Test func preview() throws {
        guard let folder = ProcessInfo.processInfo.environment["KASANE_PREVIEW"] else { return }
        let report = try SyntheticHead.report()
        let clock = ContinuousClock()
        let start = clock.now
        let pictures = try ReportPictures(report)
        let html = HTMLReport.render(report, pictures: pictures)
        print("render", clock.now - start, html.utf8.count)
        let base = URL(fileURLWithPath: folder)
        let page = base.appendingPathComponent("report.html")
        try Data(html.utf8).write(to: page)
        try PictureFiles.writeSVG(pictures.all, to: base)
        let s2 = clock.now
        try PDFPrinter.print(html: page, to: base.appendingPathComponent("report.pdf"))
        print("pdf", clock.now - s2)
    }
}
