import Dispatch
import Frames
import IonPhysics
import IonTransport
import Quantities
import Volumes

#if canImport(Glibc)
    import Glibc
#endif

/// Runs a number of carbon histories in voxels and as many in water on one thread, nothing else: what
/// `scripts/count-runtime-calls` runs under callgrind.
func run(histories: Int) async throws {
    let geometry = VolumeGeometry(
        dimensions: SIMD3(20, 20, 90), origin: Point3(-19, -19, 1), spacingMM: SIMD3(2, 2, 2),
        frameOfReferenceUID: "1")
    let count = geometry.voxelCount
    let phantom = try VoxelPhantom(
        geometry: geometry, materials: [.water, .pmma],
        materialIndex: (0..<count).map { UInt8(geometry.voxel(at: $0).z % 2) },
        densityGPerCM3: [Float](repeating: 1, count: count))
    let responses = [ResponseTable(name: "energy") { _, energy in energy }]
    var voxels = VoxelTransportRequest(histories: histories, seed: 1)
    voxels.responses = responses
    _ = try await VoxelTransport(phantom: phantom).run(voxels, threads: 1) { _, random in
        PrimaryIon(
            ion: .carbon12, energyMeVPerNucleon: 290,
            position: Point3(.random(in: -5...5, using: &random), .random(in: -5...5, using: &random), -1),
            direction: Vector3(0, 0, 1))
    }
    var water = WaterTransportRequest(
        projectile: .carbon12, energyMeVPerNucleon: 290, histories: histories, seed: 1, depthStepMM: 2,
        depthMM: 180)
    water.responses = responses
    water.planesMM = [50, 150]
    _ = try await WaterTransport().run(water, threads: 1)
}

guard CommandLine.arguments.count == 2, let histories = Int(CommandLine.arguments[1]), histories >= 32 else {
    print("usage: kasane-histories n   (n at least 32)")
    exit(64)
}
// The main thread waits here, because callgrind cannot follow one that ends before the program.
let done = DispatchSemaphore(value: 0)
Task.detached {
    do { try await run(histories: histories) } catch { fatalError("\(error)") }
    done.signal()
}
done.wait()
