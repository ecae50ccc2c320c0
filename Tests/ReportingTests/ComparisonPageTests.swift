import FacilityModel
import Foundation
import PlanEvaluation
import PlanModel
import Quantities
import Radiobiology
import Reporting
import Testing
import Volumes

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// The synthetic head on two facilities, 2 % apart, and on one that cannot give it.
@Suite struct ComparisonPageTests {
    private static func result(
        _ base: TreatmentReport, scaled factor: Float, beam: ComparisonReport.BeamTime?
    ) -> ComparisonReport.Result {
        let fraction = DoseDistribution(
            dose: base.fractionDose.dose.map { $0 * factor },
            doseZStar: base.fractionDose.doseZStar.map { $0 * factor * factor },
            doseLET: base.fractionDose.doseLET.map { $0 * factor })
        let dose = PlanDose(distribution: fraction, biologicalModel: base.biologicalModel, fractions: 16)
        func outcome(_ scenario: ErrorScenario, _ d95: Double) -> RobustnessEvaluation.Outcome {
            .init(scenario: scenario, targetD95: d95, targetD2: 62, goals: base.goals)
        }
        let d95 = 58 * Double(factor)
        return .init(
            plan: base.plan, dose: dose, structures: base.evaluations, goals: base.goals,
            robustness: RobustnessEvaluation(
                nominal: outcome(.nominal, d95),
                outcomes: ErrorScenario.each(setUpErrorMM: [3, 3, 3], rangeError: 0.035).enumerated().map {
                    outcome($1, d95 - Double($0))
                }), beam: beam, reportFile: "case.html")
    }

    static func report() throws -> ComparisonReport {
        let base = try SyntheticHead.report()
        func machine(_ name: String) -> MachineDescription {
            var description = RoomPlanTests.description(facts: [
                AnnotatedFigure(
                    path: "nozzles.fixed.energy-spread", value: "0.001", unit: "", source: "Chosen",
                    confidence: .assumed, note: "assumed for \(name)")
            ])
            description.machine.name = name
            description.machine.facility = "Facility <\(name)>"
            return description
        }
        return ComparisonReport(
            title: "HEAD & NECK",
            entries: [
                .init(
                    name: "one", machine: machine("one"),
                    result: result(
                        base, scaled: 1,
                        beam: .init(
                            fills: 2,
                            parts: [
                                .init(name: "spill", seconds: 4), .init(name: "energy step", seconds: 12),
                            ]))),
                .init(
                    name: "two:passive", machine: machine("two"),
                    result: result(base, scaled: 1.02, beam: nil)),
                .init(
                    name: "three", machine: machine("three"), result: nil,
                    reason: "no port of three gives gantry angle 37.0°"),
            ], prescription: base.plan.prescription, ct: base.ct, structures: base.structures,
            program: "kasane", date: "today")
    }

    @Test func thePageHasEveryMachineFigureAndPicture() throws {
        let report = try Self.report()
        let pictures = try ComparisonPictures(report)
        #expect(
            pictures.all.map(\.name) == [
                "dose-axial", "dose-coronal", "dose-sagittal", "difference-axial", "dvh-target",
                "dvh-target-shoulder", "dvh-organs-1", "beam-time", "robustness-target", "robustness-goals",
            ])
        let html = ComparisonPage.render(report, pictures: pictures)
        let parser = XMLParser(data: Data(html.replacing("<!DOCTYPE html>", with: "").utf8))
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
        for entry in report.entries {
            #expect(
                html.contains(entry.name) && html.contains("Facility &lt;\(entry.machine.machine.name)&gt;"))
            #expect(html.contains("assumed for \(entry.machine.machine.name)"))
        }
        for text in [
            "HEAD &amp; NECK", "no port of three gives gantry angle", "not modelled",
            "Beam time of a fraction, s",
            "16.0", "energy step", "Goals met", "CTV D95, worst", "stopping −3.5 %", "51.00", "52.16",
            "two:passive − one", "case.html", "Research software, not a medical device",
        ] {
            #expect(html.contains(text), "\(text)")
        }
        for picture in pictures.all {
            #expect(html.contains(Markup.escaped(picture.alternativeText)), "\(picture.name)")
        }
    }

    @Test func everyPictureStandsAlone() throws {
        for picture in try ComparisonPictures(Self.report()).all {
            FacilityPicturesTests.expectWellFormed(picture, contains: [])
            if picture.name.hasPrefix("dose") { #expect(picture.fileContents.contains("two:passive")) }
        }
    }

    @Test func aTreatmentThatNoFacilityCanGiveHasAPageOfReasons() throws {
        var report = try Self.report()
        report.entries.removeFirst(2)
        let pictures = try ComparisonPictures(report)
        #expect(pictures.all.isEmpty)
        let html = ComparisonPage.render(report, pictures: pictures)
        #expect(html.contains("No facility can give this treatment") && html.contains("no port of three"))
    }
}
