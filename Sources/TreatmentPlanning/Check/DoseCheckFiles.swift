import CaseFiles
import DICOMRadiotherapy
import Foundation
import PatientModel
import PlanEvaluation
import PlanModel
import Reporting
import Volumes

/// Writes the folder of a dose check: report, figures, recomputed doses, gamma.
public enum DoseCheckFiles {
    /// What is written beyond the fixed files.
    public struct Options: Sendable {
        /// The report as PDF too.
        public var pdf: Bool
        /// Every picture as an SVG file of its own.
        public var pictures: Bool

        public init(pdf: Bool = false, pictures: Bool = false) {
            self.pdf = pdf
            self.pictures = pictures
        }
    }

    /// Writes everything; the folder appears whole or not at all.
    ///
    /// - Parameters:
    ///   - created: Time of writing, ISO 8601.
    ///   - date: The same for people.
    /// - Throws: `InvalidFile`, `PrintError`, `ReportError`, what the writers throw.
    public static func write(
        setup: DoseCheckSetup, result: DoseCheckResult, options: Options,
        timings: [(step: String, seconds: Double)], created: String, date: String, to path: String
    ) throws {
        let report = DoseCheckReport(setup: setup, result: result, timings: timings, date: date).checkReport
        let pictures = try CheckPictures(report)
        let page = CheckPage.render(report, pictures: pictures, passRate: setup.request.passRate)
        let record = DoseCheckRecord(setup: setup, result: result, created: created)
        let tables = DoseCheckTables(result: result)
        try DoseCheckFolder.results.write(to: path) { folder in
            func put(_ name: String, _ data: Data) throws {
                try data.write(to: folder.appendingPathComponent(name))
            }
            try put(DoseCheckFolder.recordName, Data(try record.tree.text().utf8))
            try put("dvh.csv", Data(tables.curves.utf8))
            if !result.ranges.isEmpty { try put("rays.csv", Data(tables.rays.utf8)) }
            try writeDoses(setup: setup, result: result, to: folder, put: put)
            let html = folder.appendingPathComponent("report.html")
            try put("report.html", Data(page.utf8))
            if options.pdf {
                try PDFPrinter.print(html: html, to: folder.appendingPathComponent("report.pdf"))
            }
            if options.pictures {
                try PictureFiles.writeSVG(pictures.all, to: folder.appendingPathComponent("pictures"))
            }
        }
    }

    /// Recomputed totals over all fractions, and γ of each compared dose (−1 where nothing was compared).
    private static func writeDoses(
        setup: DoseCheckSetup, result: DoseCheckResult, to folder: URL, put: (String, Data) throws -> Void
    ) throws {
        let plan = WrittenObject(
            file: setup.selection.plan.file, sopInstanceUID: setup.selection.plan.sopInstanceUID,
            seriesInstanceUID: "")
        let recomputed = RecomputedDose(
            fieldDoses: result.fieldDoses, plan: setup.plan, biology: setup.request.biology.model)
        let fields = setup.plan.fields.map(\.number)
        for quantity in [DoseQuantity.physical, .rbeWeighted] {
            let dose = recomputed.volume(
                quantity, fields: fields, fractions: setup.plan.prescription.fractions)
            let name = quantity == .physical ? "physical" : "rbe"
            try put("recomputed-\(name).mha", MetaImageFile.data(dose))
            let meaning =
                quantity == .physical
                ? DoseMeaning.physical : .rbeWeighted(model: setup.request.biology.name)
            try DoseWriter.write(
                dose: unsigned(dose), meaning: meaning, plan: plan, ct: setup.patient.ct,
                to: folder.appendingPathComponent("RD.recomputed-\(name).dcm").path)
        }
        for (index, subject) in result.subjects.enumerated() {
            let gamma = subject.comparison.gamma.volume(
                on: subject.comparison.reference.geometry, elsewhere: -1)
            try put("gamma-\(index + 1).mha", MetaImageFile.data(gamma))
        }
    }

    /// RT Dose holds no negative values. Straggling makes a few voxels of a Monte Carlo dose negative by less than a millionth of the
    /// maximum: these become zero; anything else is left for the writer to refuse.
    private static func unsigned(_ dose: Volume<Float>) -> Volume<Float> {
        let least = -1e-6 * (dose.values.max() ?? 0)
        return dose.map { $0 < 0 && $0 >= least ? 0 : $0 }
    }
}
