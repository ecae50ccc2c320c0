import Frames
import PatientModel
import PlanModel

/// What a person asks a plan to be: the plan file after reading, before any image is looked at.
public struct PlanRequest: Hashable, Sendable {
    /// DICOM RT Plan Label, at most 16 characters.
    public var label: String
    public var patient: PatientSelection
    public var calibration: CalibrationChoice
    /// What lies outside the external contour.
    public var outsideExternal: OutsideExternal
    /// In the order of the file; where two overlap, the later one holds.
    public var overrides: [MaterialOverride]
    /// Name of the machine, or path of a machine file.
    public var machine: String
    public var biology: BiologyChoice
    public var prescription: Prescription
    public var fields: [FieldRequest]
    public var spots: SpotGrid
    /// Voxel size of the dose grid along x, y, z, mm.
    public var doseGridSpacingMM: SIMD3<Double> {
        get { doseGridSpacing.mm }
        set { doseGridSpacing = Vector3(newValue) }
    }
    private var doseGridSpacing: Vector3<DICOMPatient>
    public var optimisation: OptimisationSettings
    /// Terms of the objective function and, with `isConstraint`, hard constraints.
    public var objectives: [DoseObjective]
    /// What the finished plan is judged by.
    public var goals: [ClinicalGoal]
    public var report: ReportOptions
    /// How fields of passive ports are made; nil where the file has no such section.
    public var passive: PassiveRequest?
    /// Seed of all random numbers.
    public var seed: UInt64

    public init(
        label: String, patient: PatientSelection, calibration: CalibrationChoice,
        outsideExternal: OutsideExternal = .air, overrides: [MaterialOverride] = [], machine: String,
        biology: BiologyChoice, prescription: Prescription, fields: [FieldRequest],
        spots: SpotGrid, doseGridSpacingMM: SIMD3<Double>, optimisation: OptimisationSettings,
        objectives: [DoseObjective], goals: [ClinicalGoal], report: ReportOptions = ReportOptions(),
        passive: PassiveRequest? = nil, seed: UInt64 = 1
    ) {
        self.label = label
        self.patient = patient
        self.calibration = calibration
        self.outsideExternal = outsideExternal
        self.overrides = overrides
        self.machine = machine
        self.biology = biology
        self.prescription = prescription
        self.fields = fields
        self.spots = spots
        doseGridSpacing = Vector3(doseGridSpacingMM)
        self.optimisation = optimisation
        self.objectives = objectives
        self.goals = goals
        self.report = report
        self.passive = passive
        self.seed = seed
    }
}

/// Where the images are and which of them to use.
public struct PatientSelection: Hashable, Sendable {
    /// Folder of the DICOM files.
    public var folder: String
    /// Series Instance UID of the CT; nil if the folder has one series.
    public var ctSeriesUID: String?
    /// SOP Instance UID of the structure set; nil if the folder has one.
    public var structureSetUID: String?
    /// Name of the external contour.
    public var externalName: String

    public init(
        folder: String, ctSeriesUID: String? = nil, structureSetUID: String? = nil,
        externalName: String
    ) {
        self.folder = folder
        self.ctSeriesUID = ctSeriesUID
        self.structureSetUID = structureSetUID
        self.externalName = externalName
    }
}

/// How CT numbers become stopping power.
public enum CalibrationChoice: Hashable, Sendable {
    /// The tissue model of Schneider et al.
    case schneider
    /// A calibration curve file.
    case file(String)
}
