import BeamData
import CaseFiles
import DICOMRadiotherapy
import FacilityModel
import Foundation
import PatientModel
import PlanEvaluation
import PlanModel
import PlanOptimization
import Quantities
import Radiobiology
import Reporting
import Volumes

/// A case folder read back, with its images, masks and machine at hand.
public struct OpenedCase: Sendable {
    public var planCase: PlanCase
    public let setup: PlanningSetup
    public let planner: Planner
    public let evaluation: TreatmentEvaluation

    /// Reads the case, its images and its machine.
    ///
    /// `data`: Value of `--data`, if given.
    /// - Throws: `InvalidFile` and what the readers throw.
    public init(folder: String, data: String?, threads: Int) throws {
        planCase = try PlanCase(folder: folder)
        setup = try PlanningSetup(
            planFile: planCase.requestFile, planText: planCase.requestText,
            dicomFolder: planCase.dicomFolder, data: DataStore.find(option: data))
        planner = try Planner(setup.planningInput(threads: threads))
        evaluation = planner.evaluation(of: planCase)
    }

    /// A case that was just made, with what it was made from.
    ///
    /// - Parameters:
    ///   - planCase: The case.
    ///   - setup: What its plan file names.
    ///   - planner: The planner that made it.
    public init(planCase: PlanCase, setup: PlanningSetup, planner: Planner) {
        self.planCase = planCase
        self.setup = setup
        self.planner = planner
        evaluation = planner.evaluation(of: planCase)
    }

    /// Findings of the plan against its machine.
    public var planChecks: [Finding] { PlanCheck.check(planCase.plan, machine: setup.machine.machine) }

    /// What a report of the case shows.
    public func report(date: String) -> TreatmentReport {
        var options: [ReportFact] = []
        if planCase.plan.fields.contains(where: { $0.passive == nil }) {
            options += [
                ReportFact("Optimisation", setup.request.optimisation.mode.rawValue),
                ReportFact("Spot spacing", "\(setup.request.spots.lateralSpacingMM) mm"),
                ReportFact("Layer spacing", "\(setup.request.spots.layerSpacingMM) mm water"),
            ]
        } else if let passive = setup.request.passive {
            options += passive.reportFacts
        }
        options += planCase.facts
        let provenance = ReportProvenance(
            program: planCase.program,
            // Names, not paths: a report is passed on, and folders may tell who the patient is.
            inputs: planCase.sources.map {
                let name = URL(fileURLWithPath: $0.path).lastPathComponent
                return .init(name: "\($0.role): \(name)", hash: $0.sha256)
            },
            seed: planCase.seed, options: options,
            timings: planCase.timings.map { ($0.step, $0.seconds) })
        let set = setup.beamData
        let beamFacts = [
            ReportFact(
                "Beam data", "\(set.ion.description), \(set.nodes.count) energies", source: set.provenance)
        ]
        return ReportAssembly.report(
            plan: planCase.plan, fieldDoses: planCase.fieldDoses,
            fractionDose: planCase.fractionDose
                ?? planner.zeroDose, planner: planner, machine: setup.machine, evaluation: evaluation,
            findings: planCase.findings + planChecks, provenance: provenance, beamDataFacts: beamFacts,
            date: date)
    }

    /// The plan of an RT Ion Plan file, its fields put on the ports of the case's plan or of the machine by angle.
    ///
    /// - Throws: `DICOMError`, `DICOMImportError`, `PlanAssignmentError`.
    public func importedPlan(file: String) throws -> Plan {
        let imported = try IonPlanReader.read(file: file)
        let machine = setup.machine.machine
        var names = PlanAssignment.Names()
        for field in imported.plan.fields {
            guard let own = planCase.plan.fields.first(where: { $0.number == field.number }),
                let port: any BeamPort = field.passive == nil
                    ? machine.port(own.portID) : machine.passivePort(own.portID),
                port.allows(gantryAngle: field.gantryAngle),
                port.allows(patientSupportAngle: field.patientSupportAngle)
            else { continue }
            names.ports[field.number] = port.id
        }
        var plan = try PlanAssignment(imported, machine: machine, names: names).plan
        plan.prescription = planCase.plan.prescription
        return plan
    }
}

extension PlanCase {
    /// A case from a finished planning run.
    public init(setup: PlanningSetup, planFile: String, result: PlanningResult, timings: [Timing]) {
        self.init(
            requestText: setup.requestText,
            requestFile: URL(fileURLWithPath: planFile).standardizedFileURL.path,
            dicomFolder: setup.dicomFolder, seed: setup.request.seed, plan: result.plan,
            fieldDoses: result.fieldDoses, findings: result.findings, sources: setup.sources,
            facts: result.optimisation?.reportFacts ?? [], timings: timings, program: Self.programName)
    }

    /// Name and version of this program.
    public static let programName = "Kasane 0.1.0"
}

extension Planner {
    /// Totals, dose-volume figures and goals of a case on this planner's dose grid.
    public func evaluation(of planCase: PlanCase) -> TreatmentEvaluation {
        evaluation(
            of: planCase.fractionDose ?? zeroDose, prescription: planCase.plan.prescription,
            goals: input.request.goals)
    }

    /// The same of any dose on this grid.
    ///
    /// - Parameters:
    ///   - fraction: Dose of one fraction.
    ///   - prescription: Fractions and total dose that belong to it.
    ///   - goals: That it is held against.
    public func evaluation(
        of fraction: DoseDistribution, prescription: Prescription, goals: [ClinicalGoal]
    ) -> TreatmentEvaluation {
        TreatmentEvaluation(
            fractionDose: fraction, biology: input.request.biology.model, prescription: prescription,
            masks: masks.byName, order: input.patient.structures.structures.map(\.name), goals: goals)
    }

    /// No dose anywhere: what a plan without fields gives.
    var zeroDose: DoseDistribution {
        let zero = Volume<Float>(geometry: masks.grid, repeating: 0)
        return DoseDistribution(dose: zero, doseZStar: zero, doseLET: zero)
    }
}
