import Glibc
import TestSupport
import Testing

import BeamCommissioning

@Suite struct TwoGaussianFitTests {
    /// Four bins an octave, as the transport scores.
    static let edges = [0.0] + (-24...68).map { pow(2, 0.25 * Double($0)) }

    static func energy(narrow: Double, wide: Double, share: Double) -> [Double] {
        zip(edges, edges.dropFirst()).map { a, b in
            (1 - share) * (exp(-a / (2 * narrow)) - exp(-b / (2 * narrow)))
                + share * (exp(-a / (2 * wide)) - exp(-b / (2 * wide)))
        }
    }

    @Test(arguments: [(1.0, 100.0, 0.3), (4, 60, 0.7), (9, 400, 0.05)])
    func findsTheTwoItWasMadeOf(narrow: Double, wide: Double, share: Double) throws {
        let energy = Self.energy(narrow: narrow, wide: wide, share: share)
        let fit = try #require(TwoGaussianFit(energy: energy, edgesMM2: Self.edges))
        expectClose(fit.narrow, narrow, relative: 0.005, because: "made of it; the steps stop early")
        expectClose(fit.wide, wide, relative: 0.005, because: "made of it; the steps stop early")
        expectClose(fit.share, share, absolute: 0.002, because: "made of it")
    }

    @Test func oneGaussianKeepsItsWidth() throws {
        let fit = try #require(
            TwoGaussianFit(energy: Self.energy(narrow: 5, wide: 5, share: 0), edgesMM2: Self.edges))
        expectClose(fit.sigmaMM, 5.0.squareRoot(), relative: 0.01, because: "both together are the one")
        #expect(TwoGaussianFit(energy: [0, 0], edgesMM2: [0, 1, 2]) == nil)
    }
}
