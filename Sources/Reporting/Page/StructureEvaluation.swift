import PatientModel
import PlanEvaluation
import Volumes

/// Dose-volume figures of one structure for the whole treatment.
public struct StructureEvaluation: Sendable, Equatable {
    public var structureName: String
    public var volumeCM3: Double
    /// Cumulative dose-volume curve: RBE-weighted dose in Gy (RBE), share 0...1 of the volume that receives it.
    public var curve: [SIMD2<Double>]
    /// D98, D95, D50, D2: Gy (RBE).
    public var d98: Double
    public var d95: Double
    public var d50: Double
    public var d2: Double
    /// Gy (RBE).
    public var meanDose: Double
    /// Gy (RBE).
    public var maximumDose: Double
    /// Share 0...1 that receives 95 % of the prescription.
    public var v95: Double
    /// Mean dose-averaged LET, keV/µm; nil if not computed.
    public var meanLETd: Double?
    /// (D2 − D98)/D50; targets only.
    public var homogeneityIndex: Double?
    /// Paddick's conformity index of the 95 % isodose; targets only.
    public var conformityIndex: Double?

    public init(
        structureName: String, volumeCM3: Double, curve: [SIMD2<Double>], d98: Double, d95: Double,
        d50: Double,
        d2: Double, meanDose: Double, maximumDose: Double, v95: Double, meanLETd: Double? = nil,
        homogeneityIndex: Double? = nil, conformityIndex: Double? = nil
    ) {
        self.structureName = structureName
        self.volumeCM3 = volumeCM3
        self.curve = curve
        self.d98 = d98
        self.d95 = d95
        self.d50 = d50
        self.d2 = d2
        self.meanDose = meanDose
        self.maximumDose = maximumDose
        self.v95 = v95
        self.meanLETd = meanLETd
        self.homogeneityIndex = homogeneityIndex
        self.conformityIndex = conformityIndex
    }
}

extension StructureEvaluation {
    /// Figures of one structure from the dose of the whole plan.
    ///
    /// - Parameters:
    ///   - letD: Dose-averaged LET on the same grid, keV/µm.
    ///   - prescribedDose: Total, Gy (RBE).
    ///   - isTarget: Whether homogeneity and conformity are wanted.
    /// - Returns: nil for a structure without a voxel on the dose grid.
    public init?(
        structureName: String, dose: PlanDose, letD: Volume<Float>, mask: StructureMask,
        prescribedDose: Double,
        isTarget: Bool
    ) {
        guard let histogram = DoseVolumeHistogram(dose: dose.rbeWeighted, mask: mask) else { return nil }
        let conformity =
            isTarget
            ? Conformity(dose: dose.rbeWeighted, target: mask, prescribedDose: 0.95 * prescribedDose) : nil
        self.init(
            structureName: structureName, volumeCM3: histogram.volumeCM3, curve: histogram.thinnedCurve,
            d98: histogram.dose(atVolume: 0.98), d95: histogram.dose(atVolume: 0.95),
            d50: histogram.dose(atVolume: 0.5), d2: histogram.dose(atVolume: 0.02), meanDose: histogram.mean,
            maximumDose: histogram.maximum, v95: histogram.volume(atDose: 0.95 * prescribedDose),
            meanLETd: DoseVolumeHistogram(dose: letD, mask: mask, binWidth: 1)?.mean,
            homogeneityIndex: isTarget ? histogram.homogeneityIndex : nil,
            conformityIndex: conformity?.paddickIndex)
    }
}

extension DoseVolumeHistogram {
    /// The cumulative curve without the points that a straight line between their neighbours would replace.
    var thinnedCurve: [SIMD2<Double>] {
        let points = cumulative.enumerated().map { SIMD2(Double($0) * binWidth, $1) }
        var result: [SIMD2<Double>] = []
        for (index, point) in points.enumerated() {
            let isEnd = index == 0 || index == points.count - 1
            if isEnd || abs(points[index - 1].y - point.y) > 1e-9 || abs(points[index + 1].y - point.y) > 1e-9
            {
                result.append(point)
            }
        }
        return result
    }
}
