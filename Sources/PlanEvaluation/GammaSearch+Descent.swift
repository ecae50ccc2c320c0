import Frames
import Volumes

/// A first good point of the search.
extension GammaSearch {
    /// γ² of a lattice point near the least one, a little rounded up; infinite if none was found.
    ///
    /// Where the dose is linear, o + s·k at lattice point k in units of Δ, the least of u k² + (o + s·k)² lies at k = −o s/(u + s²). From there
    /// the same is done again with the dose and its slope there, as long as it gets better. The search meets the point again: it only
    /// tells how far the search has to look, and γ does not depend on it.
    ///
    /// - Parameters:
    ///   - dose: Of the reference point, Gy.
    ///   - scale: 1/Δ.
    ///   - place: Of the reference point in the evaluated grid, x, y, z.
    ///   - first: Of each axis, the index of the span of its own cell.
    ///   - doses: Evaluated doses.
    ///   - spans: Lattice points of the cells.
    func descended(
        dose: Float, scale: Float, _ place: (Place, Place, Place), _ first: (Int, Int, Int),
        _ doses: UnsafeBufferPointer<Float>, _ spans: UnsafeBufferPointer<Span>
    ) -> Float {
        let n = evaluated.geometry.dimensions
        let (row, plane, column) = (n.y > 1 ? n.x : 0, n.z > 1 ? n.x * n.y : 0, n.x > 1 ? 1 : 0)
        let pitch = SIMD3(axes[0].pitch, axes[1].pitch, axes[2].pitch)
        let rest = SIMD3(place.0.rest, place.1.rest, place.2.rest)
        var k = SIMD3<Float>.zero
        var best = Float.infinity
        for _ in 0..<4 {
            let voxel = rest + k * pitch
            let cell = voxel.rounded(.down)
            let (x, y, z) = (Int(cell.x), Int(cell.y), Int(cell.z))
            guard abs(x) <= axes[0].cells, abs(y) <= axes[1].cells, abs(z) <= axes[2].cells,
                spans[first.0 + x].holds(k.x), spans[first.1 + y].holds(k.y), spans[first.2 + z].holds(k.z)
            else { break }
            let i = evaluated.geometry.index(place.0.cell + x, place.1.cell + y, place.2.cell + z)
            let j = i + plane
            let lower = SIMD4(doses[i], doses[i + column], doses[i + row], doses[i + row + column]) - dose
            let upper = SIMD4(doses[j], doses[j + column], doses[j + row], doses[j + row + column]) - dose
            let t = voxel - cell
            let face = lower + t.z * (upper - lower)
            let ends = face.lowHalf + t.y * (face.highHalf - face.lowHalf)
            let offset = (ends.x + t.x * (ends.y - ends.x)) * scale
            let value = unit * (k * k).sum() + offset * offset
            guard value < best else { break }
            best = value
            let alongZ = (upper - lower).lowHalf + t.y * ((upper - lower).highHalf - (upper - lower).lowHalf)
            let across = face.highHalf - face.lowHalf
            let slope =
                SIMD3(
                    ends.y - ends.x, across.x + t.x * (across.y - across.x),
                    alongZ.x + t.x * (alongZ.y - alongZ.x))
                * pitch * scale
            let here = offset - (slope * k).sum()
            let next = (slope * (-here / (unit + (slope * slope).sum()))).rounded(.toNearestOrEven)
            if next == k { break }
            k = next
        }
        // Rounding of single precision must not exclude the point itself.
        return best * 1.001 + 1e-4
    }
}

extension GammaSearch.Span {
    fileprivate func holds(_ point: Float) -> Bool { Float(low) <= point && point <= Float(high) }
}
