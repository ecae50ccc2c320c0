#if canImport(Glibc)
    import Glibc
#endif

/// Reproducible random numbers: xoshiro256++ whose state SplitMix64 makes from a seed and a stream number.
///
/// The numbers depend on (seed, stream) alone, so that every particle, room or day can have a stream of its own and results
/// do not depend on the order of work.
///
/// ## Source
/// Blackman & Vigna, ACM Trans. Math. Softw. 47 (2021) 36; SplitMix64: Steele, Lea & Flood, OOPSLA 2014, 453.
/// ## Checked by
/// `SeededRandomTests`: known answers, moments.
public struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    /// The stream `stream` of the run with `seed`.
    public init(seed: UInt64, stream: UInt64 = 0) {
        var mixer = SplitMix64(state: seed)
        mixer.state = mixer.next() ^ (stream &* 0x9FB2_1C65_1E98_DF25)
        state = (mixer.next(), mixer.next(), mixer.next(), mixer.next())
    }

    package init(state: (UInt64, UInt64, UInt64, UInt64)) { self.state = state }

    public mutating func next() -> UInt64 {
        func rotated(_ x: UInt64, _ by: UInt64) -> UInt64 { (x &<< by) | (x &>> (64 &- by)) }
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

    /// Uniform in the open interval (0, 1).
    public mutating func uniform() -> Double {
        (Double(next() &>> 12) + 0.5) * 0x1p-52
    }

    /// Standard normal deviate (Box and Muller).
    public mutating func normal() -> Double {
        let radius = (-2 * log(uniform())).squareRoot()
        return radius * cos(2 * .pi * uniform())
    }

    /// Standard normal deviate cut off at ±`limit`.
    ///
    /// - Precondition: a positive limit.
    public mutating func normal(within limit: Double) -> Double {
        precondition(limit > 0)
        while true {
            let value = normal()
            if abs(value) <= limit { return value }
        }
    }

    /// Exponential deviate of mean 1.
    public mutating func exponential() -> Double { -log(uniform()) }
}

/// SplitMix64, for seeds.
package struct SplitMix64 {
    package var state: UInt64

    package init(state: UInt64) { self.state = state }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
