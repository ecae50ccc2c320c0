import PatientModel
import PlanModel
import Quantities

/// An RT Ion Plan that was read.
public struct ImportedIonPlan: Sendable {
    /// The file it was read from.
    public var file: String
    /// The plan; particles per fraction.
    public var plan: Plan
    /// What the plan type does not hold, one per field, in the order of `plan.fields`.
    public var beams: [ImportedBeam]
    public var instanceUID: String
    public var studyInstanceUID: String
    /// Frame of Reference UID of the isocentres; nil if the plan does not say.
    public var frameOfReferenceUID: String?
    public var referencedStructureSetUIDs: [String]
    /// ROI Number (3006,0022) of the structure that the plan names as its target; nil if it names none or several.
    public var targetROINumber: Int?
    /// Approval Status (300E,0002); empty if not given.
    public var approvalStatus: String
    public var patient: PatientIdentity
    /// What a person must judge; codes in `IonPlanReader`.
    public var findings: [Finding]
}

/// What an RT Ion Plan says of one beam beside the field's direction and spots.
public struct ImportedBeam: Hashable, Sendable {
    /// Primary Dosimeter Unit (300A,00B3).
    public enum MetersetUnit: String, Hashable, Sendable {
        case particles = "NP"
        case monitorUnits = "MU"
    }
    public var number: Int
    /// Treatment Machine Name (300A,00B2).
    public var machineName: String
    public var unit: MetersetUnit
    /// Beam Meterset (300A,0086) in that unit, one fraction.
    public var meterset: Double
    /// Virtual Source-Axis Distances (300A,030A), x and y, mm; nil if not given or not positive.
    public var virtualSourceDistancesMM: SIMD2<Double>?
    /// Scanning Spot Size (300A,0398), full width at half maximum in x and y, mm; one per layer, nil if not given.
    public var spotSizesMM: [SIMD2<Double>?]
    /// Range shifter in the beam.
    public var rangeShifter: RangeShifterSetting?
    /// IDs of range modulators (ridge filters).
    public var rangeModulatorIDs: [String]
    /// Beam Dose (300A,0084), Gy, if given.
    public var beamDose: AbsorbedDose?

    public struct RangeShifterSetting: Hashable, Sendable {
        public var id: String
        /// Range Shifter Water Equivalent Thickness (300A,0366), mm; nil if not given.
        public var waterEquivalentThicknessMM: Double?
        /// Isocenter to Range Shifter Distance (300A,0364), mm; nil if not given.
        public var isocentreDistanceMM: Double?
    }
}
