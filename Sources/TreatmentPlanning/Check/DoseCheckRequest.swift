import CaseFiles
import DICOMRadiotherapy
import FacilityModel
import MonteCarloDose
import PatientModel
import PlanEvaluation
import PlanModel
import Quantities
import Radiobiology
import Volumes

/// What a person asks of an independent dose check.
public struct DoseCheckRequest: Sendable {
    public enum Engine: String, Sendable, CaseIterable {
        case monteCarlo = "monte-carlo"
        case pencilBeam = "pencil-beam"
    }

    public var choice: DoseCheckSelection.Choice
    /// Name of a machine of the data folder, or path of a machine file.
    public var machine: String
    /// Calibration curve; nil for the tissue model of Schneider et al.
    public var calibrationFile: String?
    public var outsideExternal: OutsideExternal
    /// Name of the external contour; nil for the only one of type EXTERNAL.
    public var externalName: String?
    /// Name of the target; nil for the one that the plan names.
    public var targetName: String?
    /// Ports and range shifters by the plan's names.
    public var names: PlanAssignment.Names
    /// For plans in monitor units.
    public var monitorUnits: MonitorUnitCalibration?
    public var biology: BiologyChoice
    public var engine: Engine
    /// What ends a Monte Carlo run.
    public var stop: StoppingRule
    public var seed: UInt64
    /// Voxel size of the recomputed dose, mm; nil for the voxels of the dose under check.
    public var gridSpacingMM: Double?
    public var criteria: GammaCriteria
    /// Least share of points with γ ≤ 1, in the patient and in the target, 0...1.
    public var passRate: Double
    /// Greatest departure from 1 of mean recomputed over mean planned dose where the dose is high.
    public var meanDoseLimit: Double
    /// Greatest magnitude of the median range difference of a field, mm; nil if ranges are not judged.
    public var rangeLimitMM: Double?
    /// Structures that are listed and drawn; empty for all.
    public var structures: [String]
    /// How many fractions the doses are of; nil as they say.
    public var doseFractions: DoseUnderCheck.Fractions?
    /// Codes of failures that do not stop the check.
    public var accepted: Set<String>
    public var threads: Int

    public init(choice: DoseCheckSelection.Choice, machine: String, threads: Int) {
        self.choice = choice
        self.machine = machine
        self.threads = threads
        outsideExternal = .air
        names = PlanAssignment.Names()
        biology = .clinicalMKM
        engine = .monteCarlo
        stop = StoppingRule(uncertainty: 0.01)
        seed = 1
        criteria = GammaCriteria(doseDifference: 0.03, distanceMM: 2)
        passRate = 0.95
        meanDoseLimit = 0.03
        structures = []
        accepted = []
    }

    /// Codes of failures that may be accepted.
    public static let acceptableCodes = ObjectConsistency.acceptableCodes.union([
        "CHECK-0007", "CHECK-0010", "PLAN-0021",
    ])
}

/// Why a dose check does not begin.
public enum DoseCheckError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The objects do not belong together or to the machine; all findings are listed.
    case inconsistent([Finding])
    /// `number`: Referenced ROI Number (3006,0084), if the plan has one.
    case noTarget(file: String, named: String, number: Int?, structures: [String])
    case noExternal(file: String, candidates: [String])
    case unknownStructures([String], available: [String])
    /// Only doses that cannot be judged.
    case noJudgedDose(files: [String])
    /// Dose grid too large.
    case tooManyVoxels(Int)
    /// Too few ions for a standard error, without which noise cannot be judged.
    case uncertaintyNotKnown(histories: Int)

    public var description: String {
        switch self {
        case .inconsistent(let findings):
            "the objects cannot be checked as they are (see the failures); correct them, or accept with --accept CODE what you "
                + "know to be harmless (\(DoseCheckRequest.acceptableCodes.sorted().joined(separator: ", ")))"
                + findings.sorted { $0.severity > $1.severity }.map {
                    "\n  \($0.severity.rawValue) \($0.code): \($0.message)"
                }.joined()
        case .uncertaintyNotKnown(let histories):
            "\(histories) ions (too few for a standard error, without which gamma cannot be judged); give more with --uncertainty, --histories or --time"
        case .noTarget(let file, let named, let number, let structures):
            "\(file): the plan's target is not known (Dose Reference Sequence 300A,0010 names "
                + (named.isEmpty && number == nil
                    ? "no structure"
                    : [
                        number.map { "ROI \($0) (Referenced ROI Number 3006,0084)" },
                        named.isEmpty ? nil : "'\(named)'",
                    ]
                    .compactMap(\.self).joined(separator: ", ")
                        + ", which the structure set does not have or has without contours")
                + ") say which it is with --target: \(structures.joined(separator: ", "))"
        case .noExternal(let file, let candidates):
            "\(file): \(candidates.count) structures of RT ROI Interpreted Type (3006,00A4) EXTERNAL"
                + (candidates.isEmpty ? "" : " (\(candidates.joined(separator: ", ")))")
                + " (one bounds the patient) say which with --external"
        case .unknownStructures(let names, let available):
            "no structure \(names.map { "'\($0)'" }.joined(separator: ", ")) in the structure set (the command names it) use one of: "
                + available.joined(separator: ", ")
        case .noJudgedDose(let files):
            "no dose that can be judged (\(files.joined(separator: ", ")): effective doses of single beams do not add up, and doses "
                + "of several plans or single control points are not this plan's) export the dose of the whole plan, or absorbed "
                + "doses (PHYSICAL) of its beams"
        case .tooManyVoxels(let count):
            "the dose grid over the patient would have \(count) voxels (more than \(DoseCheckSetup.greatestVoxelCount) take too much memory) "
                + "choose larger voxels with --grid"
        }
    }
}

extension PlanRequest {
    /// A request for nothing but the dose of a plan that is there: no fields, no objectives, no goals.
    static func recalculation(
        of plan: Plan, external: String, target: String, outside: OutsideExternal, biology: BiologyChoice,
        spacingMM: SIMD3<Double>, seed: UInt64
    ) -> PlanRequest {
        var prescription = plan.prescription
        prescription.targetName = target
        return PlanRequest(
            label: plan.label, patient: PatientSelection(folder: "", externalName: external),
            calibration: .schneider, outsideExternal: outside, machine: plan.machineName, biology: biology,
            prescription: prescription, fields: [],
            spots: SpotGrid(
                lateralSpacingMM: 3, layerSpacingMM: 3, lateralMarginMM: 0, proximalMarginMM: 0,
                distalMarginMM: 0), doseGridSpacingMM: spacingMM,
            optimisation: OptimisationSettings(iterations: 1, tolerance: 1), objectives: [], goals: [],
            seed: seed)
    }
}
