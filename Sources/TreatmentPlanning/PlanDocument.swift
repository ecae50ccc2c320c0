import Frames
import PlanModel
import Quantities

/// The file `plan.json`: a plan with units in its keys.
struct PlanDocument: Codable {
    struct FieldDocument: Codable {
        var number: Int
        var name: String
        var port: String
        var gantryAngleDegrees: Double
        var patientSupportAngleDegrees: Double
        /// DICOM patient axes.
        var isocentreMM: [Double]
        var rangeShifter: String?
        var layers: [LayerDocument]
    }
    struct LayerDocument: Codable {
        var energyMeVPerNucleon: Double
        var paintings: Int
        /// x and y at the isocentre plane (IEC gantry, mm) and ions, one row for each spot.
        var spots: [[Double]]
    }
    var label: String
    var machine: String
    var ion: String
    var patientPosition: String
    var target: String
    var totalDoseGyRBE: Double
    var fractions: Int
    var fields: [FieldDocument]

    init(_ plan: Plan) {
        label = plan.label
        machine = plan.machineName
        ion = plan.ion.description
        patientPosition = plan.patientPosition.rawValue
        target = plan.prescription.targetName
        totalDoseGyRBE = plan.prescription.totalDose.value
        fractions = plan.prescription.fractions
        fields = plan.fields.map { field in
            FieldDocument(
                number: field.number, name: field.name, port: field.portID,
                gantryAngleDegrees: field.gantryAngle.value,
                patientSupportAngleDegrees: field.patientSupportAngle.value,
                isocentreMM: [field.isocentre.x, field.isocentre.y, field.isocentre.z],
                rangeShifter: field.rangeShifterID,
                layers: field.layers.map { layer in
                    LayerDocument(
                        energyMeVPerNucleon: layer.energy.value, paintings: layer.paintings,
                        spots: layer.spots.map { [$0.positionMM.x, $0.positionMM.y, $0.particles] })
                })
        }
    }

    /// The plan; refuses what a plan cannot be.
    func plan() throws -> Plan {
        guard let isotope = Isotope(parsing: ion), let position = PatientPosition(rawValue: patientPosition),
            fractions >= 1
        else {
            throw CaseFolder.Failure.notACase(
                "plan.json", reason: "ion '\(ion)', position '\(patientPosition)' or \(fractions) fractions")
        }
        return Plan(
            label: label, machineName: machine, ion: isotope, patientPosition: position,
            prescription: Prescription(
                targetName: target, totalDose: RBEWeightedDose(totalDoseGyRBE), fractions: fractions),
            fields: try fields.map { field in
                guard field.isocentreMM.count == 3 else {
                    throw CaseFolder.Failure.notACase("plan.json", reason: "isocentre of field \(field.number)")
                }
                return Field(
                    number: field.number, name: field.name, portID: field.port,
                    gantryAngle: AngleDegrees(field.gantryAngleDegrees),
                    patientSupportAngle: AngleDegrees(field.patientSupportAngleDegrees),
                    isocentre: Point3(field.isocentreMM[0], field.isocentreMM[1], field.isocentreMM[2]),
                    rangeShifterID: field.rangeShifter,
                    layers: try field.layers.enumerated().map { index, layer in
                        EnergyLayer(
                            energy: EnergyPerNucleon(layer.energyMeVPerNucleon),
                            spots: try layer.spots.map { row in
                                guard row.count == 3, row[2] >= 0 else {
                                    throw CaseFolder.Failure.notACase(
                                        "plan.json", reason: "a spot of field \(field.number), layer \(index)")
                                }
                                return Spot(positionMM: SIMD2(row[0], row[1]), particles: row[2])
                            }, paintings: layer.paintings)
                    })
            })
    }
}
