import BeamOptics
import Foundation

/// The design orbit of a ring on the floor, from its lattice: bends are arcs, everything else is straight.
///
/// ## Checked by
/// `RoomPlanTests`: the orbit of a ring closes and is as long as the lattice.
package struct RingFloor {
    /// Points along the orbit, m, the middle of the ring at zero; first and last meet where the bends add up to a turn.
    package let orbit: [SIMD2<Double>]
    /// Arcs of the bends, m.
    package let bends: [[SIMD2<Double>]]
    /// Largest extent, m.
    package let size: SIMD2<Double>

    /// - Parameter lattice: The ring, in the order of the beam.
    package init(_ lattice: Lattice) {
        var place = SIMD2(0.0, 0.0)
        var heading = 0.0
        var orbit = [place]
        var bends: [[SIMD2<Double>]] = []
        for element in lattice.elements {
            guard case .bend(let bend) = element.kind else {
                guard element.lengthM > 0 else { continue }
                place += element.lengthM * SIMD2(cos(heading), sin(heading))
                orbit.append(place)
                continue
            }
            let steps = max(2, Int((abs(bend.angleRad) / 0.05).rounded(.up)))
            let chord = 2 * element.lengthM / bend.angleRad * sin(bend.angleRad / Double(2 * steps))
            var arc = [place]
            for _ in 0..<steps {
                heading += bend.angleRad / Double(2 * steps)
                place += chord * SIMD2(cos(heading), sin(heading))
                heading += bend.angleRad / Double(2 * steps)
                arc.append(place)
            }
            bends.append(arc)
            orbit += arc.dropFirst()
        }
        let low = orbit.reduce(place) { pointwiseMin($0, $1) }
        let high = orbit.reduce(place) { pointwiseMax($0, $1) }
        let middle = 0.5 * (low + high)
        self.orbit = orbit.map { $0 - middle }
        self.bends = bends.map { $0.map { $0 - middle } }
        size = high - low
    }

    /// Distance of the ends of the orbit, m: 0 for a ring that closes.
    package var gapM: Double {
        guard let first = orbit.first, let last = orbit.last else { return 0 }
        let difference = last - first
        return (difference * difference).sum().squareRoot()
    }
}
