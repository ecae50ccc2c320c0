import NumericKernels
import Quantities

/// One stay of the beam at a spot.
public struct SpotVisit: Hashable, Sendable {
    /// Index of the spot in the plan's layer.
    public var spot: Int32
    /// Which painting, from 0.
    public var painting: Int32
    /// Where the beam's axis shall cross the isocentre plane, IEC gantry x and y, mm.
    public var positionMM: SIMD2<Double>
    /// Counts of the primary monitor since the layer's start at which the visit ends.
    public var presetCounts: Int64
    /// Whether beam must be off on the way here.
    public var beamOffBefore: Bool
    /// Whether the visit, and those that follow up to the next of this kind, begins with an opening of the breathing gate: beam that is ready
    /// in the middle of an opening waits for the next one. Only with `beamOffBefore`.
    public var beginsAtGateOpening: Bool

    public init(
        spot: Int32, painting: Int32, positionMM: SIMD2<Double>, presetCounts: Int64, beamOffBefore: Bool,
        beginsAtGateOpening: Bool = false
    ) {
        self.spot = spot
        self.painting = painting
        self.positionMM = positionMM
        self.presetCounts = presetCounts
        self.beamOffBefore = beamOffBefore
        self.beginsAtGateOpening = beginsAtGateOpening
    }
}

/// All visits of one energy layer, in order.
public struct LayerSequence: Hashable, Sendable {
    /// Index of the layer in the plan's field.
    public var planLayer: Int
    public var energy: EnergyPerNucleon
    /// Magnetic rigidity of the beam, T m: what the field reading of the line is compared with.
    public var rigidityTM: Double
    /// Counts per second that the ring is asked for.
    public var countsPerS: Double
    public var visits: [SpotVisit]
    /// Indices of the visits that begin at an opening of the gate, as they were when the plan was loaded.
    private let gateGroups: [Int]
    /// Sum over everything above, made when the plan was loaded.
    public var checksum: UInt64

    public init(
        planLayer: Int, energy: EnergyPerNucleon, rigidityTM: Double, countsPerS: Double, visits: [SpotVisit]
    ) {
        self.planLayer = planLayer
        self.energy = energy
        self.rigidityTM = rigidityTM
        self.countsPerS = countsPerS
        self.visits = visits
        gateGroups = visits.indices.filter { visits[$0].beginsAtGateOpening }
        checksum = 0
        checksum = computedChecksum
    }

    /// Counts of the whole layer.
    public var counts: Int64 { visits.last?.presetCounts ?? 0 }

    /// What the checksum should be.
    public var computedChecksum: UInt64 {
        var sum = WordChecksum()
        sum.add(Int64(planLayer))
        sum.add(energy.value)
        sum.add(rigidityTM)
        sum.add(countsPerS)
        for visit in visits {
            sum.add(Int64(visit.spot))
            sum.add(Int64(visit.painting))
            sum.add(visit.positionMM.x)
            sum.add(visit.positionMM.y)
            sum.add(visit.presetCounts)
            sum.add(Int64((visit.beamOffBefore ? 1 : 0) + (visit.beginsAtGateOpening ? 2 : 0)))
        }
        return sum.value
    }

    /// Counts of one visit.
    public func counts(ofVisit index: Int) -> Int64 {
        visits[index].presetCounts - (index == 0 ? 0 : visits[index - 1].presetCounts)
    }

    /// Index of the visit with whose gate opening a visit belongs together: the last one up to it that begins at an opening; nil if none does.
    public func gateGroup(of index: Int) -> Int? {
        guard !gateGroups.isEmpty else { return nil }
        var (low, high) = (0, gateGroups.count)
        while low < high {
            let middle = (low + high) / 2
            if gateGroups[middle] <= index { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? gateGroups[low - 1] : nil
    }

    /// The visit at which delivery stands when the layer has `counts`: the first whose preset is higher; `visits.count` at the end.
    public func visit(after counts: Int64) -> Int {
        var (low, high) = (0, visits.count)
        while low < high {
            let middle = (low + high) / 2
            if visits[middle].presetCounts > counts { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// A field as the control delivers it, with what must be verified before.
public struct FieldSequence: Hashable, Sendable {
    /// DICOM Beam Number.
    public var fieldNumber: Int
    /// Hash of the plan the field belongs to, as text; compared with the approved one.
    public var planHash: String
    public var ion: Isotope
    public var layers: [LayerSequence]
    /// What the room must look like.
    public var setup: FieldSetup
    /// Whether beam waits for the breathing gate.
    public var isGated: Bool

    public init(
        fieldNumber: Int, planHash: String, ion: Isotope, layers: [LayerSequence], setup: FieldSetup,
        isGated: Bool
    ) {
        self.fieldNumber = fieldNumber
        self.planHash = planHash
        self.ion = ion
        self.layers = layers
        self.setup = setup
        self.isGated = isGated
    }

    public var counts: Int64 { layers.reduce(0) { $0 + $1.counts } }
    public var visitCount: Int { layers.reduce(0) { $0 + $1.visits.count } }

    /// Beam time that counts and rates need, s.
    public var beamTimeS: Double { layers.reduce(0) { $0 + Double($1.counts) / $1.countsPerS } }
}

/// Position and devices that belong to a field.
public struct FieldSetup: Hashable, Sendable {
    public var patientID: String
    public var gantryDegrees: Double
    /// Couch vertical, longitudinal, lateral, mm.
    public var couchMM: SIMD3<Double>
    /// Couch rotation, pitch, roll, degrees.
    public var couchDegrees: SIMD3<Double>
    public var snoutMM: Double
    /// ID of the range shifter; nil for none.
    public var rangeShifter: String?
    /// ID of the ridge filter; nil for none.
    public var ridgeFilter: String?

    public init(
        patientID: String, gantryDegrees: Double, couchMM: SIMD3<Double>, couchDegrees: SIMD3<Double>,
        snoutMM: Double, rangeShifter: String?, ridgeFilter: String?
    ) {
        self.patientID = patientID
        self.gantryDegrees = gantryDegrees
        self.couchMM = couchMM
        self.couchDegrees = couchDegrees
        self.snoutMM = snoutMM
        self.rangeShifter = rangeShifter
        self.ridgeFilter = ridgeFilter
    }
}

/// What the devices of the room say now.
public struct SetupReadings: Hashable, Sendable {
    public var setup: FieldSetup
    /// Whether the images that verified the position still hold: nothing moved since and nobody went in.
    public var imagesHold: Bool
    /// A sensor says in and out at once, or neither.
    public var rangeShifterContradicts: Bool

    public init(setup: FieldSetup, imagesHold: Bool, rangeShifterContradicts: Bool = false) {
        self.setup = setup
        self.imagesHold = imagesHold
        self.rangeShifterContradicts = rangeShifterContradicts
    }

    /// What does not agree with a field; empty if all does. Angles are the same modulo 360 degrees.
    ///
    /// - Parameters:
    ///   - wanted: Of the field.
    ///   - limits: Tolerances.
    public func mismatches(with wanted: FieldSetup, limits: DeliveryLimits) -> InterlockSet {
        var set = InterlockSet()
        if setup.patientID != wanted.patientID || wanted.patientID.isEmpty {
            set.insert(.init(.patientIdentity))
        }
        if !(Self.turn(setup.gantryDegrees - wanted.gantryDegrees) <= limits.gantryDegrees) {
            set.insert(.init(.gantry))
        }
        for axis in 0..<3 {
            if !(abs(setup.couchMM[axis] - wanted.couchMM[axis]) <= limits.couchMM)
                || !(Self.turn(setup.couchDegrees[axis] - wanted.couchDegrees[axis]) <= limits.couchDegrees)
            {
                set.insert(.init(.couch))
            }
        }
        if !(abs(setup.snoutMM - wanted.snoutMM) <= limits.snoutMM) { set.insert(.init(.snout)) }
        if setup.rangeShifter != wanted.rangeShifter || setup.ridgeFilter != wanted.ridgeFilter
            || rangeShifterContradicts
        {
            set.insert(.init(.rangeShifter))
        }
        if !imagesHold { set.insert(.init(.imaging)) }
        return set
    }

    /// Size of an angle, degrees, 0 to 180.
    private static func turn(_ degrees: Double) -> Double {
        let rest = abs(degrees).truncatingRemainder(dividingBy: 360)
        return min(rest, 360 - rest)
    }
}
