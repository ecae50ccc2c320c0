import DICOMRadiotherapy
import FacilityModel
import Foundation
import PatientModel
import PlanEvaluation
import PlanModel
import Quantities
import Volumes

/// Writes a plan and its dose as DICOM objects that other systems read.
public enum PlanExport {
    /// The files that were written.
    public struct Written: Sendable {
        public var structureSet: WrittenObject
        public var plan: WrittenObject
        public var physicalDose: WrittenObject
        public var rbeWeightedDose: WrittenObject
        /// Absorbed dose of each field, in the order of the plan; empty if not asked for.
        public var fieldDoses: [WrittenObject]

        public var all: [WrittenObject] {
            [structureSet, plan, physicalDose, rbeWeightedDose] + fieldDoses
        }
    }

    /// RT Structure Set, RT Ion Plan, and two RT Dose: absorbed and RBE-weighted, both for all fractions; on request the
    /// absorbed dose of each field.
    ///
    /// Files appear in `folder` only when all of them are complete.
    ///
    /// - Parameters:
    ///   - evaluation: The total doses.
    ///   - fieldDoses: Dose of one fraction by field number, for Beam Dose at the isocentre.
    ///   - writesFieldDoses: Whether absorbed doses of single fields are written too, for all fractions.
    ///   - modelName: Name of the RBE model for Dose Comment.
    public static func write(
        plan: Plan, machine: Machine, patient: PatientImport, evaluation: TreatmentEvaluation,
        fieldDoses: [Int: DoseDistribution], modelName: String, depth: DoseWriter.Depth,
        writesFieldDoses: Bool = false, to folder: String
    ) throws -> Written {
        let manager = FileManager.default
        let target = URL(fileURLWithPath: folder)
        let scratch = target.deletingLastPathComponent()
            .appendingPathComponent(".kasane-export-\(UUID().uuidString)")
        try manager.createDirectory(at: scratch, withIntermediateDirectories: true)
        do {
            func path(_ name: String) -> String { scratch.appendingPathComponent(name).path }
            var doses: [Int: AbsorbedDose] = [:]
            for field in plan.fields {
                if let gray = fieldDoses[field.number]?.dose.interpolated(at: field.isocentre) {
                    doses[field.number] = AbsorbedDose(gray)
                }
            }
            let structures = try StructureSetWriter.write(
                structureSet: patient.structures, ct: patient.ct, to: path("RS.dcm"))
            let written = try IonPlanWriter.write(
                plan: plan, machine: machine, ct: patient.ct, structureSet: patient.structures,
                beamDoses: doses, to: path("RN.dcm"))
            let physical = try DoseWriter.write(
                dose: evaluation.dose.physical, meaning: .physical, plan: written, ct: patient.ct,
                depth: depth, to: path("RD.physical.dcm"))
            let weighted = try DoseWriter.write(
                dose: evaluation.dose.rbeWeighted, meaning: .rbeWeighted(model: modelName), plan: written,
                ct: patient.ct, depth: depth, to: path("RD.rbe.dcm"))
            let parts = try plan.fields.compactMap { field -> WrittenObject? in
                guard writesFieldDoses, let dose = fieldDoses[field.number]?.dose else { return nil }
                let fractions = Float(plan.prescription.fractions)
                return try DoseWriter.write(
                    dose: dose.map { $0 * fractions }, meaning: .physical, plan: written,
                    extent: .beam(field.number), ct: patient.ct, depth: depth,
                    to: path("RD.physical.beam-\(field.number).dcm"))
            }
            try manager.createDirectory(at: target, withIntermediateDirectories: true)
            func moved(_ object: WrittenObject) throws -> WrittenObject {
                let from = URL(fileURLWithPath: object.file)
                let to = target.appendingPathComponent(from.lastPathComponent)
                // Over an older file in one step; FileManager.replaceItemAt deletes it and fails on Linux.
                try Data(contentsOf: from).write(to: to, options: .atomic)
                return WrittenObject(
                    file: to.path, sopInstanceUID: object.sopInstanceUID,
                    seriesInstanceUID: object.seriesInstanceUID)
            }
            let result = try Written(
                structureSet: moved(structures), plan: moved(written), physicalDose: moved(physical),
                rbeWeightedDose: moved(weighted), fieldDoses: parts.map(moved))
            try manager.removeItem(at: scratch)
            return result
        } catch {
            // The reason of the failure matters, not whether the scratch folder could be removed as well.
            _ = try? manager.removeItem(at: scratch)
            throw error
        }
    }
}
