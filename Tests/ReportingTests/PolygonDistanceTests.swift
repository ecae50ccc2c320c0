import Reporting
import TestSupport
import Testing

@Suite struct PolygonDistanceTests {
    static let square: [SIMD2<Double>] = [[-5, -5], [5, -5], [5, 5], [-5, 5]]
    static let hole: [SIMD2<Double>] = [[-1, -1], [1, -1], [1, 1], [-1, 1]]

    @Test(arguments: [
        (SIMD2(0.0, 0), -1.0), (SIMD2(3.0, 0), 2), (SIMD2(1.5, 0), 0.5), (SIMD2(8.0, 9), -5),
        (SIMD2(-7.0, 0), -2),
    ])
    func squareWithAHole(point: SIMD2<Double>, expected: Double) {
        expectClose(
            PolygonDistance.signed(point, [Self.square, Self.hole]), expected, absolute: 1e-12,
            because: "exact")
    }

    @Test func nothingIsInsideNothing() { #expect(PolygonDistance.signed([0, 0], []) == -.infinity) }
}
