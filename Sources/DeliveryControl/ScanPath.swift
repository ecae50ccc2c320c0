/// An order of the spots of a layer that the scanning magnets get through quickly.
///
/// Both magnets move at once, so that a move lasts max(|Δx|/v_x, |Δy|/v_y); a move longer than the raster step costs a pause as well, beam off
/// and on. The path is open: later paintings run it backwards and forwards. It starts from the best of the given order and of rows along x
/// and along y, taken in alternate directions, and is then improved by reversing stretches (2-opt) and by moving stretches of up to three
/// spots (Or-opt) between spots that lie near each other, until nothing helps. There is no chance in it: the same spots give the same
/// order, and it is never slower than the given one.
///
/// ## Source
/// Croes, Oper. Res. 6 (1958) 791 (2-opt); Or, thesis, Northwestern University (1976).
/// ## Checked by
/// `ScanPathTests`.
public struct ScanPath: Sendable {
    /// What moves cost.
    public struct Costs: Hashable, Sendable {
        /// Speed at the isocentre plane, x and y, mm/s.
        public var speedMMPerS: SIMD2<Double>
        /// Neighbours further apart than this are reached with beam off, mm.
        public var rasterStepMM: Double
        /// Beam off, settling and beam on again, s.
        public var pauseS: Double

        /// - Parameters:
        ///   - speedMMPerS: Speed at the isocentre plane, x and y, mm/s; above 0.
        ///   - rasterStepMM: Longest move with beam on, mm.
        ///   - pauseS: Beam off, settling and beam on again, s; not negative.
        public init(speedMMPerS: SIMD2<Double>, rasterStepMM: Double, pauseS: Double) {
            precondition(speedMMPerS.x > 0 && speedMMPerS.y > 0 && pauseS >= 0)
            self.speedMMPerS = speedMMPerS
            self.rasterStepMM = rasterStepMM
            self.pauseS = pauseS
        }

        /// Cost of a move, s.
        func timeS(_ way: SIMD2<Double>) -> Double {
            let move = max(abs(way.x) / speedMMPerS.x, abs(way.y) / speedMMPerS.y)
            return isFar(way) ? move + pauseS : move
        }

        func isFar(_ way: SIMD2<Double>) -> Bool { (way * way).sum() > rasterStepMM * rasterStepMM }
    }

    /// Indices of the spots in the order of the path.
    public private(set) var order: [Int]
    /// Time of all moves and pauses, s.
    public var timeS: Double { zip(order, order.dropFirst()).reduce(0) { $0 + cost($1.0, $1.1) } }
    /// Moves with beam off within the path.
    public var gaps: Int {
        zip(order, order.dropFirst()).count { costs.isFar(positions[$1] - positions[$0]) }
    }

    private let positions: [SIMD2<Double>]
    private let costs: Costs

    /// The path in the given order.
    ///
    /// - Parameters:
    ///   - positions: Spots, mm.
    ///   - costs: Of moves.
    public init(_ positions: [SIMD2<Double>], costs: Costs) {
        self.positions = positions
        self.costs = costs
        order = Array(positions.indices)
    }

    /// The improved path.
    public var optimised: ScanPath {
        guard positions.count > 2 else { return self }
        var best = self
        for axis in 0..<2 {
            var rows = self
            rows.order = rowOrder(along: axis)
            if rows.timeS < best.timeS { best = rows }
        }
        var search = PathSearch(order: best.order, positions: positions, costs: costs)
        search.run()
        var found = self
        found.order = search.order
        return found.timeS < best.timeS ? found : best
    }

    private func cost(_ a: Int, _ b: Int) -> Double { costs.timeS(positions[b] - positions[a]) }

    /// Rows along an axis, every second one backwards; spots belong to a row within 0.01 mm.
    private func rowOrder(along axis: Int) -> [Int] {
        let row = positions.map { Int(($0[1 - axis] * 100).rounded()) }
        var rank: [Int: Int] = [:]
        for (index, value) in Set(row).sorted().enumerated() { rank[value] = index }
        return positions.indices.sorted { a, b in
            guard row[a] == row[b] else { return row[a] < row[b] }
            guard positions[a][axis] != positions[b][axis] else { return a < b }
            let forward = (rank[row[a]] ?? 0) % 2 == 0
            return (positions[a][axis] < positions[b][axis]) == forward
        }
    }
}
