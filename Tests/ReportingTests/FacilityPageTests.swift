import FacilityModel
import Foundation
import Quantities
import Reporting
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite struct FacilityPageTests {
    private static func report(_ description: MachineDescription) -> FacilityReport {
        let picture = ComparisonPicture.doseVolume([("a", [[0, 1], [1, 0]])], structure: "S", name: "some")
        return FacilityReport(
            machine: description, rooms: RoomPlan(description, lattice: nil),
            derived: .init(
                title: "What follows", columns: [("figure", ""), ("value", "m")], rows: [["rigidity", "6.6"]]),
            sections: [
                .init(
                    title: "Model & more", text: ["A <paragraph>."], pictures: [(picture, "Its caption")],
                    grids: [.init(title: "A table", columns: [("energy", "MeV/u")], rows: [["431"]])])
            ], program: "kasane", date: "today")
    }

    @Test func thePageHasEveryFigureSectionAndPicture() throws {
        var description = RoomPlanTests.description(facts: [
            RoomPlanTests.fact("gantry-diameter", "11"),
            AnnotatedFigure(
                path: "nozzles.fixed.energy-spread", value: "0.001", unit: "", source: "Chosen",
                confidence: .assumed, note: "usual", overridden: "0.002"),
        ])
        description.notice = "Planned, not contracted"
        let report = Self.report(description)
        let html = FacilityPage.render(report)
        let parser = XMLParser(data: Data(html.replacing("<!DOCTYPE html>", with: "").utf8))
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
        for figure in description.figures { #expect(html.contains(figure.path), "\(figure.path)") }
        for text in [
            "Test &lt;facility&gt;", "Planned, not contracted", "Model &amp; more", "A &lt;paragraph&gt;.",
            "Its caption", "A table", "MeV/u", "431", "rigidity", "instead of 0.002", "Data sheet",
            "Research software, not a medical device", "Plan view", "room A",
        ] {
            #expect(html.contains(text), "\(text)")
        }
        #expect(!html.contains("http://") || !html.contains("<script"))
        for picture in report.pictures {
            #expect(html.contains(Markup.escaped(picture.alternativeText)), "\(picture.name)")
        }
    }

    @Test func figuresReadAsPeopleWriteThem() {
        func text(_ value: String, _ unit: String) -> String {
            FigureText.value(
                AnnotatedFigure(path: "p", value: value, unit: unit, source: "s", confidence: .high))
        }
        #expect(text("-180, 180", "deg") == "−180, 180°")
        #expect(text("20000000000", "ions") == "2 × 10¹⁰ ions")
        #expect(text("2500000", "ions/s") == "2.5 × 10⁶ ions/s")
        #expect(text("ECR, 10 GHz", "") == "ECR, 10 GHz")
    }
}
