import Frames
import PatientModel
import Volumes

/// How two doses on one grid agree where the dose is high, and where they differ most.
///
/// ## Checked by
/// `DoseAgreementTests`.
public struct DoseAgreement: Sendable, Equatable {
    /// Share of the greatest reference dose from which a voxel belongs to the high-dose region.
    public static let highDoseShare = 0.8

    /// Greatest reference dose in the body, Gy.
    public var referenceMaximum: Double
    /// Voxels of the high-dose region.
    public var highDoseVoxels: Int
    /// Mean evaluated over mean reference dose in the high-dose region.
    public var meanRatio: Double
    /// Standard deviation of the ratio of single voxels there: noise and structure together.
    public var ratioSpread: Double
    /// The voxel that differs most.
    public var largest: Extreme
    /// The voxel around which the means of 3 × 3 × 3 voxels differ most: where it stands out, noise does not explain it.
    public var largestMean: Extreme

    /// Both doses at a place where they differ, Gy.
    public struct Extreme: Sendable, Equatable {
        public var reference: Double
        public var evaluated: Double
        public var place: Point3<DICOMPatient>
        /// Evaluated − reference, Gy.
        public var difference: Double { evaluated - reference }
    }

    /// Compares the voxels of `body`; nil if it receives no reference dose.
    ///
    /// `threshold`: Share of the greatest reference dose; voxels where both doses are below are not looked at
    ///   for the largest difference.
    /// - Precondition: one grid.
    public init?(
        reference: Volume<Float>, evaluated: Volume<Float>, body: StructureMask, threshold: Double
    ) {
        precondition(reference.geometry == evaluated.geometry && reference.geometry == body.geometry)
        guard let greatest = body.indices.map({ reference.values[Int($0)] }).max(), greatest > 0 else {
            return nil
        }
        referenceMaximum = Double(greatest)
        let high = Float(Self.highDoseShare) * greatest
        let least = Float(threshold) * greatest
        var (count, sums, ratios, squares) = (0, SIMD2(0.0, 0.0), 0.0, 0.0)
        var looked: [Int32] = []
        for voxel in body.indices {
            let (a, b) = (reference.values[Int(voxel)], evaluated.values[Int(voxel)])
            if a >= high {
                count += 1
                sums += SIMD2(Double(a), Double(b))
                let ratio = Double(b) / Double(a)
                ratios += ratio
                squares += ratio * ratio
            }
            if max(a, b) >= least { looked.append(voxel) }
        }
        highDoseVoxels = count
        meanRatio = sums.y / sums.x
        let mean = ratios / Double(count)
        ratioSpread = max(squares / Double(count) - mean * mean, 0).squareRoot()
        let geometry = reference.geometry
        func extreme(_ values: (Int) -> (Double, Double)) -> Extreme {
            var worst = Extreme(reference: 0, evaluated: 0, place: geometry.origin)
            for voxel in looked {
                let (a, b) = values(Int(voxel))
                guard abs(b - a) > abs(worst.difference) || voxel == looked[0] else { continue }
                let at = geometry.voxel(at: Int(voxel))
                worst = Extreme(reference: a, evaluated: b, place: geometry.centre(at.x, at.y, at.z))
            }
            return worst
        }
        largest = extreme { (Double(reference.values[$0]), Double(evaluated.values[$0])) }
        let n = geometry.dimensions
        largestMean = extreme { voxel in
            let at = geometry.voxel(at: voxel)
            var (sum, number) = (SIMD2(0.0, 0.0), 0.0)
            for z in max(at.z - 1, 0)...min(at.z + 1, n.z - 1) {
                for y in max(at.y - 1, 0)...min(at.y + 1, n.y - 1) {
                    for x in max(at.x - 1, 0)...min(at.x + 1, n.x - 1) {
                        let i = geometry.index(x, y, z)
                        sum += SIMD2(Double(reference.values[i]), Double(evaluated.values[i]))
                        number += 1
                    }
                }
            }
            return (sum.x / number, sum.y / number)
        }
    }
}
