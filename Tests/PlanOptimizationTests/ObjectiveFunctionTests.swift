import PlanModel
import PlanOptimization
import Radiobiology
import TestSupport
import Testing

/// Gradients by the spot weights, through the dose, the biological model and the objective.
@Suite struct ObjectiveFunctionTests {
    static let box = WaterBox()

    static let objectives: [DoseObjective] = [
        DoseObjective(structureName: "CTV", kind: .squaredDeviation(dose: 60), priority: 3),
        DoseObjective(structureName: "CTV", kind: .squaredUnderdose(dose: 75)),
        DoseObjective(structureName: "External", kind: .squaredOverdose(dose: 5)),
        DoseObjective(structureName: "External", kind: .squaredOverdose(dose: 2), quantity: .physical),
        DoseObjective(structureName: "Organ", kind: .meanDose(atMost: 3)),
        DoseObjective(structureName: "Organ", kind: .maximumDose(10)),
        DoseObjective(structureName: "CTV", kind: .minimumDose(80)),
        DoseObjective(structureName: "Organ", kind: .maximumDVH(dose: 5, volume: 0.3)),
        DoseObjective(structureName: "CTV", kind: .minimumDVH(dose: 75, volume: 0.97)),
        DoseObjective(structureName: "Organ", kind: .maximumEUD(dose: 4, a: 6)),
        DoseObjective(structureName: "CTV", kind: .minimumEUD(dose: 80, a: -8)),
        DoseObjective(structureName: "Organ", kind: .maximumDose(10), isConstraint: true),
        DoseObjective(structureName: "CTV", kind: .minimumDose(80), isConstraint: true),
        DoseObjective(structureName: "Organ", kind: .meanDose(atMost: 3), isConstraint: true),
        DoseObjective(structureName: "Organ", kind: .maximumDVH(dose: 5, volume: 0.3), isConstraint: true),
        DoseObjective(structureName: "CTV", kind: .minimumEUD(dose: 80, a: -8), isConstraint: true),
    ]

    @Test(arguments: [false, true])
    func gradientThroughTheNeighboursOfCutVoxels(isConstraint: Bool) async throws {
        let box = WaterBox(cutOrgan: true)
        let objective = DoseObjective(
            structureName: "Organ", kind: .maximumDose(10), isConstraint: isConstraint)
        let weights = (0..<box.model.spotCount).map { 6e4 * (1 + 0.3 * Double($0 % 5)) }
        var fields = FieldDoses(problem: box.problem([objective]), threads: 1)
        fields.setPenalty(40)
        try await expectGradient(fields, weights: weights, "\(objective) in cut voxels")
    }

    private func expectGradient(
        _ fields: FieldDoses, weights: [Double], _ text: String
    ) async throws {
        let evaluation = try await fields.evaluate(weights: weights)
        #expect(evaluation.augmented > 0, "a term that is zero here would test nothing: \(text)")
        // Along one direction that mixes all spots: the dose is single precision, so that the difference of one
        // spot alone would drown in rounding.
        let direction = weights.indices.map { Double(($0 * 7919) % 13) - 4 }
        let step = 2e-3 * weights[0]
        let up = try await fields.evaluate(
            weights: weights.indices.map { weights[$0] + step * direction[$0] })
        let down = try await fields.evaluate(
            weights: weights.indices.map { weights[$0] - step * direction[$0] })
        let slope = zip(evaluation.gradient, direction).reduce(0.0) { $0 + $1.0 * $1.1 }
        expectClose(
            slope, (up.augmented - down.augmented) / (2 * step), relative: 2e-3,
            because: "central difference; single precision dose and curvature of \(text)")
    }

    @Test(arguments: objectives)
    func gradientOfEachKind(_ objective: DoseObjective) async throws {
        let weights = (0..<Self.box.model.spotCount).map { 6e4 * (1 + 0.3 * Double($0 % 5)) }
        var objectives = [objective]
        if objective.quantity == .physical { objectives[0].priority = 2 }
        var fields = FieldDoses(problem: Self.box.problem(objectives), threads: 1)
        fields.setPenalty(40)
        try await expectGradient(fields, weights: weights, "\(objective)")
        if objective.isConstraint {
            fields.updateMultipliers(doses: try await fields.doses(weights: weights))
            try await expectGradient(fields, weights: weights, "\(objective) with multipliers")
        }
    }

    @Test func gradientForSingleFields() async throws {
        var problem = Self.box.problem(standardObjectives)
        problem.combination = .singleFieldUniform(shares: [0.3, 0.7])
        let weights = (0..<Self.box.model.spotCount).map { 6e4 * (1 + 0.3 * Double($0 % 5)) }
        try await expectGradient(
            FieldDoses(problem: problem, threads: 1), weights: weights, "single-field uniform dose")
    }
}
