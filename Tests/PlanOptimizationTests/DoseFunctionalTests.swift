import PlanModel
import PlanOptimization
import TestSupport
import Testing

@Suite struct DoseFunctionalTests {
    let doses = [58.0, 61, 60.5, 12, 59.2, 63, 40]
    let weights = [0.1, 0.2, 0.15, 0.05, 0.2, 0.2, 0.1]

    private func penalty(_ kind: ObjectiveKind, _ doses: [Double]) -> Double {
        var gradient = [Double](repeating: 0, count: doses.count)
        return DoseFunctional.penalty(kind, doses: doses, weights: weights, gradient: &gradient)
    }

    static let kinds: [ObjectiveKind] = [
        .squaredDeviation(dose: 60), .squaredUnderdose(dose: 60), .squaredOverdose(dose: 60),
        .meanDose(atMost: 50), .maximumDose(61), .minimumDose(50), .maximumDVH(dose: 45, volume: 0.25),
        .minimumDVH(dose: 61.5, volume: 0.9), .maximumEUD(dose: 55, a: 8), .minimumEUD(dose: 60, a: -10),
    ]

    @Test(arguments: kinds) func gradientIsTheDerivative(_ kind: ObjectiveKind) {
        var gradient = [Double](repeating: 0, count: doses.count)
        let value = DoseFunctional.penalty(kind, doses: doses, weights: weights, gradient: &gradient)
        #expect(value > 0, "a term that is zero here would test nothing")
        for i in doses.indices {
            let step = 1e-5
            var (up, down) = (doses, doses)
            up[i] += step
            down[i] -= step
            let difference = (penalty(kind, up) - penalty(kind, down)) / (2 * step)
            expectClose(
                gradient[i], difference, relative: 1e-6, absolute: 1e-7 * max(1, value),
                because: "central difference of \(kind) at voxel \(i)")
        }
    }

    @Test func squaredTermsByHand() {
        // Deviations from 60: −2, 1, 0.5, −48, −0.8, 3, −20.
        expectClose(
            penalty(.squaredOverdose(dose: 60), doses), 0.2 * 1 + 0.15 * 0.25 + 0.2 * 9, relative: 1e-12,
            because: "by hand")
        expectClose(
            penalty(.squaredUnderdose(dose: 60), doses),
            0.1 * 4 + 0.05 * 2304 + 0.2 * 0.64 + 0.1 * 400, relative: 1e-12, because: "by hand")
        expectClose(
            penalty(.squaredDeviation(dose: 60), doses),
            penalty(.squaredOverdose(dose: 60), doses) + penalty(.squaredUnderdose(dose: 60), doses),
            relative: 1e-12, because: "over and under")
    }

    @Test func doseVolumeTermLeavesOutTheAllowedVolume() {
        // Above 45: 63 (0.2), 61 (0.2), 60.5, 59.2, 58. The hottest 0.25 are free: 63 and a quarter of 61.
        let expected = 0.15 * 256 + 0.15 * 15.5 * 15.5 + 0.2 * 14.2 * 14.2 + 0.1 * 169
        expectClose(
            penalty(.maximumDVH(dose: 45, volume: 0.25), doses), expected, relative: 1e-12,
            because: "by hand")
        #expect(penalty(.maximumDVH(dose: 45, volume: 0.86), doses) == 0)
        // The coldest tenth may miss 60: 12 (0.05) and half of 40.
        expectClose(
            penalty(.minimumDVH(dose: 60, volume: 0.9), doses), 0.05 * 400 + 0.1 * 4 + 0.2 * 0.64,
            relative: 1e-12, because: "by hand")
    }

    @Test func smoothExtremesBoundTheTrueOnes() {
        var gradient = [Double](repeating: 0, count: doses.count)
        let over = DoseFunctional.excess(
            .maximumDose(61), doses: doses, weights: weights, gradient: &gradient)
        // Never below the greatest dose, above it by at most δ ln N.
        #expect(over >= 2 && over < 2 + 0.002 * 61 * 2)
        let under = DoseFunctional.excess(
            .minimumDose(50), doses: doses, weights: weights, gradient: &gradient)
        expectClose(under, 38, absolute: 0.002 * 50 * 3, because: "minimum 12; width of the smoothing")
        #expect(gradient.allSatisfy { $0 <= 0 })
        // The hottest voxel decides, however little of it is inside.
        let small = [0.3, 0.3, 0.2, 0.1, 0.05, 1e-6, 0.05]
        let same = DoseFunctional.excess(
            .maximumDose(61), doses: doses, weights: small, gradient: &gradient)
        #expect(same == over)
    }

    @Test func equivalentUniformDoseOfUniformDoseIsTheDose() {
        let uniform = [Double](repeating: 30, count: 7)
        for a in [1.0, 2, 8, 20] {
            var gradient = uniform
            let excess = DoseFunctional.excess(
                .maximumEUD(dose: 20, a: a), doses: uniform, weights: weights, gradient: &gradient)
            expectClose(excess, 10, relative: 1e-12, because: "definition")
            expectClose(gradient.reduce(0, +), 1, relative: 1e-12, because: "degree one in the doses")
        }
        var gradient = doses
        let mean = DoseFunctional.excess(
            .maximumEUD(dose: 0.5, a: 1), doses: doses, weights: weights, gradient: &gradient)
        expectClose(
            mean, zip(doses, weights).reduce(-0.5) { $0 + $1.0 * $1.1 }, relative: 1e-12,
            because: "a = 1 is the mean")
    }
}
