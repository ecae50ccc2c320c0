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
    /// - Parameter data: Value of `--data`, if given.
    /// - Throws: `InvalidFile` and what the readers throw.
    public init(folder: String, data: String?, threads: Int) throws {
        planCase = try PlanCase(folder: folder)
        setup = try PlanningSetup(
            planFile: planCase.requestFile, planText: planCase.requestText,
            dicomFolder: planCase.dicomFolder, data: DataStore.find(option: data))
        planner = try Planner(setup.planningInput(threads: threads))
        evaluation = planner.evaluation(of: planCase)
    }

    /// Findings of the plan against its machine.
    public var planChecks: [Finding] { PlanCheck.check(planCase.plan, machine: setup.machine.machine) }

    /// What a report of the case shows.
    public func report(date: String) -> TreatmentReport {
        var options = [
            ReportFact("Optimisation", setup.request.optimisation.mode.rawValue),
            ReportFact("Spot spacing", "\(setup.request.spots.lateralSpacingMM) mm"),
            ReportFact("Layer spacing", "\(setup.request.spots.layerSpacingMM) mm water"),
        ]
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
    /// - Throws: `DICOMError`, `DICOMImportError`, `OpenedCaseError`.
    public func importedPlan(file: String) throws -> Plan {
        let imported = try IonPlanReader.read(file: file)
        var plan = imported.plan
        let machine = setup.machine.machine
        if let beam = imported.beams.first(where: { $0.unit != .particles }) {
            throw OpenedCaseError.notParticles(file: file, beam: beam.number)
        }
        for index in plan.fields.indices {
            let field = plan.fields[index]
            let own = planCase.plan.fields.first { $0.number == field.number }
            let fitting = machine.ports.filter {
                $0.allows(gantryAngle: field.gantryAngle)
                    && $0.allows(patientSupportAngle: field.patientSupportAngle)
            }
            guard let port = fitting.first(where: { $0.id == own?.portID }) ?? fitting.first else {
                throw OpenedCaseError.noPort(
                    file: file, field: field.number, gantryAngle: field.gantryAngle, machine: machine.name)
            }
            plan.fields[index].portID = port.id
        }
        plan.machineName = machine.name
        plan.prescription = planCase.plan.prescription
        return plan
    }
}

/// Why an imported plan cannot be computed for the case's machine.
public enum OpenedCaseError: Error, Equatable, Sendable, CustomStringConvertible {
    case notParticles(file: String, beam: Int)
    case noPort(file: String, field: Int, gantryAngle: AngleDegrees, machine: String)

    public var description: String {
        switch self {
        case .notParticles(let file, let beam):
            "\(file): beam \(beam) is not in particles (Primary Dosimeter Unit 300A,00B3 is not NP, and the monitor "
                + "units of another system cannot be converted) export it in NP"
        case .noPort(let file, let field, let angle, let machine):
            "\(file): beam \(field) at gantry angle \(angle) (no port of \(machine) gives it) choose another machine"
        }
    }
}

extension PlanCase {
    /// A case from a finished planning run.
    public init(setup: PlanningSetup, planFile: String, result: PlanningResult, timings: [Timing]) {
        let optimisation = result.optimisation
        self.init(
            requestText: setup.requestText,
            requestFile: URL(fileURLWithPath: planFile).standardizedFileURL.path,
            dicomFolder: setup.dicomFolder, seed: setup.request.seed, plan: result.plan,
            fieldDoses: result.fieldDoses, findings: result.findings, sources: setup.sources,
            facts: [
                ReportFact(
                    "Influence matrix",
                    "\(NumberText.grouped(result.influence.nonzeros)) entries, "
                        + "\(NumberText.grouped(result.influence.bytes >> 20)) MiB, "
                        + "\(NumberText.grouped(result.influence.voxels)) voxels"),
                ReportFact("Iterations", "\(optimisation.iterations) (\(optimisation.stop.rawValue))"),
                ReportFact("Objective", NumberText.significant(optimisation.objective, 4)),
                ReportFact(
                    "Spots below the least number of ions",
                    "\(optimisation.removedSpots) removed, \(optimisation.raisedSpots) raised"),
            ], timings: timings, program: Self.programName)
    }

    /// Name and version of this program.
    public static let programName = "Kasane 0.1.0"
}

extension Planner {
    /// Totals, dose-volume figures and goals of a case on this planner's dose grid.
    public func evaluation(of planCase: PlanCase) -> TreatmentEvaluation {
        TreatmentEvaluation(
            fractionDose: planCase.fractionDose ?? zeroDose, biology: input.request.biology.model,
            prescription: planCase.plan.prescription, masks: masks.byName,
            order: input.patient.structures.structures.map(\.name), goals: input.request.goals)
    }

    /// No dose anywhere: what a plan without fields gives.
    var zeroDose: DoseDistribution {
        let zero = Volume<Float>(geometry: masks.grid, repeating: 0)
        return DoseDistribution(dose: zero, doseZStar: zero, doseLET: zero)
    }
}
