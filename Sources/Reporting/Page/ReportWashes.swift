import Frames
import PatientModel
import PlanModel
import Quantities
import Volumes

/// The wash figures of a report: which quantities, with which scales, in which part of the patient.
struct ReportWashes {
    enum Quantity {
        case rbeWeightedDose, physicalDose, letD, rbe
    }

    private let report: TreatmentReport
    private let doses: ReportDoses
    private let prescription: Double
    private let structures: [Structure]
    private let box: (lower: SIMD3<Double>, upper: SIMD3<Double>)
    private let isocentre: Point3<DICOMPatient>

    /// - Precondition: the report passed its check.
    init(_ report: TreatmentReport, _ doses: ReportDoses) {
        self.report = report
        self.doses = doses
        prescription = report.plan.prescription.totalDose.value
        isocentre = report.plan.fields.first?.isocentre ?? Point3(0, 0, 0)
        // Large structures first, so that small ones are drawn over them.
        structures = report.structures.structures.filter {
            !report.appearance.hiddenStructures.contains($0.name)
        }
        box = Self.box(
            report, doses, threshold: report.appearance.threshold * prescription, around: isocentre)
    }

    func picture(_ quantity: Quantity, layout: DoseWash.Layout) throws(PNGError) -> Picture {
        let position = report.plan.patientPosition
        let wash = DoseWash(
            ct: report.ct.hounsfield, window: report.appearance.window, layer: layer(quantity),
            structures: structures,
            isocentre: isocentre,
            fieldDirections: quantity == .rbeWeightedDose
                ? report.plan.fields.map { ($0.name, BeamAxis(field: $0, position: position).direction) }
                : [],
            isodoseLevels: quantity == .rbeWeightedDose
                ? report.appearance.isodoses.map { $0 * prescription } : [],
            box: box, pixelMM: report.appearance.pixelMM)
        let (name, title): (String, String) =
            switch quantity {
            case .rbeWeightedDose: ("dose-rbe", "RBE-weighted dose")
            case .physicalDose: ("dose-physical", "Absorbed dose")
            case .letD: ("letd", "Dose-averaged LET")
            case .rbe: ("rbe", "RBE")
            }
        return try wash.picture(name: name, title: title, layout: layout)
    }

    private func layer(_ quantity: Quantity) -> WashLayer {
        let gate = doses.rbeWeighted
        let threshold = report.appearance.threshold * prescription
        func make(_ scale: WashScale, _ values: Volume<Float>, over denominator: Volume<Float>? = nil)
            -> WashLayer
        {
            WashLayer(
                scale: scale, values: values, denominator: denominator, gate: gate, gateThreshold: threshold)
        }
        switch quantity {
        case .rbeWeightedDose:
            let top = max(1.1 * prescription, Double(gate.values.max() ?? 0))
            return make(
                WashScale(
                    quantity: "RBE-weighted dose", unit: "Gy (RBE)", map: .plasma, range: 0...top,
                    reference: prescription), gate)
        case .physicalDose:
            let top = max(Double(doses.physical.values.max() ?? 0), 1e-6)
            return make(
                WashScale(quantity: "Absorbed dose", unit: "Gy", map: .plasma, range: 0...top), doses.physical
            )
        case .letD:
            let top = ceiling(doses.physicalLET, doses.physical, threshold, step: 20)
            return make(
                WashScale(quantity: "LETd", unit: "keV/µm", map: .viridis, range: 0...top), doses.physicalLET,
                over: doses.physical)
        case .rbe:
            let top = ceiling(gate, doses.physical, threshold, step: 0.5)
            return make(
                WashScale(quantity: "RBE", unit: "", map: .viridis, range: 1...max(top, 1.5)), gate,
                over: doses.physical)
        }
    }

    /// The 99.5th percentile of a ratio where the dose is shown, rounded up to a multiple of `step`.
    private func ceiling(_ above: Volume<Float>, _ below: Volume<Float>, _ threshold: Double, step: Double)
        -> Double
    {
        var ratios: [Float] = []
        for index in above.values.indices
        where doses.rbeWeighted.values[index] >= Float(threshold) && below.values[index] > 0 {
            ratios.append(above.values[index] / below.values[index])
        }
        ratios.sort()
        guard !ratios.isEmpty else { return step }
        let value = Double(ratios[min(ratios.count - 1, ratios.count * 995 / 1000)])
        return max(step, (value / step).rounded(.up) * step)
    }

    /// The body around the dose: the box of the dose above the threshold with 40 mm around it, cut to the body
    /// (external structure, else the CT) with 6 mm around it, and always with the isocentre inside.
    private static func box(
        _ report: TreatmentReport, _ doses: ReportDoses, threshold: Double,
        around isocentre: Point3<DICOMPatient>
    ) -> (lower: SIMD3<Double>, upper: SIMD3<Double>) {
        let ct = (lower: report.ct.geometry.lowerCorner.mm, upper: report.ct.geometry.upperCorner.mm)
        let body =
            report.structures.structures.first(where: \.isExternal).flatMap { StructureOutline($0).bounds }
            ?? ct
        let dose = doses.rbeWeighted.bounds(atLeast: Float(threshold)) ?? body
        var lower = pointwiseMax(pointwiseMax(dose.lower - 40, body.lower - 6), ct.lower)
        var upper = pointwiseMin(pointwiseMin(dose.upper + 40, body.upper + 6), ct.upper)
        lower = pointwiseMin(lower, isocentre.mm - 20)
        upper = pointwiseMax(upper, isocentre.mm + 20)
        return (lower, upper)
    }
}
