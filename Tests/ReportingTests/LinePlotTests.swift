import Foundation
import Reporting
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite struct LinePlotTests {
    private static func plot(_ points: [SIMD2<Double>]) -> LinePlot {
        LinePlot(
            horizontal: .init(title: "Depth (mm)", range: 0...100),
            panels: [
                .init(
                    vertical: .init(title: "Dose (Gy)", range: 0...10),
                    series: [.init(name: "a & b", colour: Colour(hex: 0x0072B2), points: points)])
            ], size: SIMD2(400, 300))
    }

    @Test func isWellFormedAndNamesItsAxes() {
        let svg = Self.plot([[0, 0], [50, 5]]).picture(name: "p", title: "T", alternativeText: "A <curve>")
            .fileContents
        let parser = XMLParser(data: Data(svg.utf8))
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
        for text in ["Depth (mm)", "Dose (Gy)", "a &amp; b", "A &lt;curve&gt;", ">100</text>", ">10</text>"] {
            #expect(svg.contains(text), "\(text)")
        }
    }

    @Test func breaksTheLineAtMissingPoints() {
        let svg = Self.plot([[0, 1], [10, 2], [20, .nan], [30, 3], [40, 4]]).picture(
            name: "p", title: "T", alternativeText: "A"
        ).fileContents
        let path = svg.components(separatedBy: "<path d=\"").dropFirst().first?.prefix { $0 != "\"" } ?? ""
        #expect(path.filter { $0 == "M" }.count == 2, "\(path)")
        #expect(!svg.contains("nan"))
    }
}
