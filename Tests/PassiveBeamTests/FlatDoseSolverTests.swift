import PassiveBeam
import Radiobiology
import TestSupport
import Testing

@Suite struct FlatDoseSolverTests {
    private typealias Curve = FlatDoseSolver.Curve

    /// Two triangles that add up to a flat dose, and a third that would only be in the way.
    @Test func findsTheMixtureAndLeavesOutWhatDoesNotHelp() {
        let up = Curve(dose: [0, 1, 2, 3, 4], doseZStar: [0, 0, 0, 0, 0])
        let down = Curve(dose: [4, 3, 2, 1, 0], doseZStar: [0, 0, 0, 0, 0])
        let spike = Curve(dose: [0, 0, 5, 0, 0], doseZStar: [0, 0, 0, 0, 0])
        let result = FlatDoseSolver(biology: .physical, level: 2, smoothness: 0).solve([up, down, spike])
        expectClose(result.weights[0], 0.5, relative: 1e-6, because: "exact mixture")
        expectClose(result.weights[1], 0.5, relative: 1e-6, because: "exact mixture")
        expectClose(result.weights[2], 0, absolute: 1e-6, because: "not needed")
        #expect(result.flatness < 1e-6)
    }

    /// The plain least-squares solution would take the second curve negative.
    @Test func noWeightIsNegative() {
        let rising = Curve(dose: [1, 2, 3], doseZStar: [0, 0, 0])
        let steeper = Curve(dose: [1, 3, 5], doseZStar: [0, 0, 0])
        let result = FlatDoseSolver(biology: .physical, level: 1, smoothness: 0).solve([rising, steeper])
        #expect(result.weights[1] == 0)
        expectClose(result.weights[0], 6.0 / 14, relative: 1e-6, because: "Σx/Σx² of the one curve")
    }

    @Test func theRBEWeightedDoseIsFlatAndTheAbsorbedDoseIsNot() {
        let model = BiologicalModel.clinicalMKM(.nirs2015)
        let near = Curve(dose: [1, 0.6, 0.2], doseZStar: [20, 12, 4])
        let far = Curve(dose: [0.3, 0.6, 1], doseZStar: [9, 30, 80])
        let middle = Curve(dose: [0.2, 1, 0.1], doseZStar: [5, 40, 3])
        let curves = [near, far, middle]
        let result = FlatDoseSolver(biology: model, level: 4, smoothness: 0).solve(curves)
        #expect(result.flatness < 1e-6)
        let doses = (0..<3).map { z in zip(curves, result.weights).reduce(0) { $0 + $1.0.dose[z] * $1.1 } }
        #expect((doses.max() ?? 0) / (doses.min() ?? 1) > 1.2)
    }

    @Test func aShapeIsFollowed() {
        let flat = Curve(dose: [1, 1, 1], doseZStar: [0, 0, 0])
        let slope = Curve(dose: [0, 1, 2], doseZStar: [0, 0, 0])
        let result = FlatDoseSolver(biology: .physical, level: 2, smoothness: 0)
            .solve([flat, slope], shape: [0.5, 0.75, 1])
        expectClose(result.weights[0], 1, relative: 1e-6, because: "1 + 0.5 z")
        expectClose(result.weights[1], 0.5, relative: 1e-6, because: "1 + 0.5 z")
    }
}
