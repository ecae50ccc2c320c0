import Radiobiology
import TestSupport
import Testing

@Suite struct ClinicalMKMTests {
    let model = ClinicalMKM.nirs2015

    /// D·z* of a dose whose mixed α is given: z* = (α − α₀)/β.
    private func doseZStar(alpha: Double, dose: Double) -> Double {
        dose * (alpha - model.alpha0) / model.beta
    }

    /// The closed form evaluated by hand for α and D.
    @Test(arguments: [(0.764, 2.0, 4.820), (1.0, 1.0, 3.0398), (1.5, 1.0, 4.3063), (0.4, 2.0, 2.9991)])
    func clinicalDose(alpha: Double, doseGy: Double, expected: Double) {
        expectClose(
            model.clinicalDose(dose: doseGy, doseZStar: doseZStar(alpha: alpha, dose: doseGy)).value,
            expected, absolute: 6e-5, because: "check values are given to four decimals")
    }

    /// The reference beam itself has a clinical dose of F times its absorbed dose, at any dose.
    @Test(arguments: [0.1, 1, 3.6, 7])
    func referenceBeamIsScaledByTheClinicalFactor(doseGy: Double) {
        let clinical = model.clinicalDose(
            dose: doseGy, doseZStar: doseZStar(alpha: model.referenceAlpha, dose: doseGy))
        expectClose(clinical.value, 2.41 * doseGy, relative: 1e-12, because: "definition of the factor")
    }

    @Test(arguments: [(0.3, 4.0), (2.0, 9.6), (5.0, 18.0)])
    func derivativesAgreeWithDifferences(doseGy: Double, zStarGy: Double) {
        let (d, dz) = (doseGy, doseGy * zStarGy)
        let at = model.clinicalDose(dose: d, doseZStar: dz)
        let h = 1e-5
        let byDose =
            (model.clinicalDose(dose: d + h, doseZStar: dz).value
                - model.clinicalDose(dose: d - h, doseZStar: dz).value) / (2 * h)
        let byDoseZStar =
            (model.clinicalDose(dose: d, doseZStar: dz + h).value
                - model.clinicalDose(dose: d, doseZStar: dz - h).value) / (2 * h)
        expectClose(at.byDose, byDose, relative: 1e-8, because: "central difference")
        expectClose(at.byDoseZStar, byDoseZStar, relative: 1e-8, because: "central difference")
    }

    @Test func noDoseHasNoEffect() {
        #expect(model.clinicalDose(dose: 0, doseZStar: 0).value == 0)
    }
}

@Suite struct LinearQuadraticTests {
    @Test func xRayDoseForTenPercentSurvival() {
        expectClose(
            LinearQuadratic.hsgXRays.doseGy(effect: 2.302585092994046), 4.0822, absolute: 1e-4,
            because: "check value of the closed form")
    }

    @Test func doseIsTheInverseOfEffect() {
        for response in [LinearQuadratic(alpha: 0.5, beta: 0.05), LinearQuadratic(alpha: 0.5, beta: 0)] {
            expectClose(
                response.doseGy(effect: response.effect(doseGy: 3)), 3, relative: 1e-14, because: "inverse")
        }
    }

    /// A mixture of one radiation is that radiation; of two, the sums of Zaider and Rossi.
    @Test func mixedFieldFollowsZaiderAndRossi() {
        let (a, b) = (LinearQuadratic(alpha: 0.4, beta: 0.04), LinearQuadratic(alpha: 1.2, beta: 0.01))
        var field = MixedField()
        field.add(doseGy: 2, a)
        expectClose(field.effect, a.effect(doseGy: 2), relative: 1e-14, because: "one radiation")
        field.add(doseGy: 1, b)
        let alpha = (2 * 0.4 + 1.2) / 3
        let rootBeta = (2 * 0.2 + 0.1) / 3
        expectClose(
            field.effect, alpha * 3 + rootBeta * rootBeta * 9, relative: 1e-14, because: "definition")
        let dose = field.isoeffectiveDose(reference: .hsgXRays)
        expectClose(
            LinearQuadratic.hsgXRays.effect(doseGy: dose.value), field.effect, relative: 1e-13,
            because: "isoeffective")
        var more = field
        more.alphaDose += 1e-6
        expectClose(
            dose.byAlphaDose, (more.isoeffectiveDose(reference: .hsgXRays).value - dose.value) / 1e-6,
            relative: 1e-5, because: "difference quotient")
        more = field
        more.sqrtBetaDose += 1e-6
        expectClose(
            dose.bySqrtBetaDose,
            (more.isoeffectiveDose(reference: .hsgXRays).value - dose.value) / 1e-6, relative: 1e-5,
            because: "difference quotient")
    }
}
