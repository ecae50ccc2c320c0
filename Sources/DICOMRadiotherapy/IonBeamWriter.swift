import DICOMFile
import FacilityModel
import Frames
import PlanModel
import Quantities

/// Writes one field as an item of Ion Beam Sequence.
struct IonBeamWriter: IonBeamItem {
    let field: Field
    let plan: Plan
    let machine: Machine
    let port: Port
    let rangeShifter: RangeShifter?
    /// Layers with particles, with what is written for them.
    let layers: [Layer]

    struct Layer {
        var energyMeVPerNucleon: Double
        /// x and y of each spot in turn, IEC gantry, mm.
        var positions: [Float]
        var weights: [Float]
        var paintings: Int
        /// Full width at half maximum in x and y, in air at the isocentre, mm.
        var spotSizeMM: [Float]
        /// Sum of the weights as the reader of the floats will find it.
        var total: Double { weights.reduce(0) { $0 + Double($1) } }
    }

    /// Full width at half maximum of a Gaussian of σ = 1: 2 √(2 ln 2).
    static let fwhmPerSigma = 2.354_820_045_030_949

    /// Checks the field and converts its layers.
    init(field: Field, plan: Plan, machine: Machine) throws {
        self.field = field
        self.plan = plan
        self.machine = machine
        guard let port = machine.port(field.portID) else {
            throw DICOMExportError.unknownPort(
                field: field.number, port: field.portID, machine: machine.name)
        }
        self.port = port
        rangeShifter = try field.rangeShifterID.map { id in
            guard let shifter = port.nozzle.rangeShifters.first(where: { $0.id == id }) else {
                throw DICOMExportError.unknownRangeShifter(
                    field: field.number, id: id, port: port.id)
            }
            return shifter
        }
        var layers: [Layer] = []
        for (index, layer) in field.layers.enumerated() {
            let bad = layer.spots.firstIndex {
                !($0.particles >= 0 && $0.particles.isFinite && $0.positionMM.x.isFinite
                    && $0.positionMM.y.isFinite)
            }
            if let bad {
                throw DICOMExportError.invalidSpot(field: field.number, layer: index, spot: bad)
            }
            guard layer.particles > 0 else { continue }
            guard let size = port.nozzle.spotSize(at: layer.energy) else {
                throw DICOMExportError.noSpotSize(
                    field: field.number, energyMeVPerNucleon: layer.energy.value)
            }
            layers.append(
                Layer(
                    energyMeVPerNucleon: layer.energy.value,
                    positions: layer.spots.flatMap {
                        [Float($0.positionMM.x), Float($0.positionMM.y)]
                    },
                    weights: layer.spots.map { Float($0.particles) }, paintings: layer.paintings,
                    spotSizeMM: [size.sigmaMM.x, size.sigmaMM.y].map {
                        Float(Self.fwhmPerSigma * $0)
                    }))
        }
        guard !layers.isEmpty else { throw DICOMExportError.emptyField(number: field.number) }
        self.layers = layers
    }

    /// Particles of the field in one fraction.
    var totalWeight: Double { layers.reduce(0) { $0 + $1.total } }
    var isTooLongForExplicit: Bool {
        layers.contains { $0.weights.count > IonPlanWriter.explicitSpotLimit }
    }
    private var hasRidgeFilter: Bool { port.nozzle.ridgeFilterSigmaMM > 0 }

    /// Writes the beam with its devices and control points.
    func write(to beam: DICOMItem) throws(DICOMError) {
        try IonBeamGeometry.writeHead(of: field, plan: plan, machine: machine, compensators: 0, to: beam)
        try beam.set(.finalCumulativeMetersetWeight, decimal: totalWeight)
        try beam.set(.numberOfControlPoints, 2 * layers.count)
        try beam.set(.scanMode, "MODULATED")
        let source = port.nozzle.virtualSourceDistancesMM
        try beam.set(.virtualSourceAxisDistances, floats: [Float(source.x), Float(source.y)])
        try writeDevices(to: beam)
        try beam.set(.patientSupportType, "TABLE")
        try beam.set(.referencedPatientSetupNumber, 1)
        var cumulative = 0.0
        for (index, layer) in layers.enumerated() {
            let start = try beam.append(.ionControlPointSequence)
            try writeLayer(layer, weights: layer.weights, index: 2 * index, cumulative, to: start)
            if index == 0 { try writeGeometry(to: start) }
            cumulative += layer.total
            let end = try beam.append(.ionControlPointSequence)
            let zeros = [Float](repeating: 0, count: layer.weights.count)
            try writeLayer(layer, weights: zeros, index: 2 * index + 1, cumulative, to: end)
        }
    }

    /// Range shifter, the two scanning magnets, and the ridge filter as a fixed range modulator.
    private func writeDevices(to beam: DICOMItem) throws(DICOMError) {
        try beam.set(.numberOfRangeShifters, rangeShifter == nil ? 0 : 1)
        if let rangeShifter {
            let item = try beam.append(.rangeShifterSequence)
            try item.set(.rangeShifterNumber, 1)
            try item.set(.rangeShifterID, rangeShifter.id)
            try item.set(.rangeShifterType, "BINARY")
            try item.set(.rangeShifterDescription, rangeShifter.material)
        }
        try beam.set(.numberOfLateralSpreadingDevices, 2)
        for (index, axis) in ["X", "Y"].enumerated() {
            let item = try beam.append(.lateralSpreadingDeviceSequence)
            try item.set(.lateralSpreadingDeviceNumber, index + 1)
            try item.set(.lateralSpreadingDeviceID, "MAGNET \(axis)")
            try item.set(.lateralSpreadingDeviceType, "MAGNET")
        }
        try beam.set(.numberOfRangeModulators, hasRidgeFilter ? 1 : 0)
        if hasRidgeFilter {
            let item = try beam.append(.rangeModulatorSequence)
            try item.set(.rangeModulatorNumber, 1)
            try item.set(.rangeModulatorID, "RIDGE FILTER")
            try item.set(.rangeModulatorType, "FIXED")
            try item.set(
                .rangeModulatorDescription,
                "Gaussian, sigma \(port.nozzle.ridgeFilterSigmaMM) mm in water")
        }
    }

    /// What changes from layer to layer stands at every control point.
    private func writeLayer(
        _ layer: Layer, weights: [Float], index: Int, _ cumulative: Double, to point: DICOMItem
    ) throws(DICOMError) {
        try point.set(.controlPointIndex, index)
        try point.set(.cumulativeMetersetWeight, decimal: cumulative)
        try point.set(.nominalBeamEnergy, decimal: layer.energyMeVPerNucleon)
        try point.set(.scanSpotTuneID, IonBeamGeometry.tuneID(plan.ion, layer.energyMeVPerNucleon))
        try point.set(.numberOfScanSpotPositions, layer.weights.count)
        try point.set(.scanSpotPositionMap, floats: layer.positions)
        try point.set(.scanSpotMetersetWeights, floats: weights)
        try point.set(.scanningSpotSize, floats: layer.spotSizeMM)
        try point.set(.numberOfPaintings, layer.paintings)
    }

    /// Angles, isocentre, table and device settings: constant, so at the first control point only.
    private func writeGeometry(to point: DICOMItem) throws(DICOMError) {
        try IonBeamGeometry.write(of: field, to: point)
        if let rangeShifter {
            let item = try point.append(.rangeShifterSettingsSequence)
            try item.set(.rangeShifterSetting, "IN")
            try item.set(
                .isocenterToRangeShifterDistance, floats: [Float(rangeShifter.isocentreDistanceMM)])
            try item.set(
                .rangeShifterWaterEquivalentThickness,
                floats: [Float(rangeShifter.waterEquivalentThicknessMM)])
            try item.set(.referencedRangeShifterNumber, 1)
        }
        let source = port.nozzle.virtualSourceDistancesMM
        for (index, distance) in [source.x, source.y].enumerated() {
            let item = try point.append(.lateralSpreadingDeviceSettingsSequence)
            try item.set(.lateralSpreadingDeviceSetting, "IN")
            try item.set(.isocenterToLateralSpreadingDeviceDistance, floats: [Float(distance)])
            try item.set(.referencedLateralSpreadingDeviceNumber, index + 1)
        }
        if hasRidgeFilter {
            let item = try point.append(.rangeModulatorSettingsSequence)
            try item.set(.referencedRangeModulatorNumber, 1)
        }
    }
}
