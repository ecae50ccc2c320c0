#if canImport(Glibc)
    import Glibc
#endif

/// Random numbers of one history: Philox 4x32-10, a counter-based generator.
///
/// The stream is a function of (seed, history) alone, so a history gives the same result on any thread, in any batch
/// and in any shard. 2³² blocks of four words per history; streams of different histories never overlap.
///
/// ## Source
/// Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11 (2011).
/// ## Checked by
/// `RandomStreamTests` against the published known answers.
@frozen
public struct RandomStream: RandomNumberGenerator, Sendable {
    var key: SIMD2<UInt32>
    var counter: SIMD4<UInt32>
    var block = SIMD4<UInt32>()
    var used: UInt32 = 4
    var storedNormal = 0.0
    var hasStoredNormal = false

    /// The stream of history number `history` of a run with `seed`.
    public init(seed: UInt64, history: UInt64) {
        key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
        counter = SIMD4(
            0, 0, UInt32(truncatingIfNeeded: history), UInt32(truncatingIfNeeded: history >> 32))
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

    @inline(__always) mutating func nextWord() -> UInt32 {
        if used == 4 {
            block = Self.philox(counter: counter, key: key)
            counter[0] &+= 1
            used = 0
        }
        let word = block[Int(used)]
        used += 1
        return word
    }

    public mutating func next() -> UInt64 {
        let low = UInt64(nextWord())
        return low | UInt64(nextWord()) << 32
    }

    /// Uniform in the open interval (0, 1), 32 bits.
    @inline(__always) package mutating func uniform() -> Double {
        (Double(nextWord()) + 0.5) * 0x1p-32
    }

    /// Standard normal deviate (Box-Muller; every second call is free).
    @inline(__always) package mutating func normal() -> Double {
        if hasStoredNormal {
            hasStoredNormal = false
            return storedNormal
        }
        let radius = (-2 * log(uniform())).squareRoot()
        let angle = 2 * .pi * uniform()
        storedNormal = radius * sin(angle)
        hasStoredNormal = true
        return radius * cos(angle)
    }

    /// Exponential deviate of mean 1.
    @inline(__always) mutating func exponential() -> Double { -log(uniform()) }

    /// Direction cosine, uniform in −1...1, and azimuth as (cos, sin).
    @inline(__always) mutating func isotropic() -> (cosine: Double, cosAzimuth: Double, sinAzimuth: Double) {
        let cosine = 2 * uniform() - 1
        let azimuth = 2 * .pi * uniform()
        return (cosine, cos(azimuth), sin(azimuth))
    }
}
