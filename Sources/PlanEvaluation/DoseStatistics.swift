import PatientModel
import Volumes

/// The figures of one structure that every report lists. Doses in the unit of the volume.
public struct DoseStatistics: Sendable, Equatable {
    public var volumeCM3: Double
    public var minimum: Double
    public var maximum: Double
    public var mean: Double
    public var standardDeviation: Double
    public var d98: Double
    public var d95: Double
    public var d50: Double
    public var d05: Double
    public var d02: Double
    /// (D2 − D98) / D50; nil where D50 is zero.
    public var homogeneityIndex: Double?

    public init(_ histogram: DoseVolumeHistogram) {
        volumeCM3 = histogram.volumeCM3
        minimum = histogram.minimum
        maximum = histogram.maximum
        mean = histogram.mean
        standardDeviation = histogram.standardDeviation
        d98 = histogram.dose(atVolume: 0.98)
        d95 = histogram.dose(atVolume: 0.95)
        d50 = histogram.dose(atVolume: 0.50)
        d05 = histogram.dose(atVolume: 0.05)
        d02 = histogram.dose(atVolume: 0.02)
        homogeneityIndex = histogram.homogeneityIndex
    }

    /// Of `dose` in `mask`; nil for a structure without a voxel on the grid.
    public init?(dose: Volume<Float>, mask: StructureMask) {
        guard let histogram = DoseVolumeHistogram(dose: dose, mask: mask) else { return nil }
        self.init(histogram)
    }
}

/// How well the prescription isodose fits the target.
public struct Conformity: Sendable, Equatable {
    /// Volume that receives the prescribed dose, anywhere on the grid, cm³.
    public var isodoseVolumeCM3: Double
    public var targetVolumeCM3: Double
    /// Volume of the target that receives the prescribed dose, cm³.
    public var coveredVolumeCM3: Double

    /// - Precondition: one grid.
    public init(dose: Volume<Float>, target: StructureMask, prescribedDose: Double) {
        precondition(dose.geometry == target.geometry)
        let voxelCM3 = dose.geometry.voxelVolumeMM3 / 1000
        let level = Float(prescribedDose)
        isodoseVolumeCM3 = Double(dose.values.count { $0 >= level }) * voxelCM3
        targetVolumeCM3 = target.volumeCM3
        var covered = 0.0
        for (value, share) in zip(target.samples(of: dose), target.shares) where value >= level {
            covered += Double(share)
        }
        coveredVolumeCM3 = covered * voxelCM3
    }

    /// Covered volume squared over target volume times isodose volume; 0 if nothing receives the dose.
    ///
    /// ## Source
    /// Paddick, J. Neurosurg. 93 Suppl 3 (2000) 219.
    public var paddickIndex: Double {
        let product = targetVolumeCM3 * isodoseVolumeCM3
        return product > 0 ? coveredVolumeCM3 * coveredVolumeCM3 / product : 0
    }

    /// Isodose volume over target volume.
    ///
    /// ## Source
    /// Shaw et al. (RTOG), Int. J. Radiat. Oncol. Biol. Phys. 27 (1993) 1231.
    public var rtogIndex: Double { targetVolumeCM3 > 0 ? isodoseVolumeCM3 / targetVolumeCM3 : 0 }
}
