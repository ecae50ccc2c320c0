import PlanModel

/// The objective as a function of the spot weights: doses of the fields, the terms on them, and back.
///
/// With all fields together there is one dose. For single-field uniform dose every field has its own, and
///
///     f = Σ_k s_k f_target(D_k/s_k, Dz*_k/s_k) + f_organs(Σ_k D_k, Σ_k Dz*_k)                       (9)
///
/// with s_k the share of field k: a target sees each field alone as if it gave the whole fraction, so that the
/// biological model works at the dose that it is meant for; organs see what they receive.
package struct FieldDoses {
    /// Value without and with constraints, and the gradient of the latter by the weights.
    package struct Evaluation {
        package var objective: Double
        package var augmented: Double
        package var gradient: [Double]
    }
    package typealias Dose = (dose: [Float], doseZStar: [Float])

    /// One model with all spots, or one for each field.
    private let models: [any LinearDoseModel]
    private let columns: [Range<Int>]
    private let shares: [Double]
    private let threads: Int
    /// Terms on each field alone; none if the fields act together.
    private var alone: [ObjectiveFunction]
    /// Terms on the sum.
    private var total: ObjectiveFunction

    package init(problem: OptimisationProblem, threads: Int) {
        self.threads = threads
        func function(_ objectives: [DoseObjective]) -> ObjectiveFunction {
            ObjectiveFunction(
                objectives: objectives, voxels: problem.voxels,
                biologicalModel: problem.biologicalModel, fractions: problem.fractions)
        }
        switch problem.combination {
        case .together:
            models = [problem.doseModel]
            columns = [0..<problem.doseModel.spotCount]
            shares = [1]
            alone = []
            total = function(problem.objectives)
        case .singleFieldUniform(let shares):
            let targets = Set(problem.objectives.filter(\.kind.givesDose).map(\.structureName))
            columns = problem.fieldSpots
            models = columns.map { problem.doseModel.selecting(spots: Array($0)) }
            self.shares = shares
            alone = shares.map { _ in
                function(problem.objectives.filter { targets.contains($0.structureName) })
            }
            total = function(problem.objectives.filter { !targets.contains($0.structureName) })
        }
    }

    var hasConstraints: Bool { total.hasConstraints || alone.contains { $0.hasConstraints } }

    /// Dose of each model's spots.
    package func doses(weights: [Double]) async throws -> [Dose] {
        var result: [Dose] = []
        for (model, range) in zip(models, columns) {
            result.append(try await model.forward(weights: Array(weights[range]), threads: threads))
        }
        return result
    }

    /// Value and gradient at the given weights.
    package func evaluate(weights: [Double]) async throws -> Evaluation {
        let doses = try await doses(weights: weights)
        let sum = Self.sum(doses)
        let whole = total.evaluate(dose: sum.dose, doseZStar: sum.doseZStar)
        var (objective, augmented) = (whole.objective, whole.augmented)
        var gradient: [Double] = []
        for index in models.indices {
            var (byDose, byDoseZStar) = (whole.doseGradient, whole.doseZStarGradient)
            if !alone.isEmpty {
                let share = shares[index]
                let scaled = Self.scaled(doses[index], by: 1 / share)
                let own = alone[index].evaluate(dose: scaled.dose, doseZStar: scaled.doseZStar)
                objective += share * own.objective
                augmented += share * own.augmented
                // The factors s_k of the term and 1/s_k of its argument cancel.
                for i in byDose.indices {
                    byDose[i] += own.doseGradient[i]
                    byDoseZStar[i] += own.doseZStarGradient[i]
                }
            }
            gradient += try await models[index].transposed(
                doseGradient: byDose, doseZStarGradient: byDoseZStar, threads: threads)
        }
        return Evaluation(objective: objective, augmented: augmented, gradient: gradient)
    }

    /// AᵀCA·1: row sums of the Hessian of the squared terms for the physical dose, the scale of each spot.
    package func curvatureRowSums() async throws -> [Double] {
        var result: [Double] = []
        for (index, model) in models.enumerated() {
            let ones = [Double](repeating: 1, count: model.spotCount)
            let dose = try await model.forward(weights: ones, threads: threads).dose
            var weighted = [Double](repeating: 0, count: dose.count)
            for term in (alone.isEmpty ? total : alone[index]).terms + (alone.isEmpty ? [] : total.terms) {
                for (row, weight) in zip(term.sample.rows, term.sample.weights) {
                    weighted[Int(row)] +=
                        (term.constraint == nil ? term.objective.priority : 0) * weight
                        * Double(dose[Int(row)])
                }
            }
            result += try await model.transposed(
                doseGradient: weighted.map { Float($0) },
                doseZStarGradient: [Float](repeating: 0, count: dose.count), threads: threads)
        }
        return result
    }

    /// Factor on the dose with which the mean of the objectives that ask for dose is what they ask; nil if no
    /// dose arrives there.
    package func startScale(doses: [Dose]) -> [Double?] {
        models.indices.map { index in
            let function = alone.isEmpty ? total : alone[index]
            let dose = Self.scaled(doses[index], by: 1 / shares[index])
            let targets = function.terms.filter { $0.objective.kind.givesDose }
            guard let target = targets.max(by: { $0.objective.priority < $1.objective.priority }) else {
                return nil
            }
            func mean(_ scale: Double) -> Double {
                let scaled = Self.scaled(dose, by: scale)
                return DoseFunctional.mean(
                    function.doses(of: target, dose: scaled.dose, doseZStar: scaled.doseZStar),
                    target.sample.weights)
            }
            return Self.solveRising(mean, equals: target.objective.referenceDose)
        }
    }

    /// Penalties and violations of all terms; for single fields the worst of the fields.
    func termResults(doses: [Dose]) -> [OptimisationResult.TermResult] {
        let sum = Self.sum(doses)
        var results = zip(total.terms, total.termValues(dose: sum.dose, doseZStar: sum.doseZStar))
            .map { OptimisationResult.TermResult(objective: $0.0.objective, value: $0.1) }
        if let first = alone.first {
            let perField = alone.indices.map { index in
                let scaled = Self.scaled(doses[index], by: 1 / shares[index])
                return alone[index].termValues(dose: scaled.dose, doseZStar: scaled.doseZStar)
            }
            for (position, term) in first.terms.enumerated() {
                let worst = perField.map { $0[position] }.max() ?? 0
                results.append(.init(objective: term.objective, value: worst))
            }
        }
        return results
    }

    /// Sets the penalty parameter of all constraints.
    package mutating func setPenalty(_ value: Double) {
        total.setPenalty(value)
        for index in alone.indices { alone[index].setPenalty(value) }
    }

    /// λ ← [λ + μ c]₊ for all constraints.
    package mutating func updateMultipliers(doses: [Dose]) {
        let sum = Self.sum(doses)
        total.updateMultipliers(dose: sum.dose, doseZStar: sum.doseZStar)
        for index in alone.indices {
            let scaled = Self.scaled(doses[index], by: 1 / shares[index])
            alone[index].updateMultipliers(dose: scaled.dose, doseZStar: scaled.doseZStar)
        }
    }

    private static func sum(_ doses: [Dose]) -> Dose {
        var result = doses[0]
        for dose in doses.dropFirst() {
            for i in result.dose.indices {
                result.dose[i] += dose.dose[i]
                result.doseZStar[i] += dose.doseZStar[i]
            }
        }
        return result
    }

    private static func scaled(_ dose: Dose, by factor: Double) -> Dose {
        factor == 1
            ? dose : (dose.dose.map { Float(factor) * $0 }, dose.doseZStar.map { Float(factor) * $0 })
    }

    /// The x > 0 with f(x) = value for a rising f with f(0) = 0, to 1 in 10³; nil if f stays below.
    private static func solveRising(_ f: (Double) -> Double, equals value: Double) -> Double? {
        var high = 1.0
        while f(high) < value {
            high *= 4
            if high > 1e30 { return nil }
        }
        var low = high
        while f(low) > value {
            low /= 4
            if low < 1e-30 { return nil }
        }
        while high - low > 1e-3 * high {
            let middle = (low * high).squareRoot()
            if f(middle) < value { low = middle } else { high = middle }
        }
        return high
    }
}
