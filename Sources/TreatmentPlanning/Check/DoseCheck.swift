import FacilityModel
import Frames
import PatientModel
import PlanEvaluation
import PlanModel
import Quantities
import Radiobiology
import Reporting
import Volumes

/// Recomputes the dose of a plan and compares it with the dose that came with it.
///
/// ## Checked by
/// `DoseCheckCommandTests`: a round trip passes; scaled, shifted and foreign doses do not.
public struct DoseCheck: Sendable {
    public let setup: DoseCheckSetup

    public init(setup: DoseCheckSetup) { self.setup = setup }

    /// The whole check.
    ///
    /// - Throws: `DoseCheckError`, what the engines throw, `GammaError`, `CancellationError`.
    public func run(progress: (PlanningProgress) -> Void) async throws -> DoseCheckResult {
        try DoseCheckVerdict.validate(setup)
        let planner = setup.planner
        var (fieldDoses, noise, facts): ([Int: DoseDistribution], Double?, [ReportFact])
        switch setup.request.engine {
        case .pencilBeam:
            fieldDoses = try await planner.dose(of: setup.plan, progress: progress)
            noise = nil
            facts = [
                ReportFact(
                    Planner.doseEngineFact,
                    "pencil beams of three components, split into sub-beams; dose to water",
                    source: "docs/theory/pencil-beam.md")
            ]
        case .monteCarlo:
            let outcome = try await planner.monteCarloDose(
                of: setup.plan,
                // In the target, and not where the dose is above half of its maximum: a single voxel of air may hold the maximum.
                request: MonteCarloRequest(
                    stop: setup.request.stop, structure: setup.targetName, seed: setup.request.seed),
                progress: progress)
            fieldDoses = outcome.fieldDoses
            guard let known = outcome.uncertainty else {
                throw DoseCheckError.uncertaintyNotKnown(histories: outcome.histories)
            }
            noise = known
            facts = outcome.facts
        }
        progress(.init(.comparison, .began))
        let recomputed = RecomputedDose(
            fieldDoses: fieldDoses, plan: setup.plan, biology: setup.request.biology.model)
        var masks = MaskCache(setup: setup)
        var findings: [Finding] = []
        var subjects: [DoseCheckResult.Subject] = []
        let judged = setup.doses.filter(\.isJudged)
        for (index, dose) in judged.enumerated() {
            let subject = try await compare(dose, with: recomputed, masks: &masks) {
                progress(
                    .init(.comparison, .at((Double(index) + $0) / Double(judged.count), title(dose))))
            }
            findings += DoseCheckHints.findings(subject, recomputed: recomputed, setup: setup)
            subjects.append(subject)
        }
        findings += masks.findings
        if let noise, noise > 0.5 * setup.request.criteria.doseDifference {
            findings.append(
                Finding(
                    severity: .warning, code: "CHECK-0020",
                    message:
                        "the standard error of a voxel of the recomputed dose is \(percent(noise)) in \(setup.targetName) (more than half of "
                        + "the dose criterion of \(percent(setup.request.criteria.doseDifference))); noise makes gamma pass too easily, "
                        + "ask for a lower --uncertainty or more --histories"))
        }
        let ranges = try ranges(recomputed, masks: &masks)
        let criteria = DoseCheckVerdict.criteria(
            setup: setup, subjects: subjects, ranges: ranges, noise: noise)
        progress(.init(.comparison, .ended("\(subjects.count) doses, \(ranges.count) fields")))
        return DoseCheckResult(
            subjects: subjects, ranges: ranges, criteria: criteria, fieldDoses: fieldDoses,
            fractionDose: recomputed.fraction, uncertainty: noise,
            engineFacts: facts,
            findings: findings)
    }

    private func compare(
        _ dose: DoseUnderCheck, with recomputed: RecomputedDose, masks: inout MaskCache,
        progress: (Double) -> Void
    ) async throws -> DoseCheckResult.Subject {
        let set = try masks.masks(on: dose.volume.geometry)
        let comparison = try await DoseComparison.compute(
            reference: dose.volume,
            evaluated: recomputed.volume(
                dose.quantity, fields: dose.fieldNumbers, fractions: dose.fractions),
            criteria: setup.request.criteria, body: set.body, structures: set.structures,
            threads: setup.request.threads, progress: progress)
        return DoseCheckResult.Subject(
            dose: dose, title: title(dose), comparison: comparison, patient: comparison.gamma.summary,
            target: set.target.flatMap { comparison.gamma.summary(in: $0) })
    }

    private func title(_ dose: DoseUnderCheck) -> String {
        let kind = dose.quantity == .physical ? "Absorbed dose" : "RBE-weighted dose"
        let whole = dose.isWholePlan ? "the plan" : fieldNames(dose.fieldNumbers)
        let part = dose.fractions == setup.plan.prescription.fractions ? "" : ", one fraction"
        return "\(kind) of \(whole)\(part)"
    }

    private func fieldNames(_ numbers: [Int]) -> String {
        let names = setup.plan.fields.filter { numbers.contains($0.number) }.map {
            "\($0.number) ‘\($0.name)’"
        }
        return (names.count == 1 ? "field " : "fields ") + names.joined(separator: ", ")
    }

    /// One range comparison for each field, with the dose that says most about it: its own absorbed dose, its own effective
    /// dose, the plan's absorbed dose, the plan's effective dose.
    private func ranges(
        _ recomputed: RecomputedDose, masks: inout MaskCache
    ) throws -> [DoseCheckResult.FieldRange] {
        var result: [DoseCheckResult.FieldRange] = []
        for field in setup.plan.fields {
            let own = setup.doses.filter { $0.fieldNumbers == [field.number] }
            let whole = setup.doses.filter(\.isWholePlan)
            let candidates =
                own.filter { $0.quantity == .physical } + own
                + whole.filter {
                    $0.quantity == .physical
                } + whole
            guard let dose = candidates.first,
                let target = try masks.masks(on: dose.volume.geometry).target
            else { continue }
            let toGantry = IECChain.patientToGantry(
                isocentre: field.isocentre, position: setup.plan.patientPosition,
                patientSupportAngle: field.patientSupportAngle, gantryAngle: field.gantryAngle)
            let evaluated = recomputed.volume(
                dose.quantity, fields: dose.fieldNumbers, fractions: dose.fractions)
            let comparison = RangeComparison(
                reference: dose.volume, evaluated: evaluated, target: target, toGantry: toGantry,
                stoppingPowerRatio: setup.planner.images.stoppingPowerRatio)
            let isOfField = dose.fieldNumbers == [field.number]
            let kind = dose.quantity == .physical ? "absorbed dose" : "RBE-weighted dose"
            var share: Double?
            if !isOfField, let part = recomputed.fieldDoses[field.number]?.dose {
                share = comparison.ownShare(of: part, in: recomputed.fraction.dose)
            }
            result.append(
                .init(
                    field: field, isOfField: isOfField,
                    doseName: "\(kind) of the \(isOfField ? "field" : "plan")", quantity: dose.quantity,
                    reference: dose.volume, evaluated: evaluated, comparison: comparison, ownShare: share))
        }
        return result
    }
}

/// The recomputed dose in any quantity, of any fields.
struct RecomputedDose: Sendable {
    let fieldDoses: [Int: DoseDistribution]
    let plan: Plan
    let biology: BiologicalModel
    /// One fraction of the whole plan.
    let fraction: DoseDistribution

    init(fieldDoses: [Int: DoseDistribution], plan: Plan, biology: BiologicalModel) {
        self.fieldDoses = fieldDoses
        self.plan = plan
        self.biology = biology
        let parts = plan.fields.compactMap { fieldDoses[$0.number] }
        precondition(!parts.isEmpty, "a plan without fields is refused before")
        fraction = parts.count > 1 ? DoseDistribution.sum(parts) ?? parts[0] : parts[0]
    }

    /// Total over `fractions` equal fractions of these fields together; the RBE is that of these fields alone.
    func volume(_ quantity: DoseQuantity, fields: [Int], fractions: Int) -> Volume<Float> {
        let parts = plan.fields.filter { fields.contains($0.number) }.compactMap { fieldDoses[$0.number] }
        let sum = fields.count == plan.fields.count ? fraction : DoseDistribution.sum(parts) ?? fraction
        return PlanDose(distribution: sum, biologicalModel: biology, fractions: fractions).volume(quantity)
    }
}

/// A share in per cent with one decimal.
func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }
