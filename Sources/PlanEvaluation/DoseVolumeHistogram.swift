import PatientModel
import Volumes

/// How the volume of a structure is distributed over dose.
///
/// Every voxel counts with its share inside the structure and with the dose at the centroid of that part
/// (`StructureMask.samples`). All figures, extremes too, are taken from these doses and not from bins; bins serve
/// curves. So no D_v lies outside minimum...maximum.
///
/// ## Checked by
/// `DoseVolumeHistogramTests`: linear dose in a box and a sphere against closed forms.
public struct DoseVolumeHistogram: Sendable {
    /// Volume of the structure on the grid, cm³.
    public let volumeCM3: Double
    /// Width of a bin of the curves, Gy.
    public let binWidth: Double
    /// Volume in bin i, of dose i · binWidth ..< (i + 1) · binWidth, as a share of the structure.
    public let differential: [Double]
    /// Doses of the voxels from the highest down, and the share of the structure down to and with each.
    private let doses: [Float]
    private let volumes: [Double]
    /// Greatest and least dose of all parts.
    public let maximum: Double
    public let minimum: Double
    public let mean: Double
    public let standardDeviation: Double

    /// The histogram of `dose` in `mask`; nil for a structure without a voxel on the grid.
    ///
    /// - Precondition: one grid; finite doses, not negative; positive bin width.
    public init?(dose: Volume<Float>, mask: StructureMask, binWidth: Double = 0.05) {
        precondition(dose.geometry == mask.geometry, "dose and structure are on different grids")
        precondition(binWidth > 0)
        guard !mask.indices.isEmpty else { return nil }
        var samples = Array(zip(mask.samples(of: dose), mask.shares))
        samples.sort { $0.0 > $1.0 }
        let total = samples.reduce(0.0) { $0 + Double($1.1) }
        volumeCM3 = total * dose.geometry.voxelVolumeMM3 / 1000

        var (sum, cumulative) = (0.0, [Double]())
        cumulative.reserveCapacity(samples.count)
        var differential = [Double](
            repeating: 0, count: Int(Double(samples[0].0) / binWidth) + 1)
        var mean = 0.0
        for (value, share) in samples {
            let weight = Double(share) / total
            sum += weight
            cumulative.append(sum)
            mean += weight * Double(value)
            differential[Int(Double(value) / binWidth)] += weight
        }
        var variance = 0.0
        for (value, share) in samples {
            let deviation = Double(value) - mean
            variance += Double(share) / total * deviation * deviation
        }
        maximum = Double(samples[0].0)
        minimum = Double(samples[samples.count - 1].0)
        self.mean = mean
        standardDeviation = variance.squareRoot()
        self.binWidth = binWidth
        self.differential = differential
        doses = samples.map(\.0)
        volumes = cumulative
    }

    /// Share of the structure that receives at least i · binWidth, from dose 0 to the first bin without volume.
    public var cumulative: [Double] {
        var result = [Double](repeating: 0, count: differential.count + 1)
        for i in differential.indices.reversed() { result[i] = result[i + 1] + differential[i] }
        return result
    }

    /// D_v: least dose of the hottest share `volume` of the structure, Gy.
    ///
    /// - Precondition: 0 ≤ volume ≤ 1.
    public func dose(atVolume volume: Double) -> Double {
        precondition((0...1).contains(volume))
        // First voxel with which the share is reached; the last takes what rounding left of the sum.
        var (low, high) = (0, volumes.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if volumes[middle] >= volume - 1e-9 { high = middle } else { low = middle + 1 }
        }
        return Double(doses[low])
    }

    /// D of the hottest `cm3`; nil if the structure is smaller.
    public func dose(atAbsoluteVolumeCM3 cm3: Double) -> Double? {
        cm3 <= volumeCM3 ? dose(atVolume: cm3 / volumeCM3) : nil
    }

    /// V_d: share of the structure that receives at least `dose`.
    public func volume(atDose dose: Double) -> Double {
        // Number of voxels with at least `dose`.
        var (low, high) = (0, doses.count)
        while low < high {
            let middle = (low + high) / 2
            if Double(doses[middle]) >= dose { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? 0 : min(1, volumes[low - 1])
    }

    /// (D2 − D98) / D50; nil where D50 is zero.
    ///
    /// ## Source
    /// ICRU Report 83 (2010), section 3.7.
    public var homogeneityIndex: Double? {
        let median = dose(atVolume: 0.5)
        return median > 0 ? (dose(atVolume: 0.02) - dose(atVolume: 0.98)) / median : nil
    }
}
