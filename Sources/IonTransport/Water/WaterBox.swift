/// A box of unit-density water: z from 0 to a depth, x and y to both sides of the axis, mm.
struct WaterBox: TransportGeometry {
    /// The only place, with the way to its wall.
    struct Place {
        fileprivate var wayMM: Double
    }

    static var bordersEndSteps: Bool { false }
    let depthMM: Double
    let halfWidthMM: Double

    @inline(__always) func place(of p: TrackState) -> Place? {
        guard p.z >= 0, p.z < depthMM, abs(p.x) <= halfWidthMM, abs(p.y) <= halfWidthMM else { return nil }
        var place = Place(wayMM: 0)
        aim(&place, along: p)
        return place
    }

    @inline(__always) func aim(_ place: inout Place, along p: TrackState) {
        @inline(__always) func axis(_ x: Double, _ d: Double, _ low: Double, _ high: Double) -> Double {
            d > 0 ? (high - x) / d : d < 0 ? (low - x) / d : .infinity
        }
        let way = min(
            axis(p.z, p.direction.z, 0, depthMM),
            min(
                axis(p.x, p.direction.x, -halfWidthMM, halfWidthMM),
                axis(p.y, p.direction.y, -halfWidthMM, halfWidthMM)))
        place.wayMM = max(0, way)
    }

    @inline(__always) func wayToBorder(_ place: Place) -> Double { place.wayMM }
    @inline(__always) func cross(_ place: inout Place, _ p: inout TrackState) -> Bool { false }
    @inline(__always) func material(_ place: Place) -> Int { 0 }
    @inline(__always) func densityGPerCM3(_ place: Place) -> Double { 1 }
    @inline(__always) func longestStepMM(_ place: Place) -> Double { .infinity }

    @inline(__always) func clearanceMM(_ place: Place, _ p: TrackState) -> Double {
        min(
            min(p.z, depthMM - p.z), min(halfWidthMM - abs(p.x), halfWidthMM - abs(p.y)))
    }
}
