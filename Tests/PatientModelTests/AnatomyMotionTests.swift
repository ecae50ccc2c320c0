import Frames
import Glibc
import PatientModel
import Testing
import Volumes

/// Displacements, images of moved anatomy, and doses brought back.
struct AnatomyMotionTests {
    static let grid = VolumeGeometry(
        dimensions: SIMD3(30, 28, 26), origin: Point3(-29, -27, -25), spacingMM: SIMD3(2, 2, 2),
        frameOfReferenceUID: "1")

    static func volume(_ value: (SIMD3<Double>) -> Double) -> Volume<Float> {
        Volume(
            geometry: grid,
            values: (0..<grid.voxelCount).map {
                let v = grid.voxel(at: $0)
                return Float(value(grid.centre(v.x, v.y, v.z).mm))
            })
    }

    static func bump(_ p: SIMD3<Double>) -> Double { exp(-(p * p).sum() / 100) }

    static func images(_ volume: Volume<Float>) -> MaterialImages {
        MaterialImages(
            stoppingPowerRatio: volume, scatteringRatio: volume.map { 2 * $0 },
            nuclearRatio: volume.map { 3 * $0 })
    }

    static func ball(_ height: Double = 6) throws -> AnatomyMotion {
        try AnatomyMotion(
            ball: Vector3(1, 0.5, height), centre: Point3(0, 0, 0), radiusMM: 8, fallOffMM: 14)
    }

    @Test func ballMovesAndSurroundingsStay() throws {
        let motion = try Self.ball()
        #expect(motion.displacement(at: Point3(3, 0, 4), amplitude: 0.5).mm == SIMD3(0.5, 0.25, 3))
        #expect(motion.displacement(at: Point3(22, 0, 0), amplitude: 1).mm == .zero)
        let middle = motion.displacement(at: Point3(15, 0, 0), amplitude: 1).mm
        #expect(abs(middle.z - 3) < 1e-12)
        #expect(motion.displacement(at: Point3(0, 0, 0), amplitude: 0).mm == .zero)
    }

    @Test func originUndoesDisplacement() throws {
        let motion = try Self.ball()
        for x in stride(from: -20.0, through: 20, by: 3.7) {
            let point = Point3<DICOMPatient>(x, 0.3 * x, 5)
            let moved = point + motion.displacement(at: point, amplitude: 1.2)
            #expect((try motion.origin(of: moved, amplitude: 1.2) - point).lengthMM < 0.01)
        }
    }

    /// Two grid steps: every value is that of the voxel two steps back.
    @Test func rigidShiftByWholeVoxelsIsExact() async throws {
        let motion = AnatomyMotion(everywhere: Vector3(0, 0, 8))
        let before = Self.volume(Self.bump)
        let moved = try await Self.images(before).moved(by: motion, amplitude: 0.5, threads: 2)
        for z in 2..<26 {
            #expect(moved.stoppingPowerRatio[14, 13, z] == before[14, 13, z - 2])
            #expect(moved.nuclearRatio[10, 11, z] == 3 * before[10, 11, z - 2])
        }
        let back = try await motion.pulledBack(
            [moved.stoppingPowerRatio], amplitude: 0.5, threads: 1)[0]
        for z in 0..<24 { #expect(back[14, 13, z] == before[14, 13, z]) }
    }

    @Test func nothingMovedIsKeptBitForBit() async throws {
        let before = Self.volume(Self.bump)
        let still = AnatomyMotion(everywhere: Vector3(0, 0, 0))
        for motion in [try Self.ball(), still] {
            let amplitude = motion.displacement(at: Point3(0, 0, 0), amplitude: 1).lengthMM > 0 ? 0.0 : 0.7
            let moved = try await Self.images(before).moved(by: motion, amplitude: amplitude, threads: 2)
            #expect(moved.stoppingPowerRatio.values == before.values)
            #expect(
                try await motion.pulledBack([before], amplitude: amplitude, threads: 2)[0].values
                    == before.values)
        }
        // Voxels beyond the fall-off are kept too.
        let moved = try await Self.images(before).moved(by: try Self.ball(), amplitude: 1, threads: 2)
        #expect(moved.stoppingPowerRatio[0, 0, 0] == before[0, 0, 0])
        #expect(moved.stoppingPowerRatio[14, 13, 14] != before[14, 13, 14])
    }

    /// A dose that is a function of the moved anatomy comes back as that function of the reference, up to interpolation.
    @Test func doseComesBackToItsTissue() async throws {
        let motion = try Self.ball()
        let given = Self.volume { p in
            (try? motion.origin(of: Point3(p), amplitude: 0.8)).map { Self.bump($0.mm) } ?? .nan
        }
        let back = try await motion.pulledBack([given], amplitude: 0.8, threads: 2)[0]
        let expected = Self.volume(Self.bump)
        let worst = zip(back.values, expected.values).map { abs($0 - $1) }.max() ?? 1
        // Trilinear, 2 mm: h²/8 Σ|f''| with |f''| ≤ 0.02 along each axis: 0.03.
        #expect(worst < 0.03, "\(worst)")
        // A rigid motion keeps the integral, the energy in water: half a voxel, nothing near the borders.
        let rigid = AnatomyMotion(everywhere: Vector3(1, 0, 0))
        let shifted = try await rigid.pulledBack([expected], amplitude: 1, threads: 1)[0]
        let sums = [shifted, expected].map { $0.values.reduce(0) { $0 + Double($1) } }
        #expect(abs(sums[0] / sums[1] - 1) < 1e-3, "\(sums)")
    }

    @Test func sampledFieldsAreLinearInAmplitudeAndPlace() throws {
        func field(_ amplitude: Double, _ slope: Double) -> AnatomyMotion.Displacements {
            .init(
                amplitude: amplitude, xMM: Self.volume { slope * $0.z }, yMM: Self.volume { _ in 0 },
                zMM: Self.volume { _ in 2 * slope })
        }
        let motion = try AnatomyMotion(sampled: [field(1, 0.4), field(0.5, 0.1)])
        func u(_ amplitude: Double) -> SIMD3<Double> {
            motion.displacement(at: Point3(3, 4, 5), amplitude: amplitude).mm
        }
        for (amplitude, slope) in [
            (0.0, 0.0), (0.25, 0.05), (0.5, 0.1), (0.75, 0.25), (1, 0.4), (1.1, 0.46), (-0.1, -0.02),
        ] {
            let off = u(amplitude) - SIMD3(5 * slope, 0, 2 * slope)
            #expect((off * off).sum() < 1e-10, "\(amplitude)")
        }
        #expect(throws: AnatomyMotionError.noPhases) { try AnatomyMotion(sampled: []) }
        #expect(throws: AnatomyMotionError.amplitudeTwice(0)) { try AnatomyMotion(sampled: [field(0, 1)]) }
        var broken = field(1, 0.1)
        broken.yMM.values[7] = .nan
        #expect(throws: AnatomyMotionError.notFinite(amplitude: 1, axis: "y", voxel: 7)) {
            try AnatomyMotion(sampled: [broken])
        }
    }

    @Test func foldedTissueIsRefused() throws {
        #expect(throws: AnatomyMotionError.fallOffTooShort(fallOffMM: 10, displacementMM: 10)) {
            try AnatomyMotion(ball: Vector3(10, 0, 0), centre: Point3(0, 0, 0), radiusMM: 8, fallOffMM: 10)
        }
        let steep = try AnatomyMotion(
            sampled: [
                .init(
                    amplitude: 1, xMM: Self.volume { 8 * sin(2 * $0.x) }, yMM: Self.volume { _ in 0 },
                    zMM: Self.volume { _ in 0 })
            ])
        #expect(throws: AnatomyMotionError.self) {
            for x in stride(from: -20.0, through: 20, by: 1.3) {
                _ = try steep.origin(of: Point3(x, 0, 0), amplitude: 1)
            }
        }
    }
}
