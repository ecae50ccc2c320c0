import Frames
import PatientModel
import PlanEvaluation
import PlanModel
import Volumes

/// The figures of three planes of one compared dose: planned, recomputed, their difference, gamma.
struct CheckWashes {
    enum Kind: String {
        case planned, recomputed, difference, gamma
    }

    private let report: CheckReport
    private let subject: CheckReport.Subject
    private let name: String
    /// Planned dose inside the body.
    private let inside: Volume<Float>
    /// Least dose that is shown, Gy.
    private let threshold: Double
    /// Dose that is 100 %, Gy.
    private let full: Double
    private let box: (lower: SIMD3<Double>, upper: SIMD3<Double>)

    init(report: CheckReport, subject: CheckReport.Subject, name: String) {
        self.report = report
        self.subject = subject
        self.name = name
        let comparison = subject.comparison
        inside = WashExtent.insideBody(comparison.reference, report.structures)
        threshold = comparison.criteria.lowDoseThreshold * comparison.agreement.referenceMaximum
        full = subject.prescribedDose ?? comparison.agreement.referenceMaximum
        box = WashExtent.box(
            ct: report.ct.geometry, structures: report.structures, dose: comparison.reference,
            threshold: threshold, around: report.centre)
    }

    var planned: DoseWash { wash(.planned) }

    func picture(_ kind: Kind, _ background: WashBackground) throws(PNGError) -> Picture {
        let title =
            switch kind {
            case .planned: "Dose of the plan"
            case .recomputed: "Recomputed dose"
            case .difference: "Recomputed − plan"
            case .gamma: "Gamma"
            }
        return try wash(kind).picture(
            name: "\(name)-\(kind)", title: title, layout: .row, background: background)
    }

    private func wash(_ kind: Kind) -> DoseWash {
        let isDose = kind == .planned || kind == .recomputed
        return DoseWash(
            ct: report.ct.hounsfield, window: report.appearance.window, layer: layer(kind),
            structures: report.structures.structures, isocentre: report.centre,
            fieldDirections: kind == .planned
                ? report.plan.fields.map {
                    ($0.name, BeamAxis(field: $0, position: report.plan.patientPosition).direction)
                } : [], isodoseLevels: isDose ? report.appearance.isodoses.map { $0 * full } : [], box: box,
            pixelMM: report.appearance.pixelMM)
    }

    private func layer(_ kind: Kind) -> WashLayer {
        let comparison = subject.comparison
        let reference = subject.prescribedDose ?? comparison.agreement.referenceMaximum
        switch kind {
        case .planned, .recomputed:
            let values =
                kind == .planned
                ? inside : WashExtent.insideBody(comparison.evaluated, report.structures)
            // One scale for both; a few hot voxels must not take the colours from all others.
            let top = max(1.1 * full, WashExtent.quantile(0.999, of: inside, above: threshold))
            return WashLayer(
                scale: WashScale(
                    quantity: kind == .planned ? "Plan" : "Recomputed", unit: subject.unit, map: .plasma,
                    range: 0...top, reference: reference), values: values, gate: values,
                gateThreshold: threshold)
        case .difference:
            let limit = differenceLimit
            return WashLayer(
                scale: WashScale(
                    quantity: "Difference", unit: subject.unit, map: .difference, range: -limit...limit,
                    reference: reference), values: comparison.difference, gate: compared,
                gateThreshold: 0.5, opacity: 0.75)
        case .gamma:
            // Interpolated as γ times weight over weight, so that the edge of the compared region does not fade to zero.
            let weight = compared
            var product = comparison.gamma.volume(on: comparison.reference.geometry, elsewhere: 0)
            for index in product.values.indices { product.values[index] *= weight.values[index] }
            return WashLayer(
                scale: WashScale(
                    quantity: "γ", unit: "", map: .difference,
                    range: 0...comparison.criteria.maximumGamma), values: product, denominator: weight,
                gate: weight, gateThreshold: 0.5, opacity: 0.75)
        }
    }

    /// 1 at the points that were compared, 0 elsewhere.
    private var compared: Volume<Float> {
        let gamma = subject.comparison.gamma
        var volume = Volume<Float>(geometry: subject.comparison.reference.geometry, repeating: 0)
        for voxel in gamma.voxels { volume.values[Int(voxel)] = 1 }
        return volume
    }

    /// End of the difference scale: twice the dose criterion, or more if one compared voxel in a hundred differs more.
    private var differenceLimit: Double {
        let comparison = subject.comparison
        let criterion = 2 * comparison.criteria.doseDifference * comparison.agreement.referenceMaximum
        let differences = comparison.gamma.voxels.map {
            abs(Double(comparison.evaluated.values[Int($0)]) - Double(comparison.reference.values[Int($0)]))
        }
        return max(criterion, Percentiles(differences)?.value(0.99) ?? 0)
    }
}
