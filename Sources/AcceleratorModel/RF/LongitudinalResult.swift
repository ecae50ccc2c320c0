/// What capture and acceleration make of a coasting beam.
public struct LongitudinalResult: Sendable {
    /// The beam at one moment.
    public struct Snapshot: Sendable {
        public let label: String
        /// Since the start of capture, s.
        public let timeS: Double
        public let bucket: RFBucket
        /// Phase, rad (−π to π), and relative momentum deviation of every particle that is left.
        public let points: [SIMD2<Double>]

        /// Particles inside the separatrix.
        public var insideBucket: Int {
            points.count { bucket.contains(phase: $0.x, relativeMomentum: $0.y) }
        }

        /// RMS relative momentum deviation.
        public var momentumSpread: Double {
            guard !points.isEmpty else { return 0 }
            let n = Double(points.count)
            let mean = points.reduce(0) { $0 + $1.y } / n
            return (points.reduce(0) { $0 + ($1.y - mean) * ($1.y - mean) } / n).squareRoot()
        }

        /// Mean over peak line density, from a histogram of 24 bins smoothed over three.
        public var bunchingFactor: Double {
            guard !points.isEmpty else { return 1 }
            let bins = 24
            var histogram = [Double](repeating: 0, count: bins)
            for point in points {
                let position = Double(bins) * (0.5 + point.x / (2 * .pi))
                histogram[min(bins - 1, max(0, Int(position)))] += 1
            }
            var peak = 0.0
            for i in 0..<bins {
                let neighbours = histogram[(i + bins - 1) % bins] + histogram[(i + 1) % bins]
                peak = max(peak, 0.5 * histogram[i] + 0.25 * neighbours)
            }
            return peak > 0 ? min(1, Double(points.count) / Double(bins) / peak) : 1
        }
    }

    /// Macroparticles injected.
    public let particles: Int
    /// Turns tracked.
    public let turns: Int
    /// When each lost particle left, s, ascending.
    public let lossTimesS: [Double]
    /// Injected, end of capture, middle of the ramp, flat top.
    public let snapshots: [Snapshot]

    /// Share of the particles inside the buckets at the end of capture.
    public var captureEfficiency: Double {
        snapshots.count > 1 ? Double(snapshots[1].insideBucket) / Double(particles) : 0
    }
    /// Share of the particles that reaches the flat top.
    public var efficiency: Double { Double(particles - lossTimesS.count) / Double(particles) }

    /// Share of the particles that is left at a time, s.
    public func survival(at time: Double) -> Double {
        1 - Double(lossTimesS.count { $0 <= time }) / Double(particles)
    }
}
