import Frames
import Quantities

/// What is to be given: a dose to a target over a number of fractions.
public struct Prescription: Hashable, Sendable {
    /// Structure that the dose is prescribed to, for example `CTV`.
    public var targetName: String
    /// Total RBE-weighted dose over all fractions.
    public var totalDose: RBEWeightedDose
    /// Number of fractions; at least 1.
    public var fractions: Int

    public init(targetName: String, totalDose: RBEWeightedDose, fractions: Int) {
        precondition(fractions >= 1)
        self.targetName = targetName
        self.totalDose = totalDose
        self.fractions = fractions
    }

    /// Dose of one fraction.
    public var dosePerFraction: RBEWeightedDose { totalDose / Double(fractions) }
}

/// One position of the scanned beam within a layer.
@frozen
public struct Spot: Hashable, Sendable {
    /// Where the beam axis crosses the isocentre plane, IEC gantry x and y, mm.
    public var positionMM: SIMD2<Double>
    /// Ions delivered at this position in one fraction.
    public var particles: Double

    @inlinable public init(positionMM: SIMD2<Double>, particles: Double) {
        self.positionMM = positionMM
        self.particles = particles
    }
}

/// All spots of a field with one energy at the nozzle.
public struct EnergyLayer: Hashable, Sendable {
    /// Energy that the accelerator delivers; one of the machine's list.
    public var energy: EnergyPerNucleon
    /// In order of delivery.
    public var spots: [Spot]
    /// Number of times the layer is scanned (DICOM Number of Paintings).
    public var paintings: Int

    public init(energy: EnergyPerNucleon, spots: [Spot], paintings: Int = 1) {
        self.energy = energy
        self.spots = spots
        self.paintings = paintings
    }

    /// Ions of the whole layer in one fraction.
    public var particles: Double { spots.reduce(0) { $0 + $1.particles } }
}

/// A treatment field (DICOM ion beam): one direction, its layers from the highest energy down.
public struct Field: Hashable, Sendable {
    /// DICOM Beam Number; unique in the plan.
    public var number: Int
    /// Short name for people.
    public var name: String
    /// Port of the machine that delivers it.
    public var portID: String
    /// IEC 61217 gantry angle (for a fixed port, the angle of its beam line).
    public var gantryAngle: AngleDegrees
    /// IEC 61217 patient support (couch) angle.
    public var patientSupportAngle: AngleDegrees
    /// Isocentre in the patient.
    public var isocentre: Point3<DICOMPatient>
    /// Range shifter in the beam, by its ID in the machine; nil for none.
    public var rangeShifterID: String?
    /// Layers from the highest energy down; none for a passive field.
    public var layers: [EnergyLayer]
    /// How the passive nozzle is set; nil for a scanned field.
    public var passive: PassiveDelivery?

    public init(
        number: Int, name: String, portID: String, gantryAngle: AngleDegrees,
        patientSupportAngle: AngleDegrees, isocentre: Point3<DICOMPatient>,
        rangeShifterID: String? = nil, layers: [EnergyLayer] = [], passive: PassiveDelivery? = nil
    ) {
        self.number = number
        self.name = name
        self.portID = portID
        self.gantryAngle = gantryAngle
        self.patientSupportAngle = patientSupportAngle
        self.isocentre = isocentre
        self.rangeShifterID = rangeShifterID
        self.layers = layers
        self.passive = passive
    }

    /// Number of spots of all layers.
    public var spotCount: Int { layers.reduce(0) { $0 + $1.spots.count } }
    /// Ions of all layers, or of a passive field, in one fraction.
    public var particles: Double { layers.reduce(passive?.particles ?? 0) { $0 + $1.particles } }
}

/// A treatment plan: what is prescribed and the fields that give it.
public struct Plan: Hashable, Sendable {
    /// Short label, DICOM RT Plan Label (at most 16 characters).
    public var label: String
    /// Machine file the plan was made for, by its name.
    public var machineName: String
    /// Ion of all fields.
    public var ion: Isotope
    /// How the patient lies.
    public var patientPosition: PatientPosition
    public var prescription: Prescription
    public var fields: [Field]

    public init(
        label: String, machineName: String, ion: Isotope, patientPosition: PatientPosition,
        prescription: Prescription, fields: [Field]
    ) {
        self.label = label
        self.machineName = machineName
        self.ion = ion
        self.patientPosition = patientPosition
        self.prescription = prescription
        self.fields = fields
    }

    /// Number of spots of all fields.
    public var spotCount: Int { fields.reduce(0) { $0 + $1.spotCount } }
}
