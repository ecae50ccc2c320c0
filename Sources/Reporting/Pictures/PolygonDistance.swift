/// Signed distance from a set of closed polygons that combine by the even-odd rule.
///
/// ## Checked by
/// `PolygonDistanceTests`: circle and square with a hole.
package enum PolygonDistance {
    /// Distance of `point` from the nearest side, mm: positive inside, negative outside.
    ///
    /// - Returns: −infinity if there is no polygon.
    package static func signed(_ point: SIMD2<Double>, _ polygons: [[SIMD2<Double>]]) -> Double {
        var leastSquare = Double.infinity
        var isInside = false
        for polygon in polygons {
            guard var a = polygon.last else { continue }
            for b in polygon {
                let side = b - a
                let offset = point - a
                let lengthSquare = (side * side).sum()
                let t = lengthSquare > 0 ? min(max((offset * side).sum() / lengthSquare, 0), 1) : 0
                let gap = offset - t * side
                leastSquare = min(leastSquare, (gap * gap).sum())
                if (a.y > point.y) != (b.y > point.y),
                    point.x < a.x + (point.y - a.y) / (b.y - a.y) * (b.x - a.x)
                {
                    isInside.toggle()
                }
                a = b
            }
        }
        return isInside ? leastSquare.squareRoot() : -leastSquare.squareRoot()
    }
}
