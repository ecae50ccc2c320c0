import Frames
import PatientModel
import PlanEvaluation
import PlanModel
import Quantities
import Radiobiology
import Reporting
import TestSupport
import Testing
import Volumes

/// A cube of water of 80 mm in air, a constant dose in it, and a target of 20 mm around the isocentre.
@Suite struct BeamProfileTests {
    static let geometry = VolumeGeometry(
        dimensions: SIMD3(60, 60, 60), origin: Point3(-59, -59, -59), spacingMM: SIMD3(2, 2, 2),
        frameOfReferenceUID: "1.2")

    private static func isInside(_ index: Int) -> Bool {
        let v = geometry.voxel(at: index)
        let p = geometry.centre(v.x, v.y, v.z).mm
        return abs(p.x) < 40 && abs(p.y) < 40 && abs(p.z) < 40
    }

    private static func profile(_ field: Field, ratio: Float) throws -> BeamProfile? {
        var ct = Volume<Int16>(geometry: geometry, repeating: -1000)
        var dose = Volume<Float>(geometry: geometry, repeating: 0)
        var stopping = dose
        for index in ct.values.indices where isInside(index) {
            ct.values[index] = 0
            dose.values[index] = 2
            stopping.values[index] = ratio
        }
        let fraction = DoseDistribution(dose: dose, doseZStar: dose, doseLET: dose.map { $0 * 40 })
        let square: [SIMD2<Double>] = [[-10, -10], [10, -10], [10, 10], [-10, 10]]
        let target = Structure(
            number: 1, name: "CTV", interpretedType: "CTV", colour: [0, 0, 0],
            contours: stride(from: -10.0, through: 10, by: 2).map { Contour(zMM: $0, points: square) })
        return BeamProfile(
            axis: BeamAxis(field: field, position: .headFirstSupine),
            dose: PlanDose(distribution: fraction, biologicalModel: .constantRBE(3), fractions: 10),
            fraction: fraction, ct: ct, target: target, thresholdGyRBE: 6, stoppingPowerRatio: stopping)
    }

    private static func field(gantry: Double) -> Field {
        Field(
            number: 1, name: "a", portID: "p", gantryAngle: AngleDegrees(gantry),
            patientSupportAngle: AngleDegrees(0),
            isocentre: Point3(10, 0, 0))
    }

    @Test func valuesAtTheIsocentre() throws {
        let profile = try #require(try Self.profile(Self.field(gantry: 90), ratio: 1))
        let index = try #require(profile.positionsMM.firstIndex { abs($0) < 0.3 })
        expectClose(profile.physicalDose[index], 20, relative: 1e-6, because: "10 fractions of 2 Gy")
        expectClose(profile.rbeWeightedDose[index], 60, relative: 1e-6, because: "RBE 3")
        expectClose(profile.rbe[index], 3, relative: 1e-6, because: "constant RBE")
        expectClose(profile.letD[index], 40, relative: 1e-6, because: "constant LET")
        #expect(profile.rbe[0].isNaN, "nothing is shown in air")
    }

    /// From the patient's left (+x) the isocentre at x = 10 mm lies 30 mm deep, from the right 50 mm.
    @Test(arguments: [(90.0, 30.0), (270, 50)])
    func depthOfTheIsocentre(gantry: Double, depthMM: Double) throws {
        let profile = try #require(try Self.profile(Self.field(gantry: gantry), ratio: 1.1))
        let depth = try #require(profile.isocentreWaterEquivalentDepthMM)
        expectClose(depth, 1.1 * depthMM, absolute: 0.6, because: "steps of 0.5 mm, edge of a 2 mm voxel")
        let target = try #require(profile.targetIntervalsMM.first)
        let expected = gantry == 90 ? 0.0...20 : -20.0...0
        expectClose(target.lowerBound, expected.lowerBound, absolute: 0.6, because: "steps of 0.5 mm")
        expectClose(target.upperBound, expected.upperBound, absolute: 0.6, because: "steps of 0.5 mm")
    }
}
