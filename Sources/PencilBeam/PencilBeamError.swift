import Quantities

/// What can be wrong with the input of spot placement and dose calculation.
public enum PencilBeamError: Error, Equatable, Sendable {
    /// The machine has no port of that ID.
    case unknownPort(id: String, known: [String])
    /// The port has no range shifter of that ID.
    case unknownRangeShifter(id: String, known: [String])
    /// The engine has no figures for the material of a range shifter.
    case unknownShifterMaterial(material: String, known: [String])
    /// The port cannot give that gantry angle.
    case gantryAngleNotPossible(angle: AngleDegrees, port: String, allowed: ClosedRange<AngleDegrees>)
    /// The couch of the port cannot give that patient support angle.
    case patientSupportAngleNotPossible(
        angle: AngleDegrees, port: String, allowed: ClosedRange<AngleDegrees>)
    /// The machine does not deliver that energy, or has no spot size for it.
    case energyNotAvailable(EnergyPerNucleon)
    /// The target has no volume.
    case emptyTarget(name: String)
    /// Part of the target lies outside the image.
    case targetOutsideImage(name: String)
    /// Two images or grids do not belong to one frame of reference.
    case differentFrameOfReference(String, String)
    /// The target reaches deeper than the highest energy; depths in mm of water.
    case targetBeyondRange(deepestMM: Double, greatestPeakDepthMM: Double)
    /// The target starts shallower than the lowest energy; depths in mm of water.
    case targetTooShallow(shallowestMM: Double, leastPeakDepthMM: Double, usefulRangeShifters: [String])
    /// Spots are needed outside the scan field; mm at the isocentre plane.
    case scanFieldExceeded(neededHalfWidthMM: SIMD2<Double>, availableHalfWidthMM: SIMD2<Double>)
    /// A depth table has no samples, unequal columns or no peak.
    case unusableDepthTable(EnergyPerNucleon)
    /// A voxel index of the influence matrix is not in its grid, or the list is not ascending.
    case invalidVoxelList
    /// A setting has a value that makes no sense.
    case invalidSetting(name: String, value: Double)
    /// A spot's position or particle number is not a finite number (particles not negative).
    case invalidSpot(field: Int, layer: Int, spot: Int)
}

extension PencilBeamError: CustomStringConvertible {
    public var description: String {
        func mm(_ value: Double) -> String { "\((value * 10).rounded() / 10) mm" }
        func list(_ names: [String]) -> String { names.isEmpty ? "none" : names.joined(separator: ", ") }
        switch self {
        case .unknownPort(let id, let known):
            return "port \"\(id)\" is not in the machine file (it has: \(list(known))) choose one of these"
        case .unknownRangeShifter(let id, let known):
            return
                "range shifter \"\(id)\" is not in the port's list (it has: \(list(known))) choose one of these"
        case .unknownShifterMaterial(let material, let known):
            return
                "range shifter material \"\(material)\" is not known (no stopping and scattering power for it) use one of \(list(known))"
        case .gantryAngleNotPossible(let angle, let port, let allowed):
            return
                "gantry angle \(angle) cannot be given by port \(port) (it gives \(allowed.lowerBound.value) to \(allowed.upperBound.value)°) change the angle or the port"
        case .patientSupportAngleNotPossible(let angle, let port, let allowed):
            return
                "patient support angle \(angle) cannot be given at port \(port) (it gives \(allowed.lowerBound.value) to \(allowed.upperBound.value)°) change the angle or the port"
        case .energyNotAvailable(let energy):
            return
                "energy \(energy) has no spot size at this port (outside its table) use an energy of the machine"
        case .emptyTarget(let name):
            return "target \"\(name)\" is empty (nothing to place spots on) check the structure's contours"
        case .targetOutsideImage(let name):
            return
                "target \"\(name)\" reaches outside the image (the beam path is not known there) use an image that covers it"
        case .differentFrameOfReference(let a, let b):
            return
                "frames of reference differ: \(a) and \(b) (positions cannot be compared) use objects of one frame of reference"
        case .targetBeyondRange(let deepest, let greatest):
            return
                "target reaches \(mm(deepest)) of water deep (the highest energy peaks at \(mm(greatest))) choose another direction"
        case .targetTooShallow(let shallowest, let least, let shifters):
            return
                "target starts at \(mm(shallowest)) of water (the lowest energy peaks at \(mm(least))) use a range shifter (useful at this port: \(list(shifters)))"
        case .scanFieldExceeded(let needed, let available):
            return
                "spots are needed out to ±\(mm(needed.x)) × ±\(mm(needed.y)) (the scan field ends at ±\(mm(available.x)) × ±\(mm(available.y))) move the isocentre or split the field"
        case .unusableDepthTable(let energy):
            return
                "depth table of \(energy) is unusable (no samples, unequal columns or no peak) rebuild the beam data"
        case .invalidVoxelList:
            return
                "voxel list is not ascending or leaves the grid (results could not be placed) pass ascending indices of the grid"
        case .invalidSetting(let name, let value):
            return "setting \(name) = \(value) makes no sense (it must be positive and finite) correct it"
        case .invalidSpot(let field, let layer, let spot):
            return
                "fields[\(field)].layers[\(layer)].spots[\(spot)] is not usable (position and particles must be finite, particles not negative) correct the plan"
        }
    }
}
