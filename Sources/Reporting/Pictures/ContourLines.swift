/// Lines of equal value through a grid of samples, by marching squares with linear interpolation.
///
/// ## Source
/// Lorensen & Cline, Computer Graphics 21 (1987) 163, in two dimensions; ambiguous cells by the mean of their corners.
/// ## Checked by
/// `ContourLinesTests`: circles of known radius; closed lines; nothing through a flat field.
package enum ContourLines {
    /// Closed lines around the samples above `level`, in sample coordinates (column, row).
    ///
    /// - Parameters:
    ///   - values: `[row][column]`, `columns · rows` of them, finite.
    ///   - level: The value to follow. Outside the grid everything counts as below it, so all lines close.
    package static func closedLines(_ values: [Float], columns: Int, rows: Int, level: Float) -> [[SIMD2<
        Double
    >]] {
        precondition(values.count == columns * rows)
        var segments = Segments()
        // Cells are named by their upper left sample; the ring at −1 and at the end closes lines at the border.
        func above(_ column: Int, _ row: Int) -> Bool {
            column >= 0 && row >= 0 && column < columns && row < rows
                && values[row * columns + column] > level
        }
        for row in -1..<rows {
            for column in -1..<columns {
                let code =
                    (above(column, row) ? 1 : 0) | (above(column + 1, row) ? 2 : 0)
                    | (above(column + 1, row + 1) ? 4 : 0) | (above(column, row + 1) ? 8 : 0)
                guard code != 0, code != 15 else { continue }
                let centreIsAbove =
                    code == 5 || code == 10
                    ? centre(values, columns: columns, rows: rows, column: column, row: row) > level : false
                for (from, to) in sides(code, centreIsAbove: centreIsAbove) {
                    segments.add(
                        Edge(cellColumn: column, cellRow: row, side: from),
                        Edge(cellColumn: column, cellRow: row, side: to))
                }
            }
        }
        return segments.lines().map { line in
            line.map { $0.crossing(values, columns: columns, rows: rows, level: level) }
        }
    }

    /// A side between two neighbouring samples.
    private struct Edge: Hashable {
        var column: Int
        var row: Int
        /// Whether it leads to the next column, else to the next row.
        var isHorizontal: Bool

        /// Side 0 top, 1 right, 2 bottom, 3 left of a cell.
        init(cellColumn: Int, cellRow: Int, side: Int) {
            column = side == 1 ? cellColumn + 1 : cellColumn
            row = side == 2 ? cellRow + 1 : cellRow
            isHorizontal = side == 0 || side == 2
        }

        func crossing(_ values: [Float], columns: Int, rows: Int, level: Float) -> SIMD2<Double> {
            func value(_ column: Int, _ row: Int) -> Float? {
                column >= 0 && row >= 0 && column < columns && row < rows
                    ? values[row * columns + column] : nil
            }
            let a = value(column, row)
            let b = isHorizontal ? value(column + 1, row) : value(column, row + 1)
            var t = 0.5
            if let a, let b, a != b { t = Double((level - a) / (b - a)) }
            return isHorizontal
                ? SIMD2(Double(column) + t, Double(row)) : SIMD2(Double(column), Double(row) + t)
        }
    }

    /// Directed pieces with the higher values on their right, to be joined end to start.
    private struct Segments {
        private var next: [Edge: [Edge]] = [:]
        private var starts: [Edge] = []

        mutating func add(_ a: Edge, _ b: Edge) {
            next[a, default: []].append(b)
            starts.append(a)
        }

        mutating func lines() -> [[Edge]] {
            var result: [[Edge]] = []
            for start in starts {
                guard var edge = take(from: start) else { continue }
                var line = [start]
                while edge != start {
                    line.append(edge)
                    guard let following = take(from: edge) else { break }
                    edge = following
                }
                result.append(line)
            }
            return result
        }

        private mutating func take(from edge: Edge) -> Edge? {
            guard var list = next[edge], let last = list.popLast() else { return nil }
            next[edge] = list
            return last
        }
    }

    private static func centre(_ values: [Float], columns: Int, rows: Int, column: Int, row: Int) -> Float {
        var sum: Float = 0
        for (dx, dy) in [(0, 0), (1, 0), (1, 1), (0, 1)] {
            let (c, r) = (column + dx, row + dy)
            guard c >= 0, r >= 0, c < columns, r < rows else { return -.infinity }
            sum += values[r * columns + c]
        }
        return sum / 4
    }

    /// The pieces of a cell, as (from side, to side). Corner bits: 1 upper left, 2 upper right, 4 lower right,
    /// 8 lower left. Going along a piece, the samples above the level are on the right hand (y down).
    private static func sides(_ code: Int, centreIsAbove: Bool) -> [(Int, Int)] {
        switch code {
        case 1: [(0, 3)]
        case 2: [(1, 0)]
        case 3: [(1, 3)]
        case 4: [(2, 1)]
        case 5: centreIsAbove ? [(0, 1), (2, 3)] : [(0, 3), (2, 1)]
        case 6: [(2, 0)]
        case 7: [(2, 3)]
        case 8: [(3, 2)]
        case 9: [(0, 2)]
        case 10: centreIsAbove ? [(3, 0), (1, 2)] : [(1, 0), (3, 2)]
        case 11: [(1, 2)]
        case 12: [(3, 1)]
        case 13: [(0, 1)]
        case 14: [(3, 0)]
        default: []
        }
    }
}
