/// The rays of one lattice as the kernels read them: by depth first, so that what the rays around a voxel have
/// met lies together in memory.
struct RayBundle: Sendable {
    let latticeU: SubBeamLattice
    let latticeV: SubBeamLattice
    let startMM: Double
    let stepMM: Double
    let depthCount: Int
    /// `[k][v][u]`: water-equivalent depth (mm), factor of the primaries, factor of the fragments, 0.
    let samples: FixedBuffer<SIMD4<Float>>
    /// Least water-equivalent depth of all rays at each sample, mm.
    let leastDepthMM: [Float]
    /// Number of each ray in the lattice that was traced.
    let traced: [Int]

    var rayCount: Int { latticeU.count * latticeV.count }

    /// Every `stride`-th ray of both axes.
    init(rays: RayTables, stride: Int) {
        let u = rays.latticeU.coarsened(by: stride)
        let v = rays.latticeV.coarsened(by: stride)
        var traced: [Int] = []
        for j in 0..<v.count {
            for i in 0..<u.count { traced.append(j * stride * rays.latticeU.count + i * stride) }
        }
        let n = rays.depthCount
        let count = traced.count
        samples = FixedBuffer(repeating: .zero, count: n * count) { buffer in
            for (ray, source) in traced.enumerated() {
                for k in 0..<n {
                    var sample = rays.samples[source * n + k]
                    sample[3] = 0
                    buffer[k * count + ray] = sample
                }
            }
        }
        latticeU = u
        latticeV = v
        startMM = rays.startMM
        stepMM = rays.stepMM
        depthCount = n
        leastDepthMM = rays.leastDepthMM
        self.traced = traced
    }
}
