import FacilityModel
import PlanModel
import Quantities
import Yams

/// A plan request for another machine: each field goes to a port that can give its direction.
///
/// A port at gantry angle θ with the couch at φ shines along the same line through the patient as one at −θ with the couch at φ + 180°, so a horizontal port reaches both sides.
///
/// ## Checked by
/// `PlanTransferTests`.
public enum PlanTransfer {
    /// Fields of a request on the ports of a machine.
    ///
    /// A passive port sets its range shifter by the depth of the target: that of a scanned field is left out there.
    ///
    /// - Parameters:
    ///   - fields: Fields of the request.
    ///   - machine: The machine that shall treat.
    ///   - delivery: Kind of its ports that are used; nil for scanning ones, or passive ones where there are no others.
    /// - Throws: `InvalidFile` naming each field that no port can give, and why.
    public static func fields(
        _ fields: [FieldRequest], to machine: Machine, delivery: PortDelivery? = nil
    ) throws(InvalidFile) -> [FieldRequest] {
        let kind = delivery ?? (machine.ports.isEmpty ? .passive : .scanning)
        let ports: [any BeamPort] = kind == .scanning ? machine.ports : machine.passivePorts
        guard !ports.isEmpty else {
            throw InvalidFile(
                file: machine.name, path: "ports",
                "\(machine.name) has no \(kind.rawValue) port; choose others")
        }
        var findings: [FileFinding] = []
        var moved: [FieldRequest] = []
        for var field in fields {
            if kind == .passive { field.rangeShifterID = nil }
            if let port = ports.first(where: { $0.id == field.portID }), fits(port, field) {
                moved.append(field)
                continue
            }
            let ways = [field, turned(field)]
            guard
                let (way, port) = ways.lazy.compactMap({ way in
                    ports.first { fits($0, way) }.map { (way, $0) }
                }).first
            else {
                findings.append(
                    FileFinding(
                        path: field.name,
                        message:
                            "no \(delivery == nil ? "" : kind.rawValue + " ")port of \(machine.name) gives gantry angle "
                            + "\(field.gantryAngle.value)° with couch angle \(field.patientSupportAngle.value)°"
                            + (field.rangeShifterID.map { " and range shifter \($0)" } ?? "")))
                continue
            }
            var copy = way
            copy.portID = port.id
            moved.append(copy)
        }
        guard findings.isEmpty else { throw InvalidFile(file: machine.name, findings: findings) }
        return moved
    }

    private static func fits(_ port: any BeamPort, _ field: FieldRequest) -> Bool {
        let hasShifter = field.rangeShifterID.map { id in
            (port as? Port)?.nozzle.rangeShifters.contains { $0.id == id } ?? false
        }
        return port.allows(gantryAngle: field.gantryAngle)
            && port.allows(patientSupportAngle: field.patientSupportAngle) && hasShifter ?? true
    }

    private static func turned(_ field: FieldRequest) -> FieldRequest {
        func folded(_ angle: Double) -> AngleDegrees {
            let rest = angle.truncatingRemainder(dividingBy: 360)
            return AngleDegrees(rest > 180 ? rest - 360 : rest <= -180 ? rest + 360 : rest)
        }
        var copy = field
        copy.gantryAngle = folded(-field.gantryAngle.value)
        copy.patientSupportAngle = folded(field.patientSupportAngle.value + 180)
        return copy
    }

    /// The text of a plan file for another machine: `machine`, and `port`, `gantry-angle`, `couch-angle` of each field are replaced, and a `range-shifter` that a field has no more is taken out; comments are lost.
    ///
    /// - Parameters:
    ///   - text: Text of a plan file that was read without an error.
    ///   - machine: Name or path of the machine.
    ///   - fields: Fields on its ports, in the order of the file.
    public static func text(_ text: String, machine: String, fields: [FieldRequest]) throws -> String {
        guard var root = try Yams.compose(yaml: text), case .sequence(var items)? = root["fields"],
            items.count == fields.count
        else { throw InvalidFile(file: machine, "the plan file's fields are not a list") }
        root["machine"] = Node(machine)
        for (index, field) in fields.enumerated() {
            items[index]["port"] = Node(field.portID)
            items[index]["gantry-angle"] = Node("\(field.gantryAngle.value)", Tag(.float))
            items[index]["couch-angle"] = Node("\(field.patientSupportAngle.value)", Tag(.float))
            if field.rangeShifterID == nil, case .mapping(var mapping) = items[index] {
                mapping["range-shifter"] = nil
                items[index] = .mapping(mapping)
            }
        }
        root["fields"] = .sequence(items)
        return try Yams.serialize(node: root, width: -1, allowUnicode: true)
    }
}
