/// How well one depth dose meets another, by dose or by distance.
///
/// A depth agrees if the two doses differ there by at most the tolerance, relative to the local reference dose or (where
/// that is lower, as in the tail) to the reference at the entrance, or if the reference takes the evaluated dose at a
/// depth within the distance.
///
/// ## Checked by
/// `DepthDoseComparisonTests`.
public struct DepthDoseComparison: Sendable, Equatable {
    /// Part of the compared depths that agree, 0...1.
    public let agreeing: Double
    /// Depths compared (those above the threshold).
    public let comparedCount: Int
    /// Greatest |evaluated − reference| over the local or the entrance dose among depths that do not agree by distance; 0 if all do.
    public let worstRelativeDifference: Double
    /// Where that is, mm.
    public let worstDepthMM: Double

    /// - Parameters:
    ///   - evaluated: Doses on the common equidistant grid.
    ///   - reference: Reference doses, same grid.
    ///   - stepMM: Distance of the samples.
    ///   - relative: Dose tolerance relative to the local reference.
    ///   - distanceMM: Distance tolerance.
    ///   - threshold: Depths whose reference is below this share of the reference's greatest are left out.
    /// - Precondition: equal counts, positive step.
    public init(
        evaluated: [Double], reference: [Double], stepMM: Double, relative: Double, distanceMM: Double,
        threshold: Double = 0.005
    ) {
        precondition(evaluated.count == reference.count && stepMM > 0)
        let greatest = reference.max() ?? 0
        let entrance = reference.first ?? 0
        let reach = Int((distanceMM / stepMM).rounded(.up))
        var (agreeing, compared) = (0, 0)
        var worst = (difference: 0.0, depth: 0.0)
        for i in reference.indices where reference[i] > threshold * greatest {
            compared += 1
            let difference = abs(evaluated[i] - reference[i]) / max(reference[i], entrance)
            if difference <= relative {
                agreeing += 1
                continue
            }
            var near = (low: reference[i], high: reference[i])
            for offset in -reach...reach where reference.indices.contains(i + offset) {
                // The sample beyond the distance is drawn in to it, linearly.
                let beyond = Double(abs(offset)) * stepMM - distanceMM
                let inner = offset > 0 ? i + offset - 1 : i + offset + 1
                let share = beyond > 0 ? 1 - beyond / stepMM : 1
                let value =
                    offset == 0
                    ? reference[i] : reference[inner] + share * (reference[i + offset] - reference[inner])
                near = (min(near.low, value), max(near.high, value))
            }
            if evaluated[i] >= near.low && evaluated[i] <= near.high {
                agreeing += 1
            } else if difference > worst.difference {
                worst = (difference, Double(i) * stepMM)
            }
        }
        self.agreeing = compared > 0 ? Double(agreeing) / Double(compared) : 0
        comparedCount = compared
        worstRelativeDifference = worst.difference
        worstDepthMM = worst.depth
    }
}
