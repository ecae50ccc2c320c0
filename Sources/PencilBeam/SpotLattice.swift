import PlanModel

/// The spots of a layer as weights on the sub-beam lattice, shared by spots of one row or column.
struct SpotLattice: Sendable {
    /// Weights of the lattice points on one axis for one coordinate.
    struct Axis: Sendable {
        var coordinateMM: Double
        var first: Int
        var weights: [Float]
    }
    /// A spot of a column.
    struct Entry: Sendable {
        /// Index into `rows`.
        var row: Int
        /// Number of the spot in the plan (the column of the influence matrix).
        var spot: Int32
    }
    /// Distinct x of the spots, ascending, and what spots there are at each.
    let columns: [Axis]
    let entries: [[Entry]]
    /// Distinct y, ascending.
    let rows: [Axis]
    /// Lattice points that carry weight.
    let usedU: ClosedRange<Int>
    let usedV: ClosedRange<Int>

    init(
        spots: [Spot], firstSpot: Int, latticeU: SubBeamLattice, latticeV: SubBeamLattice,
        weightVariance: SIMD2<Double>
    ) {
        func axis(_ values: [Double], _ lattice: SubBeamLattice, _ variance: Double) -> [Axis] {
            Set(values).sorted().map {
                let (first, weights) = lattice.weights(at: $0, variance: variance)
                return Axis(coordinateMM: $0, first: first, weights: weights)
            }
        }
        let columns = axis(spots.map(\.positionMM.x), latticeU, weightVariance.x)
        let rows = axis(spots.map(\.positionMM.y), latticeV, weightVariance.y)
        func numbers(_ axes: [Axis]) -> [Double: Int] {
            Dictionary(uniqueKeysWithValues: axes.enumerated().map { ($1.coordinateMM, $0) })
        }
        let (columnNumber, rowNumber) = (numbers(columns), numbers(rows))
        var entries = [[Entry]](repeating: [], count: columns.count)
        for (offset, spot) in spots.enumerated() {
            guard let c = columnNumber[spot.positionMM.x], let r = rowNumber[spot.positionMM.y] else {
                continue
            }
            entries[c].append(Entry(row: r, spot: Int32(firstSpot + offset)))
        }
        for c in entries.indices { entries[c].sort { ($0.row, $0.spot) < ($1.row, $1.spot) } }
        self.columns = columns
        self.rows = rows
        self.entries = entries
        func used(_ axes: [Axis]) -> ClosedRange<Int> {
            let first = axes.map(\.first).min() ?? 0
            return first...max(first, axes.map { $0.first + $0.weights.count - 1 }.max() ?? 0)
        }
        usedU = used(columns)
        usedV = used(rows)
    }

    /// Ions on each lattice point, `[v][u]`, when spot i carries `particles[i]`.
    func fluence(particles: [Double], firstSpot: Int, countU: Int, countV: Int) -> [Float] {
        var result = [Double](repeating: 0, count: countU * countV)
        for (c, column) in columns.enumerated() {
            for entry in entries[c] {
                let ions = particles[Int(entry.spot) - firstSpot]
                if ions == 0 { continue }
                let row = rows[entry.row]
                for (j, wy) in row.weights.enumerated() {
                    let base = (row.first + j) * countU + column.first
                    for (i, wx) in column.weights.enumerated() {
                        result[base + i] += ions * Double(wy) * Double(wx)
                    }
                }
            }
        }
        return result.map { Float($0) }
    }
}
