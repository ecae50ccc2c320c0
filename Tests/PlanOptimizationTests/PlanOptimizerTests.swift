import PlanModel
import PlanOptimization
import Radiobiology
import TestSupport
import Testing

@Suite struct PlanOptimizerTests {
    static let box = WaterBox()

    @Test func targetIsCoveredUniformlyAndTheOrganSpared() async throws {
        var steps: [OptimisationProgress] = []
        let result = try await PlanOptimizer.optimise(
            Self.box.problem(standardObjectives), threads: 1, progress: { steps.append($0) })
        let target = try await Self.box.totalDose(result.weights, in: "CTV")
        for dose in target {
            expectClose(dose, 60, relative: 0.05, because: "a cube of 24 mm with 5 mm spots can be covered")
        }
        expectClose(target.reduce(0, +) / Double(target.count), 60, relative: 0.01, because: "objective")
        #expect(result.weights.allSatisfy { $0 >= 0 && $0.isFinite })
        #expect(result.stop == .objectiveConverged || result.stop == .gradientConverged)
        #expect(result.findings.isEmpty)
        #expect(steps.count == result.iterations && result.history.count == result.iterations)
        #expect(steps.allSatisfy { (0...1).contains($0.fractionOfPass) })
        #expect(result.history.last ?? 0 < 0.05 * (result.history.first ?? 0))
    }

    @Test func sameWeightsForAnyNumberOfThreads() async throws {
        let problem = Self.box.problem(standardObjectives, minimumParticles: 2e4)
        let one = try await PlanOptimizer.optimise(problem, threads: 1)
        let two = try await PlanOptimizer.optimise(problem, threads: 2)
        #expect(one.weights == two.weights)
    }

    @Test func hardMaximumHoldsWhereAnObjectiveAloneDoesNot() async throws {
        let free = try await PlanOptimizer.optimise(Self.box.problem([standardObjectives[0]]), threads: 1)
        let before = try await Self.box.totalDose(free.weights, in: "Organ").max() ?? 0
        let limit = 0.6 * before
        let objectives = [
            standardObjectives[0],
            DoseObjective(structureName: "Organ", kind: .maximumDose(limit), isConstraint: true),
        ]
        let result = try await PlanOptimizer.optimise(Self.box.problem(objectives), threads: 1)
        let after = try await Self.box.totalDose(result.weights, in: "Organ").max() ?? 0
        #expect(after <= limit * 1.005, "tolerance of the settings")
        #expect(!result.findings.contains { $0.code == "OPT-0001" })
        let target = try await Self.box.totalDose(result.weights, in: "CTV")
        #expect(target.reduce(0, +) / Double(target.count) > 57)
    }

    @Test func constraintsThatContradictEachOtherAreReported() async throws {
        let objectives = [
            standardObjectives[0],
            DoseObjective(structureName: "CTV", kind: .maximumDose(40), isConstraint: true),
            DoseObjective(structureName: "CTV", kind: .minimumDose(50), isConstraint: true),
        ]
        let result = try await PlanOptimizer.optimise(Self.box.problem(objectives), threads: 1)
        let finding = try #require(result.findings.first { $0.code == "OPT-0001" })
        #expect(finding.severity == .failure && finding.message.contains("CTV"))
    }

    @Test func everySpotIsDeliverable() async throws {
        let free = try await PlanOptimizer.optimise(Self.box.problem(standardObjectives), threads: 1)
        // A limit in the middle of what the free optimum uses, so that it bites.
        let used = free.weights.filter { $0 > 0 }.sorted()
        let least = used[used.count / 3]
        let result = try await PlanOptimizer.optimise(
            Self.box.problem(standardObjectives, minimumParticles: least), threads: 1)
        #expect(result.weights.allSatisfy { $0 == 0 || $0 >= least })
        #expect(result.removedSpots > 0 && result.raisedSpots > 0)
        #expect(result.weights.count { $0 == least } == result.raisedSpots)
        let target = try await Self.box.totalDose(result.weights, in: "CTV")
        expectClose(
            target.reduce(0, +) / Double(target.count), 60, relative: 0.01,
            because: "the plan is optimised again")
    }

    @Test func eachFieldAloneIsUniform() async throws {
        let shares = [0.4, 0.6]
        var problem = Self.box.problem(standardObjectives)
        problem.combination = .singleFieldUniform(shares: shares)
        let result = try await PlanOptimizer.optimise(problem, threads: 1)
        for (range, share) in zip(Self.box.fieldSpots, shares) {
            var weights = [Double](repeating: 0, count: result.weights.count)
            for i in range { weights[i] = result.weights[i] / share }
            let dose = try await Self.box.totalDose(weights, in: "CTV")
            let mean = dose.reduce(0, +) / Double(dose.count)
            let deviation =
                (dose.reduce(0.0) { $0 + ($1 - mean) * ($1 - mean) } / Double(dose.count)).squareRoot()
            expectClose(mean, 60, relative: 0.02, because: "the field alone gives the prescription")
            #expect(deviation < 2, "uniform within what 5 mm spots and 4 mm layers allow")
        }
        let both = try await Self.box.totalDose(result.weights, in: "CTV")
        expectClose(
            both.reduce(0, +) / Double(both.count), 60, relative: 0.02,
            because: "mixing beams of equal effect changes it in second order only")
    }

    @Test func problemsWithoutMeaningAreRefused() async throws {
        func refusal(_ change: (inout OptimisationProblem) -> Void) async -> OptimisationError? {
            var problem = Self.box.problem(standardObjectives)
            change(&problem)
            do {
                _ = try await PlanOptimizer.optimise(problem, threads: 1)
                return nil
            } catch { return error as? OptimisationError }
        }
        #expect(
            await refusal { $0.objectives[1].structureName = "Chiasm" } == .emptyStructure(name: "Chiasm"))
        #expect(await refusal { $0.objectives.removeFirst() } == .noTargetObjective)
        #expect(
            await refusal { $0.objectives[0].isRobust = true } == .robustWithoutScenarios(structure: "CTV"))
        #expect(
            await refusal { $0.objectives[1].isConstraint = true }
                == .notAConstraint(structure: "Organ", kind: .squaredOverdose(dose: 20)))
        for kind in [
            ObjectiveKind.maximumDVH(dose: 10, volume: 30), .maximumEUD(dose: 10, a: 0.5),
            .minimumEUD(dose: 10, a: 3), .squaredOverdose(dose: -1), .squaredOverdose(dose: .nan),
            .minimumDose(0),
        ] {
            guard case .invalidObjective = await refusal({ $0.objectives[1].kind = kind }) else {
                Issue.record("\(kind) was accepted")
                continue
            }
        }
        guard case .inconsistentProblem = await refusal({ $0.fieldSpots.removeLast() }) else {
            Issue.record("spots without a field were accepted")
            return
        }
        guard
            case .inconsistentProblem = await refusal({
                $0.combination = .singleFieldUniform(shares: [0.5, 0.6])
            })
        else {
            Issue.record("shares above 1 were accepted")
            return
        }
        #expect(
            await refusal {
                var model = Self.box.model
                model.dose = model.dose.map { $0.map { _ in 0 } }
                $0.doseModel = model
            } == .targetNotReached(structure: "CTV"))
    }
}
