#if canImport(Glibc)
    import Glibc
#endif

/// Random numbers of one history: xoshiro256++ that starts where Philox 4x32-10 puts (seed, history).
///
/// The stream is a function of (seed, history) alone, so a history gives the same result on any thread, in any batch
/// and in any shard. Its state has 256 bits: that two of 2⁴⁰ histories of 2³⁰ numbers ever overlap has the probability 2⁻¹⁴⁶.
///
/// ## Source
/// Philox: Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11 (2011). xoshiro256++: Blackman &
/// Vigna, ACM Trans. Math. Softw. 47 (2021) 36.
/// ## Checked by
/// `RandomStreamTests`: known answers of both generators, moments and tails of the deviates.
public struct RandomStream: RandomNumberGenerator, Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)
    private let ziggurat: Ziggurat

    /// The stream of history number `history` of a run with `seed`.
    public init(seed: UInt64, history: UInt64) {
        let key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
        var counter = SIMD4(
            0, 0, UInt32(truncatingIfNeeded: history), UInt32(truncatingIfNeeded: history >> 32))
        func words() -> (UInt64, UInt64) {
            let block = Self.philox(counter: counter, key: key)
            return (
                UInt64(block[0]) | UInt64(block[1]) << 32, UInt64(block[2]) | UInt64(block[3]) << 32
            )
        }
        let first = words()
        counter[0] = 1
        let second = words()
        self.init(state: (first.0, first.1, second.0, second.1))
    }

    /// A stream that goes on from a state of xoshiro256++ that is not all zeros.
    package init(state: (UInt64, UInt64, UInt64, UInt64)) {
        self.state = state
        ziggurat = .standard
    }

    /// Ten Philox rounds of one counter under one key.
    public static func philox(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
        var c = counter
        var k = key
        for _ in 0..<10 {
            let first = UInt64(0xD251_1F53) &* UInt64(c[0])
            let second = UInt64(0xCD9E_8D57) &* UInt64(c[2])
            c = SIMD4(
                UInt32(truncatingIfNeeded: second >> 32) ^ c[1] ^ k[0], UInt32(truncatingIfNeeded: second),
                UInt32(truncatingIfNeeded: first >> 32) ^ c[3] ^ k[1], UInt32(truncatingIfNeeded: first))
            k = SIMD2(k[0] &+ 0x9E37_79B9, k[1] &+ 0xBB67_AE85)
        }
        return c
    }

    /// The next 64 bits.
    @inline(__always) public mutating func next() -> UInt64 {
        @inline(__always) func rotated(_ x: UInt64, _ by: UInt64) -> UInt64 {
            (x &<< by) | (x &>> (64 &- by))
        }
        let result = rotated(state.0 &+ state.3, 23) &+ state.0
        let shifted = state.1 &<< 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = rotated(state.3, 45)
        return result
    }

    /// Uniform in the open interval (0, 1): an odd multiple of 2⁻⁵³.
    @inline(__always) package mutating func uniform() -> Double {
        Double(bitPattern: 0x3FF0_0000_0000_0000 | (next() &>> 12)) - (1 - 0x1p-53)
    }

    /// Standard normal deviate, exact, by the ziggurat.
    @inline(__always) package mutating func normal() -> Double {
        let bits = next()
        let layer = ziggurat.layers + Int(truncatingIfNeeded: bits & 127)
        let u = Double(Int64(bitPattern: bits) &>> 11) * 0x1p-52
        if abs(u) < layer.pointee.y { return u * layer.pointee.x }
        return normalAtEdge(layer: Int(truncatingIfNeeded: bits & 127), u: u)
    }

    /// Three standard normal deviates.
    @inline(never) package mutating func threeNormals() -> (Double, Double, Double) {
        (normal(), normal(), normal())
    }

    /// One time in eighty: the edge of a layer, or the tail.
    @inline(never) private mutating func normalAtEdge(layer first: Int, u at: Double) -> Double {
        var (layer, u) = (first, at)
        while true {
            let x = u * ziggurat.layers[layer].x
            if abs(u) < ziggurat.layers[layer].y { return x }
            if layer == 0 {
                var (tail, height) = (0.0, 0.0)
                repeat {
                    tail = exponential() / Ziggurat.tailStart
                    height = exponential()
                } while 2 * height < tail * tail
                return u < 0 ? -(Ziggurat.tailStart + tail) : Ziggurat.tailStart + tail
            }
            let (outer, inner) = (ziggurat.layers[layer].x, ziggurat.layers[layer + 1].x)
            let (low, high) = (exp(-0.5 * (outer * outer - x * x)), exp(-0.5 * (inner * inner - x * x)))
            if low + uniform() * (high - low) < 1 { return x }
            let bits = next()
            layer = Int(truncatingIfNeeded: bits & 127)
            u = Double(Int64(bitPattern: bits) &>> 11) * 0x1p-52
        }
    }

    /// Exponential deviate of mean 1.
    @inline(__always) mutating func exponential() -> Double { -log(uniform()) }

    /// Direction cosine, uniform in −1...1, and azimuth as (cos, sin).
    @inline(__always) mutating func isotropic() -> (cosine: Double, cosAzimuth: Double, sinAzimuth: Double) {
        let cosine = 2 * uniform() - 1
        var (a, b, square) = (0.0, 0.0, 0.0)
        // A point in the unit disc has the azimuth.
        repeat {
            a = 2 * uniform() - 1
            b = 2 * uniform() - 1
            square = a * a + b * b
        } while square > 1 || square < 1e-12
        let scale = 1 / square.squareRoot()
        return (cosine, a * scale, b * scale)
    }
}
