import FacilityThroughput
import NumericKernels
import TestSupport
import Testing

@Suite struct TimeDistributionTests {
    @Test(arguments: [(8.9, 8.2), (9.5, 4.6), (4.0, 2.4)])
    func logNormalHasTheMeanAndDeviationItWasGiven(_ mean: Double, _ deviation: Double) {
        var random = SeededRandom(seed: 11)
        let draws = (0..<200_000).map { _ in
            TimeDistribution.logNormal(meanMin: mean, deviationMin: deviation).sample(&random)
        }
        let n = Double(draws.count)
        let average = draws.reduce(0, +) / n
        let variance = draws.reduce(0) { $0 + ($1 - average) * ($1 - average) } / n
        expectClose(average, mean, relative: 0.01, because: "standard error 0.2 %")
        expectClose(variance.squareRoot(), deviation, relative: 0.03, because: "long tail")
        #expect(draws.allSatisfy { $0 > 0 })
    }

    @Test func constantAndExponential() {
        var random = SeededRandom(seed: 1)
        #expect(TimeDistribution.constant(minutes: 3).sample(&random) == 3)
        let sum = (0..<100_000).reduce(0) { sum, _ in
            sum + TimeDistribution.exponential(meanMin: 5).sample(&random)
        }
        expectClose(sum / 100_000, 5, relative: 0.015, because: "standard error 0.3 %")
    }
}
