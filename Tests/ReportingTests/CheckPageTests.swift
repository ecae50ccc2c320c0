import Foundation
import Frames
import PatientModel
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

/// The report of a dose check on the synthetic head, whose second dose is 4 % higher on one side.
@Suite struct CheckPageTests {
    static func report(passed: Bool = false) async throws -> CheckReport {
        let base = try SyntheticHead.report()
        let dose = PlanDose(
            distribution: base.fractionDose, biologicalModel: base.biologicalModel, fractions: 16)
        var evaluated = dose.rbeWeighted
        let grid = evaluated.geometry
        for index in evaluated.values.indices {
            let v = grid.voxel(at: index)
            if grid.centre(v.x, v.y, v.z).x > SyntheticHead.isocentre.x { evaluated.values[index] *= 1.04 }
        }
        var masks: [(name: String, mask: StructureMask)] = []
        for structure in base.structures.structures {
            masks.append((structure.name, try StructureMask.rasterise(structure, on: grid)))
        }
        let body = try #require(masks.first { $0.name == "External" }?.mask)
        let target = try #require(masks.first { $0.name == "CTV" }?.mask)
        let comparison = try await DoseComparison.compute(
            reference: dose.rbeWeighted, evaluated: evaluated,
            criteria: GammaCriteria(doseDifference: 0.03, distanceMM: 2), body: body, structures: masks,
            threads: 2)
        func subject(_ title: String, isDetailed: Bool) -> CheckReport.Subject {
            .init(
                title: title, quantity: .rbeWeighted, comparison: comparison,
                patient: comparison.gamma.summary, target: comparison.gamma.summary(in: target),
                prescribedDose: 60.8, isDetailed: isDetailed)
        }
        let ranges = base.plan.fields.map { field in
            CheckReport.FieldRange(
                field: field, isOfField: field.number == 1, doseName: "RBE-weighted dose of the plan",
                comparison: RangeComparison(
                    reference: dose.rbeWeighted, evaluated: evaluated, target: target,
                    toGantry: IECChain.patientToGantry(
                        isocentre: field.isocentre, position: base.plan.patientPosition,
                        patientSupportAngle: field.patientSupportAngle, gantryAngle: field.gantryAngle)),
                ownShare: field.number == 1 ? nil : 0.62, reference: dose.rbeWeighted, evaluated: evaluated,
                unit: "Gy (RBE)")
        }
        return CheckReport(
            isPassed: passed,
            criteria: [
                .init(name: "γ ≤ 1, patient", value: "97.1 %", limit: "≥ 95.0 %", isMet: true),
                .init(name: "γ ≤ 1, CTV", value: "61.0 %", limit: "≥ 95.0 %", isMet: passed),
            ],
            objects: [
                .init(kind: "CT", file: "108 files", label: "Head", uid: "1.2.3.4", equipment: "Scanner 5"),
                .init(
                    kind: "RT Ion Plan", file: "RN.dcm", label: "SYN", uid: "1.2.3.5", equipment: "Planner"),
            ], plan: base.plan, machine: base.machine, ct: base.ct, structures: base.structures,
            targetName: "CTV", centre: SyntheticHead.isocentre,
            subjects: [
                subject("RBE-weighted dose of the plan", isDetailed: true),
                subject("Absorbed dose of field 1", isDetailed: false),
            ], ranges: ranges, uncertainty: 0.018,
            findings: [Finding(severity: .warning, code: "CHECK-0013", message: "EFFECTIVE")],
            machineFacts: base.machineFacts, modelFacts: base.modelFacts, provenance: base.provenance,
            date: "2026-11-26 07:00 UTC", appearance: ReportAppearance(pixelMM: 2))
    }

    private func page(_ report: CheckReport) throws -> String {
        CheckPage.render(report, pictures: try CheckPictures(report), passRate: 0.95)
    }

    @Test func isWellFormedSelfContainedAndComplete() async throws {
        let html = try page(await Self.report())
        let parser = XMLParser(data: Data(html.utf8))
        #expect(parser.parse(), "\(String(describing: parser.parserError)) in line \(parser.lineNumber)")
        for reference in ["<script", "src=\"http", "href=\"http", "url(http", "@import"] {
            #expect(!html.contains(reference))
        }
        for text in [
            TreatmentReport.notice, "Independent dose check", "✗ Not passed", "1 of 2 criteria is not met",
            "✗ not met", "CHECK-0013", "1.2.3.5", "RN.dcm", "Gamma 3 %/2 mm, global", "D98", "Dmean",
            "Recomputed over plan", "Largest difference", "Single fields and range", "range of the field",
            "edge of the plan&#39;s dose", "62\u{00A0}% for", "standard error of a voxel",
            "Doses of single fields",
            "Noise widens the recomputed curves",
        ] { #expect(html.contains(text), "\(text)") }
        let identifiers = html.components(separatedBy: " id=\"").dropFirst().map { $0.prefix { $0 != "\"" } }
        #expect(Set(identifiers).count == identifiers.count)
        for use in html.components(separatedBy: "<use href=\"#").dropFirst() {
            #expect(identifiers.contains(use.prefix { $0 != "\"" }))
        }
        let passed = try page(await Self.report(passed: true))
        #expect(passed.contains("✓ Passed") && !passed.contains("Not passed"))
    }

    @Test func hostileNamesStayText() async throws {
        let hostile = "</style><script>alert(1)</script>'\"&\u{0}"
        var report = try await Self.report()
        report.plan.label = hostile
        report.plan.fields[0].name = hostile
        report.ranges[0].field.name = hostile
        report.subjects[0].title = hostile
        report.criteria[0].name = hostile
        report.objects[0] = .init(
            kind: hostile, file: hostile, label: hostile, uid: hostile, equipment: hostile)
        report.targetName = hostile
        report.ct.patient = PatientIdentity(id: hostile, name: hostile)
        report.findings = [Finding(severity: .failure, code: hostile, message: hostile, path: hostile)]
        let html = try page(report)
        #expect(!html.contains("<script") && html.components(separatedBy: "</style>").count == 2)
        let parser = XMLParser(data: Data(html.utf8))
        #expect(parser.parse(), "\(String(describing: parser.parserError)) in line \(parser.lineNumber)")
    }

    @Test func imagesOfAnotherFrameAreRefused() async throws {
        var report = try await Self.report()
        let old = report.ct.hounsfield
        report.ct.hounsfield = Volume(
            geometry: VolumeGeometry(
                dimensions: old.geometry.dimensions, origin: old.geometry.origin,
                spacingMM: old.geometry.spacingMM, frameOfReferenceUID: "9.9"), values: old.values)
        #expect(throws: ReportError.self) { _ = try CheckPictures(report) }
    }

    @Test func differencesHaveTheirMiddleAtZero() {
        let middle = ColourMap.difference.colour(at: 0.5)
        #expect(middle.luminance > 0.85)
        for step in 1...4 {
            let share = Double(step) / 8
            #expect(ColourMap.difference.colour(at: 0.5 - share).luminance < middle.luminance)
            #expect(ColourMap.difference.colour(at: 0.5 + share).luminance < middle.luminance)
        }
        #expect(NumberText.signed(0.04, 1) == "0.0" && NumberText.signed(-0.04, 1) == "0.0")
        #expect(NumberText.signed(1.25, 1) == "+1.2" && NumberText.signed(-3, 0) == "\u{2212}3")
        #expect(
            NumberText.short(3) == "3" && NumberText.short(2.5) == "2.5" && NumberText.short(0.333) == "0.33")
    }
}
