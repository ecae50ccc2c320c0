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
            description: opened.setup.machine, request: request,
            targetCentre: opened.planner.centre(of: opened.planCase.plan.prescription.targetName),
            file: caseFolder)
        try FractionManifest(
            request, plan: plan, digest: planDigest, notice: TreatmentReport.notice,
            program: PlanCase.programName
        ).begin(in: folder)
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
                        binS: 1, rateIonsPerS: [], gateOpen: [], energyMeVPerNucleon: [], breathing: []),
                    faults: [])
            }
        }
    }

    func histories() throws -> [Int: FieldHistory] {
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
}
