/// A grid of positive numbers with 16 equal intervals in each octave: the interval is read from exponent and mantissa,
/// without a logarithm.
struct OctaveGrid: Sendable {
    private static let mantissaBits: UInt64 = 4
    static let intervalsPerOctave = 16
    private let base: Int
    /// Number of intervals.
    let count: Int

    /// From 2^first to 2^(first + octaves).
    @inline(__always) init(firstExponent first: Int, octaves: Int) {
        base = (1023 + first) << Int(Self.mantissaBits)
        count = octaves << Int(Self.mantissaBits)
    }

    /// Residual range in water, mm: 0.5 µm to 16 m.
    @inline(__always) static var range: OctaveGrid { OctaveGrid(firstExponent: -11, octaves: 25) }
    /// Kinetic energy, MeV per nucleon: 0.0078 to 1024.
    @inline(__always) static var energy: OctaveGrid { OctaveGrid(firstExponent: -7, octaves: 17) }

    /// Interval and the position 0..<1 in it; held at the lower end.
    ///
    /// - Precondition: x < the upper end; not checked.
    @inline(__always) func locate(_ x: Double) -> (interval: Int, fraction: Double) {
        let pattern = max(x, lowest).bitPattern
        let low = (pattern &<< Self.mantissaBits) & 0x000F_FFFF_FFFF_FFFF
        return (
            Int(truncatingIfNeeded: pattern &>> (52 &- Self.mantissaBits)) &- base,
            Double(bitPattern: 0x3FF0_0000_0000_0000 | low) - 1
        )
    }

    /// The same for any x, held at both ends.
    @inline(__always) func locateHeld(_ x: Double) -> (interval: Int, fraction: Double) {
        let at = locate(x)
        return at.interval < count ? at : (count &- 1, 1)
    }

    /// Lower end of the grid.
    @inline(__always) var lowest: Double { Double(bitPattern: UInt64(base) &<< (52 &- Self.mantissaBits)) }

    /// Lower end of interval i = 0...count.
    func node(_ i: Int) -> Double {
        let code = UInt64(base + i)
        return Double(bitPattern: code << (52 - Self.mantissaBits))
    }
}
