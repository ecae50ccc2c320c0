import Frames
import PatientModel

/// The outline of a structure in any of the three planes, from its axial polygons.
///
/// In an axial view the polygons of the nearest plane are drawn as they are. In the other views the structure between two planes is given by linear
/// interpolation of the signed distance from their polygons; the outline is where it is zero. Beyond its last
/// plane, and beside a gap wider than three times the usual distance, it ends after half that distance.
///
/// ## Source
/// Raya & Udupa, IEEE Trans. Med. Imaging 9 (1990) 32: shape-based interpolation.
/// ## Checked by
/// `StructureOutlineTests`: sagittal and coronal cut of a sphere within 0.5 mm of the true circle.
package struct StructureOutline {
    /// Polygons of one plane.
    private struct Layer {
        var zMM: Double
        var polygons: [[SIMD2<Double>]]
    }

    /// From the most inferior plane up.
    private let layers: [Layer]
    /// Usual (median) distance of the planes; 1 mm for a structure of one plane.
    let planeDistanceMM: Double

    package init(_ structure: Structure) {
        var list: [Layer] = []
        for contour in structure.contours.sorted(by: { $0.zMM < $1.zMM }) where contour.points.count >= 3 {
            if let last = list.last, contour.zMM - last.zMM < 0.01 {
                list[list.count - 1].polygons.append(contour.points)
            } else {
                list.append(Layer(zMM: contour.zMM, polygons: [contour.points]))
            }
        }
        layers = list
        let distances = zip(list.dropFirst(), list).map { $0.zMM - $1.zMM }.sorted()
        planeDistanceMM = distances.isEmpty ? 1 : distances[distances.count / 2]
    }

    /// Box around all polygons, mm; nil for a structure without any.
    var bounds: (lower: SIMD3<Double>, upper: SIMD3<Double>)? {
        guard let first = layers.first, let last = layers.last else { return nil }
        var lower = SIMD2(Double.infinity, Double.infinity)
        var upper = -lower
        for layer in layers {
            for point in layer.polygons.joined() {
                lower = pointwiseMin(lower, point)
                upper = pointwiseMax(upper, point)
            }
        }
        let half = planeDistanceMM / 2
        return (SIMD3(lower.x, lower.y, first.zMM - half), SIMD3(upper.x, upper.y, last.zMM + half))
    }

    /// Volume of that box, mm³; 0 for a structure without polygons.
    var boxVolumeMM3: Double {
        bounds.map { ($0.upper.x - $0.lower.x) * ($0.upper.y - $0.lower.y) * ($0.upper.z - $0.lower.z) } ?? 0
    }

    /// Whether the point is inside, by the polygons of the nearest plane.
    package func contains(_ point: Point3<DICOMPatient>) -> Bool {
        guard let layer = nearestLayer(to: point.z) else { return false }
        return PolygonDistance.signed(SIMD2(point.x, point.y), layer.polygons) > 0
    }

    /// Closed lines in picture coordinates (mm).
    package func lines(in view: SliceView) -> [[SIMD2<Double>]] {
        guard view.plane != .axial else {
            let polygons = nearestLayer(to: view.normalMM)?.polygons ?? []
            return polygons.map { polygon in
                polygon.map { view.position(of: Point3($0.x, $0.y, view.normalMM)) }
            }
        }
        return crossSection(view)
    }

    private func nearestLayer(to zMM: Double) -> Layer? {
        guard let nearest = layers.min(by: { abs($0.zMM - zMM) < abs($1.zMM - zMM) }) else { return nil }
        if abs(nearest.zMM - zMM) <= planeDistanceMM / 2 + 1e-6 { return nearest }
        guard let below = layers.last(where: { $0.zMM <= zMM }),
            let above = layers.first(where: { $0.zMM > zMM }),
            !isGap(below, above)
        else { return nil }
        return nearest
    }

    private func isGap(_ below: Layer, _ above: Layer) -> Bool {
        above.zMM - below.zMM > 3 * planeDistanceMM
    }

    private func crossSection(_ view: SliceView) -> [[SIMD2<Double>]] {
        guard let bounds else { return [] }
        let (across, normal) = (view.plane.acrossAxis, view.plane.normalAxis)
        guard view.normalMM > bounds.lower[normal], view.normalMM < bounds.upper[normal] else { return [] }
        let stepMM = min(max((bounds.upper[across] - bounds.lower[across]) / 160, 0.3), 1)
        let start = bounds.lower[across] - 2 * stepMM
        let columns = Int((bounds.upper[across] - bounds.lower[across]) / stepMM) + 5
        let samples = (0..<columns).map { start + Double($0) * stepMM }

        func distances(_ layer: Layer) -> [Float] {
            samples.map { u in
                let point = view.plane == .sagittal ? SIMD2(view.normalMM, u) : SIMD2(u, view.normalMM)
                return Float(PolygonDistance.signed(point, layer.polygons))
            }
        }
        // A run of planes without a gap is one sheet of samples; a gap ends it and starts another.
        var result: [[SIMD2<Double>]] = []
        var rows: [[Float]] = []
        var zs: [Double] = []
        func endSheet() {
            guard let firstZ = zs.first, let lastZ = zs.last, let first = rows.first, let last = rows.last
            else { return }
            // Minus the distance one whole step away puts the zero half a step beyond the last plane.
            let sheet = [first.map { -abs($0) }] + rows + [last.map { -abs($0) }]
            let heights = [firstZ - planeDistanceMM] + zs + [lastZ + planeDistanceMM]
            let lines = ContourLines.closedLines(
                Array(sheet.joined()), columns: columns, rows: sheet.count, level: 0)
            result += lines.map { line in
                line.map { point in
                    let row = min(Int(point.y), heights.count - 2)
                    let z = heights[row] + (point.y - Double(row)) * (heights[row + 1] - heights[row])
                    return position(across: start + point.x * stepMM, zMM: z, in: view)
                }
            }
            rows = []
            zs = []
        }
        for (index, layer) in layers.enumerated() {
            if index > 0, isGap(layers[index - 1], layer) { endSheet() }
            rows.append(distances(layer))
            zs.append(layer.zMM)
        }
        endSheet()
        return result
    }

    private func position(across: Double, zMM: Double, in view: SliceView) -> SIMD2<Double> {
        view.position(
            of: view.plane == .sagittal
                ? Point3(view.normalMM, across, zMM) : Point3(across, view.normalMM, zMM))
    }
}
