import Foundation
import Frames
import PlanModel
import Quantities

/// Plans as the `plan.json` of case folders and job folders.
public enum PlanJSON {
    public static func data(_ plan: Plan) throws(InvalidFile) -> Data {
        try JSONRecord.encode(PlanRecord(plan), pretty: false)
    }

    /// `file`: Name for messages.
    public static func plan(_ data: Data, file: String) throws(InvalidFile) -> Plan {
        let record: PlanRecord = try JSONRecord.decode(data, file: file)
        return try record.plan(file: file)
    }
}

/// A plan as `plan.json` holds it: units in the names, spots as [x mm, y mm, ions].
struct PlanRecord: Codable {
    struct FieldRecord: Codable {
        var number: Int
        var name: String
        var port: String
        var gantryAngleDegrees: Double
        var patientSupportAngleDegrees: Double
        var isocentreMM: [Double]
        var rangeShifter: String?
        var layers: [LayerRecord]
        var passive: PassiveRecord?
    }
    struct LayerRecord: Codable {
        var energyMeVPerNucleon: Double
        var paintings: Int
        var spots: [[Double]]
    }
    var label: String
    var machine: String
    var ion: String
    var patientPosition: String
    var targetName: String
    var totalDoseGyRBE: Double
    var fractions: Int
    var fields: [FieldRecord]

    init(_ plan: Plan) {
        label = plan.label
        machine = plan.machineName
        ion = plan.ion.description
        patientPosition = plan.patientPosition.rawValue
        targetName = plan.prescription.targetName
        totalDoseGyRBE = plan.prescription.totalDose.value
        fractions = plan.prescription.fractions
        fields = plan.fields.map { field in
            FieldRecord(
                number: field.number, name: field.name, port: field.portID,
                gantryAngleDegrees: field.gantryAngle.value,
                patientSupportAngleDegrees: field.patientSupportAngle.value,
                isocentreMM: [field.isocentre.x, field.isocentre.y, field.isocentre.z],
                rangeShifter: field.rangeShifterID,
                layers: field.layers.map { layer in
                    LayerRecord(
                        energyMeVPerNucleon: layer.energy.value, paintings: layer.paintings,
                        spots: layer.spots.map { [$0.positionMM.x, $0.positionMM.y, $0.particles] })
                }, passive: field.passive.map(PassiveRecord.init))
        }
    }

    /// The plan; `file` for messages.
    func plan(file: String) throws(InvalidFile) -> Plan {
        func bad(_ path: String, _ value: String) -> InvalidFile {
            InvalidFile(
                file: file, path: path, "‘\(value)’ is impossible; the file is damaged, make it again")
        }
        guard let isotope = Isotope(parsing: ion) else { throw bad("ion", ion) }
        guard let position = PatientPosition(rawValue: patientPosition) else {
            throw bad("patientPosition", patientPosition)
        }
        guard fractions >= 1 else { throw bad("fractions", "\(fractions)") }
        var result: [Field] = []
        for (index, record) in fields.enumerated() {
            guard record.isocentreMM.count == 3 else {
                throw bad("fields[\(index)].isocentreMM", "\(record.isocentreMM)")
            }
            var layers: [EnergyLayer] = []
            for (number, layer) in record.layers.enumerated() {
                guard layer.spots.allSatisfy({ $0.count == 3 && $0[2] >= 0 }), layer.paintings >= 1 else {
                    throw bad("fields[\(index)].layers[\(number)]", "a spot or the number of paintings")
                }
                layers.append(
                    EnergyLayer(
                        energy: EnergyPerNucleon(layer.energyMeVPerNucleon),
                        spots: layer.spots.map {
                            Spot(positionMM: SIMD2($0[0], $0[1]), particles: $0[2])
                        }, paintings: layer.paintings))
            }
            var passive: PassiveDelivery?
            if let settings = record.passive {
                guard let delivery = settings.delivery else {
                    throw bad("fields[\(index)].passive", "a length or a number of ions")
                }
                passive = delivery
            }
            let centre = record.isocentreMM
            result.append(
                Field(
                    number: record.number, name: record.name, portID: record.port,
                    gantryAngle: AngleDegrees(record.gantryAngleDegrees),
                    patientSupportAngle: AngleDegrees(record.patientSupportAngleDegrees),
                    isocentre: Point3(centre[0], centre[1], centre[2]),
                    rangeShifterID: record.rangeShifter, layers: layers, passive: passive))
        }
        return Plan(
            label: label, machineName: machine, ion: isotope, patientPosition: position,
            prescription: Prescription(
                targetName: targetName, totalDose: RBEWeightedDose(totalDoseGyRBE), fractions: fractions),
            fields: result)
    }
}
