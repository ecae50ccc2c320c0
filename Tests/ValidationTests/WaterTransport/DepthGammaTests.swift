import Foundation
import TestSupport
import Testing

/// The tools of the report against closed forms.
@Suite struct DepthGammaTests {
    /// A rising dose, shifted by s, in windows of 2 mm up to 40 mm and of 0.5 mm from there to 60 mm.
    private func passShare(slope g: Double, shiftMM s: Double) async throws -> Double {
        var windows: [(from: Double, to: Double)] = (0..<20).map { (2 * Double($0), 2 * Double($0 + 1)) }
        windows += (80..<120).map { (0.5 * Double($0), 0.5 * Double($0 + 1)) }
        let evaluated = DepthDose((0..<700).map { 1 + g * ((Double($0) + 0.5) * 0.1 - s) }, stepMM: 0.1)
        return try await DepthGamma.passShare(
            windows: windows, values: windows.map { (1 + g * 0.5 * ($0.from + $0.to)) * 5 },
            evaluated: evaluated, difference: 0.02, distanceMM: 1)
    }

    /// γ = s g / √(Δ² + g² δ²), the distance of a point from a line; Δ is 2 % of the greatest window.
    @Test func shiftedGradientPassesUpToTheClosedForm() async throws {
        let g = 0.05
        let difference = 0.02 * (1 + g * 59.75)
        let shift = (difference * difference + g * g).squareRoot() / g
        let below = try await passShare(slope: g, shiftMM: 0.98 * shift)
        let above = try await passShare(slope: g, shiftMM: 1.02 * shift)
        expectClose(below, 1, absolute: 1e-9, because: "γ is 0.98 everywhere")
        expectClose(above, 0, absolute: 1e-9, because: "γ is 1.02 everywhere")
    }

    @Test func windowsAndDistalEdgeOfATriangleAreExact() {
        // Rises to 100 at 30 mm, falls to zero at 32 mm.
        let dose = (0..<400).map { i -> Double in
            let z = (Double(i) + 0.5) * 0.1
            return z < 30 ? z / 30 : max(0, (32 - z) / 2)
        }
        let curve = DepthDose(dose, stepMM: 0.1)
        expectClose(curve.mean(6, 8), 5 * 7 / 30, relative: 1e-9, because: "mean of a line")
        // The last bin before the peak is the highest, 29.75/30; 80 % of it lies on the falling side.
        expectClose(
            curve.peak.distal80MM, 32 - 2 * 0.8 * 29.75 / 30, absolute: 1e-9, because: "linear between bins")
        expectClose(
            curve.stretched(toDistal80MM: 30.2).peak.distal80MM, 30.2, absolute: 1e-6,
            because: "found by bisection")
    }

    @Test func widthOfAGaussianProfileIsFound() throws {
        let profile = (0..<240).map { i -> Double in
            let x = (Double(i) + 0.5) * 0.5 - 60
            return exp(-x * x / (2 * 3.2 * 3.2))
        }
        expectClose(
            try #require(LateralWidth.gaussianMM(profile)), 3.2, relative: 1e-6, because: "its own fit")
        expectClose(
            LateralWidth.rootMeanSquareMM(profile, within: 60), 3.2, relative: 1e-6, because: "moments")
        #expect(LateralWidth.gaussianMM([Double](repeating: 1, count: 240)) == nil)
    }
}
