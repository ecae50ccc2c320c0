import AcceleratorModel
import CaseFiles
import DeliveryControl
import DeliverySimulation
import FacilityModel
import IonPhysics
import PlanModel
import Quantities

/// A plan as the simulated machine delivers it: tables of visits for every field, and the machine's times and speeds.
public struct FractionPlan: Sendable {
    /// One field.
    public struct PreparedField: Sendable {
        public var field: Field
        public var sequence: FieldSequence
        public var figures: PlantFigures
    }

    public let request: FractionRequest
    public let plan: Plan
    public let description: MachineDescription
    public let fields: [PreparedField]
    public let rules: SequenceRules

    /// - Parameters:
    ///   - plan: With scanned fields for this machine.
    ///   - planHash: SHA-256 of the plan, as it was approved.
    ///   - patientID: Patient of the plan.
    ///   - description: The machine.
    ///   - request: How it is delivered.
    ///   - file: Name of the case, for messages.
    /// - Throws: `InvalidFile` for what cannot be delivered; `AcceleratorError` for what the machine file does not tell.
    public init(
        plan: Plan, planHash: String, patientID: String, description: MachineDescription,
        request: FractionRequest, file: String
    ) throws {
        guard plan.machineName == description.machine.name else {
            throw InvalidFile(
                file: file, path: "machine",
                "the plan is for \(plan.machineName) (spots and energies are those of one machine); deliver it there"
            )
        }
        guard (1...plan.prescription.fractions).contains(request.fraction) else {
            throw InvalidFile(
                file: file, path: "fraction",
                "fraction \(request.fraction) (the plan has \(plan.prescription.fractions)); choose one of them"
            )
        }
        let figures = try CycleFigures(description, mode: .extendedFlatTop)
        var rules = SequenceRules(
            paintings: request.paintings, rasterStepMM: request.rasterStepMM,
            rate: .meanDwell(request.meanDwellS),
            ratesIonsPerS: description.synchrotron.extractionRateIonsPerS)
        rules.ionsPerCount = PlantFigures.Monitors().ionsPerCount
        func rigidity(_ energy: EnergyPerNucleon) -> Double {
            figures.ion.motion(energyMeVPerNucleon: energy.value).rigidityTM
        }
        self.request = request
        self.plan = plan
        self.description = description
        self.rules = rules
        fields = try plan.fields.map { field in
            guard field.passive == nil, let port = description.machine.port(field.portID) else {
                throw InvalidFile(
                    file: file, path: "fields[\(field.number)]",
                    "‘\(field.name)’ is no scanned field of this machine (only those are delivered spot by spot)"
                )
            }
            let layers = rules.layers(field, rigidityTM: rigidity)
            guard let highest = layers.map(\.energy).max() else {
                throw InvalidFile(
                    file: file, path: "fields[\(field.number)]", "‘\(field.name)’ has no ions to deliver")
            }
            var plant = try PlantFigures(description, portID: port.id, highestEnergy: highest)
            plant.collectNS = Int64(request.commitS * 1e9)
            return PreparedField(
                field: field,
                sequence: FieldSequence(
                    fieldNumber: field.number, planHash: planHash, ion: plan.ion, layers: layers,
                    setup: FieldSetup(
                        patientID: patientID, gantryDegrees: field.gantryAngle.value, couchMM: .zero,
                        couchDegrees: SIMD3(field.patientSupportAngle.value, 0, 0), snoutMM: 0,
                        rangeShifter: field.rangeShifterID, ridgeFilter: "\(port.id) ridge filter"),
                    isGated: request.gate != nil),
                figures: plant)
        }
    }
}
