/// The part of an influence matrix that belongs to one group of bricks and one field.
///
/// A brick is 2 × 2 × 2 voxels and is stored as eight 32-bit entries: D in the upper and D·z* in the lower
/// 16 bits, both as fractions of the segment's greatest value. A segment holds the bricks of one spot.
struct InfluenceBlock: Sendable {
    /// The bricks of one spot in this block.
    struct Segment: Sendable {
        /// Column of the matrix.
        var spot: Int32
        /// First entry in `bricks` and `entries`; it ends where the next segment starts.
        var start: Int32
        /// Value of one unit of the fixed-point numbers, Gy and Gy² per ion.
        var doseUnit: Float
        var doseZStarUnit: Float
    }

    /// Group of bricks that the block writes to.
    var group: Int
    var segments: [Segment] = []
    /// Brick within the group, for each entry.
    var bricks: [UInt16] = []
    /// D and D·z* of the eight voxels, for each entry.
    var entries: [SIMD8<UInt32>] = []
    /// Sum of D over all voxels and spots that was kept and that was dropped by the cut, Gy.
    var keptDose = 0.0
    var droppedDose = 0.0
    /// Voxel-spot pairs with a stored dose above zero.
    var nonzeros = 0

    var bytes: Int {
        bricks.count * MemoryLayout<UInt16>.stride + entries.count * MemoryLayout<SIMD8<UInt32>>.stride
            + segments.count * MemoryLayout<Segment>.stride
    }

    /// Fixed-point number v in 0...65535 as the float 2²³ + v, by its bits.
    @inline(__always)
    static func upper(_ v: SIMD8<UInt32>) -> Lanes {
        unsafeBitCast((v &>> 16) | SIMD8(repeating: 0x4B00_0000), to: Lanes.self) - 8_388_608
    }
    @inline(__always)
    static func lower(_ v: SIMD8<UInt32>) -> Lanes {
        unsafeBitCast(
            (v & SIMD8(repeating: 0xFFFF)) | SIMD8(repeating: 0x4B00_0000), to: Lanes.self) - 8_388_608
    }

    /// Packs D and D·z* given in units (0...65535), rounded to the nearest.
    @inline(__always)
    static func pack(upper: Lanes, lower: Lanes) -> SIMD8<UInt32> {
        let u = unsafeBitCast(upper + 8_388_608, to: SIMD8<UInt32>.self) & SIMD8(repeating: 0xFFFF)
        let l = unsafeBitCast(lower + 8_388_608, to: SIMD8<UInt32>.self) & SIMD8(repeating: 0xFFFF)
        return (u &<< 16) | l
    }

    /// Adds A x to the group's bricks.
    func addForward(
        weights: UnsafeBufferPointer<Float>, dose: UnsafeMutablePointer<Lanes>,
        doseZStar: UnsafeMutablePointer<Lanes>
    ) {
        bricks.withUnsafeBufferPointer { bricks in
            entries.withUnsafeBufferPointer { entries in
                for s in segments.indices {
                    let segment = segments[s]
                    let weight = weights[Int(segment.spot)]
                    if weight == 0 { continue }
                    let end = s + 1 < segments.count ? Int(segments[s + 1].start) : entries.count
                    let unitD = segment.doseUnit * weight
                    let unitZ = segment.doseZStarUnit * weight
                    for e in Int(segment.start)..<end {
                        let b = Int(bricks[e])
                        let v = entries[e]
                        dose[b] += unitD * Self.upper(v)
                        doseZStar[b] += unitZ * Self.lower(v)
                    }
                }
            }
        }
    }

    /// Aᵀ g of this block: one number for each segment.
    func transposed(
        dose: UnsafePointer<Lanes>, doseZStar: UnsafePointer<Lanes>
    ) -> [Float] {
        var results = [Float](repeating: 0, count: segments.count)
        bricks.withUnsafeBufferPointer { bricks in
            entries.withUnsafeBufferPointer { entries in
                for s in segments.indices {
                    let segment = segments[s]
                    let end = s + 1 < segments.count ? Int(segments[s + 1].start) : entries.count
                    var sumD = Lanes(repeating: 0)
                    var sumZ = Lanes(repeating: 0)
                    for e in Int(segment.start)..<end {
                        let b = Int(bricks[e])
                        let v = entries[e]
                        sumD += dose[b] * Self.upper(v)
                        sumZ += doseZStar[b] * Self.lower(v)
                    }
                    results[s] =
                        sumLanes(sumD) * segment.doseUnit + sumLanes(sumZ) * segment.doseZStarUnit
                }
            }
        }
        return results
    }

    /// The block with only some columns, renumbered; `newColumn` is −1 for those left out.
    func selecting(newColumn: [Int32]) -> InfluenceBlock {
        var result = InfluenceBlock(group: group)
        result.keptDose = keptDose
        result.droppedDose = droppedDose
        for s in segments.indices where newColumn[Int(segments[s].spot)] >= 0 {
            var segment = segments[s]
            let end = s + 1 < segments.count ? Int(segments[s + 1].start) : entries.count
            let range = Int(segment.start)..<end
            segment.spot = newColumn[Int(segment.spot)]
            segment.start = Int32(result.entries.count)
            result.segments.append(segment)
            result.bricks.append(contentsOf: bricks[range])
            result.entries.append(contentsOf: entries[range])
        }
        result.nonzeros = result.countNonzeros()
        return result
    }

    /// Stored doses above zero.
    func countNonzeros() -> Int {
        var count = 0
        for v in entries {
            for lane in 0..<8 where v[lane] > 0xFFFF { count += 1 }
        }
        return count
    }
}
