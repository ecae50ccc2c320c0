import FacilityModel
import Frames
import PatientModel
import PlanEvaluation
import PlanModel
import Volumes

/// Everything a report of an independent dose check shows, as plain values; `CheckPage` turns it into a page.
public struct CheckReport: Sendable {
    /// One line of the verdict.
    public struct Criterion: Sendable {
        public var name: String
        /// With its unit.
        public var value: String
        public var limit: String
        public var isMet: Bool

        public init(name: String, value: String, limit: String, isMet: Bool) {
            self.name = name
            self.value = value
            self.limit = limit
            self.isMet = isMet
        }
    }

    /// A DICOM object that went in.
    public struct Object: Sendable {
        public var kind: String
        /// Name of the file, or number of files.
        public var file: String
        public var label: String
        /// SOP Instance UID, of a CT the Series Instance UID.
        public var uid: String
        /// What wrote it.
        public var equipment: String

        public init(kind: String, file: String, label: String, uid: String, equipment: String) {
            self.kind = kind
            self.file = file
            self.label = label
            self.uid = uid
            self.equipment = equipment
        }
    }

    /// A dose under check beside the recomputed one.
    public struct Subject: Sendable {
        /// For example `RBE-weighted dose of the plan`.
        public var title: String
        public var quantity: DoseQuantity
        public var comparison: DoseComparison
        public var patient: GammaResult.Summary
        public var target: GammaResult.Summary?
        /// Dose that is 100 % in the pictures, Gy; nil for the greatest dose.
        public var prescribedDose: Double?
        /// Whether it has pictures and tables of its own; others are rows of one table.
        public var isDetailed: Bool

        public init(
            title: String, quantity: DoseQuantity, comparison: DoseComparison, patient: GammaResult.Summary,
            target: GammaResult.Summary?, prescribedDose: Double?, isDetailed: Bool = true
        ) {
            self.title = title
            self.quantity = quantity
            self.comparison = comparison
            self.patient = patient
            self.target = target
            self.prescribedDose = prescribedDose
            self.isDetailed = isDetailed
        }

        var unit: String { quantity == .physical ? "Gy" : "Gy (RBE)" }
    }

    /// The edges of both doses along one field.
    public struct FieldRange: Sendable {
        public var field: Field
        public var isOfField: Bool
        /// For example `absorbed dose of the field`.
        public var doseName: String
        public var comparison: RangeComparison
        /// Part of the fall at the edge that is this field's; nil for its own dose.
        public var ownShare: Double?
        /// The two doses and their unit, for the profile.
        public var reference: Volume<Float>
        public var evaluated: Volume<Float>
        public var unit: String

        public init(
            field: Field, isOfField: Bool, doseName: String, comparison: RangeComparison, ownShare: Double?,
            reference: Volume<Float>, evaluated: Volume<Float>, unit: String
        ) {
            self.field = field
            self.isOfField = isOfField
            self.doseName = doseName
            self.comparison = comparison
            self.ownShare = ownShare
            self.reference = reference
            self.evaluated = evaluated
            self.unit = unit
        }

        /// Levels that say something: at 50 %, the edge of a dose of several fields is the plateau of others.
        var levels: [RangeComparison.Level] { isOfField ? [.eighty, .fifty] : [.eighty] }
    }

    /// Compared doses with pictures of their own.
    var detailed: [Subject] { subjects.filter(\.isDetailed) }

    public var isPassed: Bool
    public var criteria: [Criterion]
    public var objects: [Object]
    public var plan: Plan
    public var machine: Machine
    public var ct: CTImage
    /// Those that are drawn, targets first.
    public var structures: StructureSet
    public var targetName: String
    /// Where the three planes cross, usually the middle of the target.
    public var centre: Point3<DICOMPatient>
    public var subjects: [Subject]
    public var ranges: [FieldRange]
    /// Standard error over dose of a voxel in the target; nil without Monte Carlo.
    public var uncertainty: Double?
    public var findings: [Finding]
    public var machineFacts: [ReportFact]
    /// Engine, grid, calibration, RBE model.
    public var modelFacts: [ReportFact]
    public var provenance: ReportProvenance
    /// When the report was made, as it is to be printed.
    public var date: String
    public var appearance: ReportAppearance

    public init(
        isPassed: Bool, criteria: [Criterion], objects: [Object], plan: Plan, machine: Machine, ct: CTImage,
        structures: StructureSet, targetName: String, centre: Point3<DICOMPatient>, subjects: [Subject],
        ranges: [FieldRange], uncertainty: Double?, findings: [Finding], machineFacts: [ReportFact],
        modelFacts: [ReportFact], provenance: ReportProvenance, date: String,
        appearance: ReportAppearance = ReportAppearance()
    ) {
        self.isPassed = isPassed
        self.criteria = criteria
        self.objects = objects
        self.plan = plan
        self.machine = machine
        self.ct = ct
        self.structures = structures
        self.targetName = targetName
        self.centre = centre
        self.subjects = subjects
        self.ranges = ranges
        self.uncertainty = uncertainty
        self.findings = findings
        self.machineFacts = machineFacts
        self.modelFacts = modelFacts
        self.provenance = provenance
        self.date = date
        self.appearance = appearance
    }
}

extension GammaCriteria {
    /// For example `3 %/2 mm, global`.
    public var text: String {
        let kind =
            switch normalisation {
            case .globalMaximum, .globalDose: "global"
            case .local: "local"
            }
        return "\(NumberText.short(100 * doseDifference)) %/\(NumberText.short(distanceMM)) mm, \(kind)"
    }
}
