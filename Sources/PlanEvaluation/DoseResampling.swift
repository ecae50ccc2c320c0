import Frames
import Volumes

extension Volume where Element == Float {
    /// The values on another grid, trilinear between voxel centres; `outside` beyond the outermost centres.
    ///
    /// Grids written by different programs agree to rounding only: a place within 10⁻⁵ of a voxel of a centre takes that
    /// centre's value, so a grid of the same lattice gets the values themselves.
    ///
    /// - Precondition: one frame of reference.
    ///
    /// ## Checked by
    /// `DoseResamplingTests`: exact for linear functions, and bit for bit on a shifted part of the same lattice.
    public func resampled(on grid: VolumeGeometry, outside: Float = 0) -> Volume<Float> {
        precondition(grid.frameOfReferenceUID == geometry.frameOfReferenceUID, "other frame of reference")
        if grid == geometry { return self }
        let x = Self.places(axis: 0, of: grid, in: geometry)
        let y = Self.places(axis: 1, of: grid, in: geometry)
        let z = Self.places(axis: 2, of: grid, in: geometry)
        var result = Volume<Float>(geometry: grid, repeating: outside)
        var target = 0
        for kz in z.indices {
            for ky in y.indices {
                guard let cz = z[kz], let cy = y[ky] else {
                    target += x.count
                    continue
                }
                let rows = (
                    geometry.index(0, cy.lower, cz.lower), geometry.index(0, cy.upper, cz.lower),
                    geometry.index(0, cy.lower, cz.upper), geometry.index(0, cy.upper, cz.upper)
                )
                for kx in x.indices {
                    if let cx = x[kx] {
                        func row(_ start: Int) -> Float {
                            let (a, b) = (values[start + cx.lower], values[start + cx.upper])
                            return a + cx.fraction * (b - a)
                        }
                        let near = row(rows.0) + cy.fraction * (row(rows.1) - row(rows.0))
                        let far = row(rows.2) + cy.fraction * (row(rows.3) - row(rows.2))
                        result.values[target] = near + cz.fraction * (far - near)
                    }
                    target += 1
                }
            }
        }
        return result
    }

    private struct Place {
        var lower: Int
        var upper: Int
        var fraction: Float
    }

    /// Where the centres of `grid` fall along one axis of `source`; nil outside.
    private static func places(
        axis: Int, of grid: VolumeGeometry, in source: VolumeGeometry
    ) -> [Place?] {
        let count = source.dimensions[axis]
        let start = (grid.origin.mm[axis] - source.origin.mm[axis]) / source.spacingMM[axis]
        let step = grid.spacingMM[axis] / source.spacingMM[axis]
        return (0..<grid.dimensions[axis]).map { k in
            var at = start + Double(k) * step
            if abs(at - at.rounded()) <= 1e-5 { at = at.rounded() }
            guard at >= 0, at <= Double(count - 1) else { return nil }
            let lower = min(Int(at), max(count - 2, 0))
            return Place(
                lower: lower, upper: min(lower + 1, count - 1), fraction: Float(at - Double(lower)))
        }
    }
}
