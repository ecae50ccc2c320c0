/// The responses of a run over the residual range of each species: what scorers weigh dose with.
struct ResponseRows: Sendable {
    /// Response at the lower end of the interval and its rise, mean over the rest of the slowing down and its rise.
    typealias Row = SIMD4<Float>

    let count: Int
    /// `[species][interval of OctaveGrid.range][response]`.
    private let rows: PinnedArray<Row>

    init(_ responses: [ResponseTable], slowing: SlowingTables) {
        count = responses.count
        let grid = OctaveGrid.range
        let means = responses.map { $0.meansOverRest() }
        var rows: [Row] = []
        rows.reserveCapacity(TransportedSpecies.all.count * grid.count * responses.count)
        for species in TransportedSpecies.all.indices {
            let energies = (0...grid.count).map { i in
                let row = slowing.rows.pointer[species * grid.count + min(i, grid.count - 1)]
                return row.energy(at: i < grid.count ? 0 : 1)
            }
            for i in 0..<grid.count {
                for (response, mean) in zip(responses, means) {
                    func value(_ table: [Double], _ node: Int) -> Float {
                        Float(ResponseTable.value(in: table, species, energyMeVPerNucleon: energies[node]))
                    }
                    let (a, b) = (value(response.values, i), value(response.values, i + 1))
                    let (c, d) = (value(mean, i), value(mean, i + 1))
                    rows.append(SIMD4(a, b - a, c, d - c))
                }
            }
        }
        self.rows = PinnedArray(rows)
    }

    /// Calls `body` with a view that is valid as long as it runs.
    func withView<Result>(_ body: (View) -> Result) -> Result {
        withExtendedLifetime(self) { body(View(count: count, rows: rows.pointer)) }
    }

    /// Pointers for the stepping loop.
    struct View {
        let count: Int
        let rows: UnsafePointer<Row>

        /// Row of the first response and position in its interval, of a species at a residual range in water.
        @inline(__always) func at(_ species: Int, rangeMM: Double) -> Position {
            let at = OctaveGrid.range.locate(rangeMM)
            return Position(
                row: rows + (species &* OctaveGrid.range.count &+ at.interval) &* count,
                fraction: Float(at.fraction))
        }
    }

    struct Position {
        let row: UnsafePointer<Row>
        let fraction: Float

        /// Response number `i` at this range.
        @inline(__always) func value(_ i: Int) -> Double {
            Double(row[i].x + fraction * row[i].y)
        }
        /// Its mean over the rest of the slowing down, weighted with energy.
        @inline(__always) func meanOverRest(_ i: Int) -> Double {
            Double(row[i].z + fraction * row[i].w)
        }
    }
}
