import DICOMFile
import FacilityModel
import Frames
import IonPhysics
import PlanModel
import Quantities

/// Writes one passive field as an item of Ion Beam Sequence: scan mode NONE, multileaf collimator, range compensator (the bolus),
/// range shifter plates, wobbler magnets and scatterer, ridge filter.
///
/// Each slice has two control points. What a slice changes (plates and leaves) stands at its first one.
///
/// ## Source
/// DICOM PS3.3 C.8.8.25 (RT Ion Beams).
/// ## Checked by
/// `PassivePlanExportTests`.
struct PassiveBeamWriter: IonBeamItem {
    let field: Field
    private let plan: Plan
    private let machine: Machine
    private let nozzle: PassiveNozzle
    private let delivery: PassiveDelivery

    /// - Throws: `DICOMExportError`: `emptyField`, `invalidSlice`.
    init(field: Field, delivery: PassiveDelivery, plan: Plan, machine: Machine, port: PassivePort) throws {
        self.field = field
        self.plan = plan
        self.machine = machine
        nozzle = port.nozzle
        for (index, slice) in delivery.slices.enumerated() {
            guard slice.particles.isFinite, slice.particles >= 0 else {
                throw DICOMExportError.invalidSlice(field: field.number, slice: index)
            }
        }
        var used = delivery
        used.slices = delivery.slices.filter { $0.particles > 0 }
        guard !used.slices.isEmpty else { throw DICOMExportError.emptyField(number: field.number) }
        self.delivery = used
    }

    var totalWeight: Double { delivery.particles }

    /// The thicknesses of a large bolus do not fit the 16-bit length of Explicit VR.
    var isTooLongForExplicit: Bool { (delivery.bolus?.thicknessMM.count ?? 0) > 7000 }

    func write(to beam: DICOMItem) throws(DICOMError) {
        try IonBeamGeometry.writeHead(
            of: field, plan: plan, machine: machine, compensators: delivery.bolus == nil ? 0 : 1, to: beam)
        try beam.set(.finalCumulativeMetersetWeight, decimal: totalWeight)
        try beam.set(.numberOfControlPoints, 2 * delivery.slices.count)
        try beam.set(.scanMode, "NONE")
        let source = Float(delivery.sourceDistanceMM)
        try beam.set(.virtualSourceAxisDistances, floats: [source, source])
        try writeCollimator(to: beam)
        if let bolus = delivery.bolus { try write(bolus, to: beam) }
        try writeDevices(to: beam)
        try beam.set(.patientSupportType, "TABLE")
        try beam.set(.referencedPatientSetupNumber, 1)
        var cumulative = 0.0
        for (index, slice) in delivery.slices.enumerated() {
            let start = try beam.append(.ionControlPointSequence)
            try start.set(.controlPointIndex, 2 * index)
            try start.set(.cumulativeMetersetWeight, decimal: cumulative)
            if index == 0 {
                try start.set(.nominalBeamEnergy, decimal: delivery.energy.value)
                try IonBeamGeometry.write(of: field, to: start)
                try writeFixedSettings(to: start)
            }
            try write(slice, to: start)
            cumulative += slice.particles
            let end = try beam.append(.ionControlPointSequence)
            try end.set(.controlPointIndex, 2 * index + 1)
            try end.set(.cumulativeMetersetWeight, decimal: cumulative)
        }
    }

    private func writeCollimator(to beam: DICOMItem) throws(DICOMError) {
        let item = try beam.append(.ionBeamLimitingDeviceSequence)
        try item.set(.rtBeamLimitingDeviceType, "MLCX")
        try item.set(
            .isocenterToBeamLimitingDeviceDistance, floats: [Float(nozzle.collimator.distanceMM)])
        try item.set(.numberOfLeafJawPairs, delivery.slices[0].opening.pairsMM.count)
        try item.set(
            .leafPositionBoundaries, decimals: delivery.slices[0].opening.boundariesMM.map(Self.hundredths))
    }

    /// The bolus: rows from the greatest y down, as DICOM counts them; flat side downstream, on the tray.
    private func write(_ bolus: Bolus, to beam: DICOMItem) throws(DICOMError) {
        let item = try beam.append(.ionRangeCompensatorSequence)
        try item.set(.compensatorNumber, 1)
        try item.set(.materialID, bolus.material)
        try item.set(.compensatorID, "BOLUS \(field.number)")
        try item.set(.compensatorDivergence, "PRESENT")
        try item.set(.compensatorMountingPosition, "SOURCE_SIDE")
        try item.set(.isocenterToCompensatorTrayDistance, floats: [Float(bolus.distanceMM)])
        try item.set(.compensatorRows, bolus.rowCount)
        try item.set(.compensatorColumns, bolus.columnCount)
        try item.set(.compensatorPixelSpacing, decimals: [bolus.pitchMM, bolus.pitchMM])
        let top = bolus.firstMM.y + Double(bolus.rowCount - 1) * bolus.pitchMM
        try item.set(.compensatorPosition, decimals: [bolus.firstMM.x, top])
        var thickness: [Double] = []
        for row in (0..<bolus.rowCount).reversed() {
            thickness += bolus.thicknessMM[row * bolus.columnCount..<(row + 1) * bolus.columnCount].map(
                Self.hundredths)
        }
        try item.set(.compensatorThicknessData, decimals: thickness)
        if let material = try? Material.named(bolus.material) {
            let ratio = MaterialProperties(material).stoppingPowerRatio
            try item.set(.compensatorRelativeStoppingPowerRatio, floats: [Float(ratio)])
        }
        try item.set(.compensatorMillingToolDiameter, floats: [Float(nozzle.bolus.toolDiameterMM)])
    }

    /// Every plate is a range shifter of its own; wobbler magnets and scatterer spread the beam; the ridge filter modulates its range.
    private func writeDevices(to beam: DICOMItem) throws(DICOMError) {
        try beam.set(.numberOfRangeShifters, nozzle.rangeShifter.platesMM.count)
        for (index, plate) in nozzle.rangeShifter.platesMM.enumerated() {
            let item = try beam.append(.rangeShifterSequence)
            try item.set(.rangeShifterNumber, index + 1)
            try item.set(.rangeShifterID, "PLATE \(DecimalString.text(plate) ?? "")")
            try item.set(.rangeShifterType, "BINARY")
            try item.set(.rangeShifterDescription, nozzle.rangeShifter.material)
        }
        try beam.set(.numberOfLateralSpreadingDevices, 3)
        let spreaders = [("WOBBLER X", "MAGNET"), ("WOBBLER Y", "MAGNET"), ("SCATTERER", "SCATTERER")]
        for (index, device) in spreaders.enumerated() {
            let item = try beam.append(.lateralSpreadingDeviceSequence)
            try item.set(.lateralSpreadingDeviceNumber, index + 1)
            try item.set(.lateralSpreadingDeviceID, device.0)
            try item.set(.lateralSpreadingDeviceType, device.1)
            let text =
                device.1 == "MAGNET"
                ? "circle of radius \(delivery.wobblerRadiusMM) mm at the isocentre"
                : "\(delivery.scattererThicknessMM) mm \(nozzle.spreading.scattererMaterial)"
            try item.set(.lateralSpreadingDeviceDescription, text)
        }
        try beam.set(.numberOfRangeModulators, 1)
        let item = try beam.append(.rangeModulatorSequence)
        try item.set(.rangeModulatorNumber, 1)
        try item.set(.rangeModulatorID, "RIDGE \(DecimalString.text(delivery.ridgeFilterWidthMM) ?? "")")
        try item.set(.rangeModulatorType, "FIXED")
        try item.set(
            .rangeModulatorDescription,
            "\(nozzle.ridgeFilters.material), \(delivery.ridgeFilterWidthMM) mm of water")
    }

    /// Devices that no slice changes.
    private func writeFixedSettings(to point: DICOMItem) throws(DICOMError) {
        let spreading = nozzle.spreading
        let places = [
            spreading.wobblerDistanceMM, spreading.wobblerDistanceMM, spreading.scattererDistanceMM,
        ]
        for (index, distance) in places.enumerated() {
            let item = try point.append(.lateralSpreadingDeviceSettingsSequence)
            try item.set(.lateralSpreadingDeviceSetting, "IN")
            try item.set(.isocenterToLateralSpreadingDeviceDistance, floats: [Float(distance)])
            try item.set(.referencedLateralSpreadingDeviceNumber, index + 1)
        }
        let item = try point.append(.rangeModulatorSettingsSequence)
        try item.set(.referencedRangeModulatorNumber, 1)
    }

    /// Plates in or out, and the ends of the leaves: first those at lower x, then those at higher x.
    private func write(_ slice: PassiveSlice, to point: DICOMItem) throws(DICOMError) {
        let ratio = (try? Material.named(nozzle.rangeShifter.material)).map {
            MaterialProperties($0).stoppingPowerRatio
        }
        for (index, plate) in nozzle.rangeShifter.platesMM.enumerated() {
            let item = try point.append(.rangeShifterSettingsSequence)
            try item.set(.rangeShifterSetting, slice.rangeShifterPlatesMM.contains(plate) ? "IN" : "OUT")
            try item.set(
                .isocenterToRangeShifterDistance, floats: [Float(nozzle.rangeShifter.distanceMM)])
            if let ratio {
                try item.set(.rangeShifterWaterEquivalentThickness, floats: [Float(plate * ratio)])
            }
            try item.set(.referencedRangeShifterNumber, index + 1)
        }
        let leaves = try point.append(.beamLimitingDevicePositionSequence)
        try leaves.set(.rtBeamLimitingDeviceType, "MLCX")
        let pairs = slice.opening.pairsMM
        try leaves.set(
            .leafJawPositions,
            decimals: pairs.map { Self.hundredths($0.x) } + pairs.map { Self.hundredths($0.y) })
    }

    /// What a milling machine or a leaf can hold: whole hundredths of a millimetre.
    private static func hundredths(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}
