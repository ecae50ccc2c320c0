import Frames
import PatientModel
import PlanEvaluation
import PlanModel
import Volumes

/// The figures of three planes of one compared dose: the plan's, the other one, their difference, gamma.
public struct ComparedDoseWashes {
    /// What a figure shows.
    public enum Kind: String, Sendable, CaseIterable {
        case planned, other, difference, gamma
    }

    /// The patient and the plan that the doses belong to.
    public struct Scene: Sendable {
        public var ct: Volume<Int16>
        public var structures: StructureSet
        public var plan: Plan
        /// Point through which the planes go.
        public var centre: Point3<DICOMPatient>
        public var appearance: ReportAppearance

        public init(
            ct: Volume<Int16>, structures: StructureSet, plan: Plan, centre: Point3<DICOMPatient>,
            appearance: ReportAppearance = ReportAppearance()
        ) {
            self.ct = ct
            self.structures = structures
            self.plan = plan
            self.centre = centre
            self.appearance = appearance
        }
    }

    private let scene: Scene
    private let comparison: DoseComparison
    private let unit: String
    /// How the other dose came about, for example `Recomputed`.
    private let otherName: String
    private let name: String
    /// Planned dose inside the body.
    private let inside: Volume<Float>
    /// Least dose that is shown, Gy.
    private let threshold: Double
    /// Dose that is 100 %, Gy.
    private let full: Double
    private let box: (lower: SIMD3<Double>, upper: SIMD3<Double>)

    /// - Parameters:
    ///   - scene: Patient and plan.
    ///   - comparison: Both doses; the reference is the plan's.
    ///   - unit: Of the doses, for example `Gy (RBE)`.
    ///   - prescribed: Dose that is 100 %; nil for the maximum of the plan's.
    ///   - otherName: How the other dose came about, for example `Recomputed`.
    ///   - name: Stem of the pictures' names.
    public init(
        scene: Scene, comparison: DoseComparison, unit: String, prescribed: Double?, otherName: String,
        name: String
    ) {
        self.scene = scene
        self.comparison = comparison
        self.unit = unit
        self.otherName = otherName
        self.name = name
        inside = WashExtent.insideBody(comparison.reference, scene.structures)
        threshold = comparison.criteria.lowDoseThreshold * comparison.agreement.referenceMaximum
        full = prescribed ?? comparison.agreement.referenceMaximum
        box = WashExtent.box(
            ct: scene.ct.geometry, structures: scene.structures, dose: comparison.reference,
            threshold: threshold, around: scene.centre)
    }

    /// All four figures; they share slices and outlines.
    ///
    /// - Throws: `PNGError`.
    public func pictures() throws(PNGError) -> [Picture] {
        let background = try WashBackground(planned)
        var pictures: [Picture] = []
        for kind in Kind.allCases { pictures.append(try picture(kind, background)) }
        return pictures
    }

    var planned: DoseWash { wash(.planned) }

    func picture(_ kind: Kind, _ background: WashBackground) throws(PNGError) -> Picture {
        let title =
            switch kind {
            case .planned: "Dose of the plan"
            case .other: "\(otherName) dose"
            case .difference: "\(otherName) − plan"
            case .gamma: "Gamma"
            }
        return try wash(kind).picture(
            name: "\(name)-\(kind)", title: title, layout: .row, background: background)
    }

    private func wash(_ kind: Kind) -> DoseWash {
        let isDose = kind == .planned || kind == .other
        return DoseWash(
            ct: scene.ct, window: scene.appearance.window, layer: layer(kind),
            structures: scene.structures.structures, isocentre: scene.centre,
            fieldDirections: kind == .planned
                ? scene.plan.fields.map {
                    ($0.name, BeamAxis(field: $0, position: scene.plan.patientPosition).direction)
                } : [], isodoseLevels: isDose ? scene.appearance.isodoses.map { $0 * full } : [], box: box,
            pixelMM: scene.appearance.pixelMM)
    }

    private func layer(_ kind: Kind) -> WashLayer {
        switch kind {
        case .planned, .other:
            let values =
                kind == .planned
                ? inside : WashExtent.insideBody(comparison.evaluated, scene.structures)
            // One scale for both; a few hot voxels must not take the colours from all others.
            let top = max(1.1 * full, WashExtent.quantile(0.999, of: inside, above: threshold))
            return WashLayer(
                scale: WashScale(
                    quantity: kind == .planned ? "Plan" : otherName, unit: unit, map: .plasma,
                    range: 0...top, reference: full), values: values, gate: values,
                gateThreshold: threshold)
        case .difference:
            let limit = differenceLimit
            return WashLayer(
                scale: WashScale(
                    quantity: "Difference", unit: unit, map: .difference, range: -limit...limit,
                    reference: full), values: comparison.difference, gate: compared,
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
        let gamma = comparison.gamma
        var volume = Volume<Float>(geometry: comparison.reference.geometry, repeating: 0)
        for voxel in gamma.voxels { volume.values[Int(voxel)] = 1 }
        return volume
    }

    /// End of the difference scale: twice the dose criterion, or more if one compared voxel in a hundred differs more.
    private var differenceLimit: Double {
        let criterion = 2 * comparison.criteria.doseDifference * comparison.agreement.referenceMaximum
        let differences = comparison.gamma.voxels.map {
            abs(Double(comparison.evaluated.values[Int($0)]) - Double(comparison.reference.values[Int($0)]))
        }
        return max(criterion, Percentiles(differences)?.value(0.99) ?? 0)
    }
}
