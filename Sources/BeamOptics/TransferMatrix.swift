/// First derivatives of the coordinates behind a piece of lattice by those before it: 6 by 6, order x, px, y, py, ζ, δ.
public struct TransferMatrix: Hashable, Sendable {
    /// Row by row.
    public var rows: [SIMD8<Double>]

    /// The matrix that changes nothing.
    public static let identity = TransferMatrix(
        rows: (0..<6).map { i in
            var row = SIMD8<Double>.zero
            row[i] = 1
            return row
        })

    init(rows: [SIMD8<Double>]) { self.rows = rows }

    init(_ point: BeamCoordinates<DualNumber>) {
        rows = [
            point.x.gradient, point.px.gradient, point.y.gradient, point.py.gradient, point.zeta.gradient,
            point.delta.gradient,
        ]
    }

    /// Element in row i and column j.
    public subscript(i: Int, j: Int) -> Double {
        get { rows[i][j] }
        set { rows[i][j] = newValue }
    }

    /// The matrix of `self` after `first`.
    ///
    /// - Parameter first: What the beam passes first.
    public func after(_ first: TransferMatrix) -> TransferMatrix {
        TransferMatrix(
            rows: rows.map { row in
                (0..<6).reduce(SIMD8<Double>.zero) { $0 + row[$1] * first.rows[$1] }
            })
    }

    /// Greatest deviation of Mᵀ S M from S over x, px, y, py and the pair of ζ and p_ζ = δ/β₀²-like energy: 0 for a symplectic map about the
    /// reference momentum.
    public var symplecticError: Double {
        var greatest = 0.0
        func form(_ a: SIMD8<Double>, _ b: SIMD8<Double>) -> Double {
            a[0] * b[1] - a[1] * b[0] + a[2] * b[3] - a[3] * b[2] + a[4] * b[5] - a[5] * b[4]
        }
        let columns = (0..<6).map { j in
            var column = SIMD8<Double>.zero
            for i in 0..<6 { column[i] = rows[i][j] }
            return column
        }
        for i in 0..<6 {
            for j in 0..<6 {
                let wanted = i / 2 == j / 2 ? Double(j - i) : 0
                greatest = max(greatest, abs(form(columns[i], columns[j]) - wanted))
            }
        }
        return greatest
    }
}

extension BeamLineMap {
    /// Transfer matrix of a range of elements about a trajectory, by differentiation of the map itself.
    ///
    /// - Parameters:
    ///   - point: Coordinates before the first element; receives those behind the last.
    ///   - elements: Range of elements; nil for all.
    public func transferMatrix(
        about point: inout BeamCoordinates<Double>, elements: Range<Int>? = nil
    ) -> TransferMatrix {
        var dual = BeamCoordinates<DualNumber>(differentiating: point, reference: reference)
        apply(&dual, elements: elements)
        point = BeamCoordinates(
            x: dual.x.value, px: dual.px.value, y: dual.y.value, py: dual.py.value, zeta: dual.zeta.value,
            delta: dual.delta.value, reference: reference)
        return TransferMatrix(dual)
    }

    /// Transverse closed orbit at a momentum deviation (ζ left out), by Newton's method on the exact map.
    ///
    /// - Parameter delta: δ.
    /// - Returns: Coordinates at the start of the lattice, ζ = 0.
    /// - Throws: If there is none near the design orbit.
    public func closedOrbit(delta: Double = 0) throws(BeamOpticsError) -> BeamCoordinates<Double> {
        var start = BeamCoordinates<Double>(delta: delta, reference: reference)
        var residual = Double.infinity
        for _ in 0..<30 {
            var end = start
            let matrix = transferMatrix(about: &end)
            let miss = [start.x - end.x, start.px - end.px, start.y - end.y, start.py - end.py]
            residual = miss.reduce(0) { max($0, abs($1)) }
            guard residual.isFinite else { break }
            if residual < 1e-14 { return start }
            guard
                let step = SmallLinearSystem.solve(
                    (0..<4).map { i in (0..<4).map { j in matrix[i, j] - (i == j ? 1 : 0) } }, miss)
            else { break }
            start.x += step[0]
            start.px += step[1]
            start.y += step[2]
            start.py += step[3]
            if step.allSatisfy({ abs($0) < 1e-16 }) { return start }
        }
        guard residual < 1e-11 else { throw .noClosedOrbit(delta: delta, residual: residual) }
        return start
    }
}
