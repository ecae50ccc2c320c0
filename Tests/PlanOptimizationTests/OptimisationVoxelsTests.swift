import Frames
import PatientModel
import PlanOptimization
import TestSupport
import Testing
import Volumes

@Suite struct OptimisationVoxelsTests {
    let geometry = VolumeGeometry(
        dimensions: SIMD3(60, 60, 60), origin: Point3(SIMD3(0, 0, 0)), spacingMM: SIMD3(2, 2, 2),
        frameOfReferenceUID: "1.2.3")

    private func mask(_ inside: (SIMD3<Int>) -> Float) -> StructureMask {
        let shares = (0..<geometry.voxelCount).map { inside(geometry.voxel(at: $0)) }
        let indices = shares.indices.filter { shares[$0] > 0 }
        return StructureMask(
            geometry: geometry, indices: indices.map { Int32($0) }, shares: indices.map { shares[$0] })
    }

    @Test func smallStructuresKeepEveryVoxelWithItsShare() {
        let target = mask {
            (20..<24).contains($0.x) && $0.y == 30 && $0.z == 30 ? ($0.x == 20 ? 0.5 : 1) : 0
        }
        let voxels = OptimisationVoxels(masks: ["CTV": target], targets: ["CTV"])
        #expect(voxels.indices == target.indices)
        let sample = voxels.structures["CTV"]
        #expect(sample?.rows == [0, 1, 2, 3])
        expectClose(sample?.weights[0] ?? 0, 0.5 / 3.5, relative: 1e-12, because: "half a voxel")
        expectClose(sample?.weights.reduce(0, +) ?? 0, 1, relative: 1e-12, because: "shares of the structure")
    }

    @Test func cutVoxelsOfExtremesAreSeenThroughTheirNeighbours() throws {
        let geometry = self.geometry
        let index = geometry.index(20, 30, 30)
        let organ = StructureMask(
            geometry: geometry, indices: [Int32(index), Int32(index + 1)], shares: [0.2, 1],
            centroids: [SIMD3(0.4, 0, -0.25), .zero])
        let plain = OptimisationVoxels(masks: ["Organ": organ], targets: [])
        #expect(plain.structures["Organ"]?.cuts.isEmpty == true && plain.indices == organ.indices)

        let voxels = OptimisationVoxels(masks: ["Organ": organ], targets: [], extremes: ["Organ"])
        let cut = try #require(voxels.structures["Organ"]?.cuts.first)
        #expect(voxels.structures["Organ"]?.cuts.count == 1 && cut.entry == 0)
        // 0.4 of the way to the voxel at the right, a quarter of the way to the plane below.
        var shares: [Int: Float] = [:]
        for corner in 0..<8 {
            shares[Int(voxels.indices[Int(cut.rows[corner])]), default: 0] += cut.weights[corner]
        }
        let below = geometry.index(20, 30, 29)
        for (voxel, share) in [(index, 0.45), (index + 1, 0.3), (below, 0.15), (below + 1, 0.1)] {
            expectClose(Double(shares[voxel] ?? 0), share, absolute: 1e-6, because: "trilinear, by hand")
        }
        #expect(voxels.indices.count == 4)
    }

    @Test func hugeStructuresAreThinnedEvenlyAndStayDenseAroundTheTarget() throws {
        let target = mask {
            $0.x > 26 && $0.x < 33 && $0.y > 26 && $0.y < 33 && $0.z > 26 && $0.z < 33 ? 1 : 0
        }
        let all = mask { _ in 1 }
        let voxels = OptimisationVoxels(
            masks: ["CTV": target, "External": all], targets: ["CTV"], denseMarginMM: 6, voxelLimit: 20_000)
        let sample = try #require(voxels.structures["External"])
        // 12³ near voxels, and close to the limit of those elsewhere.
        let near = 12 * 12 * 12
        expectClose(
            Double(sample.rows.count - near), 20_000, relative: 0.05, because: "share of the lattice below")
        expectClose(sample.weights.reduce(0, +), 1, relative: 1e-9, because: "shares of the structure")
        let nearWeight = 1 / Double(geometry.voxelCount)
        #expect(sample.weights.count { abs($0 - nearWeight) < 1e-12 } == near)
        // A linear function keeps its mean: what stays stands for what is left out, in every direction.
        for axis in 0..<3 {
            var mean = 0.0
            for (row, weight) in zip(sample.rows, sample.weights) {
                mean += weight * Double(geometry.voxel(at: Int(voxels.indices[Int(row)]))[axis])
            }
            expectClose(mean, 29.5, absolute: 0.3, because: "an even lattice; half a per cent of the width")
        }
        #expect(voxels.indices == voxels.indices.sorted())
    }
}
