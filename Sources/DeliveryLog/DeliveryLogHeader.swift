import DeliveryControl
import Quantities

/// What a log says of its session before the first entry: enough to read it without plan, machine or program state.
public struct DeliveryLogHeader: Hashable, Sendable {
    /// 128 random bits that name the session for good: the UIDs of its treatment record come from them.
    public var identifier: SIMD2<UInt64>
    public var planLabel: String
    /// SOP Instance UID of the plan where it was exported; empty if it was not.
    public var planUID: String
    public var machineName: String
    /// Fraction, from 1; session of the field in that fraction, from 1.
    public var fraction: Int
    public var session: Int
    public var fieldName: String
    /// Ions behind one count of the monitors.
    public var ionsPerCount: Double
    /// Seed of the simulated machine.
    public var seed: UInt64
    /// Where this session starts in the field.
    public var start: FieldStart
    /// Calendar time that belongs to `MonotonicTime.start`, milliseconds since 1970-01-01 UTC.
    public var startedMS: Int64
    /// The field with its plan hash, patient and set-up.
    public var field: FieldSequence

    /// - Parameters:
    ///   - identifier: 128 random bits.
    ///   - planLabel: Label of the plan.
    ///   - planUID: SOP Instance UID of the exported plan, or empty.
    ///   - machineName: Name of the machine.
    ///   - fraction: Fraction, from 1.
    ///   - session: Session of the field in the fraction, from 1.
    ///   - fieldName: Name of the field.
    ///   - ionsPerCount: Ions behind one count.
    ///   - seed: Of the simulated machine.
    ///   - start: Where the session starts.
    ///   - startedMS: Calendar time of the start, ms since 1970 UTC.
    ///   - field: The field.
    public init(
        identifier: SIMD2<UInt64>, planLabel: String, planUID: String, machineName: String, fraction: Int,
        session: Int,
        fieldName: String, ionsPerCount: Double, seed: UInt64, start: FieldStart, startedMS: Int64,
        field: FieldSequence
    ) {
        self.identifier = identifier
        self.planLabel = planLabel
        self.planUID = planUID
        self.machineName = machineName
        self.fraction = fraction
        self.session = session
        self.fieldName = fieldName
        self.ionsPerCount = ionsPerCount
        self.seed = seed
        self.start = start
        self.startedMS = startedMS
        self.field = field
    }
}

extension DeliveryLogHeader {
    func encode(to bytes: inout LogBytes) {
        bytes.add(count: identifier.x)
        bytes.add(count: identifier.y)
        for text in [planLabel, planUID, machineName, fieldName] { bytes.add(text) }
        bytes.add(signed: Int64(fraction))
        bytes.add(signed: Int64(session))
        bytes.add(ionsPerCount)
        bytes.add(count: seed)
        bytes.add(count: start.layer)
        bytes.add(signed: start.counts)
        bytes.add(signed: startedMS)
        bytes.add(signed: Int64(field.fieldNumber))
        bytes.add(field.planHash)
        bytes.add(count: field.ion.atomicNumber)
        bytes.add(count: field.ion.massNumber)
        bytes.add(field.isGated ? 1 : 0 as UInt8)
        let setup = field.setup
        bytes.add(setup.patientID)
        bytes.add(setup.gantryDegrees)
        for axis in 0..<3 { bytes.add(setup.couchMM[axis]) }
        for axis in 0..<3 { bytes.add(setup.couchDegrees[axis]) }
        bytes.add(setup.snoutMM)
        for device in [setup.rangeShifter, setup.ridgeFilter] {
            bytes.add(device == nil ? 0 : 1 as UInt8)
            if let device { bytes.add(device) }
        }
        bytes.add(count: field.layers.count)
        for layer in field.layers { layer.encode(to: &bytes) }
    }

    init(_ cursor: inout LogCursor) throws(PayloadError) {
        identifier = SIMD2(try cursor.unsigned(), try cursor.unsigned())
        planLabel = try cursor.text()
        planUID = try cursor.text()
        machineName = try cursor.text()
        fieldName = try cursor.text()
        fraction = Int(try cursor.signed())
        session = Int(try cursor.signed())
        ionsPerCount = try cursor.double()
        seed = try cursor.unsigned()
        start = FieldStart(layer: try cursor.count(upTo: Int(Int32.max)), counts: try cursor.signed())
        startedMS = try cursor.signed()
        let number = Int(try cursor.signed())
        let hash = try cursor.text()
        let ion = Isotope(
            atomicNumber: try cursor.count(upTo: 200), massNumber: try cursor.count(upTo: 500))
        let isGated = try cursor.byte() == 1
        let patient = try cursor.text()
        let gantry = try cursor.double()
        var couch = SIMD3<Double>.zero
        for axis in 0..<3 { couch[axis] = try cursor.double() }
        var angles = SIMD3<Double>.zero
        for axis in 0..<3 { angles[axis] = try cursor.double() }
        let snout = try cursor.double()
        let shifter = try cursor.byte() == 1 ? try cursor.text() : nil
        let ridge = try cursor.byte() == 1 ? try cursor.text() : nil
        var layers: [LayerSequence] = []
        for index in 0..<(try cursor.count(upTo: 100_000)) {
            layers.append(try LayerSequence(&cursor, index: index))
        }
        field = FieldSequence(
            fieldNumber: number, planHash: hash, ion: ion, layers: layers,
            setup: FieldSetup(
                patientID: patient, gantryDegrees: gantry, couchMM: couch, couchDegrees: angles,
                snoutMM: snout, rangeShifter: shifter, ridgeFilter: ridge), isGated: isGated)
        let isInside =
            start == .beginning
            || (layers.indices.contains(start.layer)
                && (0..<layers[start.layer].counts).contains(start.counts))
        guard !layers.isEmpty, isInside else {
            throw PayloadError(what: "the start lies outside the field")
        }
        guard ionsPerCount > 0, ionsPerCount.isFinite else {
            throw PayloadError(what: "\(ionsPerCount) ions per count")
        }
    }
}

extension LayerSequence {
    fileprivate func encode(to bytes: inout LogBytes) {
        bytes.add(count: planLayer)
        bytes.add(energy.value)
        bytes.add(rigidityTM)
        bytes.add(countsPerS)
        bytes.add(count: checksum)
        bytes.add(count: visits.count)
        var preset: Int64 = 0
        for visit in visits {
            bytes.add(count: Int(visit.spot))
            let flags = (visit.beginsAtGateOpening ? 2 : 0) | (visit.beamOffBefore ? 1 : 0)
            bytes.add(count: Int(visit.painting) << 2 | flags)
            bytes.add(visit.positionMM.x)
            bytes.add(visit.positionMM.y)
            bytes.add(signed: visit.presetCounts - preset)
            preset = visit.presetCounts
        }
    }

    fileprivate init(_ cursor: inout LogCursor, index: Int) throws(PayloadError) {
        let planLayer = try cursor.count(upTo: Int(Int32.max))
        let energy = EnergyPerNucleon(try cursor.double())
        let rigidity = try cursor.double()
        let rate = try cursor.double()
        let checksum = try cursor.unsigned()
        let count = try cursor.count(upTo: 10_000_000)
        var visits: [SpotVisit] = []
        visits.reserveCapacity(min(count, 100_000))
        var preset: Int64 = 0
        for _ in 0..<count {
            let spot = try cursor.count(upTo: Int(Int32.max))
            let painting = try cursor.count(upTo: Int(Int32.max))
            let position = SIMD2(try cursor.double(), try cursor.double())
            preset = preset &+ (try cursor.signed())
            visits.append(
                SpotVisit(
                    spot: Int32(spot), painting: Int32(painting >> 2), positionMM: position,
                    presetCounts: preset, beamOffBefore: painting & 1 == 1,
                    beginsAtGateOpening: painting & 2 == 2))
        }
        self.init(
            planLayer: planLayer, energy: energy, rigidityTM: rigidity, countsPerS: rate, visits: visits)
        guard checksum == self.checksum else {
            throw PayloadError(what: "the table of layer \(index + 1) does not give its checksum")
        }
    }
}
