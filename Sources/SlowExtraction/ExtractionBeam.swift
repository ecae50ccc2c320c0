import NumericKernels

/// Macroparticles in the ring, eight to a block, normalised coordinates at the start of the ring.
struct ExtractionBeam: Sendable {
    struct Block: Sendable {
        var x: SIMD8<Double>
        var slope: SIMD8<Double>
        var delta: SIMD8<Double>
        /// 1 for a particle in the ring, 0 for one that is gone.
        var alive: SIMD8<Double>
    }
    var blocks: [Block]

    /// A matched Gaussian beam.
    ///
    /// - Parameters:
    ///   - count: Macroparticles, rounded up to whole blocks by the caller's choice of a multiple of 8.
    ///   - emittanceMRad: RMS emittance, m rad.
    ///   - momentumSpread: RMS of δ.
    ///   - momentumOffset: Mean of δ.
    ///   - cutoff: Largest amplitude over the RMS one, in each of the two planes of phase.
    ///   - seed: Seed.
    init(
        count: Int, emittanceMRad: Double, momentumSpread: Double, momentumOffset: Double, cutoff: Double,
        seed: UInt64
    ) {
        var random = SeededRandom(seed: seed)
        let root = emittanceMRad.squareRoot()
        blocks = (0..<(count + 7) / 8).map { block in
            var made = Block(x: .zero, slope: .zero, delta: .zero, alive: .zero)
            for lane in 0..<8 where 8 * block + lane < count {
                var (x, slope) = (random.normal(), random.normal())
                while x * x + slope * slope > cutoff * cutoff {
                    (x, slope) = (random.normal(), random.normal())
                }
                let delta = random.normal(within: cutoff)
                made.x[lane] = root * x
                made.slope[lane] = root * slope
                made.delta[lane] = momentumOffset + momentumSpread * delta
                made.alive[lane] = 1
            }
            return made
        }
    }

    /// What another energy does to all amplitudes: their squares go with the emittance; momenta keep their mean.
    ///
    /// - Parameters:
    ///   - amplitude: Factor of x and slope.
    ///   - delta: Factor of δ less its mean.
    ///   - mean: Mean of δ.
    mutating func scale(amplitude: Double, delta: Double, mean: Double) {
        for i in blocks.indices {
            blocks[i].x *= amplitude
            blocks[i].slope *= amplitude
            blocks[i].delta = mean + delta * (blocks[i].delta - mean)
        }
    }

    /// Takes out every particle that a draw of chance meets.
    ///
    /// - Parameters:
    ///   - share: Chance of each.
    ///   - random: Where the draws come from.
    /// - Returns: How many were taken out.
    mutating func remove(share: Double, random: inout SeededRandom) -> Int {
        var count = 0
        for i in blocks.indices {
            for lane in 0..<8 where blocks[i].alive[lane] > 0 && random.uniform() < share {
                blocks[i].alive[lane] = 0
                (blocks[i].x[lane], blocks[i].slope[lane]) = (0, 0)
                count += 1
            }
        }
        return count
    }

    var aliveCount: Int { blocks.reduce(0) { $0 + Int($1.alive.sum()) } }
}

/// A macroparticle that has passed the septum.
public struct ExtractedParticle: Sendable, Hashable {
    /// Turn in which it passed.
    public var turn: Int
    /// Position and angle at the septum's entrance, m and rad.
    public var positionM: Double
    public var angleRad: Double
    public var delta: Double
    /// Whether it hit the wall.
    public var hitWall: Bool

    /// - Parameters:
    ///   - turn: Turn in which it passed.
    ///   - positionM: Position at the septum's entrance, m.
    ///   - angleRad: Angle there, rad.
    ///   - delta: δ.
    ///   - hitWall: Whether it hit the wall.
    public init(turn: Int, positionM: Double, angleRad: Double, delta: Double, hitWall: Bool) {
        self.turn = turn
        self.positionM = positionM
        self.angleRad = angleRad
        self.delta = delta
        self.hitWall = hitWall
    }

    /// The same with another count of the turns.
    func shifted(turns: Int) -> ExtractedParticle {
        var copy = self
        copy.turn += turns
        return copy
    }
}
