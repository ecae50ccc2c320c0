import Frames
import Volumes

#if canImport(Glibc)
    import Glibc
#endif

/// Area coverage of the voxels of one plane by polygons under the even-odd rule.
///
/// Each voxel row is cut by equidistant scan lines; on a line, the crossings with all edges are sorted and the
/// stretches between the 1st and 2nd, 3rd and 4th … crossing are inside. A stretch adds its exact length to the
/// voxels it runs through.
struct PlaneCoverage {
    /// Covered share of each voxel of the box in one plane and its first moments along x and y about the centre, in
    /// voxel widths; x fastest.
    private(set) var values: [SIMD3<Float>]

    private let columns: Int
    private let rows: Int
    /// Left edge of the first voxel and lower edge of the first row, mm.
    private let left: Double
    private let bottom: Double
    private let dx: Double
    private let lineStep: Double
    private let linesPerVoxel: Int
    private var starts: [Int] = []
    private var crossings: [Double] = []

    init(box: VoxelBox, geometry: VolumeGeometry, linesPerVoxel: Int) {
        columns = box.columns
        rows = box.rows
        values = Array(repeating: .zero, count: box.columns * box.rows)
        dx = geometry.spacingMM.x
        left = geometry.lowerCorner.x + Double(box.lower.x) * dx
        bottom = geometry.lowerCorner.y + Double(box.lower.y) * geometry.spacingMM.y
        lineStep = geometry.spacingMM.y / Double(linesPerVoxel)
        self.linesPerVoxel = linesPerVoxel
    }

    /// Replaces `values` by the coverage of `polygons` and returns their whole area, inside the box or not, mm².
    mutating func fill(_ polygons: [[SIMD2<Double>]]) -> Double {
        for i in values.indices { values[i] = .zero }
        var lowest = Double.infinity
        var highest = -Double.infinity
        for polygon in polygons {
            for p in polygon {
                lowest = min(lowest, p.y)
                highest = max(highest, p.y)
            }
        }
        // Line l lies at bottom + (l + 1/2) step; lines outside the box count for the area alone.
        let firstLine = lineAtOrAbove(lowest)
        let lineCount = lineAtOrAbove(highest) - firstLine
        guard lineCount > 0 else { return 0 }
        collectCrossings(polygons, firstLine: firstLine, lineCount: lineCount)
        var length = 0.0
        for l in 0..<lineCount {
            let range = starts[l]..<starts[l + 1]
            guard !range.isEmpty else { continue }
            crossings[range].sort()
            let row = (firstLine + l).quotientAndRemainder(dividingBy: linesPerVoxel)
            let inBox = firstLine + l >= 0 && row.quotient < rows
            var i = range.lowerBound
            while i + 1 < range.upperBound {
                length += crossings[i + 1] - crossings[i]
                if inBox {
                    let offset = (Double(row.remainder) + 0.5) / Double(linesPerVoxel) - 0.5
                    add(from: crossings[i], to: crossings[i + 1], row: row.quotient, y: Float(offset))
                }
                i += 2
            }
        }
        return length * lineStep
    }

    /// Number of the first scan line at y or above.
    private func lineAtOrAbove(_ y: Double) -> Int {
        Int(ceil((y - bottom) / lineStep - 0.5))
    }

    /// Sorts the x of all edge crossings by scan line: those of line l are `starts[l] ..< starts[l + 1]`.
    ///
    /// An edge owns the lines from its lower end (included) to its upper end (excluded), so a corner on a line
    /// counts once, and every line is crossed an even number of times.
    private mutating func collectCrossings(
        _ polygons: [[SIMD2<Double>]], firstLine: Int, lineCount: Int
    ) {
        var starts = [Int](repeating: 0, count: lineCount + 1)
        forEachEdge(polygons) { _, _, from, to in
            for line in from..<to { starts[line - firstLine + 1] += 1 }
        }
        for l in 0..<lineCount { starts[l + 1] += starts[l] }
        var next = starts
        var crossings = [Double](repeating: 0, count: starts[lineCount])
        forEachEdge(polygons) { a, b, from, to in
            let slope = (b.x - a.x) / (b.y - a.y)
            for line in from..<to {
                let y = bottom + (Double(line) + 0.5) * lineStep
                crossings[next[line - firstLine]] = a.x + (y - a.y) * slope
                next[line - firstLine] += 1
            }
        }
        (self.starts, self.crossings) = (starts, crossings)
    }

    /// Calls `body` with the lower and upper end of each edge and the scan lines it crosses.
    private func forEachEdge(
        _ polygons: [[SIMD2<Double>]],
        _ body: (SIMD2<Double>, SIMD2<Double>, Int, Int) -> Void
    ) {
        for polygon in polygons {
            var previous = polygon[polygon.count - 1]
            for point in polygon {
                let (a, b) = previous.y <= point.y ? (previous, point) : (point, previous)
                let (from, to) = (lineAtOrAbove(a.y), lineAtOrAbove(b.y))
                if from < to { body(a, b, from, to) }
                previous = point
            }
        }
    }

    /// Adds the stretch from x₁ to x₂ of one scan line, `y` voxel widths above the centres, to the voxels of a row.
    private mutating func add(from x1: Double, to x2: Double, row: Int, y: Float) {
        let start = max((x1 - left) / dx, 0)
        let end = min((x2 - left) / dx, Double(columns))
        guard end > start else { return }
        let weight = 1 / Double(linesPerVoxel)
        let first = min(Int(start), columns - 1)
        let last = min(Int(end), columns - 1)
        for x in first...last {
            let (from, to) = (max(start, Double(x)), min(end, Double(x + 1)))
            let length = Float((to - from) * weight)
            let middle = Float(0.5 * (from + to) - Double(x) - 0.5)
            values[row * columns + x] += length * SIMD3(1, middle, y)
        }
    }
}
