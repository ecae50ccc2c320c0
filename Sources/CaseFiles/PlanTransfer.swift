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
    /// - Parameters:
    ///   - fields: Fields of the request.
    ///   - machine: The machine that shall treat.
    /// - Throws: `InvalidFile` naming each field that no port can give, and why.
    public static func fields(
        _ fields: [FieldRequest], to machine: Machine
    ) throws(InvalidFile) -> [FieldRequest] {
        var findings: [FileFinding] = []
        var moved: [FieldRequest] = []
        for field in fields {
            if let port = machine.port(field.portID), fits(port, field) {
                moved.append(field)
                continue
            }
            let ways = [field, turned(field)]
            guard
                let (way, port) = ways.lazy.compactMap({ way in
                    machine.ports.first { fits($0, way) }.map { (way, $0) }
                }).first
            else {
                findings.append(
                    FileFinding(
                        path: field.name,
                        message:
                            "no port of \(machine.name) gives gantry angle \(field.gantryAngle.value)° with couch angle "
                            + "\(field.patientSupportAngle.value)°"
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

    private static func fits(_ port: Port, _ field: FieldRequest) -> Bool {
        port.allows(gantryAngle: field.gantryAngle)
            && port.allows(patientSupportAngle: field.patientSupportAngle)
            && (field.rangeShifterID.map { id in port.nozzle.rangeShifters.contains { $0.id == id } } ?? true)
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

    /// The text of a plan file for another machine: `machine`, and `port`, `gantry-angle`, `couch-angle` of each field are replaced; comments are lost.
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
        }
        root["fields"] = .sequence(items)
        return try Yams.serialize(node: root, width: -1, allowUnicode: true)
    }
}
