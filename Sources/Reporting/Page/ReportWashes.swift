import Frames
import PatientModel
import PlanEvaluation
import PlanModel
import Quantities
import Volumes

/// The wash figures of a report: which quantities, with which scales, in which part of the patient.
struct ReportWashes {
    enum Quantity {
        case rbeWeightedDose, physicalDose, letD, rbe
    }

    private let report: TreatmentReport
    private let dose: PlanDose
    private let prescription: Double
    /// Total RBE-weighted dose where colour may be shown: inside the outline of the body, if there is one.
    private let shownDose: Volume<Float>
    private let structures: [Structure]
    private let box: (lower: SIMD3<Double>, upper: SIMD3<Double>)
    private let isocentre: Point3<DICOMPatient>

    /// - Precondition: the report passed its check.
    init(_ report: TreatmentReport, _ dose: PlanDose) {
        self.report = report
        self.dose = dose
        prescription = report.plan.prescription.totalDose.value
        isocentre = report.plan.fields.first?.isocentre ?? Point3(0, 0, 0)
        structures = report.structures.structures.filter {
            !report.appearance.hiddenStructures.contains($0.name)
        }.sorted { $0.rank < $1.rank }
        shownDose = WashExtent.insideBody(dose.rbeWeighted, report.structures)
        box = WashExtent.box(
            ct: report.ct.geometry, structures: report.structures, dose: dose.rbeWeighted,
            threshold: report.appearance.threshold * prescription, around: isocentre)
    }

    /// The wash of a quantity, ready to be drawn. Only the RBE-weighted dose shows fields and isodose lines.
    func wash(_ quantity: Quantity) -> DoseWash {
        let position = report.plan.patientPosition
        let isFirst = quantity == .rbeWeightedDose
        return DoseWash(
            ct: report.ct.hounsfield, window: report.appearance.window, layer: layer(quantity),
            structures: structures, isocentre: isocentre,
            fieldDirections: isFirst
                ? report.plan.fields.map { ($0.name, BeamAxis(field: $0, position: position).direction) }
                : [],
            isodoseLevels: isFirst ? report.appearance.isodoses.map { $0 * prescription } : [], box: box,
            pixelMM: report.appearance.pixelMM)
    }

    func picture(_ quantity: Quantity, layout: DoseWash.Layout, _ background: WashBackground) throws(PNGError)
        -> Picture
    {
        let (name, title): (String, String) =
            switch quantity {
            case .rbeWeightedDose: ("dose-rbe", "RBE-weighted dose")
            case .physicalDose: ("dose-physical", "Absorbed dose")
            case .letD: ("letd", "Dose-averaged LET")
            case .rbe: ("rbe", "RBE")
            }
        return try wash(quantity).picture(name: name, title: title, layout: layout, background: background)
    }

    private func layer(_ quantity: Quantity) -> WashLayer {
        let gate = shownDose
        let threshold = report.appearance.threshold * prescription
        func make(_ scale: WashScale, _ values: Volume<Float>, over denominator: Volume<Float>? = nil)
            -> WashLayer
        {
            WashLayer(
                scale: scale, values: values, denominator: denominator, gate: gate, gateThreshold: threshold)
        }
        switch quantity {
        case .rbeWeightedDose:
            // A few hot voxels must not take the colours from all others: they get the last one.
            let top = max(1.1 * prescription, WashExtent.quantile(0.999, of: gate, above: threshold))
            return make(
                WashScale(
                    quantity: "RBE-weighted dose", unit: "Gy (RBE)", map: .plasma, range: 0...top,
                    reference: prescription), gate)
        case .physicalDose:
            let top = max(Double(dose.physical.values.max() ?? 0), 1e-6)
            return make(
                WashScale(quantity: "Absorbed dose", unit: "Gy", map: .plasma, range: 0...top), dose.physical
            )
        case .letD:
            let top = ceiling(report.fractionDose.doseLET, report.fractionDose.dose, threshold, step: 20)
            return make(
                WashScale(quantity: "LETd", unit: "keV/µm", map: .viridis, range: 0...top),
                report.fractionDose.doseLET, over: report.fractionDose.dose)
        case .rbe:
            let top = ceiling(gate, dose.physical, threshold, step: 0.5)
            return make(
                WashScale(quantity: "RBE", unit: "", map: .viridis, range: 1...max(top, 1.5)), gate,
                over: dose.physical)
        }
    }

    /// The 99.5th percentile of a ratio where the dose is shown, rounded up to a multiple of `step`.
    private func ceiling(_ above: Volume<Float>, _ below: Volume<Float>, _ threshold: Double, step: Double)
        -> Double
    {
        var ratios: [Float] = []
        for index in above.values.indices
        where shownDose.values[index] >= Float(threshold) && below.values[index] > 0 {
            ratios.append(above.values[index] / below.values[index])
        }
        ratios.sort()
        guard !ratios.isEmpty else { return step }
        let value = Double(ratios[min(ratios.count - 1, ratios.count * 995 / 1000)])
        return max(step, (value / step).rounded(.up) * step)
    }
}
