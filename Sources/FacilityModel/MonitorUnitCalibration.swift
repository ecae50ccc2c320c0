import Quantities

/// How many ions one monitor unit of a machine's dose monitor stands for.
///
/// A monitor counts ionisation, so the number falls with the stopping power: in general it depends on the energy. Between
/// the points it is linear; outside them it is not known.
///
/// ## Checked by
/// `MonitorUnitCalibrationTests`.
public struct MonitorUnitCalibration: Hashable, Sendable {
    /// Ions per monitor unit at one energy.
    public struct Point: Hashable, Sendable {
        public var energy: EnergyPerNucleon
        public var particles: Double

        public init(energy: EnergyPerNucleon, particles: Double) {
            self.energy = energy
            self.particles = particles
        }
    }

    /// From the lowest energy up; one point holds at every energy.
    public let points: [Point]

    /// The same number at every energy.
    ///
    /// - Precondition: positive.
    public init(particlesPerUnit: Double) {
        precondition(particlesPerUnit > 0 && particlesPerUnit.isFinite)
        points = [Point(energy: EnergyPerNucleon(0), particles: particlesPerUnit)]
    }

    /// A table; nil unless it has at least two points, ascending energies and positive numbers.
    public init?(points: [Point]) {
        guard points.count >= 2,
            points.allSatisfy({ $0.particles > 0 && $0.particles.isFinite && $0.energy.value > 0 }),
            zip(points, points.dropFirst()).allSatisfy({ $0.energy < $1.energy })
        else { return nil }
        self.points = points
    }

    /// Ions per monitor unit; nil outside the table.
    public func particles(at energy: EnergyPerNucleon) -> Double? {
        guard points.count > 1 else { return points[0].particles }
        guard energy >= points[0].energy, energy <= points[points.count - 1].energy else { return nil }
        let upper = max(1, points.firstIndex { $0.energy >= energy } ?? 1)
        let (a, b) = (points[upper - 1], points[upper])
        let t = (energy - a.energy) / (b.energy - a.energy)
        return a.particles + t * (b.particles - a.particles)
    }
}
