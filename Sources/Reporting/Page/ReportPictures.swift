import Frames
import PatientModel
import PlanModel
import Quantities
import Volumes

/// All pictures of a report, made once; the page shows them and they can be written as files.
public struct ReportPictures: Sendable {
    public var rbeWeightedDose: Picture
    public var physicalDose: Picture
    public var letD: Picture
    public var rbe: Picture
    public var doseVolume: Picture
    /// By field, in the order of the plan; fields whose axis meets no dose have none.
    public var profiles: [Picture]
    public var spotMaps: [Picture]
    public var layerCharts: [Picture]
    /// Water-equivalent depth of the isocentre by field number, mm.
    public var isocentreDepthsMM: [Int: Double]

    /// All of them, in the order of the page.
    public var all: [Picture] {
        [rbeWeightedDose, doseVolume, letD, rbe, physicalDose] + profiles + spotMaps + layerCharts
    }

    /// Draws all pictures of a report.
    ///
    /// - Throws: `ReportError` for input that cannot be drawn, `PNGError`.
    public init(_ report: TreatmentReport) throws {
        try report.check()
        let doses = ReportDoses(
            fraction: report.fractionDose, model: report.biologicalModel,
            fractions: report.plan.prescription.fractions)
        let washes = ReportWashes(report, doses)
        rbeWeightedDose = try washes.picture(.rbeWeightedDose, layout: .grid)
        physicalDose = try washes.picture(.physicalDose, layout: .row)
        letD = try washes.picture(.letD, layout: .row)
        rbe = try washes.picture(.rbe, layout: .row)
        doseVolume = DoseVolumePlot(report).picture(name: "dvh")
        (profiles, spotMaps, layerCharts, isocentreDepthsMM) = ([], [], [], [:])
        let target = report.structures.structure(named: report.plan.prescription.targetName)
        let threshold = report.appearance.threshold * report.plan.prescription.totalDose.value
        for field in report.plan.fields {
            let axis = BeamAxis(field: field, position: report.plan.patientPosition)
            func profile(_ doses: ReportDoses) -> BeamProfile? {
                BeamProfile(
                    axis: axis, doses: doses, ct: report.ct.hounsfield, target: target,
                    thresholdGyRBE: threshold,
                    stoppingPowerRatio: report.stoppingPowerRatio)
            }
            if let total = profile(doses) {
                let own = report.fieldDoses[field.number].flatMap {
                    profile(
                        ReportDoses(
                            fraction: $0, model: report.biologicalModel,
                            fractions: report.plan.prescription.fractions))
                }
                isocentreDepthsMM[field.number] = total.isocentreWaterEquivalentDepthMM
                profiles.append(
                    total.plot(targetName: report.plan.prescription.targetName, own: own).picture(
                        name: "profile-\(field.number)", title: "Along the axis of field \(field.name)",
                        alternativeText:
                            "RBE-weighted and absorbed dose, LETd and RBE along the central axis of "
                            + "field \(field.name) through the isocentre."))
            }
            let silhouette = target.map { TargetSilhouette($0, axis: axis).lines } ?? []
            let indices = report.appearance.spotMapLayers[field.number] ?? SpotMap.telling(field)
            let map = SpotMap(field: field, layerIndices: indices, silhouette: silhouette)
            if let picture = map.picture(name: "spots-\(field.number)") { spotMaps.append(picture) }
            if let chart = LayerChart(field: field).picture(name: "layers-\(field.number)") {
                layerCharts.append(chart)
            }
        }
    }
}
