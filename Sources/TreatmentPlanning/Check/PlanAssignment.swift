import DICOMRadiotherapy
import FacilityModel
import PlanModel
import Quantities

/// An imported plan put on a machine: its fields on ports, its range shifters on those of the machine.
///
/// Findings say where the plan describes another beam than the machine file: `CHECK-0001` to `CHECK-0008`.
///
/// ## Checked by
/// `PlanAssignmentTests`.
public struct PlanAssignment: Sendable {
    /// The plan with ports and range shifters of the machine, without spots of weight zero.
    public var plan: Plan
    public var findings: [Finding]

    /// How names of the plan become names of the machine.
    public struct Names: Sendable {
        /// Port by field number; 0 stands for all fields that are not named.
        public var ports: [Int: String]
        /// Range shifter of the machine by its ID in the plan.
        public var rangeShifters: [String: String]

        public init(ports: [Int: String] = [:], rangeShifters: [String: String] = [:]) {
            self.ports = ports
            self.rangeShifters = rangeShifters
        }
    }

    /// Finds the port of every field and compares the beams with the machine.
    ///
    /// The port is the one of `names`, else the one that the plan names (Institutional Department Name of the beam), else the only one
    /// that gives the field's angles. Several such ports are one if their nozzles are equal.
    ///
    /// - Throws: `PlanAssignmentError`.
    public init(
        _ imported: ImportedIonPlan, machine: Machine, names: Names = Names()
    ) throws(PlanAssignmentError) {
        let file = imported.file
        guard imported.plan.ion == machine.ion else {
            throw .otherIon(
                file: file, plan: imported.plan.ion, machine: machine.name, machineIon: machine.ion)
        }
        plan = imported.plan
        findings = []
        if plan.machineName != machine.name {
            findings.append(
                Finding(
                    severity: .warning, code: "CHECK-0001",
                    message:
                        "\(file): Treatment Machine Name (300A,00B2) is '\(plan.machineName)', computed with the machine file "
                        + "'\(machine.name)' (beam sizes, nozzle and energies are those of the file); make sure that it describes that machine"
                ))
        }
        for (index, beam) in imported.beams.enumerated() {
            var field = imported.plan.fields[index]
            let place = Place(
                field: field, planned: imported.plan.machineName, machine: machine, names: names, file: file)
            if let delivery = field.passive {
                let (port, finding) = try place.port(among: machine.passivePorts) { $0.nozzle == $1.nozzle }
                if let finding { findings.append(finding) }
                plan.fields[index].portID = port.id
                let check = PassiveBeamCheck(
                    delivery: delivery, field: field.number, port: port, file: file)
                try check.devices()
                findings += check.findings
                continue
            }
            let (port, finding) = try place.port(among: machine.ports) { $0.nozzle == $1.nozzle }
            if let finding { findings.append(finding) }
            field.portID = port.id
            let planned = field.rangeShifterID
            if let id = planned {
                let ownID = names.rangeShifters[id] ?? id
                guard let shifter = port.nozzle.rangeShifters.first(where: { $0.id == ownID }) else {
                    throw .unknownRangeShifter(
                        ownID, file: file, field: field.number, port: port.id,
                        known: port.nozzle.rangeShifters)
                }
                field.rangeShifterID = ownID
                if let setting = beam.rangeShifter {
                    findings += Self.compare(setting, with: shifter, field: field.number, file: file)
                }
            }
            for layer in field.layers.indices {
                field.layers[layer].spots.removeAll { $0.particles == 0 }
            }
            field.layers.removeAll { $0.spots.isEmpty }
            plan.fields[index] = field
            findings += BeamCheck(beam: beam, field: field, port: port, file: file).findings
        }
        plan.machineName = machine.name
    }

    private static func compare(
        _ setting: ImportedBeam.RangeShifterSetting, with shifter: RangeShifter, field: Int, file: String
    ) -> [Finding] {
        var findings: [Finding] = []
        func warn(_ what: String, _ planned: Double?, _ own: Double, tolerance: Double) {
            guard let planned, abs(planned - own) > tolerance else { return }
            findings.append(
                Finding(
                    severity: .warning, code: "CHECK-0003",
                    message:
                        "\(file): beam \(field): \(what) of range shifter '\(setting.id)' is \(planned) mm, but \(own) mm in "
                        + "the machine file (that of the machine file was used); correct the one that is wrong"
                ))
        }
        warn(
            "Range Shifter Water Equivalent Thickness (300A,0366)", setting.waterEquivalentThicknessMM,
            shifter.waterEquivalentThicknessMM, tolerance: 0.3)
        warn(
            "Isocenter to Range Shifter Distance (300A,0364)", setting.isocentreDistanceMM,
            shifter.isocentreDistanceMM, tolerance: 5)
        return findings
    }
}

/// Why an imported plan cannot be computed for a machine.
public enum PlanAssignmentError: Error, Equatable, Sendable, CustomStringConvertible {
    case otherIon(file: String, plan: Isotope, machine: String, machineIon: Isotope)
    case unknownPort(String, field: Int, machine: String, known: [String])
    case noPort(
        file: String, field: Int, gantryAngle: AngleDegrees, patientSupportAngle: AngleDegrees,
        planned: String, machine: String)
    /// `named` is the port of the plan, empty without one; `planned` the machine of the plan.
    case severalPorts(
        file: String, field: Int, gantryAngle: AngleDegrees, named: String, planned: String, machine: String,
        ports: [String])
    /// What a passive field needs, and what the port has in its place.
    case unknownPassiveDevice(String, file: String, field: Int, port: String, known: String)
    case unknownRangeShifter(String, file: String, field: Int, port: String, known: [RangeShifter])

    public var description: String {
        switch self {
        case .otherIon(let file, let plan, let machine, let ion):
            "\(file): Radiation Mass Number (300A,0302) and Atomic Number (300A,0304) say \(plan) (machine \(machine) "
                + "accelerates \(ion)) give the machine file of that ion"
        case .unknownPort(let port, let field, let machine, let known):
            "no port '\(port)' for \(field == 0 ? "the fields" : "field \(field)") (machine \(machine) has: "
                + "\(known.joined(separator: ", "))) choose one of these"
        case .noPort(let file, let field, let gantry, let couch, let planned, let machine):
            "\(file): beam \(field): Gantry Angle (300A,011E) \(gantry), Patient Support Angle (300A,0122) \(couch) (no port of "
                + "\(machine) gives them\(Self.origin(planned, machine))) choose another machine"
        case .severalPorts(let file, let field, let angle, let named, let planned, let machine, let ports):
            "\(file): beam \(field) at Gantry Angle (300A,011E) \(angle) names "
                + (named.isEmpty ? "no port" : "port '\(named)' in Institutional Department Name (0008,1040)")
                + " (\(machine) gives the angle at \(ports.joined(separator: ", ")), with different nozzles"
                + "\(Self.origin(planned, machine))) say which with --port \(field)=NAME, or give the plan's machine with --machine"
        case .unknownPassiveDevice(let device, let file, let field, let port, let known):
            "\(file): beam \(field) needs \(device) (port \(port) has \(known)) choose the plan's machine, or add it to the machine file"
        case .unknownRangeShifter(let id, let file, let field, let port, let known):
            "\(file): beam \(field): Range Shifter ID (300A,0318) '\(id)' (port \(port) has "
                + (known.isEmpty
                    ? "none"
                    : known.map { "\($0.id) of \($0.waterEquivalentThicknessMM) mm water" }.joined(
                        separator: ", "))
                + ") say which it is with --range-shifter '\(id)=NAME', or add it to the machine file"
        }
    }

    /// Says that the plan was made for another machine, which is the likely reason.
    private static func origin(_ planned: String, _ machine: String) -> String {
        planned == machine ? "" : "; the plan is for '\(planned)', Treatment Machine Name 300A,00B2"
    }
}
