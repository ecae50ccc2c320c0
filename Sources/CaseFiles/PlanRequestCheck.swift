import FacilityModel
import PatientModel
import PlanModel
import Quantities

/// Checks of a plan request against the machine and the structures it names, which the plan file alone cannot know.
///
/// ## Checked by
/// `PlanRequestCheckTests`.
extension PlanRequest {
    /// What the machine cannot give: ports, angles and range shifters that do not exist.
    public func findings(machine: Machine) -> [FileFinding] {
        fields.enumerated().flatMap { index, field -> [FileFinding] in
            let path = "fields[\(index)]"
            if let port = machine.passivePort(field.portID) {
                return angleFindings(field, port: port, path: path)
                    + passiveFindings(field, port: port, path: path)
            }
            guard let port = machine.port(field.portID) else {
                let known = machine.portIDs
                return [
                    FileFinding(
                        path: path + ".port",
                        message: "the machine ‘\(machine.name)’ has no port ‘\(field.portID)’"
                            + YAMLElement.suggestion(field.portID, among: known))
                ]
            }
            return angleFindings(field, port: port, path: path)
                + shifterFindings(field, port: port, path: path)
        }
    }

    private func angleFindings(_ field: FieldRequest, port: some BeamPort, path: String) -> [FileFinding] {
        var findings: [FileFinding] = []
        if !port.allows(gantryAngle: field.gantryAngle) {
            findings.append(
                FileFinding(
                    path: path + ".gantry-angle",
                    message:
                        "\(YAMLElement.text(field.gantryAngle.value))° is impossible at port ‘\(port.id)’ "
                        + "(it gives \(port.directionText)); choose another angle or port"))
        }
        if !port.allows(patientSupportAngle: field.patientSupportAngle) {
            let range = port.patientSupportAngles
            findings.append(
                FileFinding(
                    path: path + ".couch-angle",
                    message: "\(YAMLElement.text(field.patientSupportAngle.value))° is impossible at port "
                        + "‘\(port.id)’ (its couch turns from \(YAMLElement.text(range.lowerBound.value))° to "
                        + "\(YAMLElement.text(range.upperBound.value))°); choose another angle"))
        }
        return findings
    }

    private func passiveFindings(_ field: FieldRequest, port: PassivePort, path: String) -> [FileFinding] {
        var findings: [FileFinding] = []
        if field.rangeShifterID != nil {
            findings.append(
                FileFinding(
                    path: path + ".range-shifter",
                    message:
                        "port ‘\(port.id)’ is passive (its range shifter is set by the target's depth); leave it out"
                ))
        }
        guard let passive else {
            findings.append(
                FileFinding(
                    path: "passive",
                    message:
                        "port ‘\(port.id)’ is passive (its margins and filling are asked for there); add the section"
                ))
            return findings
        }
        if passive.filling == .layerStacking, port.nozzle.layerStacking == nil {
            findings.append(
                FileFinding(
                    path: "passive.filling",
                    message:
                        "port ‘\(port.id)’ has no layer stacking (its machine file gives none); write ‘ridge-filter’"
                ))
        }
        let widths = port.nozzle.ridgeFilters.widthsMM
        if let width = passive.sobpWidthMM, !widths.contains(where: { abs($0 - width) < 1e-6 }) {
            findings.append(
                FileFinding(
                    path: "passive.sobp",
                    message: "port ‘\(port.id)’ has no ridge filter of \(YAMLElement.text(width)) mm (it has "
                        + "\(widths.map(YAMLElement.text).joined(separator: ", "))); choose one or leave it out"
                ))
        }
        return findings
    }

    private func shifterFindings(_ field: FieldRequest, port: Port, path: String) -> [FileFinding] {
        guard let id = field.rangeShifterID else { return [] }
        let known = port.nozzle.rangeShifters.map(\.id)
        guard !known.contains(id) else { return [] }
        return [
            FileFinding(
                path: path + ".range-shifter",
                message: "port ‘\(port.id)’ has no range shifter ‘\(id)’"
                    + (known.isEmpty ? "; leave it out" : YAMLElement.suggestion(id, among: known)))
        ]
    }

    /// Structures that the request names and the set does not have, or that have no contours.
    public func findings(structures set: StructureSet) -> [FileFinding] {
        var wanted: [(name: String, path: String)] = [
            (patient.externalName, "patient.external"), (prescription.targetName, "prescription.target"),
        ]
        wanted += overrides.enumerated().map { ($1.structureName, "overrides[\($0)].structure") }
        let terms = objectives.filter { !$0.isConstraint }
        let constraints = objectives.filter(\.isConstraint)
        wanted += terms.enumerated().map { ($1.structureName, "objectives[\($0)].structure") }
        wanted += constraints.enumerated().map { ($1.structureName, "constraints[\($0)].structure") }
        wanted += goals.enumerated().map { ($1.structureName, "goals[\($0)]") }
        wanted += report.structures.enumerated().map { ($1, "report.structures[\($0)]") }
        let names = set.structures.map(\.name)
        return wanted.compactMap { name, path in
            guard let structure = set.structure(named: name) else {
                return FileFinding(
                    path: path,
                    message: "there is no structure ‘\(name)’ in the structure set"
                        + YAMLElement.suggestion(name, among: names))
            }
            guard structure.contours.isEmpty else { return nil }
            return FileFinding(
                path: path,
                message:
                    "the structure ‘\(name)’ has no contour (nothing was drawn); draw it or take it out of the plan"
            )
        }
    }

    /// Throws what `findings(machine:)` and `findings(structures:)` find, under the name of the plan file.
    ///
    /// - Throws: `InvalidFile`.
    public func check(machine: Machine, structures: StructureSet?, file: String) throws(InvalidFile) {
        let found = findings(machine: machine) + (structures.map { findings(structures: $0) } ?? [])
        guard found.isEmpty else { throw InvalidFile(file: file, findings: found) }
    }
}
