import FacilityModel
import Frames
import Glibc
import PatientModel
import PencilBeam
import PlanModel
import Quantities
import TestSupport
import Testing
import Volumes

/// In a ball of water the dose must be the same from every side.
@Suite struct RotationTests {
    static let radius = 60.0
    /// The surface fades over three voxels, so that the ball is round on its grid.
    static let ball = SyntheticBeam.images(
        SyntheticBeam.grid(extentMM: SIMD3(126, 126, 126), spacingMM: SIMD3(2, 2, 2))
    ) {
        let r = ($0 * $0).sum().squareRoot()
        let share = Float(min(max((radius - r) / 6 + 0.5, 0), 1))
        return SIMD3(share, share, share)
    }

    /// Dose at points of the beam's eye view, each computed at that very point.
    func profile(gantry: Double, couch: Double) async throws -> [Double] {
        let machine = SyntheticBeam.machine()
        let engine = try PencilBeamEngine(
            images: Self.ball, machine: machine, patientPosition: .headFirstSupine
        ) { SyntheticBeam.table($0) }
        let spots = [SIMD2(0.0, 0), SIMD2(8, -5), SIMD2(-6, 10)].map { Spot(positionMM: $0, particles: 1e6) }
        let field = SyntheticBeam.field(
            gantry: gantry, couch: couch,
            layers: [EnergyLayer(energy: EnergyPerNucleon(180), spots: spots)])
        let geometry = FieldGeometry(
            field: field, patientPosition: .headFirstSupine,
            sourceDistancesMM: machine.ports[0].nozzle.virtualSourceDistancesMM)
        var result: [Double] = []
        for uv in [SIMD2(0.0, 0), SIMD2(6, -3)] {
            for w in [-45.0, -20, 0, 5, 7.5, 8.5, 10, 12] {
                let point = VolumeGeometry(
                    dimensions: SIMD3(1, 1, 1), origin: geometry.point(uv: uv, depthMM: w),
                    spacingMM: SIMD3(1, 1, 1), frameOfReferenceUID: "1.2.3")
                let dose = try await engine.dose(of: field, grid: point, threads: 1)
                result.append(Double(dose.dose.values[0]))
            }
        }
        return result
    }

    @Test(arguments: [(90.0, 0.0), (-127, 0), (37, 25), (211, -62)])
    func doseTurnsWithGantryAndCouch(gantry: Double, couch: Double) async throws {
        let reference = try await profile(gantry: 0, couch: 0)
        let turned = try await profile(gantry: gantry, couch: couch)
        let top = reference.max() ?? 0
        var worst = 0.0
        for (a, b) in zip(turned, reference) { worst = max(worst, abs(a - b) / top) }
        #expect(top > 0)
        // The ball's voxels leave some hundredths of a millimetre of depth, on a slope of 30 % per mm.
        #expect(worst < 0.02, "gantry \(gantry)°, couch \(couch)°: \(worst) of the maximum")
    }
}
