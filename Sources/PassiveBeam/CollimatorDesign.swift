import FacilityModel
import PlanModel

#if canImport(Glibc)
    import Glibc
#endif

/// Leaf positions that open the collimator for some rays and a margin around them.
///
/// Every pair opens from the least to the greatest x of the discs of radius m around the rays, cut by the strip of the pair: a
/// pair has one opening, so a hollow of the target between two parts stays open.
///
/// ## Checked by
/// `CollimatorDesignTests`.
public enum CollimatorDesign {
    /// - Parameters:
    ///   - rays: Rays to be open, IEC x and y at the isocentre plane, mm; none closes all pairs.
    ///   - marginMM: m, from the rays to the edge, mm at the isocentre plane.
    ///   - collimator: Leaves and their travel.
    ///   - sourceMM: Isocentre to the effective source, mm.
    /// - Throws: `PassiveBeamError`: `leafTravelExceeded`, `tooFewLeaves`.
    public static func opening(
        rays: [SIMD2<Double>], marginMM: Double, collimator: PassiveNozzle.Collimator, sourceMM: Double
    ) throws(PassiveBeamError) -> LeafOpening {
        let magnification = sourceMM / (sourceMM - collimator.distanceMM)
        let width = collimator.leafWidthMM * magnification
        let half = 0.5 * Double(collimator.leafPairCount) * width
        let boundaries = (0...collimator.leafPairCount).map { Double($0) * width - half }
        if let farthest = rays.map({ abs($0.y) }).max(), farthest + marginMM > half {
            throw .tooFewLeaves(neededHalfWidthMM: farthest + marginMM, availableHalfWidthMM: half)
        }
        var pairs: [SIMD2<Double>] = []
        for pair in 0..<collimator.leafPairCount {
            var (low, high) = (Double.infinity, -Double.infinity)
            for ray in rays {
                let aside = max(0, max(boundaries[pair] - ray.y, ray.y - boundaries[pair + 1]))
                guard aside < marginMM else { continue }
                let reach = (marginMM * marginMM - aside * aside).squareRoot()
                low = min(low, ray.x - reach)
                high = max(high, ray.x + reach)
            }
            if low < high {
                for needed in [-low / magnification, high / magnification]
                where !collimator.travelMM.contains(needed) {
                    throw .leafTravelExceeded(neededMM: needed, allowedMM: collimator.travelMM)
                }
                pairs.append(SIMD2(low, high))
            } else {
                pairs.append(.zero)
            }
        }
        return LeafOpening(boundariesMM: boundaries, pairsMM: pairs)
    }
}
