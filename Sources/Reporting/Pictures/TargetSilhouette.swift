import Frames
import PatientModel

/// The outline of a structure as the beam sees it: its parallel projection on the isocentre plane.
///
/// ## Checked by
/// `StructureOutlineTests`: a sphere gives a circle of its radius within 1.5 mm.
package struct TargetSilhouette {
    /// Closed lines, IEC gantry x and y, mm.
    package let lines: [[SIMD2<Double>]]

    /// Fills the structure with points `pitchMM` apart and follows the edge of their projection.
    package init(_ structure: Structure, axis: BeamAxis, pitchMM: Double = 0.6) {
        var points: [SIMD2<Double>] = []
        let thickness = StructureOutline(structure).planeDistanceMM
        // One set of points per plane, repeated over the thickness the plane stands for.
        let levels = max(1, Int((thickness / pitchMM).rounded(.up)))
        let planes = Dictionary(grouping: structure.contours, by: \.zMM).sorted { $0.key < $1.key }
        for (zMM, contours) in planes {
            let polygons = contours.map(\.points)
            let heights = polygons.joined().map(\.y)
            guard let least = heights.min(), let greatest = heights.max() else { continue }
            for y in stride(from: least + pitchMM / 2, through: greatest, by: pitchMM) {
                let crossings = Self.crossings(of: polygons, y: y)
                for pair in stride(from: 0, to: crossings.count - 1, by: 2) {
                    for x in stride(from: crossings[pair], through: crossings[pair + 1], by: pitchMM) {
                        for level in 0..<levels {
                            let z = zMM + ((Double(level) + 0.5) / Double(levels) - 0.5) * thickness
                            let p = axis.toGantry.apply(Point3(x, y, z))
                            points.append([p.x, p.y])
                        }
                    }
                }
            }
        }
        lines = Self.edge(of: points, pitchMM: pitchMM)
    }

    /// Where a line of constant y enters and leaves the polygons, ascending x; an even number.
    private static func crossings(of polygons: [[SIMD2<Double>]], y: Double) -> [Double] {
        var result: [Double] = []
        for polygon in polygons {
            guard var a = polygon.last else { continue }
            for b in polygon {
                if (a.y > y) != (b.y > y) { result.append(a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x)) }
                a = b
            }
        }
        return result.sorted()
    }

    private static func edge(of points: [SIMD2<Double>], pitchMM: Double) -> [[SIMD2<Double>]] {
        guard let minX = points.map(\.x).min(), let maxX = points.map(\.x).max(),
            let minY = points.map(\.y).min(),
            let maxY = points.map(\.y).max()
        else { return [] }
        let start = SIMD2(minX, minY) - 5 * pitchMM
        let columns = Int((maxX - minX) / pitchMM) + 12
        let rows = Int((maxY - minY) / pitchMM) + 12
        var hits = [Float](repeating: 0, count: columns * rows)
        for point in points {
            let cell = (point - start) / pitchMM
            hits[Int(cell.y.rounded()) * columns + Int(cell.x.rounded())] = 1
        }
        // Three passes of a 3 x 3 mean close single gaps and round the steps of the grid.
        for _ in 0..<3 {
            var smooth = hits
            for row in 1..<rows - 1 {
                for column in 1..<columns - 1 {
                    var sum: Float = 0
                    for dy in -1...1 {
                        for dx in -1...1 { sum += hits[(row + dy) * columns + column + dx] }
                    }
                    smooth[row * columns + column] = sum / 9
                }
            }
            hits = smooth
        }
        return ContourLines.closedLines(hits, columns: columns, rows: rows, level: 0.45).map { line in
            line.map { start + $0 * pitchMM }
        }
    }
}
