import PlanModel

/// A hard constraint in the augmented Lagrangian.
///
/// A maximum or minimum dose is one inequality for each voxel of the structure, however little of it is inside; mean
/// dose, EUD and dose-volume constraints are one for the structure. With c ≤ 0 the inequality, relative to its dose,
/// λ ≥ 0 its multiplier, w its weight (1/N for each of the N voxels of a maximum or minimum, else 1) and μ the penalty
/// parameter, the term is
///
///     Σ w/(2μ) ( [λ + μ c]₊² − λ² ),   and after each pass   λ ← [λ + μ c]₊                          (7)
///
/// The dose-volume constraint is taken as c = √f with f the penalty of equation (5), which is zero just where
/// the constraint holds.
///
/// ## Source
/// Nocedal & Wright, Numerical Optimization (2006), section 17.4.
/// ## Checked by
/// `ConstraintTests`.
struct DoseConstraint {
    let kind: ObjectiveKind
    private let dose: Double
    private let weights: [Double]
    private(set) var multipliers: [Double]
    var penalty: Double

    init(objective: DoseObjective, sample: OptimisationVoxels.Sample, penalty: Double) {
        kind = objective.kind
        dose = objective.referenceDose
        let count = sample.weights.count
        weights =
            objective.kind.isExtreme
            ? Array(repeating: 1 / Double(count), count: count) : sample.weights
        multipliers = Array(repeating: 0, count: objective.kind.isExtreme ? sample.rows.count : 1)
        self.penalty = penalty
    }

    /// The greatest c, as a share of the dose; negative or zero if the constraint holds.
    func violation(doses: [Double]) -> Double {
        var scratch = [Double](repeating: 0, count: doses.count)
        return inequalities(doses: doses, gradient: &scratch).max() ?? 0
    }

    /// The term (7) and its gradient.
    func augmentedTerm(doses: [Double], gradient: inout [Double]) -> Double {
        let c = inequalities(doses: doses, gradient: &gradient)
        var value = 0.0
        if !kind.isExtreme {
            let active = max(0, multipliers[0] + penalty * c[0])
            for i in gradient.indices { gradient[i] *= active }
            return (active * active - multipliers[0] * multipliers[0]) / (2 * penalty)
        }
        for i in c.indices {
            let active = max(0, multipliers[i] + penalty * c[i])
            value += weights[i] * (active * active - multipliers[i] * multipliers[i]) / (2 * penalty)
            gradient[i] *= weights[i] * active
        }
        return value
    }

    /// λ ← [λ + μ c]₊.
    mutating func updateMultipliers(doses: [Double]) {
        var scratch = [Double](repeating: 0, count: doses.count)
        let c = inequalities(doses: doses, gradient: &scratch)
        for i in c.indices { multipliers[i] = max(0, multipliers[i] + penalty * c[i]) }
    }

    /// c of each inequality; `gradient` receives ∂c/∂Dᵢ (of its own inequality where there is one per voxel).
    private func inequalities(doses: [Double], gradient: inout [Double]) -> [Double] {
        switch kind {
        case .maximumDose, .minimumDose:
            let sign = if case .maximumDose = kind { 1.0 } else { -1.0 }
            return doses.indices.map { i in
                gradient[i] = sign / dose
                return sign * (doses[i] - dose) / dose
            }
        case .maximumDVH, .minimumDVH:
            let f = DoseFunctional.penalty(kind, doses: doses, weights: weights, gradient: &gradient)
            let root = f.squareRoot()
            for i in gradient.indices { gradient[i] = root > 0 ? gradient[i] / (2 * root * dose) : 0 }
            return [root / dose]
        default:
            let excess = DoseFunctional.excess(
                kind, doses: doses, weights: weights, gradient: &gradient)
            for i in gradient.indices { gradient[i] /= dose }
            return [excess / dose]
        }
    }
}
