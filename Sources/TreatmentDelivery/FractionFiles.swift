import CaseFiles
import DICOMRadiotherapy
import DeliveryControl
import DeliveryLog
import DeliverySimulation
import FacilityModel
import Foundation
import Frames
import PatientModel
import PlanEvaluation
import PlanModel
import Quantities
import Reporting
import TreatmentPlanning
import Volumes

/// The folder of a fraction: what it was asked for, logs, treatment records, delivered dose, report.
///
/// `fraction.json` is written first; logs are only ever added; records, dose and report are made anew from the logs.
///
/// ## Checked by
/// `DeliverCommandTests`.
public final class FractionFiles {
    /// `fraction.json`.
    struct Manifest: Codable, Equatable {
        var format = "kasane-fraction"
        var version = 1
        var notice: String
        var program: String
        var plan: String
        var planSHA256: String
        var machine: String
        var fraction: Int
        var seed: UInt64
        var paintings: Int?
        var rasterStepMM: Double
        var meanDwellUS: Double
        var gateThreshold: Double?
    }

    /// The delivered dose beside the planned one.
    public struct DeliveredDose {
        public var fraction: DoseDistribution
        public var facts: DeliveryReport.DoseComparisonFacts
    }

    public let opened: OpenedCase
    public let plan: FractionPlan
    public let folder: String
    private let planUID: String
    let planDigest: String

    /// Prepares the fraction; a begun one must have been asked for in the same way.
    ///
    /// - Parameters:
    ///   - opened: The case.
    ///   - caseFolder: Its folder.
    ///   - request: How it is delivered.
    ///   - folder: Of the fraction.
    ///   - planUID: SOP Instance UID of the exported plan, or empty.
    /// - Throws: `InvalidFile` and what `FractionPlan` throws.
    public init(
        opened: OpenedCase, caseFolder: String, request: FractionRequest, folder: String, planUID: String
    ) throws {
        self.opened = opened
        self.folder = folder
        self.planUID = planUID
        planDigest = try Provenance.Source.digesting(role: "plan", path: "\(caseFolder)/plan.json").sha256
        plan = try FractionPlan(
            plan: opened.planCase.plan, planHash: planDigest,
            patientID: opened.planner.input.patient.ct.patient.id,
            description: opened.setup.machine, request: request, file: caseFolder)
        let manifest = Manifest(
            notice: TreatmentReport.notice, program: PlanCase.programName, plan: opened.planCase.plan.label,
            planSHA256: planDigest, machine: plan.description.machine.name, fraction: request.fraction,
            seed: request.seed, paintings: request.paintings, rasterStepMM: request.rasterStepMM,
            meanDwellUS: request.meanDwellS * 1e6, gateThreshold: request.gateThreshold)
        try Self.begin(manifest, folder: folder)
    }

    private static func begin(_ manifest: Manifest, folder: String) throws {
        let path = "\(folder)/fraction.json"
        if let data = FileManager.default.contents(atPath: path) {
            let found: Manifest
            do {
                found = try JSONDecoder().decode(Manifest.self, from: data)
            } catch {
                throw InvalidFile(file: path, "this is no fraction (\(error)); choose another folder")
            }
            guard found == manifest else {
                throw InvalidFile(
                    file: path,
                    "this fraction was begun in another way (plan, machine, seed, paintings, steps or gate differ); give the same options, or choose another folder"
                )
            }
            return
        }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        guard try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty else {
            throw InvalidFile(
                file: folder, "the folder is not empty and holds no fraction; choose another one")
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(manifest).write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    /// Delivers what is left.
    ///
    /// - Parameters:
    ///   - interruptAfterS: Virtual time of each field after which it ends, s.
    ///   - progress: Told while it goes on.
    /// - Returns: Fields that had beam in this run.
    public func deliver(
        interruptAfterS: Double?, progress: (FractionDelivery.Progress) -> Void
    ) throws -> [FractionDelivery.DeliveredField] {
        try FractionDelivery(plan: plan, folder: folder, planUID: planUID).run(
            interruptAfterS: interruptAfterS, progress: progress)
    }

    /// All fields of the fraction that had beam, those of earlier runs too.
    func allFields(_ run: [FractionDelivery.DeliveredField]) throws -> [FractionDelivery.DeliveredField] {
        let histories = try histories()
        return plan.fields.compactMap { prepared in
            let number = prepared.field.number
            if let field = run.first(where: { $0.prepared.field.number == number }) { return field }
            return histories[number].map {
                FractionDelivery.DeliveredField(
                    prepared: prepared, history: $0, outcome: nil,
                    trace: .init(
                        binS: 1, rateIonsPerS: [], gateOpen: [], energyMeVPerNucleon: [], breathing: []))
            }
        }
    }

    private func histories() throws -> [Int: FieldHistory] {
        var histories: [Int: FieldHistory] = [:]
        for field in plan.fields {
            let history = try FieldHistory(folder: folder, fieldNumber: field.field.number)
            if history.standing != .new { histories[field.field.number] = history }
        }
        return histories
    }

    /// Whether every field of the fraction is complete; false too where a log cannot be read.
    public var isComplete: Bool {
        plan.fields.allSatisfy {
            (try? FieldHistory(folder: folder, fieldNumber: $0.field.number).standing) == .completed
        }
    }

    /// The dose of everything that was delivered in this fraction, from the logs, by the engine of planning.
    ///
    /// - Parameter progress: Told while it is computed.
    /// - Returns: nil if nothing was delivered or the plan has no dose.
    public func dose(_ progress: (PlanningProgress) -> Void) async throws -> DeliveredDose? {
        let delivered = plan.delivered(try histories())
        guard !delivered.fields.isEmpty, let planned = opened.planCase.fractionDose else { return nil }
        let doses = try await opened.planner.dose(of: delivered, progress: progress)
        guard let sum = DoseDistribution.sum(delivered.fields.compactMap { doses[$0.number] }) else {
            return nil
        }
        var gamma: [(criteria: String, passRate: Double, points: Int)] = []
        for (percent, distance) in [(1.0, 1.0), (2, 2)] {
            let result = try await GammaIndex.compute(
                reference: planned.dose, evaluated: sum.dose,
                criteria: GammaCriteria(doseDifference: percent / 100, distanceMM: distance),
                threads: opened.planner.input.threads)
            gamma.append(
                (
                    "\(Int(percent)) %/\(Int(distance)) mm, global, over 10 %", result.passRate,
                    result.gamma.count
                ))
        }
        var asDelivered = opened.planCase
        asDelivered.plan = delivered
        asDelivered.take(fieldDoses: doses)
        let evaluation = opened.planner.evaluation(of: asDelivered)
        let target = plan.plan.prescription.targetName
        let pairs = opened.evaluation.structures.compactMap { structure in
            evaluation.structures.first { $0.structureName == structure.structureName }.map {
                DeliveryReport.StructurePair(
                    planned: structure, delivered: $0, isTarget: structure.structureName == target)
            }
        }
        return DeliveredDose(
            fraction: sum,
            facts: .init(
                gamma: gamma, structures: pairs, prescribedDose: plan.plan.prescription.totalDose.value,
                method:
                    "Absorbed dose of the fraction from the log: ions by the primary monitor, positions by the strip monitor, by the engine of planning on the planning CT. RBE-weighted figures are totals as if all fractions were delivered like this one."
            ))
    }
}
