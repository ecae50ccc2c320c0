import AcceleratorModel
import CaseFiles
import DeliveryControl
import DeliverySimulation
import FacilityModel
import Frames
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
        /// Faults of its first session.
        public var faults: [FaultScenario]
    }

    public let request: FractionRequest
    public let plan: Plan
    public let description: MachineDescription
    public let fields: [PreparedField]
    public let ionsPerCount: Double
    /// Centre of the target in the planning CT, for a gate that looks at it; nil if it is not known.
    public let targetCentre: Point3<DICOMPatient>?

    /// - Parameters:
    ///   - plan: With scanned fields for this machine.
    ///   - planHash: SHA-256 of the plan, as it was approved.
    ///   - patientID: Patient of the plan.
    ///   - description: The machine.
    ///   - request: How it is delivered.
    ///   - targetCentre: Of the target in the planning CT; nil if it is not known.
    ///   - file: Name of the case, for messages.
    /// - Throws: `InvalidFile` for what cannot be delivered; `AcceleratorError` for what the machine file does not tell; `BreathingError`.
    public init(
        plan: Plan, planHash: String, patientID: String, description: MachineDescription,
        request: FractionRequest, targetCentre: Point3<DICOMPatient>? = nil, file: String
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
        if let unknown = request.faults.compactMap(\.field).first(where: { number in
            !plan.fields.contains { $0.number == number }
        }) {
            throw InvalidFile(
                file: file, path: "fields",
                "a fault for field \(unknown) (the plan has fields \(plan.fields.map { "\($0.number)" }.joined(separator: ", "))); choose one of them"
            )
        }
        func rigidity(_ energy: EnergyPerNucleon) -> Double {
            figures.ion.motion(energyMeVPerNucleon: energy.value).rigidityTM
        }
        self.request = request
        self.plan = plan
        self.description = description
        self.targetCentre = targetCentre
        ionsPerCount = PlantFigures.Monitors().ionsPerCount
        // Fills of a gate are chosen for the whole trace, not for where a session begins in it.
        let gate = try request.breathing?.simulatedGate(fromS: 0, target: targetCentre, seed: request.seed)
        fields = try plan.fields.map { field in
            guard field.passive == nil, let port = description.machine.port(field.portID) else {
                throw InvalidFile(
                    file: file, path: "fields[\(field.number)]",
                    "‘\(field.name)’ is no scanned field of this machine (only those are delivered spot by spot)"
                )
            }
            guard let highest = field.layers.map(\.energy).max() else {
                throw InvalidFile(
                    file: file, path: "fields[\(field.number)]", "‘\(field.name)’ has no ions to deliver")
            }
            var plant = try PlantFigures(description, portID: port.id, highestEnergy: highest)
            plant.collectNS = Int64(request.commitS * 1e9)
            plant.spill.shape = request.spill?.shape
            let rates = plant.safeRates(description.synchrotron.extractionRateIonsPerS)
            if case .fixed(let wished) = request.rate, !rates.contains(wished) {
                throw InvalidFile(
                    file: file, path: "fields[\(field.number)]",
                    "a rate of \(wished) ions/s (must be \(rates.lowerBound) to \((rates.upperBound / 1e6).rounded() * 1e6): what the ring gives, and what a spill 20 times too intense allows)"
                )
            }
            let rules = try request.rules(
                plant, gate: gate,
                ratesIonsPerS: rates)
            let layers = rules.layers(field, rigidityTM: rigidity)
            guard !layers.isEmpty else {
                throw InvalidFile(
                    file: file, path: "fields[\(field.number)]", "‘\(field.name)’ has no ions to deliver")
            }
            return PreparedField(
                field: field,
                sequence: FieldSequence(
                    fieldNumber: field.number, planHash: planHash, ion: plan.ion, layers: layers,
                    setup: FieldSetup(
                        patientID: patientID, gantryDegrees: field.gantryAngle.value, couchMM: .zero,
                        couchDegrees: SIMD3(field.patientSupportAngle.value, 0, 0), snoutMM: 0,
                        rangeShifter: field.rangeShifterID, ridgeFilter: "\(port.id) ridge filter"),
                    isGated: gate != nil),
                figures: plant,
                faults: request.faults.filter { ($0.field ?? plan.fields.first?.number) == field.number }.map(
                    \.scenario))
        }
    }
}

extension FractionRequest {
    /// How layers become visits on a machine.
    func rules(
        _ figures: PlantFigures, gate: BreathingGate?, ratesIonsPerS: ClosedRange<Double>
    ) throws(BreathingError) -> SequenceRules {
        let rule: RateRule
        switch rate {
        case .meanDwell(let seconds): rule = .meanDwell(seconds)
        case .fixed(let ions): rule = .fixed(ionsPerS: ions)
        case .phaseControlled:
            guard let gate, let filling = GateFilling(gate, figures: figures) else { throw .gateNeverOpen }
            rule = .gate(filling)
        }
        let spill = figures.spill
        let pause =
            spill.offDelayNS + spill.fallNS + figures.scanning.settleNS + spill.onDelayNS + spill.riseNS
        return SequenceRules(
            ionsPerCount: figures.monitors.ionsPerCount, paintings: paintings,
            volumePaintings: volumePaintings,
            order: isOrderOptimised
                ? .optimised(speedMMPerS: figures.scanning.speedMMPerS, pauseS: Double(pause) * 1e-9)
                : .planned,
            rasterStepMM: rasterStepMM, rate: rule, beamOffLeadS: figures.overshootS,
            ratesIonsPerS: ratesIonsPerS)
    }
}
