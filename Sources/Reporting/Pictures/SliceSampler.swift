import Frames
import Volumes

/// Cuts a plane out of a volume, trilinearly, on the square pixels of a picture.
///
/// ## Checked by
/// `SliceSamplerTests`: exact for linear functions; a bright voxel at a known place lands on the expected pixel.
package struct SliceSampler: Sendable {
    /// Where one picture coordinate falls between two voxel centres.
    private struct Cell {
        var lower: Int
        var upper: Int
        var fraction: Float
    }

    package let view: SliceView
    /// Pixels across and down.
    package let width: Int
    package let height: Int

    /// Square pixels of about `pixelMM`, a whole number of them across the view.
    package init(view: SliceView, pixelMM: Double) {
        self.view = view
        width = max(1, Int((view.sizeMM.x / pixelMM).rounded()))
        height = max(1, Int((view.sizeMM.y / pixelMM).rounded()))
    }

    /// Centre of a pixel in the picture, mm.
    package func centre(column: Int, row: Int) -> SIMD2<Double> {
        SIMD2(
            (Double(column) + 0.5) * view.sizeMM.x / Double(width),
            (Double(row) + 0.5) * view.sizeMM.y / Double(height))
    }

    /// Values at the pixel centres, `[row][column]`; NaN outside the volume. The outermost half voxel takes the
    /// value of the outermost centre.
    package func values(of volume: Volume<Float>) -> [Float] {
        sample(volume) { $0 }
    }

    /// CT numbers at the pixel centres, `[row][column]`; NaN outside the volume.
    package func values(of volume: Volume<Int16>) -> [Float] {
        sample(volume) { Float($0) }
    }

    private func sample<Element>(_ volume: Volume<Element>, _ float: (Element) -> Float) -> [Float] {
        var result = [Float](repeating: .nan, count: width * height)
        let plane = view.plane
        let geometry = volume.geometry
        guard let normal = cell(view.normalMM, axis: plane.normalAxis, in: geometry) else { return result }
        let across = (0..<width).map { column in
            cell(
                view.point(at: centre(column: column, row: 0)).mm[plane.acrossAxis], axis: plane.acrossAxis,
                in: geometry)
        }
        let down = (0..<height).map { row in
            cell(
                view.point(at: centre(column: 0, row: row)).mm[plane.downAxis], axis: plane.downAxis,
                in: geometry)
        }
        let strides = [1, geometry.dimensions.x, geometry.dimensions.x * geometry.dimensions.y]
        let (acrossStride, downStride) = (strides[plane.acrossAxis], strides[plane.downAxis])
        let base0 = normal.lower * strides[plane.normalAxis]
        let base1 = normal.upper * strides[plane.normalAxis]
        volume.values.withUnsafeBufferPointer { values in
            for row in 0..<height {
                guard let v = down[row] else { continue }
                for column in 0..<width {
                    guard let u = across[column] else { continue }
                    func bilinear(_ base: Int) -> Float {
                        let upper = base + v.lower * downStride
                        let lower = base + v.upper * downStride
                        let a = float(values[upper + u.lower * acrossStride])
                        let b = float(values[upper + u.upper * acrossStride])
                        let c = float(values[lower + u.lower * acrossStride])
                        let d = float(values[lower + u.upper * acrossStride])
                        let first = a + (b - a) * u.fraction
                        return first + (c + (d - c) * u.fraction - first) * v.fraction
                    }
                    let near = bilinear(base0)
                    result[row * width + column] =
                        normal.fraction == 0 ? near : near + (bilinear(base1) - near) * normal.fraction
                }
            }
        }
        return result
    }

    private func cell(_ mm: Double, axis: Int, in geometry: VolumeGeometry) -> Cell? {
        let count = geometry.dimensions[axis]
        let index = (mm - geometry.origin.mm[axis]) / geometry.spacingMM[axis]
        guard index >= -0.5, index <= Double(count) - 0.5 else { return nil }
        let inside = min(max(index, 0), Double(count - 1))
        let lower = min(Int(inside), max(count - 2, 0))
        return Cell(lower: lower, upper: min(lower + 1, count - 1), fraction: Float(inside - Double(lower)))
    }
}
