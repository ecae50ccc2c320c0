import CaseFiles
import DICOMRadiotherapy
import FacilityModel
import Foundation
import Frames
import PatientModel
import PlanEvaluation
import PlanModel
import Quantities
import Reporting
import Volumes

/// All figures of a dose check for programs: `check.yaml` and the tables beside it.
///
/// ## Checked by
/// `DoseCheckCommandTests`, `YAMLTreeTests`.
struct DoseCheckRecord {
    let setup: DoseCheckSetup
    let result: DoseCheckResult
    /// Time of writing, ISO 8601.
    let created: String

    private typealias Entry = YAMLTree.Entry

    /// The record, `docs/formats/check.md`.
    var tree: YAMLTree {
        let request = setup.request
        let criteria = request.criteria
        return .map([
            Entry("format", .text(DoseCheckFolder.format)),
            Entry("version", .integer(DoseCheckFolder.version)),
            Entry("notice", .text(TreatmentReport.notice)), Entry("program", .text(PlanCase.programName)),
            Entry("created", .text(created)), Entry("passed", .flag(result.isPassed)),
            Entry("criteria", .list(result.criteria.map(criterion))),
            Entry(
                "gamma",
                .map([
                    Entry("dose-difference-percent", .number(100 * criteria.doseDifference)),
                    Entry("distance-mm", .number(criteria.distanceMM)),
                    Entry("threshold-percent", .number(100 * criteria.lowDoseThreshold)),
                    Entry("normalisation", .text(criteria.normalisation == .local ? "local" : "global")),
                    Entry("greatest", .number(criteria.maximumGamma)),
                ])),
            Entry("objects", objects), Entry("plan", plan), Entry("recomputed", recomputed),
            Entry("doses", .list(result.subjects.map(subject))),
            Entry("ranges", .list(result.ranges.map(range))),
            Entry("findings", .list((setup.findings + result.findings).map(finding))),
            Entry(
                "sources",
                .list(
                    setup.sources.map {
                        .map([
                            Entry("role", .text($0.role)), Entry("path", .text($0.path)),
                            Entry("sha256", .text($0.sha256)),
                        ])
                    })),
        ])
    }

    private func criterion(_ criterion: DoseCheckResult.Criterion) -> YAMLTree {
        let unit = criterion.kind == .range ? "mm" : "percent"
        let factor = criterion.kind == .range ? 1 : 100.0
        return .map([
            Entry("kind", .text(criterion.kind.rawValue)), Entry("name", .text(criterion.name)),
            Entry("value", .number(factor * criterion.value)),
            Entry("limit", .number(factor * criterion.limit)),
            Entry("unit", .text(unit)), Entry("met", .flag(criterion.isMet)),
        ])
    }

    private var objects: YAMLTree {
        let selection = setup.selection
        func object(_ uid: String, _ file: String) -> YAMLTree {
            .map([Entry("sop-instance-uid", .text(uid)), Entry("file", .text(file))])
        }
        return .map([
            Entry("patient-id", .text(selection.ct.patient.id)),
            Entry("frame-of-reference-uid", .text(selection.ct.frameOfReferenceUID)),
            Entry("ct-series-instance-uid", .text(selection.ct.seriesInstanceUID)),
            Entry(
                "structure-set", object(selection.structureSet.sopInstanceUID, selection.structureSet.file)),
            Entry("plan", object(selection.plan.sopInstanceUID, selection.plan.file)),
            Entry("doses", .list(selection.doses.map { object($0.sopInstanceUID, $0.file) })),
        ])
    }

    private var plan: YAMLTree {
        .map([
            Entry("label", .text(setup.plan.label)), Entry("machine", .text(setup.plan.machineName)),
            Entry("ion", .text("\(setup.plan.ion)")), Entry("target", .text(setup.targetName)),
            Entry("external", .text(setup.externalName)),
            Entry("prescribed-dose-gy-rbe", .number(setup.plan.prescription.totalDose.value)),
            Entry("fractions", .integer(setup.plan.prescription.fractions)),
            Entry(
                "fields",
                .list(
                    setup.plan.fields.map { field in
                        .map([
                            Entry("number", .integer(field.number)), Entry("name", .text(field.name)),
                            Entry("port", .text(field.portID)),
                            Entry("gantry-angle", .number(field.gantryAngle.value)),
                            Entry("couch-angle", .number(field.patientSupportAngle.value)),
                            Entry("spots", .integer(field.spotCount)),
                            Entry("ions", .number(field.particles)),
                        ])
                    })),
        ])
    }

    private var recomputed: YAMLTree {
        let request = setup.request
        let grid = setup.planner.masks.grid
        let isSampled = request.engine == .monteCarlo
        return .map([
            Entry("engine", .text(request.engine.rawValue)),
            Entry("seed", isSampled ? .integer(Int(clamping: request.seed)) : .null),
            Entry("standard-error-percent", result.uncertainty.map { .number(100 * $0) } ?? .null),
            Entry("facts", .list(result.engineFacts.map { .text("\($0.name): \($0.value)") })),
            Entry("calibration", .text(setup.planner.input.conversion.name)),
            Entry("biology", .text(request.biology.name)),
            Entry(
                "voxels",
                .list([grid.dimensions.x, grid.dimensions.y, grid.dimensions.z].map { .integer($0) })),
            Entry(
                "voxel-mm", .list([grid.spacingMM.x, grid.spacingMM.y, grid.spacingMM.z].map { .number($0) })),
        ])
    }

    private func gamma(_ summary: GammaResult.Summary?) -> YAMLTree {
        guard let summary else { return .null }
        return .map([
            Entry("points", .integer(summary.points)),
            Entry("passed-percent", .number(100 * summary.passRate)),
            Entry("mean", .number(summary.mean)), Entry("greatest", .number(summary.maximum)),
        ])
    }

    private func subject(_ subject: DoseCheckResult.Subject) -> YAMLTree {
        let agreement = subject.comparison.agreement
        return .map([
            Entry("title", .text(subject.title)),
            Entry("files", .list(subject.dose.files.map { .text($0) })),
            Entry("quantity", .text(subject.dose.quantity.rawValue)),
            Entry("fields", .list(subject.dose.fieldNumbers.map { .integer($0) })),
            Entry("fractions", .integer(subject.dose.fractions)),
            Entry("comment", .text(subject.dose.comment)),
            Entry("gamma-patient", gamma(subject.patient)), Entry("gamma-target", gamma(subject.target)),
            Entry(
                "high-dose",
                .map([
                    Entry("voxels", .integer(agreement.highDoseVoxels)),
                    Entry("mean-ratio", .number(agreement.meanRatio)),
                    Entry("ratio-spread", .number(agreement.ratioSpread)),
                ])),
            Entry("largest-difference", extreme(agreement.largest)),
            Entry("largest-mean-difference", extreme(agreement.largestMean)),
            Entry("structures", .list(subject.comparison.structures.map(structure))),
        ])
    }

    private func extreme(_ extreme: DoseAgreement.Extreme) -> YAMLTree {
        let place = extreme.place
        return .map([
            Entry("gy", .number(extreme.difference)), Entry("plan-gy", .number(extreme.reference)),
            Entry("recomputed-gy", .number(extreme.evaluated)),
            Entry("place-mm", .list([place.x, place.y, place.z].map { .number($0) })),
        ])
    }

    private func structure(_ row: StructureComparison) -> YAMLTree {
        .map(
            [
                Entry("name", .text(row.name)), Entry("volume-cm3", .number(row.reference.volumeCM3)),
                Entry("outside-grid-cm3", .number(row.volumeOutsideCM3)), Entry("gamma", gamma(row.gamma)),
            ]
                + StructureComparison.Figure.allCases.map { figure in
                    let values = row.values(figure)
                    return Entry(
                        figure.rawValue.lowercased() + "-gy",
                        .map([
                            Entry("plan", .number(values.reference)),
                            Entry("recomputed", .number(values.evaluated)),
                        ]))
                })
    }

    private func range(_ range: DoseCheckResult.FieldRange) -> YAMLTree {
        func figures(_ statistics: RangeStatistics?) -> YAMLTree {
            guard let statistics else { return .null }
            return .map([
                Entry("rays", .integer(statistics.count)), Entry("median-mm", .number(statistics.median)),
                Entry("percentile-5-mm", .number(statistics.percentile5)),
                Entry("percentile-95-mm", .number(statistics.percentile95)),
                Entry("largest-mm", .number(statistics.largest)),
                Entry(
                    "largest-at-gantry-mm",
                    .list(
                        [statistics.largestPositionMM.x, statistics.largestPositionMM.y].map { .number($0) })
                ),
            ])
        }
        return .map([
            Entry("field", .integer(range.field.number)), Entry("dose", .text(range.doseName)),
            Entry("is-range-of-field", .flag(range.isOfField)),
            Entry("own-share-of-fall", range.ownShare.map { .number($0) } ?? .null),
            Entry("target-rays", .integer(range.comparison.targetRays)),
            Entry("fading-rays", .integer(range.comparison.fadingRays)),
            Entry("edge-80", figures(range.comparison.statistics(.eighty))),
            Entry(
                "edge-50", range.isOfField ? figures(range.comparison.statistics(.fifty)) : .null),
            Entry("edge-80-water", figures(range.comparison.waterStatistics)),
        ])
    }

    private func finding(_ finding: Finding) -> YAMLTree {
        .map([
            Entry("severity", .text(finding.severity.rawValue)), Entry("code", .text(finding.code)),
            Entry("message", .text(finding.message)), Entry("path", .text(finding.path)),
        ])
    }
}
