import Frames
import PatientModel
import PlanModel
import Volumes

/// Both doses along the axis of a field through one point, and their difference.
struct AxisComparison {
    private let plot: LinePlot
    private let name: String

    /// nil if the line meets no dose.
    init?(
        _ range: CheckReport.FieldRange, through point: Point3<DICOMPatient>, position: PatientPosition,
        target: Structure?, stepMM: Double = 0.5
    ) {
        var field = range.field
        field.isocentre = point
        let axis = BeamAxis(field: field, position: position)
        let reach = range.reference.geometry.diagonalMM
        let all = Array(stride(from: -reach, through: reach, by: stepMM))
        func values(_ volume: Volume<Float>) -> [Double] {
            all.map { volume.interpolated(at: axis.point(at: $0)) ?? .nan }
        }
        let (planned, recomputed) = (values(range.reference), values(range.evaluated))
        let greatest = (planned + recomputed).filter(\.isFinite).max() ?? 0
        let dosed = all.indices.filter { max(planned[$0], recomputed[$0]) > 0.02 * greatest }
        guard greatest > 0, let first = dosed.first, let last = dosed.last, last > first else { return nil }
        let margin = Int(10 / stepMM)
        let shown = max(0, first - margin)...min(all.count - 1, last + margin)
        func points(_ values: [Double]) -> [SIMD2<Double>] { shown.map { SIMD2(all[$0], values[$0]) } }
        let difference = zip(planned, recomputed).map { $1 - $0 }
        let most = max(0.03 * greatest, shown.map { abs(difference[$0]) }.filter(\.isFinite).max() ?? 0)
        let bands = target.map { BeamProfile.intervals(of: $0, along: axis, shown.map { all[$0] }) } ?? []
        plot = LinePlot(
            horizontal: .init(
                title: "Distance along the beam from the middle of the target (mm)",
                range: all[shown.lowerBound]...all[shown.upperBound]),
            panels: [
                .init(
                    vertical: .init(title: "Dose (\(range.unit))", range: 0...(1.08 * greatest)),
                    series: [
                        .init(name: "plan", colour: Colour.series[0], points: points(planned)),
                        .init(
                            name: "recomputed", colour: Colour.series[1], dash: [5, 3],
                            points: points(recomputed)),
                    ], weight: 2),
                .init(
                    vertical: .init(
                        title: "Difference (\(range.unit))", range: (-1.1 * most)...(1.1 * most)),
                    series: [.init(name: "rec. − plan", colour: Colour.series[2], points: points(difference))]
                ),
            ],
            bands: bands.map { .init(range: $0, label: target?.name ?? "", colour: Colour.series[4]) },
            size: SIMD2(Picture.width, 330))
        name = "field \(field.number) ‘\(field.name)’"
    }

    func picture(name: String, targetName: String) -> Picture {
        plot.picture(
            name: name, title: "Along \(self.name)",
            alternativeText:
                "Dose of the plan and recomputed dose along the axis of \(self.name) through the middle of \(targetName), and their "
                + "difference.")
    }
}
