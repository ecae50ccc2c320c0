import DICOMFile

/// Why something cannot be written as a DICOM object. Nothing is left behind when one of these is thrown.
public enum DICOMExportError: Error, Hashable, Sendable {
    /// The plan names a machine other than the one given.
    case otherMachine(plan: String, machine: String)
    /// The field's port is not in the machine.
    case unknownPort(field: Int, port: String, machine: String)
    /// The field's range shifter is not in the port.
    case unknownRangeShifter(field: Int, id: String, port: String)
    /// The machine has no spot size at this energy.
    case noSpotSize(field: Int, energyMeVPerNucleon: Double)
    /// The delivered field is not in the plan, or a layer or spot of it is not.
    case unknownField(number: Int, plan: String)
    case otherField(number: Int, layer: Int)
    /// No spot of the field has particles: there is no beam to write.
    case emptyField(number: Int)
    /// Two fields carry one number.
    case duplicateFieldNumber(Int)
    /// The prescription's target is not in the structure set.
    case unknownTarget(String, structureSet: String)
    /// Particles or positions that are negative or not finite.
    case invalidSpot(field: Int, layer: Int, spot: Int)
    /// Particles of a passive slice that are negative or not finite.
    case invalidSlice(field: Int, slice: Int)
    /// Things that belong together are in different frames of reference.
    case otherFrameOfReference(what: String, found: String, expected: String)
    /// A dose that is negative or not finite.
    case invalidDose(index: Int, value: Float)
    /// A dose of one plane has no spacing in DICOM.
    case singlePlane
    /// Structures of one set need different numbers.
    case duplicateStructureNumber(Int)
    /// The CT lacks an instance UID for each slice.
    case sliceCount(instances: Int, slices: Int)
    /// A CT number does not fit the chosen storage.
    case unstorableHounsfield(Int, options: String)
}

extension DICOMExportError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .otherMachine(let plan, let machine):
            "the plan was made for machine '\(plan)' ('\(machine)' was given, and its nozzle would be written); "
                + "give the plan's machine"
        case .unknownPort(let field, let port, let machine):
            "field \(field) uses port '\(port)', which machine '\(machine)' does not have (its nozzle must be "
                + "written); correct the plan or the machine file"
        case .unknownRangeShifter(let field, let id, let port):
            "field \(field) uses range shifter '\(id)', which port '\(port)' does not have (its thickness must be "
                + "written); correct the plan or the machine file"
        case .noSpotSize(let field, let energy):
            "field \(field): the machine has no spot size at \(energy) MeV/u (\(DICOMTag.scanningSpotSize) must be "
                + "written); extend the table of the machine file"
        case .unknownField(let number, let plan):
            "field \(number) was delivered, but plan '\(plan)' does not have it (a record refers to its plan); give the "
                + "plan that was delivered"
        case .otherField(let number, let layer):
            "field \(number): layer \(layer + 1) or a spot in it was delivered, but the plan does not have it (a record "
                + "refers to its plan); give the plan that was delivered"
        case .emptyField(let number):
            "field \(number) has no particles (a beam needs at least one layer); optimise the plan or remove the "
                + "field"
        case .duplicateFieldNumber(let number):
            "the field number \(number) is used twice (\(DICOMTag.beamNumber) must be unique); renumber the fields"
        case .unknownTarget(let target, let set):
            "the prescription's target '\(target)' is not in structure set '\(set)' (the dose reference points to "
                + "it); correct the name or give the right structure set"
        case .invalidSlice(let field, let slice):
            "slice \(slice + 1) of passive field \(field) has a number of particles that is negative or not finite (it cannot be "
                + "delivered); plan again"
        case .invalidSpot(let field, let layer, let spot):
            "field \(field), layer \(layer), spot \(spot): position or particles are negative or not finite (they "
                + "cannot be delivered); optimise the plan again"
        case .otherFrameOfReference(let what, let found, let expected):
            "\(what) is in frame of reference \(found) (the CT has \(expected)); give what belongs together"
        case .invalidDose(let index, let value):
            "the dose of voxel \(index) is \(value) Gy (it must be finite and not negative); compute it again"
        case .singlePlane:
            "the dose has one plane (two are needed to write their spacing); use a grid of at least two planes"
        case .duplicateStructureNumber(let number):
            "the structure number \(number) is used twice (\(DICOMTag.roiNumber) must be unique); renumber them"
        case .sliceCount(let instances, let slices):
            "the CT has \(instances) instance UIDs for \(slices) slices (each slice needs its own); make the missing "
                + "ones"
        case .unstorableHounsfield(let value, let options):
            "the CT number \(value) cannot be stored as \(options); choose other storage"
        }
    }
}
