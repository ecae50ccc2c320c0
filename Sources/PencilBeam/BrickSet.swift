import Volumes

/// Some voxels of a grid gathered into bricks of 2 × 2 × 2, and the bricks into groups of near ones.
///
/// Lane l of a brick is the voxel (2 b_x + (l & 1), 2 b_y + (l >> 1 & 1), 2 b_z + (l >> 2)). Bricks follow a
/// Morton curve, so a group is compact and a spot meets few groups. The groups depend on the voxels alone.
struct BrickSet: Sendable {
    /// Bricks of one group: small enough that its dose and gradient stay in the first-level cache.
    static let groupSize = 256

    let geometry: VolumeGeometry
    /// Brick coordinates, in order.
    let bricks: [SIMD3<Int32>]
    /// For each brick the position in the voxel list of each lane; −1 where there is none.
    let slots: [SIMD8<Int32>]

    var groupCount: Int { (bricks.count + Self.groupSize - 1) / Self.groupSize }

    /// Bricks of a group.
    func range(ofGroup group: Int) -> Range<Int> {
        let start = group * Self.groupSize
        return start..<min(start + Self.groupSize, bricks.count)
    }

    /// Bricks that hold the listed voxels (ascending storage indices).
    init(geometry: VolumeGeometry, voxels: [Int32]) {
        var keyed: [(key: UInt64, slot: Int32, lane: Int, brick: SIMD3<Int32>)] = []
        keyed.reserveCapacity(voxels.count)
        for (slot, index) in voxels.enumerated() {
            let v = geometry.voxel(at: Int(index))
            let brick = SIMD3<Int32>(Int32(v.x >> 1), Int32(v.y >> 1), Int32(v.z >> 1))
            let lane = (v.x & 1) | (v.y & 1) << 1 | (v.z & 1) << 2
            keyed.append((Self.morton(brick), Int32(slot), lane, brick))
        }
        keyed.sort { ($0.key, $0.lane) < ($1.key, $1.lane) }
        var bricks: [SIMD3<Int32>] = []
        var slots: [SIMD8<Int32>] = []
        var lastKey = UInt64.max
        for item in keyed {
            if item.key != lastKey {
                bricks.append(item.brick)
                slots.append(SIMD8(repeating: -1))
                lastKey = item.key
            }
            slots[slots.count - 1][item.lane] = item.slot
        }
        self.geometry = geometry
        self.bricks = bricks
        self.slots = slots
    }

    /// Continuous voxel coordinates of lane `lane` of brick `brick`.
    func voxel(brick: Int, lane: Int) -> SIMD3<Int> {
        let b = bricks[brick]
        return SIMD3(
            2 * Int(b.x) + (lane & 1), 2 * Int(b.y) + (lane >> 1 & 1), 2 * Int(b.z) + (lane >> 2))
    }

    /// The bits of three numbers below 2²¹ interleaved.
    static func morton(_ b: SIMD3<Int32>) -> UInt64 {
        func spread(_ value: Int32) -> UInt64 {
            var v = UInt64(value) & 0x1F_FFFF
            v = (v | v << 32) & 0x1F00_0000_00FFFF
            v = (v | v << 16) & 0x1F_0000_FF00_00FF
            v = (v | v << 8) & 0x100F_00F0_0F00_F00F
            v = (v | v << 4) & 0x10C3_0C30_C30C_30C3
            v = (v | v << 2) & 0x1249_2492_4924_9249
            return v
        }
        return spread(b.x) | spread(b.y) << 1 | spread(b.z) << 2
    }
}
