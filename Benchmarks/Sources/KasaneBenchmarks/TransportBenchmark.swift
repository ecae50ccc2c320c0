import Foundation
import Frames
import IonPhysics
import IonTransport
import Quantities
import Volumes

/// Histories per second of the transport in water.
enum TransportBenchmark {
    static let benchmark = Benchmark(
        name: "transport",
        summary: """
            Ions with all their fragments in water, bins of 2 mm; then in voxels of 2 mm, dose in each. Per processor second on one core, published or measured on a \
            machine of this kind: Geant4 150 (¹²C 400 MeV/u) to 240 (290), FRED 3,000 (¹²C 300), MCsquare 19,000 (protons).
            """
    ) { machine in
        let transport = try WaterTransport()
        var rows: [Benchmark.Row] = []
        for (name, isotope, energy, depth, histories) in [
            ("¹²C 290 MeV/u", Isotope.carbon12, 290.0, 250.0, 20_000),
            ("¹²C 400 MeV/u", .carbon12, 400, 350, 20_000), ("protons 150 MeV", .proton, 150, 200, 60_000),
        ] {
            let request = WaterTransportRequest(
                projectile: isotope, energyMeVPerNucleon: energy, histories: histories, seed: 1,
                depthStepMM: 2,
                depthMM: depth)
            let time = try await Timing.measure(repeats: 3) {
                _ = try await transport.run(request, threads: machine.threads)
            }
            let count = Double(histories)
            rows.append(
                Benchmark.Row(
                    name, String(format: "%.0f histories/s and core", count / time.processorLeast),
                    String(
                        format: "processor time; %.0f/s wall on %d threads", count / time.wallMedian,
                        machine.threads)))
        }
        let geometry = VolumeGeometry(
            dimensions: SIMD3(60, 60, 125), origin: Point3(-59, -59, 1), spacingMM: SIMD3(2, 2, 2),
            frameOfReferenceUID: "1")
        let count = geometry.voxelCount
        let voxels = try VoxelTransport(
            phantom: VoxelPhantom(
                geometry: geometry, materials: [.water], materialIndex: [UInt8](repeating: 0, count: count),
                densityGPerCM3: [Float](repeating: 1, count: count)))
        for (name, isotope, energy, histories) in [
            ("¹²C 290 MeV/u, voxels", Isotope.carbon12, 290.0, 20_000),
            ("protons 150 MeV, voxels", .proton, 150, 60_000),
        ] {
            let request = VoxelTransportRequest(histories: histories, seed: 1)
            let time = try await Timing.measure(repeats: 3) {
                _ = try await voxels.run(request, threads: machine.threads) { _, random in
                    PrimaryIon(
                        ion: isotope, energyMeVPerNucleon: energy,
                        position: Point3(
                            .random(in: -10...10, using: &random), .random(in: -10...10, using: &random), -1),
                        direction: Vector3(0, 0, 1))
                }
            }
            rows.append(
                Benchmark.Row(
                    name,
                    String(format: "%.0f histories/s and core", Double(histories) / time.processorLeast),
                    String(
                        format: "processor time; %.0f/s wall on %d threads, %d voxels",
                        Double(histories) / time.wallMedian, machine.threads, count)))
        }
        return rows
    }
}
