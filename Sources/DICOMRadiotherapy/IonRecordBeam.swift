import DICOMFile
import DeliveryControl
import FacilityModel
import PlanModel
import Quantities

/// Writes the one item of Treatment Session Ion Beam Sequence.
struct IonRecordBeam {
    let record: IonTreatmentRecord
    let field: Field
    let plan: Plan
    let machine: Machine
    let clock: RecordClock
    private let rangeShifter: RangeShifter?
    private let hasRidgeFilter: Bool
    /// Layers to be written; at least one.
    private let layers: [DeliveredSession.Layer]
    /// Index of each plan layer among the layers with particles, which are those of the exported plan.
    private let rank: [Int: Int]
    /// Particles that the plan wants of each layer of the sequence. Presets are lower, by what comes after beam off.
    private let specified: [Double]

    init(
        record: IonTreatmentRecord, field: Field, plan: Plan, machine: Machine, clock: RecordClock
    ) throws {
        self.record = record
        self.field = field
        self.plan = plan
        self.machine = machine
        self.clock = clock
        guard let port = machine.port(field.portID) else {
            throw DICOMExportError.unknownPort(
                field: field.number, port: field.portID, machine: machine.name)
        }
        rangeShifter = try field.rangeShifterID.map { id in
            guard let shifter = port.nozzle.rangeShifters.first(where: { $0.id == id }) else {
                throw DICOMExportError.unknownRangeShifter(field: field.number, id: id, port: port.id)
            }
            return shifter
        }
        hasRidgeFilter = port.nozzle.ridgeFilterSigmaMM > 0
        var rank: [Int: Int] = [:]
        for (index, layer) in field.layers.enumerated() where layer.particles > 0 { rank[index] = rank.count }
        self.rank = rank
        let sequence = record.delivered.field.layers
        for layer in sequence {
            guard
                let spots = field.layers.indices.contains(layer.planLayer)
                    ? field.layers[layer.planLayer].spots : nil,
                rank[layer.planLayer] != nil,
                layer.visits.allSatisfy({ spots.indices.contains(Int($0.spot)) })
            else { throw DICOMExportError.otherField(number: field.number, layer: layer.planLayer) }
        }
        let counts = Dictionary(sequence.map { ($0.planLayer, $0.counts) }, uniquingKeysWith: +)
        specified = sequence.map {
            field.layers[$0.planLayer].particles * Double($0.counts) / Double(counts[$0.planLayer] ?? 1)
        }
        let moment = record.delivered.begin ?? .start
        let first = DeliveredSession.Layer(
            layer: min(record.delivered.start.layer, sequence.count - 1), begin: moment, end: moment,
            stays: [])
        layers = record.delivered.layers.isEmpty ? [first] : record.delivered.layers
    }

    /// A value longer than the 16-bit length of Explicit VR: positions of 8 bytes, or indices as text.
    var isTooLongForExplicit: Bool {
        layers.contains { layer in
            layer.stays.count > IonPlanWriter.explicitSpotLimit
                || layer.stays.reduce(0) { $0 + "\($1.spot)".utf8.count + 1 } > 65534
        }
    }

    func write(to beam: DICOMItem) throws(DICOMError) {
        let delivered = record.delivered
        try beam.set(.referencedBeamNumber, field.number)
        try beam.set(.beamName, field.name)
        try beam.set(.beamType, "STATIC")
        if plan.ion == .proton {
            try beam.set(.radiationType, "PROTON")
        } else {
            try beam.set(.radiationType, "ION")
            try beam.set(.radiationMassNumber, plan.ion.massNumber)
            try beam.set(.radiationAtomicNumber, plan.ion.atomicNumber)
            try beam.set(.radiationChargeState, plan.ion.atomicNumber)
        }
        try beam.set(.treatmentDeliveryType, delivered.start == .beginning ? "TREATMENT" : "CONTINUATION")
        try beam.set(.scanMode, "MODULATED")
        for tag in [
            DICOMTag.numberOfWedges, .numberOfCompensators, .numberOfBoli, .numberOfBlocks,
        ] {
            try beam.set(tag, 0)
        }
        try writeDevices(to: beam)
        try beam.set(.patientSupportType, "TABLE")
        try beam.set(.currentFractionNumber, record.fraction)
        try beam.set(.treatmentTerminationStatus, record.termination.rawValue)
        try beam.set(.treatmentTerminationDescription, record.terminationText)
        // Every parameter is compared before and during beam.
        try beam.set(
            .treatmentVerificationStatus, delivered.overrides.isEmpty ? "VERIFIED" : "VERIFIED_OVR")
        let remainder = max(0, specified.reduce(0, +) - particles(record.countsBefore))
        let total = delivered.total
        try beam.set(.specifiedPrimaryMeterset, decimal: remainder)
        try beam.set(.specifiedSecondaryMeterset, decimal: remainder)
        try beam.set(.deliveredPrimaryMeterset, decimal: particles(total.primary))
        try beam.set(.deliveredSecondaryMeterset, decimal: particles(total.secondary))
        if let begin = delivered.begin, let end = delivered.end {
            try beam.set(.deliveredTreatmentTime, decimal: Double(end.since(begin)) * 1e-9)
        }
        for event in delivered.events where !event.isWarning { try write(event, to: beam) }
        try beam.set(.numberOfControlPoints, 2 * layers.count)
        var given = record.countsBefore
        for (index, layer) in layers.enumerated() {
            try writeLayer(layer, given: given, isFirst: index == 0, to: beam)
            given += layer.primary
        }
    }

    private func particles(_ counts: Int64) -> Double { Double(counts) * record.particlesPerCount }

    private func writeLayer(
        _ layer: DeliveredSession.Layer, given: Int64, isFirst: Bool, to beam: DICOMItem
    ) throws(DICOMError) {
        let sequence = record.delivered.field.layers
        let planned = sequence[layer.layer]
        let before = specified[..<layer.layer].reduce(0, +)
        let isReordered = !layer.stays.elementsEqual(
            field.layers[planned.planLayer].spots.indices, by: { $0.spot == $1 })
        for half in 0..<2 {
            let point = try beam.append(.ionControlPointDeliverySequence)
            try point.set(.referencedControlPointIndex, 2 * (rank[planned.planLayer] ?? 0) + half)
            let (date, time) = clock.dateAndTime(half == 0 ? layer.begin : layer.end)
            try point.set(.treatmentControlPointDate, date)
            try point.set(.treatmentControlPointTime, time)
            try point.set(
                .specifiedMeterset, decimal: before + (half == 0 ? 0 : specified[layer.layer]))
            try point.set(.deliveredMeterset, decimal: particles(given + (half == 0 ? 0 : layer.primary)))
            try point.set(.nominalBeamEnergy, decimal: planned.energy.value)
            try point.set(.scanSpotTuneID, IonBeamGeometry.tuneID(plan.ion, planned.energy.value))
            try point.set(.numberOfScanSpotPositions, layer.stays.count)
            if !layer.stays.isEmpty {
                try writeSpots(layer, isEnd: half == 1, isReordered: isReordered, to: point)
            }
            try point.set(.numberOfPaintings, max(1, Int(planned.visits.map(\.painting).max() ?? 0) + 1))
            if isFirst, half == 0 { try writeGeometry(to: point) }
            if half == 0 { try writeOverrides(until: layer, isFirst: isFirst, to: point) }
        }
    }

    private func writeSpots(
        _ layer: DeliveredSession.Layer, isEnd: Bool, isReordered: Bool, to point: DICOMItem
    ) throws(DICOMError) {
        let stays = layer.stays
        try point.set(
            .scanSpotPositionMap, floats: stays.flatMap { [Float($0.positionMM.x), Float($0.positionMM.y)] })
        try point.set(
            .scanSpotMetersetsDelivered, floats: stays.map { isEnd ? 0 : Float(particles($0.primary)) })
        try point.set(.scanSpotReordered, isReordered ? "YES" : "NO")
        // Not allowed where the stays are the planned spots one by one.
        if isReordered { try point.set(.scanSpotPrescribedIndices, stays.map { "\($0.spot)" }) }
        if !isEnd {
            // Microseconds since the control point.
            try point.set(
                .scanSpotTimeOffset, floats: stays.map { Float(Double($0.begin.since(layer.begin)) * 1e-3) })
        }
    }

    private func writeDevices(to beam: DICOMItem) throws(DICOMError) {
        try beam.set(.numberOfRangeShifters, rangeShifter == nil ? 0 : 1)
        if let rangeShifter {
            let item = try beam.append(.recordedRangeShifterSequence)
            try item.set(.rangeShifterID, rangeShifter.id)
            try item.set(.referencedRangeShifterNumber, 1)
        }
        try beam.set(.numberOfLateralSpreadingDevices, 2)
        for (index, axis) in ["X", "Y"].enumerated() {
            let item = try beam.append(.recordedLateralSpreadingDeviceSequence)
            try item.set(.lateralSpreadingDeviceID, "MAGNET \(axis)")
            try item.set(.referencedLateralSpreadingDeviceNumber, index + 1)
        }
        try beam.set(.numberOfRangeModulators, hasRidgeFilter ? 1 : 0)
        if hasRidgeFilter {
            let item = try beam.append(.recordedRangeModulatorSequence)
            try item.set(.rangeModulatorID, "RIDGE FILTER")
            try item.set(.rangeModulatorType, "FIXED")
            try item.set(.referencedRangeModulatorNumber, 1)
        }
    }

    /// What the room was verified to be: constant, so at the first control point only.
    private func writeGeometry(to point: DICOMItem) throws(DICOMError) {
        let setup = record.delivered.field.setup
        try point.set(.gantryAngle, decimal: setup.gantryDegrees)
        try point.set(.gantryRotationDirection, "NONE")
        try point.set(.beamLimitingDeviceAngle, decimal: 0)
        try point.set(.beamLimitingDeviceRotationDirection, "NONE")
        try point.set(.patientSupportAngle, decimal: setup.couchDegrees.x)
        try point.set(.patientSupportRotationDirection, "NONE")
        try point.set(.tableTopVerticalPosition, decimal: setup.couchMM.x)
        try point.set(.tableTopLongitudinalPosition, decimal: setup.couchMM.y)
        try point.set(.tableTopLateralPosition, decimal: setup.couchMM.z)
        try point.set(.tableTopPitchAngle, floats: [Float(setup.couchDegrees.y)])
        try point.set(.tableTopPitchRotationDirection, "NONE")
        try point.set(.tableTopRollAngle, floats: [Float(setup.couchDegrees.z)])
        try point.set(.tableTopRollRotationDirection, "NONE")
        try point.set(.snoutPosition, floats: [Float(setup.snoutMM)])
        if rangeShifter != nil {
            let item = try point.append(.rangeShifterSettingsSequence)
            try item.set(.rangeShifterSetting, "IN")
            try item.set(.referencedRangeShifterNumber, 1)
        }
        for number in 1...2 {
            let item = try point.append(.lateralSpreadingDeviceSettingsSequence)
            try item.set(.lateralSpreadingDeviceSetting, "IN")
            try item.set(.referencedLateralSpreadingDeviceNumber, number)
        }
        if hasRidgeFilter {
            let item = try point.append(.rangeModulatorSettingsSequence)
            try item.set(.referencedRangeModulatorNumber, 1)
        }
    }
}
