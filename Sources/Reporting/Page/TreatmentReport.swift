import FacilityModel
import PatientModel
import PlanEvaluation
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
    /// Dose-volume figures. They are listed in this order, but targets first and the outline of the body last.
    public var evaluations: [StructureEvaluation]
    public var goals: [GoalResult]
    public var findings: [Finding]
    /// Figures of the machine with their sources; added below those of the machine itself.
    public var machineFacts: [ReportFact]
    /// How long the fields take, one line each; empty if nothing is told.
    public var deliveryFacts: [ReportFact]
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
        stoppingPowerRatio: Volume<Float>? = nil, evaluations: [StructureEvaluation], goals: [GoalResult],
        findings: [Finding], deliveryFacts: [ReportFact] = [], machineFacts: [ReportFact] = [],
        modelFacts: [ReportFact],
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
        self.deliveryFacts = deliveryFacts
        self.modelFacts = modelFacts
        self.provenance = provenance
        self.date = date
        self.neutralParticleStatement = neutralParticleStatement
        self.appearance = appearance
    }

    /// Figures of the structures in the order of the page.
    var listedEvaluations: [StructureEvaluation] {
        func rank(_ evaluation: StructureEvaluation) -> Int {
            structures.structure(named: evaluation.structureName)?.rank ?? 1
        }
        return (0...2).flatMap { wanted in evaluations.filter { rank($0) == wanted } }
    }

    /// The statement for beam data made without neutral particles.
    public static let neutralParticlesAreLeftOut =
        "Dose from secondary neutrons and photons is not included in any dose of this report."

    /// The notice on every page.
    public static let notice = "Research software, not a medical device"
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
