import FacilityModel
import PlanModel

extension PlanAssignment {
    /// Where one imported field belongs.
    struct Place {
        let field: Field
        /// Machine that the plan names.
        let planned: String
        let machine: Machine
        let names: Names
        let file: String

        /// The port of the names given, of the plan, or the only one with the field's angles.
        ///
        /// - Parameters:
        ///   - ports: Ports of the field's kind, scanned or passive.
        ///   - isSame: Whether two ports have the same beam.
        func port<P: BeamPort>(
            among ports: [P], isSame: (P, P) -> Bool
        ) throws(PlanAssignmentError) -> (P, Finding?) {
            if let id = names.ports[field.number] ?? names.ports[0] {
                guard let port = ports.first(where: { $0.id == id }) else {
                    throw .unknownPort(
                        id, field: field.number, machine: machine.name, known: ports.map(\.id))
                }
                return (port, nil)
            }
            if let port = ports.first(where: { $0.id == field.portID }) { return (port, nil) }
            let fitting = ports.filter {
                $0.allows(gantryAngle: field.gantryAngle)
                    && $0.allows(patientSupportAngle: field.patientSupportAngle)
            }
            guard let first = fitting.first else {
                throw .noPort(
                    file: file, field: field.number, gantryAngle: field.gantryAngle,
                    patientSupportAngle: field.patientSupportAngle, planned: planned, machine: machine.name)
            }
            guard fitting.allSatisfy({ isSame($0, first) }) else {
                throw .severalPorts(
                    file: file, field: field.number, gantryAngle: field.gantryAngle, named: field.portID,
                    planned: planned, machine: machine.name, ports: fitting.map(\.id))
            }
            let others =
                fitting.count == 1
                ? "the only one of \(machine.name) with these angles"
                : "with the same nozzle as \(fitting.dropFirst().map(\.id).joined(separator: ", "))"
            return (
                first,
                Finding(
                    severity: .information, code: "CHECK-0002",
                    message:
                        "\(file): beam \(field.number) names no port of \(machine.name); computed at '\(first.id)', \(others)"
                )
            )
        }
    }
}
