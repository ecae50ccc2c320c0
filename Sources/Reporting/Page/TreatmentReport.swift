import FacilityModel
import PatientModel
import PlanModel
import Radiobiology
import Volumes

/// Everything a report of a plan shows, as plain values; `HTMLReport` turns it into a page.
public struct TreatmentReport: Sendable {
    public var plan: Plan
    public var machine: Machine
    public var ct: CTImage
    public var structures: StructureSet
    /// Dose of one fraction of the whole plan.
    public var fractionDose: DoseDistribution
    /// Dose of one fraction of single fields by field number; may be empty.
    public var fieldDoses: [Int: DoseDistribution]
    public var biologicalModel: BiologicalModel
    /// On any grid; gives the water-equivalent depth of the isocentre. May be missing.
    public var stoppingPowerRatio: Volume<Float>?
    /// Dose-volume figures, in the order in which they are to be listed.
    public var evaluations: [StructureEvaluation]
    public var goals: [GoalOutcome]
    public var findings: [Finding]
    /// Figures of the machine with their sources; added below those of the machine itself.
    public var machineFacts: [ReportFact]
    /// Parameters of the models: calibration, beam data, dose grid, algorithm, RBE model.
    public var modelFacts: [ReportFact]
    public var provenance: ReportProvenance
    /// When the report was made, as it is to be printed.
    public var date: String
    /// What is said about the dose of neutrons and photons.
    public var neutralParticleStatement: String
    public var appearance: ReportAppearance

    public init(
        plan: Plan, machine: Machine, ct: CTImage, structures: StructureSet, fractionDose: DoseDistribution,
        fieldDoses: [Int: DoseDistribution] = [:], biologicalModel: BiologicalModel,
        stoppingPowerRatio: Volume<Float>? = nil, evaluations: [StructureEvaluation], goals: [GoalOutcome],
        findings: [Finding], machineFacts: [ReportFact] = [], modelFacts: [ReportFact],
        provenance: ReportProvenance,
        date: String, neutralParticleStatement: String = Self.neutralParticlesAreLeftOut,
        appearance: ReportAppearance = ReportAppearance()
    ) {
        self.plan = plan
        self.machine = machine
        self.ct = ct
        self.structures = structures
        self.fractionDose = fractionDose
        self.fieldDoses = fieldDoses
        self.biologicalModel = biologicalModel
        self.stoppingPowerRatio = stoppingPowerRatio
        self.evaluations = evaluations
        self.goals = goals
        self.findings = findings
        self.machineFacts = machineFacts
        self.modelFacts = modelFacts
        self.provenance = provenance
        self.date = date
        self.neutralParticleStatement = neutralParticleStatement
        self.appearance = appearance
    }

    /// The statement for beam data made without neutral particles.
    public static let neutralParticlesAreLeftOut =
        "Dose from secondary neutrons and photons is not included in any dose of this report."

    /// The notice on every page.
    public static let notice = "Research software, not a medical device"
}

/// Dose-volume figures of one structure for the whole treatment.
public struct StructureEvaluation: Sendable, Equatable {
    public var structureName: String
    public var volumeCM3: Double
    /// Cumulative dose-volume curve: RBE-weighted dose in Gy (RBE), share 0...1 of the volume that receives it.
    public var curve: [SIMD2<Double>]
    /// D98, D95, D50, D2: Gy (RBE).
    public var d98: Double
    public var d95: Double
    public var d50: Double
    public var d2: Double
    /// Gy (RBE).
    public var meanDose: Double
    /// Gy (RBE).
    public var maximumDose: Double
    /// Share 0...1 that receives 95 % of the prescription.
    public var v95: Double
    /// Mean dose-averaged LET, keV/µm; nil if not computed.
    public var meanLETd: Double?
    /// (D2 − D98)/D50; targets only.
    public var homogeneityIndex: Double?
    /// Paddick's conformity index; targets only.
    public var conformityIndex: Double?

    public init(
        structureName: String, volumeCM3: Double, curve: [SIMD2<Double>], d98: Double, d95: Double,
        d50: Double,
        d2: Double, meanDose: Double, maximumDose: Double, v95: Double, meanLETd: Double? = nil,
        homogeneityIndex: Double? = nil, conformityIndex: Double? = nil
    ) {
        self.structureName = structureName
        self.volumeCM3 = volumeCM3
        self.curve = curve
        self.d98 = d98
        self.d95 = d95
        self.d50 = d50
        self.d2 = d2
        self.meanDose = meanDose
        self.maximumDose = maximumDose
        self.v95 = v95
        self.meanLETd = meanLETd
        self.homogeneityIndex = homogeneityIndex
        self.conformityIndex = conformityIndex
    }
}

/// A clinical goal and what the plan reaches.
public struct GoalOutcome: Sendable, Equatable {
    public var goal: ClinicalGoal
    /// In the unit of the goal's value; NaN if it could not be evaluated.
    public var achieved: Double
    public var isMet: Bool

    public init(goal: ClinicalGoal, achieved: Double, isMet: Bool) {
        self.goal = goal
        self.achieved = achieved
        self.isMet = isMet
    }
}

/// One line of a table of parameters.
public struct ReportFact: Sendable, Hashable {
    public var name: String
    /// With its unit.
    public var value: String
    /// Where it comes from, and how sure it is.
    public var source: String

    public init(_ name: String, _ value: String, source: String = "") {
        self.name = name
        self.value = value
        self.source = source
    }
}
