import Reporting
import TestSupport
import Testing

@Suite struct ContourLinesTests {
    /// Distance to a circle of radius `radius` around (20, 17), positive inside.
    private func disc(_ radius: Double) -> [Float] {
        (0..<36 * 40).map { index in
            let d = SIMD2(Double(index % 40) - 20, Double(index / 40) - 17)
            return Float(radius - (d * d).sum().squareRoot())
        }
    }

    @Test func followsACircle() throws {
        let lines = ContourLines.closedLines(disc(9.3), columns: 40, rows: 36, level: 0)
        try #require(lines.count == 1)
        for point in lines[0] {
            let d = point - SIMD2(20, 17)
            expectClose(
                (d * d).sum().squareRoot(), 9.3, absolute: 0.03,
                because: "linear interpolation of a curved field")
        }
        // Samples above the level are on the right (y down), so the line runs clockwise on the screen.
        expectClose(area(lines[0]), .pi * 9.3 * 9.3, relative: 0.01, because: "a polygon of about 70 sides")
    }

    @Test func closesAtTheBorder() throws {
        let lines = ContourLines.closedLines([1, 1, 1, 1, 1, 1], columns: 3, rows: 2, level: 0)
        try #require(lines.count == 1)
        #expect(abs(area(lines[0])) > 2)
    }

    @Test func drawsNothingThroughAFlatField() {
        #expect(ContourLines.closedLines([0, 0, 0, 0], columns: 2, rows: 2, level: 0.5).isEmpty)
    }

    @Test func separatesTwoPiecesAndAHole() {
        var values = [Float](repeating: 0, count: 30 * 12)
        for row in 2..<10 {
            for column in 2..<12 { values[row * 30 + column] = 1 }
            for column in 16..<27 { values[row * 30 + column] = 1 }
        }
        for row in 4..<8 { for column in 5..<9 { values[row * 30 + column] = 0 } }
        let lines = ContourLines.closedLines(values, columns: 30, rows: 12, level: 0.5)
        #expect(lines.count == 3)
        #expect(lines.map(area).filter { $0 < 0 }.count == 1, "the hole runs the other way round")
    }

    /// Signed area of a polygon, positive if it runs clockwise on the screen (y down).
    private func area(_ line: [SIMD2<Double>]) -> Double {
        guard var a = line.last else { return 0 }
        var sum = 0.0
        for b in line {
            sum += a.x * b.y - b.x * a.y
            a = b
        }
        return sum / 2
    }
}
