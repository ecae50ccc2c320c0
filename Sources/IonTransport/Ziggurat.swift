#if canImport(Glibc)
    import Glibc
#endif

/// Layers of equal area under the normal density, for `RandomStream.normal`.
///
/// ## Source
/// Marsaglia & Tsang, J. Stat. Softw. 5 (2000) 8; the form with one 53-bit number and separate layer bits is Doornik's (An improved
/// ziggurat method, Oxford 2005).
/// ## Checked by
/// `RandomStreamTests`.
struct Ziggurat: @unchecked Sendable {
    /// 128 layers: width x, and the part of it that lies under the density whatever the height; one more of width 0.
    ///
    /// A pointer, so that a deviate costs no reference counting; the table lives as long as the program and is never written.
    let layers: UnsafePointer<SIMD2<Double>>

    /// Where the tail begins, with 128 layers.
    static let tailStart = 3.442619855899
    private static let area = 9.91256303526217e-3

    static let standard = Ziggurat(layers: table.pointer)
    private static let table = PinnedArray(makeTable())

    private static func makeTable() -> [SIMD2<Double>] {
        func density(_ x: Double) -> Double { exp(-0.5 * x * x) }
        var widths = [area / density(tailStart), tailStart]
        for i in 2..<128 {
            let height = area / widths[i - 1] + density(widths[i - 1])
            widths.append((-2 * log(height)).squareRoot())
        }
        widths.append(0)
        return (0..<128).map { SIMD2(widths[$0], widths[$0 + 1] / widths[$0]) } + [.zero]
    }
}
