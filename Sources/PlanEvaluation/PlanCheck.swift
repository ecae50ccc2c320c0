import FacilityModel
import PlanModel
import Quantities

/// Checks whether a machine can deliver a plan as it is written.
///
/// Every check has a stable code; all findings are collected. `docs/theory/evaluation.md` lists the codes.
///
/// ## Checked by
/// `PlanCheckTests`: each code is made to appear.
public enum PlanCheck {
    /// Greatest difference at which two energies are the same, MeV/u: DICOM keeps energies as 32-bit floats.
    private static let energyTolerance = 1e-3

    /// All findings; none if the machine can deliver the plan.
    public static func check(_ plan: Plan, machine: Machine) -> [Finding] {
        var findings: [Finding] = []
        func fail(_ code: String, _ path: String, _ message: String) {
            findings.append(Finding(severity: .failure, code: code, message: message, path: path))
        }
        if plan.machineName != machine.name {
            fail(
                "PLAN-0001", "machineName",
                "plan was made for \(plan.machineName), not for \(machine.name) (beam data and limits differ); "
                    + "choose its machine")
        }
        if plan.ion != machine.ion {
            fail("PLAN-0002", "ion", "plan uses \(plan.ion), the machine \(machine.ion); choose one of them")
        }
        if plan.fields.isEmpty {
            fail("PLAN-0003", "fields", "plan has no field (nothing would be delivered); add one")
        }
        if plan.label.count > 16 {
            fail(
                "PLAN-0004", "label",
                "label \(plan.label) has \(plan.label.count) characters (DICOM allows 16); shorten it")
        }
        var numbers = Set<Int>()
        for (index, field) in plan.fields.enumerated() {
            if !numbers.insert(field.number).inserted {
                fail(
                    "PLAN-0005", "fields[\(index)]",
                    "field number \(field.number) is used twice (records could not tell them apart); renumber"
                )
            }
            findings += check(field, path: "fields[\(index)]", machine: machine)
        }
        return findings
    }

    private static func check(_ field: Field, path: String, machine: Machine) -> [Finding] {
        if let port = machine.passivePort(field.portID) { return check(field, path: path, passive: port) }
        guard let port = machine.port(field.portID) else {
            return [
                Finding(
                    severity: .failure, code: "PLAN-0010",
                    message: "port \(field.portID) is not one of \(machine.name) (it has "
                        + "\(machine.portIDs.joined(separator: ", "))); choose one", path: path)
            ]
        }
        var findings = checkAngles(field, path: path, port: port)
        func fail(_ code: String, _ message: String) {
            findings.append(Finding(severity: .failure, code: code, message: message, path: path))
        }
        if let id = field.rangeShifterID, !port.nozzle.rangeShifters.contains(where: { $0.id == id }) {
            fail("PLAN-0013", "range shifter \(id) is not at port \(port.id); choose one of the port or none")
        }
        if field.layers.allSatisfy(\.spots.isEmpty) {
            fail("PLAN-0014", "field \(field.name) has no spot (nothing would be delivered); remove it")
        }
        for (index, layer) in field.layers.enumerated() {
            let layerPath = "\(path).layers[\(index)]"
            if index > 0, field.layers[index - 1].energy <= layer.energy {
                findings.append(
                    Finding(
                        severity: .failure, code: "PLAN-0020",
                        message: "energy \(layer.energy) does not fall from layer to layer (energies are "
                            + "delivered from the highest down); sort the layers", path: layerPath))
            }
            findings += check(layer, path: layerPath, port: port, machine: machine)
        }
        return findings
    }

    /// Angles of a field at any kind of port.
    static func checkAngles(_ field: Field, path: String, port: some BeamPort) -> [Finding] {
        var findings: [Finding] = []
        func fail(_ code: String, _ message: String) {
            findings.append(Finding(severity: .failure, code: code, message: message, path: path))
        }
        if !port.allows(gantryAngle: field.gantryAngle) {
            fail(
                "PLAN-0011",
                "gantry angle \(field.gantryAngle) is impossible (port \(port.id) gives \(port.directionText)); "
                    + "choose an angle it gives or another port")
        }
        if !port.allows(patientSupportAngle: field.patientSupportAngle) {
            fail(
                "PLAN-0012",
                "patient support angle \(field.patientSupportAngle) is impossible (port \(port.id) allows "
                    + "\(port.patientSupportAngles.lowerBound) to \(port.patientSupportAngles.upperBound)); choose "
                    + "an angle in it")
        }
        return findings
    }

    private static func check(
        _ layer: EnergyLayer, path: String, port: Port, machine: Machine
    ) -> [Finding] {
        var findings: [Finding] = []
        func fail(_ code: String, _ path: String, _ message: String) {
            findings.append(Finding(severity: .failure, code: code, message: message, path: path))
        }
        let nozzle = port.nozzle
        if !machine.energies.contains(where: { abs($0.value - layer.energy.value) <= energyTolerance }) {
            fail(
                "PLAN-0021", path,
                "energy \(layer.energy) is not in the list of \(machine.name) (it cannot be delivered); choose a "
                    + "listed energy")
        }
        if nozzle.spotSize(at: layer.energy) == nil {
            fail(
                "PLAN-0022", path,
                "port \(port.id) has no spot size at \(layer.energy) (its table ends before); extend the table"
            )
        }
        if layer.paintings < 1 {
            fail("PLAN-0023", path, "\(layer.paintings) paintings (at least one is needed); set it to 1")
        }
        if layer.spots.isEmpty {
            fail("PLAN-0024", path, "layer has no spot (nothing would be delivered); remove it")
        }
        let paintings = Double(max(layer.paintings, 1))
        for (index, spot) in layer.spots.enumerated() {
            let spotPath = "\(path).spots[\(index)]"
            let (p, half) = (spot.positionMM, nozzle.fieldHalfWidthMM)
            // Written so that NaN is refused too.
            if !(abs(p.x) <= half.x && abs(p.y) <= half.y) {
                fail(
                    "PLAN-0030", spotPath,
                    "spot at (\(p.x), \(p.y)) mm is outside the scan field (±\(half.x), ±\(half.y) mm); move the "
                        + "isocentre or use another port")
            }
            let visit = spot.particles / paintings
            guard visit.isFinite, visit > 0 else {
                fail(
                    "PLAN-0031", spotPath,
                    "\(spot.particles) particles is not a positive number (it cannot be delivered); remove the spot"
                )
                continue
            }
            if visit < nozzle.minimumSpotParticles {
                fail(
                    "PLAN-0032", spotPath,
                    "\(visit) particles per visit is below the least \(nozzle.minimumSpotParticles) of port "
                        + "\(port.id) (the monitor cannot control it); optimise again with the least number")
            }
            if visit > nozzle.maximumSpotParticles {
                fail(
                    "PLAN-0033", spotPath,
                    "\(visit) particles per visit is above the greatest \(nozzle.maximumSpotParticles) of port "
                        + "\(port.id); use more paintings")
            }
        }
        return findings
    }
}
