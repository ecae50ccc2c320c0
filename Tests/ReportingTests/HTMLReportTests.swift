import FacilityModel
import Foundation
import Frames
import PatientModel
import PlanModel
import Quantities
import Reporting
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite struct HTMLReportTests {
    /// A report drawn with few pixels, for speed.
    private static func coarse() throws -> TreatmentReport {
        var report = try SyntheticHead.report()
        report.appearance.pixelMM = 2
        return report
    }

    @Test func isWellFormedSelfContainedAndComplete() throws {
        var report = try Self.coarse()
        report.appearance.title = "A tumour <at> the skull base"
        let html = try HTMLReport.render(report)
        #expect(html.contains("A tumour &lt;at&gt; the skull base, SYNTHETIC HEAD, Example"))
        let parser = XMLParser(data: Data(html.utf8))
        #expect(parser.parse(), "\(String(describing: parser.parserError)) in line \(parser.lineNumber)")
        #expect(!html.contains("<script"))
        for reference in ["src=\"http", "href=\"http", "url(http", "@import"] {
            #expect(!html.contains(reference))
        }
        for text in [
            TreatmentReport.notice, TreatmentReport.neutralParticlesAreLeftOut, "Phantom, Head", "SYN-001",
            "SYNTHETIC HEAD", "60.80 Gy (RBE) to CTV in 16 fractions of 3.80 Gy (RBE)",
            "Example Heavy-Ion Centre",
            "2026-11-24 02:00 UTC", "Clinical goals", "✓ met", "PLAN-0031", "Dose-averaged LET", "keV/µm",
            "Volume (%)", "RBE-weighted dose (Gy (RBE))", "Distance along the beam from the isocentre (mm)",
            "IEC gantry x (mm)", "Energy (MeV/u)", "Conformity",
            "3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8551",
            "kasane 0.1.0", "Seed", "assumed",
        ] { #expect(html.localizedCaseInsensitiveContains(text), "\(text)") }
        #expect(
            html.components(separatedBy: "role=\"img\"").count
                == html.components(separatedBy: "aria-label").count)
        #expect(html.utf8.count < 6_000_000)
    }

    @Test func identifiersAreUnique() throws {
        let html = try HTMLReport.render(try Self.coarse())
        let identifiers = html.components(separatedBy: " id=\"").dropFirst().map { $0.prefix { $0 != "\"" } }
        #expect(Set(identifiers).count == identifiers.count)
        for use in html.components(separatedBy: "<use href=\"#").dropFirst() {
            #expect(identifiers.contains(use.prefix { $0 != "\"" }))
        }
    }

    @Test func hostileNamesStayText() throws {
        let hostile = "</style><script>alert(1)</script>'\"&\u{0}"
        var report = try Self.coarse()
        report.plan.label = hostile
        report.plan.fields[0].name = hostile
        report.ct.patient = PatientIdentity(id: hostile, name: "\(hostile)^\(hostile)", birthDate: hostile)
        report.structures.structures[0].name = hostile
        report.structures.label = hostile
        report.findings = [Finding(severity: .failure, code: hostile, message: hostile, path: hostile)]
        report.provenance.program = hostile
        report.machine.facility = hostile
        report.date = hostile
        let html = try HTMLReport.render(report)
        #expect(!html.contains("<script"))
        #expect(html.components(separatedBy: "</style>").count == 2)
        let parser = XMLParser(data: Data(html.utf8))
        #expect(parser.parse(), "\(String(describing: parser.parserError)) in line \(parser.lineNumber)")
    }

    @Test func aPlanWithThousandsOfEqualFindingsStaysReadable() throws {
        var report = try Self.coarse()
        report.findings = (0..<3000).map {
            Finding(severity: .failure, code: "PLAN-0032", message: "too few particles", path: "spots[\($0)]")
        }
        let html = try HTMLReport.render(report)
        #expect(html.components(separatedBy: "too few particles").count - 1 == 5)
        #expect(html.contains("and 2\u{202F}995 more of this kind"))
    }

    @Test func refusesWhatCannotBeShown() throws {
        let good = try Self.coarse()
        var report = good
        report.plan.fields = []
        #expect(throws: ReportError.noField(plan: "SYNTHETIC HEAD")) { try HTMLReport.render(report) }
        report = good
        report.structures.frameOfReferenceUID = "9.9"
        #expect(
            throws: ReportError.otherFrameOfReference(
                what: "the structure set", found: "9.9", expected: SyntheticHead.frame)
        ) { try HTMLReport.render(report) }
        report = good
        report.plan.fields[0].isocentre = Point3(0, 0, 999)
        #expect(throws: ReportError.isocentreOutsideCT(Point3(0, 0, 999))) { try HTMLReport.render(report) }
        report = good
        report.plan.prescription.totalDose = RBEWeightedDose(0)
        #expect(throws: ReportError.prescription(0)) { try HTMLReport.render(report) }
    }
}
