import PlanModel
import Radiobiology

/// Objectives and constraints as one function of the dose of a fraction, with its gradient.
///
/// In every voxel the dose of all fractions is T = n · D_RBE(D, D·z*) for RBE-weighted and T = n · D for physical
/// objectives; the gradient by D and D·z* follows by the chain rule,
///
///     ∂f/∂D = n Σ ∂f/∂T · ∂D_RBE/∂D,     ∂f/∂(Dz*) = n Σ ∂f/∂T · ∂D_RBE/∂(Dz*)                     (8)
///
/// ## Checked by
/// `ObjectiveFunctionTests`: gradient against differences for every kind, through the biological model.
struct ObjectiveFunction {
    /// One objective or constraint with the voxels it is about.
    struct Term {
        let objective: DoseObjective
        let sample: OptimisationVoxels.Sample
        /// Only for a constraint.
        var constraint: DoseConstraint?

        /// Doses of the sample from those of the rows; through the neighbours where one cut voxel can decide.
        func doses(of row: (Int) -> Double) -> [Double] {
            var doses = sample.rows.map { row(Int($0)) }
            guard objective.kind.isExtreme else { return doses }
            for cut in sample.cuts {
                doses[cut.entry] = (0..<8).reduce(0) {
                    $0 + Double(cut.weights[$1]) * row(Int(cut.rows[$1]))
                }
            }
            return doses
        }

        /// Adds the gradient by the sample's doses to that by the doses of the rows: the transpose of `doses`.
        func spread(_ gradient: [Double], factor: Double, to rows: inout [Double]) {
            var gradient = gradient
            if objective.kind.isExtreme {
                for cut in sample.cuts {
                    let own = gradient[cut.entry]
                    gradient[cut.entry] = 0
                    for corner in 0..<8 {
                        rows[Int(cut.rows[corner])] += factor * own * Double(cut.weights[corner])
                    }
                }
            }
            for (i, row) in sample.rows.enumerated() { rows[Int(row)] += factor * gradient[i] }
        }
    }
    /// Value and gradient by D and D·z* of every voxel.
    struct Evaluation {
        /// Σ priority · penalty, without constraints.
        var objective = 0.0
        /// With the terms of the constraints.
        var augmented = 0.0
        var doseGradient: [Float]
        var doseZStarGradient: [Float]
    }

    let biologicalModel: BiologicalModel
    let fractions: Double
    var terms: [Term]

    /// Terms of the given objectives. - Precondition: validated objectives.
    init(
        objectives: [DoseObjective], voxels: OptimisationVoxels, biologicalModel: BiologicalModel,
        fractions: Int
    ) {
        self.biologicalModel = biologicalModel
        self.fractions = Double(fractions)
        terms = objectives.compactMap { objective in
            voxels.structures[objective.structureName].map { sample in
                Term(
                    objective: objective, sample: sample,
                    constraint: objective.isConstraint
                        ? DoseConstraint(objective: objective, sample: sample, penalty: 1) : nil)
            }
        }
    }

    var hasConstraints: Bool { terms.contains { $0.constraint != nil } }

    /// Value and gradient at the dose of one fraction.
    func evaluate(dose: [Float], doseZStar: [Float]) -> Evaluation {
        let count = dose.count
        var weighted = [Double](repeating: 0, count: count)
        var byDose = weighted
        var byDoseZStar = weighted
        let usesRBE = terms.contains { $0.objective.quantity == .rbeWeighted }
        if usesRBE {
            for i in 0..<count {
                let rbe = biologicalModel.rbeWeightedDose(
                    dose: Double(dose[i]), doseZStar: Double(doseZStar[i]))
                weighted[i] = fractions * rbe.value
                byDose[i] = fractions * rbe.byDose
                byDoseZStar[i] = fractions * rbe.byDoseZStar
            }
        }
        var weightedGradient = [Double](repeating: 0, count: count)
        var physicalGradient = weightedGradient
        var result = Evaluation(doseGradient: [], doseZStarGradient: [])
        for term in terms {
            let rows = term.sample.rows
            var gradient = [Double](repeating: 0, count: rows.count)
            let isRBE = term.objective.quantity == .rbeWeighted
            let doses = term.doses { isRBE ? weighted[$0] : fractions * Double(dose[$0]) }
            var factor = 1.0
            if let constraint = term.constraint {
                result.augmented += constraint.augmentedTerm(doses: doses, gradient: &gradient)
            } else {
                factor = term.objective.priority
                let penalty = DoseFunctional.penalty(
                    term.objective.kind, doses: doses, weights: term.sample.weights, gradient: &gradient)
                result.objective += factor * penalty
            }
            if isRBE {
                term.spread(gradient, factor: factor, to: &weightedGradient)
            } else {
                term.spread(gradient, factor: factor * fractions, to: &physicalGradient)
            }
        }
        result.augmented += result.objective
        result.doseGradient = (0..<count).map {
            Float(weightedGradient[$0] * byDose[$0] + physicalGradient[$0])
        }
        result.doseZStarGradient = (0..<count).map { Float(weightedGradient[$0] * byDoseZStar[$0]) }
        return result
    }

    /// Doses of all fractions in the voxels of a term.
    func doses(of term: Term, dose: [Float], doseZStar: [Float]) -> [Double] {
        term.doses { row in
            let d = Double(dose[row])
            switch term.objective.quantity {
            case .physical: return fractions * d
            case .rbeWeighted:
                let z = Double(doseZStar[row])
                return fractions * biologicalModel.rbeWeightedDose(dose: d, doseZStar: z).value
            }
        }
    }

    /// Penalty or constraint violation of each term, in order.
    func termValues(dose: [Float], doseZStar: [Float]) -> [Double] {
        terms.map { term in
            let doses = doses(of: term, dose: dose, doseZStar: doseZStar)
            if let constraint = term.constraint { return constraint.violation(doses: doses) }
            var scratch = [Double](repeating: 0, count: doses.count)
            return DoseFunctional.penalty(
                term.objective.kind, doses: doses, weights: term.sample.weights, gradient: &scratch)
        }
    }

    /// λ ← [λ + μ c]₊ of every constraint; returns the greatest violation.
    mutating func updateMultipliers(dose: [Float], doseZStar: [Float]) {
        for index in terms.indices where terms[index].constraint != nil {
            let doses = doses(of: terms[index], dose: dose, doseZStar: doseZStar)
            terms[index].constraint?.updateMultipliers(doses: doses)
        }
    }

    /// Greatest violation of all constraints, as a share of their dose; at most 0 if all hold.
    func greatestViolation(dose: [Float], doseZStar: [Float]) -> Double {
        zip(terms, termValues(dose: dose, doseZStar: doseZStar))
            .filter { $0.0.constraint != nil }.map(\.1).max() ?? -1
    }

    /// Sets the penalty parameter of every constraint.
    mutating func setPenalty(_ value: Double) {
        for index in terms.indices { terms[index].constraint?.penalty = value }
    }
}
