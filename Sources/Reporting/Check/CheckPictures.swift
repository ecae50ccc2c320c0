import Frames
import PatientModel
import PlanEvaluation
import PlanModel
import Volumes

/// All pictures of a dose check's report.
///
/// ## Checked by
/// `CheckPageTests`.
public struct CheckPictures: Sendable {
    /// The pictures of one compared dose.
    public struct Subject: Sendable {
        public var planned: Picture
        public var recomputed: Picture
        public var difference: Picture
        public var gamma: Picture
        public var doseVolume: Picture

        var all: [Picture] { [planned, recomputed, difference, gamma, doseVolume] }
    }

    /// Of the doses with pictures, in the order of the report.
    public var subjects: [Subject]
    /// Map of the range differences of all fields; nil if no ray has one.
    public var rangeMaps: Picture?
    /// Both doses along the axis of each field through the middle of the target.
    public var profiles: [Picture]

    /// All of them, in the order of the page.
    public var all: [Picture] {
        subjects.flatMap(\.all) + [rangeMaps].compactMap(\.self) + profiles
    }

    /// Draws everything.
    ///
    /// - Throws: `ReportError` for images of several frames of reference, `PNGError`.
    public init(_ report: CheckReport) throws {
        let frame = report.ct.geometry.frameOfReferenceUID
        for subject in report.subjects
        where subject.comparison.reference.geometry.frameOfReferenceUID != frame {
            throw ReportError.otherFrameOfReference(
                what: subject.title, found: subject.comparison.reference.geometry.frameOfReferenceUID,
                expected: frame)
        }
        var background: WashBackground?
        var subjects: [Subject] = []
        for (index, subject) in report.detailed.enumerated() {
            let washes = ComparedDoseWashes(
                scene: .init(
                    ct: report.ct.hounsfield, structures: report.structures, plan: report.plan,
                    centre: report.centre, appearance: report.appearance),
                comparison: subject.comparison, unit: subject.unit, prescribed: subject.prescribedDose,
                otherName: "Recomputed", name: "check-\(index + 1)")
            let planes = try background ?? WashBackground(washes.planned)
            background = planes
            subjects.append(
                try Subject(
                    planned: washes.picture(.planned, planes),
                    recomputed: washes.picture(.other, planes),
                    difference: washes.picture(.difference, planes), gamma: washes.picture(.gamma, planes),
                    doseVolume: DoseVolumeComparisonPlot(report: report, subject: subject).picture(
                        name: "check-\(index + 1)-dvh")))
        }
        self.subjects = subjects
        let target = report.structures.structure(named: report.targetName)
        rangeMaps = try RangeMaps(
            ranges: report.ranges, target: target, position: report.plan.patientPosition
        )
        .picture(name: "ranges")
        profiles = report.ranges.compactMap { range in
            AxisComparison(
                range, through: report.centre, position: report.plan.patientPosition, target: target
            )?.picture(name: "axis-\(range.field.number)", targetName: report.targetName)
        }
    }
}
