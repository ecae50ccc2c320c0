import DeliveryControl
import DeliverySimulation
import Frames
import PatientModel
import PlanEvaluation
import PlanModel
import TestSupport
import Testing
import TreatmentPlanning
import Volumes

/// Dose of delivered spots on a box of water with the real beam data, at rest and moving.
@Suite struct DeliveredDoseTests {
    /// Every spot in two stays, one in each half of a minute.
    static func delivered(_ plan: Plan, factor: Double = 1) -> [DeliveredSpots] {
        plan.fields.map { field in
            var spots: [DeliveredSpot] = []
            for painting in 0..<2 {
                for (layer, content) in field.layers.enumerated() {
                    for (index, spot) in content.spots.enumerated() {
                        let time = 30 * Double(painting) + Double(layer) + 0.01 * Double(index)
                        spots.append(
                            DeliveredSpot(
                                layer: layer, spot: index, painting: painting, positionMM: spot.positionMM,
                                ions: 0.5 * factor * spot.particles, beginS: time, endS: time + 0.005))
                    }
                }
            }
            return DeliveredSpots(fieldNumber: field.number, spots: spots)
        }
    }

    static func dose(
        _ planner: Planner, _ plan: Plan, motion: PatientMotion? = nil
    ) async throws -> DoseDistribution {
        let doses = try await planner.dose(of: delivered(plan), plan: plan, motion: motion) { _ in }
        return try #require(doses[1])
    }

    static func worst(_ a: Volume<Float>, _ b: Volume<Float>) -> Double {
        let scale = Double(b.values.max() ?? 1)
        return zip(a.values, b.values).map { abs(Double($0 - $1)) }.max().map { $0 / scale } ?? 1
    }

    @Test func atRestItIsTheDoseOfThePlan() async throws {
        let samples = try CheckSamples()
        try samples.writePlan()
        let plan = PlannerRobustnessTests.plan()
        let planner = try PlannerRobustnessTests.planner(samples)
        let planned = try #require(try await planner.dose(of: plan) { _ in }[1])
        let given = try await Self.dose(planner, plan)
        #expect(Self.worst(given.dose, planned.dose) < 1e-6)
        // Phases of a breathing that moves nothing add up to the same; the engine computes the parts of a layer apart (1.3e-5 of the greatest
        // dose was found).
        let still = PatientMotion(
            anatomy: AnatomyMotion(everywhere: Vector3(0, 0, 0)), trace: BreathingTrace(periodS: 3.5),
            phases: 4)
        let phased = try await Self.dose(planner, plan, motion: still)
        #expect(Self.worst(phased.dose, planned.dose) < 3e-5)
        #expect(Self.worst(phased.doseZStar, planned.doseZStar) < 3e-5)
    }

    /// A table that stands 6 mm away all the time: the dose of the patient who was set up there, whole voxels of CT and dose grid.
    @Test func constantMotionIsAShiftedPatient() async throws {
        let samples = try CheckSamples()
        try samples.writePlan()
        let plan = PlannerRobustnessTests.plan()
        let planner = try PlannerRobustnessTests.planner(samples)
        let trace = try #require(
            BreathingTrace(recorded: [.init(timeS: 0, amplitude: 1), .init(timeS: 100, amplitude: 1)]))
        for shift in [SIMD3(0.0, 6, 0), SIMD3(0, 0, 6)] {
            let motion = PatientMotion(
                anatomy: AnatomyMotion(everywhere: Vector3(shift)), trace: trace, phases: 5)
            let moving = try await Self.dose(planner, plan, motion: motion)
            let moved = try PlannerRobustnessTests.planner(samples, shift: shift)
            let direct = try #require(try await moved.dose(of: plan) { _ in }[1])
            let planned = try #require(try await planner.dose(of: plan) { _ in }[1])
            let scale = Double(direct.dose.values.max() ?? 1)
            let grid = planner.masks.grid
            var (worst, change) = (0.0, 0.0)
            for index in 0..<grid.voxelCount {
                let v = grid.voxel(at: index)
                // What comes from beyond the grid is not known: three voxels.
                guard v.y < 14, v.z < 11 else { continue }
                worst = max(worst, abs(Double(moving.dose.values[index] - direct.dose.values[index])) / scale)
                change = max(
                    change, abs(Double(planned.dose.values[index] - direct.dose.values[index])) / scale)
            }
            #expect(worst < 1e-3, "\(shift): \(worst)")
            #expect(change > 0.2, "\(shift): \(change)")
        }
    }

    @Test func breathingBlursWithinTheMotion() async throws {
        let samples = try CheckSamples()
        try samples.writePlan()
        let plan = PlannerRobustnessTests.plan()
        let planner = try PlannerRobustnessTests.planner(samples)
        let planned = try #require(try await planner.dose(of: plan) { _ in }[1])
        let motion = PatientMotion(
            anatomy: AnatomyMotion(everywhere: Vector3(0, 0, 8)), trace: BreathingTrace(periodS: 3.5),
            phases: 8)
        let given = try await Self.dose(planner, plan, motion: motion)
        #expect(Self.worst(given.dose, planned.dose) > 0.05)
    }

    @Test func doseThatIsMissingIsSeen() async throws {
        let samples = try CheckSamples()
        try samples.writePlan()
        let plan = PlannerRobustnessTests.plan()
        let planner = try PlannerRobustnessTests.planner(samples)
        let whole = try await planner.dose(of: Self.delivered(plan), plan: plan) { _ in }
        let part = try await planner.dose(of: Self.delivered(plan, factor: 0.97), plan: plan) { _ in }
        let planned = try await planner.dose(of: plan) { _ in }
        let good = try await planner.compare(delivered: whole, planned: planned, plan: plan)
        #expect(good.physical.gamma.passRate == 1 && good.rbeWeighted.gamma.passRate == 1)
        #expect(good.lostGoals.isEmpty)
        let bad = try await planner.compare(delivered: part, planned: planned, plan: plan)
        #expect(bad.physical.gamma.passRate < 0.99)
        let target = try #require(bad.physical.structure(named: "CTV"))
        let (before, after) = target.values(.mean)
        expectClose(after / before, 0.97, absolute: 2e-3, because: "3 % less, in bins of a thousandth")
    }

    @Test func foreignSpotsAreRefused() async throws {
        let samples = try CheckSamples()
        try samples.writePlan()
        let plan = PlannerRobustnessTests.plan()
        let planner = try PlannerRobustnessTests.planner(samples)
        await #expect(throws: DeliveredSpotsError.unknownField(8, known: [1])) {
            _ = try await planner.dose(of: [DeliveredSpots(fieldNumber: 8, spots: [])], plan: plan) { _ in }
        }
        // A field that delivered nothing has no dose.
        let none = try await planner.dose(of: [], plan: plan) { _ in }
        #expect(none[1]?.dose.values.allSatisfy { $0 == 0 } == true)
    }
}
