#if canImport(Glibc)
    import Glibc
#endif

/// Area of the stable region of a ring in the horizontal plane by tracking.
///
/// ## Checked by
/// `SeparatrixTests`.
public enum StableArea {
    /// Normalised area, m rad, of the region about the closed orbit in which particles stay.
    ///
    /// Along each of `directions` angles the border is found by bisection between stable and lost amplitudes; the area is that of the
    /// polygon with the radii of the directions, by Simpson-like summation of ½ r² dφ.
    ///
    /// - Parameters:
    ///   - map: The ring.
    ///   - optics: Its optics at the start.
    ///   - orbit: Closed orbit at the start.
    ///   - guess: A normalised amplitude beyond the border in every direction, m^½.
    ///   - directions: Number of directions.
    ///   - turns: Turns that a stable particle survives.
    ///   - bisections: Halvings of the interval.
    public static func tracked(
        _ map: BeamLineMap, optics: LinearOptics, orbit: BeamCoordinates<Double>, guess: Double,
        directions: Int = 180, turns: Int = 1500, bisections: Int = 12
    ) -> Double {
        let tracker = ParticleTracker(map)
        let start = optics.points[0]
        let rootBeta = start.betaM.x.squareRoot()
        var sum = 0.0
        for direction in 0..<directions {
            let angle = 2 * .pi * Double(direction) / Double(directions)
            var (stable, lost) = (0.0, guess)
            for _ in 0..<bisections {
                let radius = 0.5 * (stable + lost)
                let (x, slope) = (radius * cos(angle), radius * sin(angle))
                var p = orbit
                p.x += rootBeta * x
                p.px += (slope - start.alpha.x * x) / rootBeta
                var isOut = false
                let limit = 3 * guess * rootBeta
                let outcome = tracker.trackOne(p, turns: turns) { _, q in
                    if abs(q.x - orbit.x) > limit { isOut = true }
                }
                if case .circulates = outcome.fate, !isOut { stable = radius } else { lost = radius }
            }
            let border = 0.5 * (stable + lost)
            sum += 0.5 * border * border
        }
        return sum * 2 * .pi / Double(directions)
    }
}
