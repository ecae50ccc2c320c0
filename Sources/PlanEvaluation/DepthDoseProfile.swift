/// Figures of a depth-dose curve: distal range and falloff.
///
/// ## Checked by
/// `DepthDoseProfileTests`.
public struct DepthDoseProfile: Sendable {
    /// Depths in water, mm, ascending.
    public let depthsMM: [Double]
    /// Dose at each depth, any unit.
    public let doses: [Double]

    /// - Precondition: as many doses as depths, at least two, ascending depths.
    public init(depthsMM: [Double], doses: [Double]) {
        precondition(depthsMM.count == doses.count && depthsMM.count >= 2)
        precondition(zip(depthsMM, depthsMM.dropFirst()).allSatisfy { $0 < $1 })
        self.depthsMM = depthsMM
        self.doses = doses
    }

    /// Depth behind the maximum where the dose falls to `level` of the maximum, by linear interpolation; nil if
    /// the curve ends before. R80 is `distalDepthMM(level: 0.8)`.
    ///
    /// - Precondition: 0 < level ≤ 1.
    public func distalDepthMM(level: Double) -> Double? {
        precondition(level > 0 && level <= 1)
        guard let greatest = doses.max(), greatest > 0 else { return nil }
        let dose = level * greatest
        // From the far end, so that a flat top of many nearly equal maxima does not matter.
        for i in stride(from: doses.count - 1, to: 0, by: -1) where doses[i - 1] >= dose {
            guard doses[i] < dose else { return nil }
            let t = (doses[i - 1] - dose) / (doses[i - 1] - doses[i])
            return depthsMM[i - 1] + t * (depthsMM[i] - depthsMM[i - 1])
        }
        return nil
    }

    /// Distance from 80 % to 20 % behind the maximum, mm; nil if the curve ends before.
    public var distalFalloffMM: Double? {
        guard let near = distalDepthMM(level: 0.8), let far = distalDepthMM(level: 0.2) else { return nil }
        return far - near
    }
}
