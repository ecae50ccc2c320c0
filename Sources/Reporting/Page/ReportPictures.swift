import Frames
import PatientModel
import PlanEvaluation
import PlanModel
import Quantities
import Volumes

/// All pictures of a report, made once; the page shows them and they can be written as files.
public struct ReportPictures: Sendable {
    /// RBE-weighted dose in three planes and the dose-volume histogram in one figure, for a talk or a first page.
    public var overview: Picture
    public var rbeWeightedDose: Picture
    public var physicalDose: Picture
    public var letD: Picture
    public var rbe: Picture
    public var doseVolume: Picture
    /// By field, in the order of the plan; fields whose axis meets no dose have none.
    public var profiles: [Picture]
    public var spotMaps: [Picture]
    /// Collimator and bolus of passive fields, in the order of the plan.
    public var passiveDevices: [Picture]
    /// Ions per energy layer of all fields; nil for a plan without spots.
    public var layers: Picture?
    /// Water-equivalent depth of the isocentre by field number, mm.
    public var isocentreDepthsMM: [Int: Double]

    /// All of them.
    public var all: [Picture] { [overview] + onPage }

    /// Those of the page, in its order.
    var onPage: [Picture] {
        [rbeWeightedDose, doseVolume, letD, rbe, physicalDose] + profiles + spotMaps
            + passiveDevices + [layers].compactMap { $0 }
    }

    /// Draws all pictures of a report.
    ///
    /// - Throws: `ReportError` for input that cannot be drawn, `PNGError`.
    public init(_ report: TreatmentReport) throws {
        try report.check()
        func total(_ fraction: DoseDistribution) -> PlanDose {
            PlanDose(
                distribution: fraction, biologicalModel: report.biologicalModel,
                fractions: report.plan.prescription.fractions)
        }
        let dose = total(report.fractionDose)
        let washes = ReportWashes(report, dose)
        let first = washes.wash(.rbeWeightedDose)
        let background = try WashBackground(first)
        rbeWeightedDose = try washes.picture(.rbeWeightedDose, layout: .grid, background)
        physicalDose = try washes.picture(.physicalDose, layout: .row, background)
        letD = try washes.picture(.letD, layout: .row, background)
        rbe = try washes.picture(.rbe, layout: .row, background)
        overview = try OverviewPicture(report: report, wash: first, background: background).picture()
        doseVolume = DoseVolumePlot(report).picture(name: "dvh")
        (profiles, spotMaps, passiveDevices, isocentreDepthsMM) = ([], [], [], [:])
        layers = LayerChart(fields: report.plan.fields).picture(name: "layers")
        let target = report.structures.structure(named: report.plan.prescription.targetName)
        let threshold = report.appearance.threshold * report.plan.prescription.totalDose.value
        for field in report.plan.fields {
            let axis = BeamAxis(field: field, position: report.plan.patientPosition)
            func profile(_ fraction: DoseDistribution, _ dose: PlanDose) -> BeamProfile? {
                BeamProfile(
                    axis: axis, dose: dose, fraction: fraction, ct: report.ct.hounsfield, target: target,
                    thresholdGyRBE: threshold, stoppingPowerRatio: report.stoppingPowerRatio)
            }
            if let whole = profile(report.fractionDose, dose) {
                let own = report.fieldDoses[field.number].flatMap { profile($0, total($0)) }
                isocentreDepthsMM[field.number] = whole.isocentreWaterEquivalentDepthMM
                profiles.append(
                    whole.plot(targetName: report.plan.prescription.targetName, own: own).picture(
                        name: "profile-\(field.number)", title: "Along the axis of field \(field.name)",
                        alternativeText:
                            "RBE-weighted and absorbed dose, LETd and RBE along the central axis of "
                            + "field \(field.name) through the isocentre."))
            }
            let silhouette = target.map { TargetSilhouette($0, axis: axis).lines } ?? []
            if let delivery = field.passive,
                let picture = try PassiveDevicePicture(
                    field: field, delivery: delivery, silhouette: silhouette
                ).picture(name: "devices-\(field.number)")
            {
                passiveDevices.append(picture)
            }
            let indices = report.appearance.spotMapLayers[field.number] ?? SpotMap.telling(field)
            let map = SpotMap(field: field, layerIndices: indices, silhouette: silhouette)
            if let picture = map.picture(name: "spots-\(field.number)") { spotMaps.append(picture) }
        }
    }
}
