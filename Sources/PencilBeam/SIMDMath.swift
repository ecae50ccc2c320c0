/// Eight lanes of a kernel: the voxels of one brick.
typealias Lanes = SIMD8<Float>

/// 2ᵗ for t ≤ 0 in each lane, relative error below 3·10⁻⁷; 0 < t < −126 is taken as −126.
///
/// The library's exponential works on single numbers; here eight at a time are needed in the innermost loop.
@inline(__always)
func exp2Lanes(_ t: Lanes) -> Lanes {
    let bounded = t.replacing(with: -126, where: t .< -126)
    // Adding 1.5 · 2²³ rounds to an integer and leaves that integer in the low bits.
    let shifted = bounded + 12_582_912
    let f = bounded - (shifted - 12_582_912)
    var p = f * 1.535_336_188e-4 + 1.339_887_440e-3
    p = p * f + 9.618_437_357e-3
    p = p * f + 5.550_332_471e-2
    p = p * f + 2.402_264_791e-1
    p = p * f + 6.931_472_028e-1
    p = p * f + 1
    let exponent = (unsafeBitCast(shifted, to: SIMD8<Int32>.self) &- 0x4B40_0000) &<< 23
    return unsafeBitCast(unsafeBitCast(p, to: SIMD8<Int32>.self) &+ exponent, to: Lanes.self)
}

/// 1/√x in each lane for x > 0: bit estimate and two Newton steps, relative error below 5·10⁻⁶ · 10⁻⁵.
@inline(__always)
func reciprocalSquareRootLanes(_ x: Lanes) -> Lanes {
    let half = x * 0.5
    let bits = SIMD8<Int32>(repeating: 0x5F37_5A86) &- (unsafeBitCast(x, to: SIMD8<Int32>.self) &>> 1)
    var y = unsafeBitCast(bits, to: Lanes.self)
    y = y * (1.5 - half * y * y)
    y = y * (1.5 - half * y * y)
    return y
}

/// Sum of the lanes in a fixed order.
@inline(__always)
func sumLanes(_ v: Lanes) -> Float {
    let a = v.lowHalf + v.highHalf
    let b = a.lowHalf + a.highHalf
    return b.x + b.y
}

/// Column c of eight rows of four. Rows are written whole and read by the number, which a processor forwards from its
/// store buffer; the other way round it would wait.
@inline(__always)
func columnLanes(_ c: Int, of rows: UnsafeMutablePointer<SIMD4<Float>>) -> Lanes {
    let p = UnsafeRawPointer(rows).assumingMemoryBound(to: Float.self)
    return Lanes(p[c], p[4 + c], p[8 + c], p[12 + c], p[16 + c], p[20 + c], p[24 + c], p[28 + c])
}

/// Greatest lane.
@inline(__always)
func maxLanes(_ v: Lanes) -> Float {
    let a = v.lowHalf.replacing(with: v.highHalf, where: v.highHalf .> v.lowHalf)
    return max(max(a.x, a.y), max(a.z, a.w))
}

extension Float {
    /// Integer part of a number known to lie in 0 ..< 2²², without the range checks of `Int32(_:)`.
    @inline(__always)
    var unsafelyTruncated: Int32 {
        // Adding 2²³ rounds to the nearest integer; one too high is taken back.
        let rounded = Int32(bitPattern: (self + 8_388_608).bitPattern & 0x7F_FFFF)
        return Float(rounded) > self ? rounded &- 1 : rounded
    }
}
