import Frames

/// Voxel values on a grid, `[z][y][x]`, x fastest, value at voxel centre.
public struct Volume<Element: Sendable>: Sendable {
    /// The grid.
    public let geometry: VolumeGeometry
    /// Values in storage order; `geometry.voxelCount` of them.
    public var values: [Element]

    /// - Precondition: `values.count == geometry.voxelCount`.
    public init(geometry: VolumeGeometry, values: [Element]) {
        precondition(values.count == geometry.voxelCount, "value count does not match the grid")
        self.geometry = geometry
        self.values = values
    }

    /// A volume with the same value everywhere.
    public init(geometry: VolumeGeometry, repeating value: Element) {
        self.init(geometry: geometry, values: Array(repeating: value, count: geometry.voxelCount))
    }

    /// The value of voxel (x, y, z).
    @inlinable public subscript(x: Int, y: Int, z: Int) -> Element {
        get { values[geometry.index(x, y, z)] }
        set { values[geometry.index(x, y, z)] = newValue }
    }

    /// A volume on the same grid with each value transformed.
    public func map<Other: Sendable>(_ transform: (Element) throws -> Other) rethrows
        -> Volume<Other>
    {
        Volume<Other>(geometry: geometry, values: try values.map(transform))
    }
}

extension Volume: Equatable where Element: Equatable {}

extension Volume where Element == Float {
    /// Trilinear interpolation at a point; nil outside the outermost voxel centres.
    ///
    /// ## Checked by
    /// `VolumeTests`: exact for functions linear in x, y, z.
    public func interpolated(at point: Point3<DICOMPatient>) -> Double? {
        let c = geometry.continuousIndex(point)
        let n = geometry.dimensions
        func cell(_ value: Double, _ count: Int) -> (lower: Int, fraction: Double)? {
            guard value >= -1e-9, value <= Double(count - 1) + 1e-9 else { return nil }
            let lower = min(max(Int(value), 0), max(count - 2, 0))
            return (lower, count == 1 ? 0 : value - Double(lower))
        }
        guard let (x, fx) = cell(c.x, n.x), let (y, fy) = cell(c.y, n.y),
            let (z, fz) = cell(c.z, n.z)
        else { return nil }
        var sum = 0.0
        for dz in 0...(n.z > 1 ? 1 : 0) {
            for dy in 0...(n.y > 1 ? 1 : 0) {
                for dx in 0...(n.x > 1 ? 1 : 0) {
                    let weight =
                        (dx == 1 ? fx : 1 - fx) * (dy == 1 ? fy : 1 - fy) * (dz == 1 ? fz : 1 - fz)
                    sum += weight * Double(self[x + dx, y + dy, z + dz])
                }
            }
        }
        return sum
    }
}
