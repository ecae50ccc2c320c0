import DICOMRadiotherapy
import PatientModel
import PlanModel

/// Which structure bounds the patient and which one is the plan's target.
struct StructureChoice {
    let external: Structure
    let target: Structure

    /// - Throws: `DoseCheckError` if one is not known; nothing is guessed from names.
    init(
        request: DoseCheckRequest, patient: PatientImport, imported: ImportedIonPlan
    ) throws(DoseCheckError) {
        let drawn = patient.structures.structures.filter { !$0.contours.isEmpty }
        let names = drawn.map(\.name)
        let asked = [request.externalName, request.targetName].compactMap(\.self) + request.structures
        let unknown = asked.filter { !names.contains($0) }
        guard unknown.isEmpty else { throw .unknownStructures(unknown, available: names) }

        let externals = drawn.filter { structure in
            if let name = request.externalName { return structure.name == name }
            return structure.interpretedType.uppercased() == "EXTERNAL"
        }
        guard let external = externals.first, externals.count == 1 || request.externalName != nil else {
            throw .noExternal(file: patient.structureSetFile, candidates: externals.map(\.name))
        }
        self.external = external

        let described = imported.plan.prescription.targetName
        let target =
            if let name = request.targetName {
                drawn.first { $0.name == name }
            } else if let number = imported.targetROINumber {
                drawn.first { $0.number == number }
            } else {
                drawn.first { $0.name == described }
            }
        guard let target else {
            throw .noTarget(
                file: imported.file, named: described, number: imported.targetROINumber,
                structures: names)
        }
        self.target = target
    }
}
