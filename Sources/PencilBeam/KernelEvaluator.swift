/// The dose of one ion on one sub-beam in the eight voxels of a brick.
struct KernelValue {
    var dose = Lanes.zero
    var doseZStar = Lanes.zero
    var doseLET = Lanes.zero
}

/// Evaluates sub-beam kernels of one layer in one brick.
///
///     K(x, y, w) = Σ_c n_c D_c(d) G(x − x_ray; v_x) G(y − y_ray; v_y)                        (11)
///     v = v_air(w) − v_lattice m² + σ_c²
///     σ² of primaries = [σ²/V_w](d) V ,  of fragments = [σ²/(d²/3)](d) g
///
/// d, n_c, g (equations 4 to 7) and V (9) are those of the ray at the voxel's depth.
///
/// The pointers are unsafe because this is the innermost loop of all dose calculation; they live inside
/// `withUnsafeBufferPointer` of the field's tables (`FieldPass`).
struct KernelEvaluator {
    let samples: UnsafePointer<SIMD4<Float>>
    let depthCount: Int
    let spread: UnsafePointer<Float>
    let spreadCount: Int
    let core: UnsafePointer<SIMD8<Float>>
    let halo: UnsafePointer<SIMD4<Float>>
    /// Index of the last row that has a row behind it.
    let lastRow: Float
    let inverseStep: Float
    let coreEndMM: Float
    let primaryEndMM: Float
    let haloEndMM: Float
    private static let log2e: Float = 1.442_695_04
    private static let inverseTwoPi: Float = 0.159_154_943

    /// Scratch: table rows of the eight voxels; at least 64 floats.
    let scratch: UnsafeMutablePointer<SIMD8<Float>>

    /// Where the eight voxels lie along the rays; see `BrickLanes.Along`.
    typealias Along = UnsafePointer<BrickLanes.Along>

    /// Primaries and heavy fragments; false if the brick is beyond their range on this ray.
    @inline(__always)
    func coreKernel(
        ray: Int, along: Along, dx: Lanes, dy: Lanes, ownX: Lanes, ownY: Lanes,
        into value: inout KernelValue
    ) -> Bool {
        let base = samples + ray * depthCount
        // Water-equivalent depth only grows along a ray: the first voxel decides.
        let least = base[Int(along.pointee.first)][0]
        if least > coreEndMM { return false }
        let spreads = spread + ray * spreadCount
        let sample = UnsafeRawPointer(along).assumingMemoryBound(to: Int32.self)
        let fraction = UnsafeRawPointer(along).advanced(by: 32).assumingMemoryBound(to: Float.self)
        for lane in 0..<8 {
            let k = Int(sample[lane])
            let f = fraction[lane]
            let a = base[k]
            let here = a + f * (base[k + 1] - a)
            let s = spreads + (k >> 2)
            let spreadHere = s[0] + fraction[lane + 8] * (s[1] - s[0])
            let t = min(here[0] * inverseStep, lastRow)
            let i = t.unsafelyTruncated
            let r = core + Int(i)
            let r0 = r[0]
            scratch[lane] =
                (r0 + (t - Float(i)) * (r[1] - r0))
                * SIMD8(here[1], here[1], here[1], spreadHere, here[2], here[2], here[2], here[3])
        }
        let columns = UnsafeRawPointer(scratch).assumingMemoryBound(to: Float.self)
        let heavy = gaussian(
            dx: dx, dy: dy, varianceX: ownX + Self.column(7, columns),
            varianceY: ownY + Self.column(7, columns))
        value.dose = Self.column(4, columns) * heavy
        value.doseZStar = Self.column(5, columns) * heavy
        value.doseLET = Self.column(6, columns) * heavy
        if least > primaryEndMM { return true }
        let primary = gaussian(
            dx: dx, dy: dy, varianceX: ownX + Self.column(3, columns),
            varianceY: ownY + Self.column(3, columns))
        value.dose += Self.column(0, columns) * primary
        value.doseZStar += Self.column(1, columns) * primary
        value.doseLET += Self.column(2, columns) * primary
        return true
    }

    /// Light fragments; false if the brick is beyond their range on this ray.
    @inline(__always)
    func haloKernel(
        ray: Int, along: Along, dx: Lanes, dy: Lanes, ownX: Lanes, ownY: Lanes,
        into value: inout KernelValue
    ) -> Bool {
        let base = samples + ray * depthCount
        if base[Int(along.pointee.first)][0] > haloEndMM { return false }
        let sample = UnsafeRawPointer(along).assumingMemoryBound(to: Int32.self)
        let fraction = UnsafeRawPointer(along).advanced(by: 32).assumingMemoryBound(to: Float.self)
        let rows = UnsafeMutableRawPointer(scratch).assumingMemoryBound(to: SIMD4<Float>.self)
        for lane in 0..<8 {
            let k = Int(sample[lane])
            let a = base[k]
            let here = a + fraction[lane] * (base[k + 1] - a)
            let t = min(here[0] * inverseStep, lastRow)
            let i = t.unsafelyTruncated
            let r = halo + Int(i)
            let r0 = r[0]
            rows[lane] =
                (r0 + (t - Float(i)) * (r[1] - r0)) * SIMD4(here[2], here[2], here[2], here[3])
        }
        let columns = UnsafeRawPointer(scratch).assumingMemoryBound(to: Float.self)
        let spread = Self.narrowColumn(3, columns)
        let light = gaussian(dx: dx, dy: dy, varianceX: ownX + spread, varianceY: ownY + spread)
        value.dose = Self.narrowColumn(0, columns) * light
        value.doseZStar = Self.narrowColumn(1, columns) * light
        value.doseLET = Self.narrowColumn(2, columns) * light
        return true
    }

    /// exp(−dx²/2v_x − dy²/2v_y) / (2π √(v_x v_y)).
    @inline(__always)
    private func gaussian(dx: Lanes, dy: Lanes, varianceX: Lanes, varianceY: Lanes) -> Lanes {
        let root = reciprocalSquareRootLanes(varianceX * varianceY)
        let inverse = root * root
        let exponent = (dx * dx * varianceY + dy * dy * varianceX) * inverse
        return exp2Lanes(exponent * (-0.5 * Self.log2e)) * root * Self.inverseTwoPi
    }

    /// Column c of eight rows of eight.
    @inline(__always)
    private static func column(_ c: Int, _ p: UnsafePointer<Float>) -> Lanes {
        Lanes(
            p[c], p[8 + c], p[16 + c], p[24 + c], p[32 + c], p[40 + c], p[48 + c], p[56 + c])
    }

    /// Column c of eight rows of four.
    @inline(__always)
    private static func narrowColumn(_ c: Int, _ p: UnsafePointer<Float>) -> Lanes {
        Lanes(p[c], p[4 + c], p[8 + c], p[12 + c], p[16 + c], p[20 + c], p[24 + c], p[28 + c])
    }
}
