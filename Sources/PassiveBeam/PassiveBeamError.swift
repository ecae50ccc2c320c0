import Quantities

/// What can be wrong with the input of passive planning and dose calculation.
public enum PassiveBeamError: Error, Equatable, Sendable {
    /// The nozzle names a material that is not known.
    case unknownMaterial(String, device: String)
    /// No wobbler setting for that energy and field.
    case noBeamSetting(EnergyPerNucleon, fieldDiameterMM: Double)
    /// The beam stops before it reaches the patient.
    case beamStops(EnergyPerNucleon, waterMM: Double)
    /// No ridge filter of that width.
    case noRidgeFilter(widthMM: Double, available: [Double])
    /// A spread-out peak cannot be as wide as the beam's residual range.
    case peakTooWide(widthMM: Double, residualRangeMM: Double)
    /// The dose in the spread-out peak does not come out flat; `deviation` is (max − min)/(max + min).
    case peakNotFlat(widthMM: Double, deviation: Double)
    /// The nozzle has no layer stacking.
    case noLayerStacking
    /// The target has no volume.
    case emptyTarget(name: String)
    /// Part of the target lies outside the image.
    case targetOutsideImage(name: String)
    /// The target reaches deeper than the highest energy; mm of water.
    case targetBeyondRange(deepestMM: Double, greatestMM: Double)
    /// The range shifter cannot take off enough, mm of water.
    case targetTooShallow(neededShiftMM: Double, greatestShiftMM: Double)
    /// The target is thicker than the widest ridge filter, mm of water.
    case targetTooThick(neededMM: Double, widestMM: Double)
    /// The target with its margin is larger than the field, mm at the isocentre plane.
    case fieldExceeded(neededRadiusMM: Double, availableRadiusMM: Double)
    /// Leaves cannot move there, mm at the collimator.
    case leafTravelExceeded(neededMM: Double, allowedMM: ClosedRange<Double>)
    /// More leaf pairs are needed than there are.
    case tooFewLeaves(neededHalfWidthMM: Double, availableHalfWidthMM: Double)
    /// The bolus would be thicker than its blank, mm.
    case bolusTooThick(neededMM: Double, blankMM: Double)
    /// Part of the patient is where a device is; mm upstream of the isocentre.
    case patientInDevice(device: String, patientMM: Double, deviceMM: Double)
    /// No dose where the field is prescribed.
    case noDoseAtCentre(field: Int)
    /// The field has no passive delivery.
    case notPassive(field: Int)
    /// Two images or grids do not belong to one frame of reference.
    case differentFrameOfReference(String, String)
}

extension PassiveBeamError: CustomStringConvertible {
    public var description: String {
        func mm(_ value: Double) -> String { "\((value * 10).rounded() / 10) mm" }
        func list(_ values: [Double]) -> String { values.map { mm($0) }.joined(separator: ", ") }
        switch self {
        case .unknownMaterial(let name, let device):
            return
                "material ‘\(name)’ of the \(device) is not known (no stopping and scattering power) use a named material"
        case .noBeamSetting(let energy, let diameter):
            return
                "no wobbler setting for \(energy) and a field of \(mm(diameter)) (the machine file lists them) add one or use a smaller field"
        case .beamStops(let energy, let water):
            return
                "beam of \(energy) stops in the nozzle (\(mm(water)) of water are in its way) use a higher energy or less range shifter"
        case .noRidgeFilter(let width, let available):
            return "no ridge filter of \(mm(width)) (the port has \(list(available))) choose one of these"
        case .peakTooWide(let width, let residual):
            return
                "a spread-out peak of \(mm(width)) does not fit into a residual range of \(mm(residual)) (it would begin before the patient) use a narrower filter or a higher energy"
        case .peakNotFlat(let width, let deviation):
            return
                "the spread-out peak of \(mm(width)) is flat to \((deviation * 1000).rounded() / 10) % only (the beam's peak is too wide for it) use a wider filter"
        case .noLayerStacking:
            return "the port has no layer stacking (its machine file gives none) use ‘filling: ridge-filter’"
        case .emptyTarget(let name):
            return "target ‘\(name)’ is empty (nothing to shape the field to) check the structure's contours"
        case .targetOutsideImage(let name):
            return
                "target ‘\(name)’ reaches outside the image (the beam path is not known there) use an image that covers it"
        case .targetBeyondRange(let deepest, let greatest):
            return
                "target with its margin reaches \(mm(deepest)) of water deep (the highest energy reaches \(mm(greatest))) choose another direction"
        case .targetTooShallow(let needed, let greatest):
            return
                "target needs \(mm(needed)) of water of range shifter (all plates give \(mm(greatest))) choose another direction or add plates"
        case .targetTooThick(let needed, let widest):
            return
                "target with its margins is \(mm(needed)) of water thick (the widest ridge filter gives \(mm(widest))) choose another direction or smaller margins"
        case .fieldExceeded(let needed, let available):
            return
                "target with its margin reaches \(mm(needed)) from the axis (the field ends at \(mm(available))) move the isocentre or split the target"
        case .leafTravelExceeded(let needed, let allowed):
            return
                "a leaf is needed at \(mm(needed)) (its travel is \(mm(allowed.lowerBound)) to \(mm(allowed.upperBound))) move the isocentre"
        case .tooFewLeaves(let needed, let available):
            return
                "leaves are needed out to ±\(mm(needed)) (the collimator ends at ±\(mm(available))) move the isocentre or turn the patient"
        case .bolusTooThick(let needed, let blank):
            return
                "bolus would be \(mm(needed)) thick (the blank has \(mm(blank))) choose another direction or layer stacking without a bolus"
        case .patientInDevice(let device, let patient, let position):
            return
                "patient reaches \(mm(patient)) upstream of the isocentre (the \(device) stands at \(mm(position))) move the isocentre or choose another direction"
        case .noDoseAtCentre(let field):
            return
                "field \(field) gives no dose at the centre of its spread-out peak (it cannot be scaled) check margins and direction"
        case .notPassive(let field):
            return
                "field \(field) is not a passive one (it has no nozzle setting) compute it as a scanned field"
        case .differentFrameOfReference(let a, let b):
            return
                "frames of reference differ: \(a) and \(b) (positions cannot be compared) use objects of one frame of reference"
        }
    }
}
