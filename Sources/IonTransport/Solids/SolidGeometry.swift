/// The solids of a `SolidPhantom` as the stepping loop sees them.
///
/// The way to the border is exact: the nearest face, along the flight, of the world, of the solid that the particle is in, or of any
/// later solid. Faces that an earlier solid hides behind a later one do not count.
///
/// ## Checked by
/// `SolidGeometryTests`: ways and places against marching in steps of 2 µm.
struct SolidGeometry: TransportGeometry {
    struct Place {
        /// 0 for the world, then the solids in their order; also the index into the materials.
        fileprivate(set) var number: Int
        fileprivate var wayMM: Double
    }

    /// Thin solids scatter as their thickness says.
    static var bordersEndSteps: Bool { true }
    /// Longest way of one step of scattering, mm: keeps the path in gases bent, not broken.
    private static let longestStepMM = 50.0
    /// A point this far beyond a face is behind it, whatever the rounding, mm.
    private static let nudgeMM = 5e-7

    /// By place, the world first.
    let bodies: UnsafePointer<SolidBody>
    let densities: UnsafePointer<Double>
    let count: Int

    @inline(__always) func place(of p: TrackState) -> Place? {
        guard bodies[0].contains(p.x, p.y, p.z) else { return nil }
        var number = count &- 1
        while number > 0 && !bodies[number].contains(p.x, p.y, p.z) { number &-= 1 }
        var place = Place(number: number, wayMM: 0)
        aim(&place, along: p)
        return place
    }

    @inline(__always) func aim(_ place: inout Place, along p: TrackState) {
        @inline(__always) func interval(_ body: Int) -> (enter: Double, leave: Double) {
            bodies[body].interval(p.x, p.y, p.z, p.direction.x, p.direction.y, p.direction.z)
        }
        var way = interval(0).leave
        if place.number > 0 { way = min(way, interval(place.number).leave) }
        var later = place.number &+ 1
        while later < count {
            let (enter, leave) = interval(later)
            // A body that the particle was in would be its place: it lies ahead, or behind.
            if enter < way && leave > 0 && enter < leave { way = enter }
            later &+= 1
        }
        place.wayMM = max(0, way)
    }

    @inline(__always) func wayToBorder(_ place: Place) -> Double { place.wayMM }

    @inline(__always) func cross(_ place: inout Place, _ p: inout TrackState) -> Bool {
        p.advance(Self.nudgeMM)
        guard let next = self.place(of: p) else { return false }
        place = next
        return true
    }

    @inline(__always) func material(_ place: Place) -> Int { place.number }
    @inline(__always) func densityGPerCM3(_ place: Place) -> Double { densities[place.number] }
    @inline(__always) func clearanceMM(_ place: Place, _ p: TrackState) -> Double { 0 }

    /// Not beyond the next face: a thin solid then scatters once, with exactly its own thickness.
    @inline(__always) func longestStepMM(_ place: Place) -> Double {
        min(Self.longestStepMM, max(place.wayMM, 1e-3))
    }

    /// Moves a particle outside the world along its way to where it enters it; nil if it misses.
    func entering(_ p: TrackState) -> TrackState? {
        guard !bodies[0].contains(p.x, p.y, p.z) else { return p }
        let (enter, leave) = bodies[0].interval(
            p.x, p.y, p.z, p.direction.x, p.direction.y, p.direction.z)
        guard enter < leave, leave > 0, enter >= 0 else { return nil }
        var result = p
        result.advance(enter + Self.nudgeMM)
        return result
    }
}
