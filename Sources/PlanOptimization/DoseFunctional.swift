import PlanModel

#if canImport(Glibc)
    import Glibc
#endif

/// The terms of the objective function as functions of the doses Dᵢ of a structure, with their gradients.
///
/// wᵢ are the volumes of the voxels as shares of the structure (sum 1), d the dose asked for, [·]₊ = max(0, ·).
/// Every function returns its value and writes ∂f/∂Dᵢ. Doses are totals over all fractions.
///
/// ## Source
/// Formulas (1) to (5) of `docs/theory/optimisation.md`; dose-volume terms after Wu & Mohan, Med. Phys. 27 (2000)
/// 701; gEUD Niemierko, Med. Phys. 26 (1999) 1100.
/// ## Checked by
/// `DoseFunctionalTests`: values by hand, gradients against differences.
package enum DoseFunctional {
    /// Width 1/k of the smooth maximum and minimum, as a share of the dose asked for.
    static let smoothExtremeWidth = 0.002
    /// In an EUD with negative exponent doses below this share of the dose asked for count as this: an empty
    /// voxel would make the EUD zero whatever the others receive.
    static let leastEUDDoseShare = 0.01

    /// Penalty f of the objective, equations (1) to (5).
    package static func penalty(
        _ kind: ObjectiveKind, doses: [Double], weights: [Double], gradient: inout [Double]
    ) -> Double {
        switch kind {
        case .squaredDeviation(let d):
            return squared(doses, weights, &gradient) { $0 - d }
        case .squaredUnderdose(let d):
            return squared(doses, weights, &gradient) { min(0, $0 - d) }
        case .squaredOverdose(let d):
            return squared(doses, weights, &gradient) { max(0, $0 - d) }
        case .maximumDVH(let d, let volume):
            return hottestExempt(volume, above: d, doses, weights, &gradient)
        case .minimumDVH(let d, let volume):
            return coldestExempt(1 - volume, below: d, doses, weights, &gradient)
        case .meanDose, .maximumDose, .minimumDose, .maximumEUD, .minimumEUD:
            let excess = excess(kind, doses: doses, weights: weights, gradient: &gradient)
            guard excess > 0 else {
                for i in gradient.indices { gradient[i] = 0 }
                return 0
            }
            for i in gradient.indices { gradient[i] *= 2 * excess }
            return excess * excess
        }
    }

    /// By how much a scalar figure of the dose exceeds what is asked (negative: room left), and its gradient.
    ///
    /// - Precondition: not one of the squared or dose-volume kinds.
    package static func excess(
        _ kind: ObjectiveKind, doses: [Double], weights: [Double], gradient: inout [Double]
    ) -> Double {
        switch kind {
        case .meanDose(let d):
            for i in gradient.indices { gradient[i] = weights[i] }
            return mean(doses, weights) - d
        case .maximumDose(let d):
            return smoothMaximum(doses, sign: 1, width: smoothExtremeWidth * d, &gradient) - d
        case .minimumDose(let d):
            return smoothMaximum(doses, sign: -1, width: smoothExtremeWidth * d, &gradient) + d
        case .maximumEUD(let d, let a):
            return generalisedEUD(doses, weights, exponent: a, least: 0, &gradient) - d
        case .minimumEUD(let d, let a):
            let least = a < 0 ? leastEUDDoseShare * d : 0
            let value = generalisedEUD(doses, weights, exponent: a, least: least, &gradient)
            for i in gradient.indices { gradient[i] = -gradient[i] }
            return d - value
        case .squaredDeviation, .squaredUnderdose, .squaredOverdose, .maximumDVH, .minimumDVH:
            preconditionFailure("\(kind) is not a scalar figure")
        }
    }

    /// Σ wᵢ e(Dᵢ)², equation (1).
    @inline(__always)
    private static func squared(
        _ doses: [Double], _ weights: [Double], _ gradient: inout [Double],
        _ deviation: (Double) -> Double
    ) -> Double {
        var sum = 0.0
        for i in doses.indices {
            let e = deviation(doses[i])
            sum += weights[i] * e * e
            gradient[i] = 2 * weights[i] * e
        }
        return sum
    }

    static func mean(_ doses: [Double], _ weights: [Double]) -> Double {
        var sum = 0.0
        for i in doses.indices { sum += weights[i] * doses[i] }
        return sum
    }

    /// M = m + δ ln Σ exp((sign · Dᵢ − m)/δ), m the greatest sign · Dᵢ; equation (3).
    ///
    /// With sign −1 the value is minus the smooth minimum. M is never below m. A voxel counts however little of it
    /// is inside: an extreme is about doses, not about volumes.
    private static func smoothMaximum(
        _ doses: [Double], sign: Double, width: Double, _ gradient: inout [Double]
    ) -> Double {
        var greatest = -Double.infinity
        for dose in doses { greatest = max(greatest, sign * dose) }
        var sum = 0.0
        for i in doses.indices {
            let e = exp((sign * doses[i] - greatest) / width)
            gradient[i] = e
            sum += e
        }
        for i in gradient.indices { gradient[i] *= sign / sum }
        return greatest + width * log(sum)
    }

    /// (Σ wᵢ Dᵢᵃ)^(1/a), equation (4); doses below `least` count as `least`.
    private static func generalisedEUD(
        _ doses: [Double], _ weights: [Double], exponent a: Double, least: Double,
        _ gradient: inout [Double]
    ) -> Double {
        // Relative to the greatest dose, so that no power overflows for a > 0.
        var greatest = least
        for dose in doses { greatest = max(greatest, dose) }
        guard greatest > 0 else {
            for i in gradient.indices { gradient[i] = weights[i] }
            return 0
        }
        var sum = 0.0
        for i in doses.indices {
            let ratio = max(doses[i], least) / greatest
            let power = ratio > 0 ? pow(ratio, a - 1) : 0
            sum += weights[i] * power * ratio
            gradient[i] = doses[i] >= least ? weights[i] * power : 0
        }
        let value = pow(sum, 1 / a)
        let factor = value / sum
        for i in gradient.indices { gradient[i] *= factor }
        return greatest * value
    }

    /// Σ wᵢ [Dᵢ − d]₊² without the hottest share `volume` of the structure, equation (5).
    private static func hottestExempt(
        _ volume: Double, above d: Double, _ doses: [Double], _ weights: [Double],
        _ gradient: inout [Double]
    ) -> Double {
        for i in gradient.indices { gradient[i] = 0 }
        let over = doses.indices.filter { doses[$0] > d }
        return exempting(
            volume, over.sorted { (doses[$0], $0) > (doses[$1], $1) }, d, doses, weights, &gradient)
    }

    /// Σ wᵢ [d − Dᵢ]₊² without the coldest share `volume` of the structure, equation (5).
    private static func coldestExempt(
        _ volume: Double, below d: Double, _ doses: [Double], _ weights: [Double],
        _ gradient: inout [Double]
    ) -> Double {
        for i in gradient.indices { gradient[i] = 0 }
        let under = doses.indices.filter { doses[$0] < d }
        return exempting(
            volume, under.sorted { (doses[$0], $0) < (doses[$1], $1) }, d, doses, weights, &gradient)
    }

    /// The sum over `order` after the first `volume` of it; a voxel on the edge counts in part.
    private static func exempting(
        _ volume: Double, _ order: [Int], _ d: Double, _ doses: [Double], _ weights: [Double],
        _ gradient: inout [Double]
    ) -> Double {
        var (left, sum) = (volume, 0.0)
        for i in order {
            let exempt = min(left, weights[i])
            left -= exempt
            let weight = weights[i] - exempt
            let e = doses[i] - d
            sum += weight * e * e
            gradient[i] = 2 * weight * e
        }
        return sum
    }
}
