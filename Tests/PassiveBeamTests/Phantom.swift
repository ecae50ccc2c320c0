import Frames
import PassiveBeam
import PatientModel
import PlanModel
import Quantities
import Radiobiology
import Volumes

/// A box of water, seen by a beam from above (gantry 0°: along −IEC z, DICOM +y), isocentre in its middle.
enum Phantom {
    static let uid = "1.2.3"

    /// - Parameters:
    ///   - sizeMM: Extents along DICOM x, y (depth), z.
    ///   - stopping: Ratio at a point relative to the middle, mm; water by default.
    static func images(
        sizeMM: SIMD3<Double>, spacingMM: Double, _ stopping: (SIMD3<Double>) -> Float = { _ in 1 }
    ) -> MaterialImages {
        let geometry = grid(sizeMM: sizeMM, spacingMM: spacingMM)
        var volume = Volume<Float>(geometry: geometry, repeating: 1)
        for i in 0..<geometry.voxelCount {
            let v = geometry.voxel(at: i)
            volume.values[i] = stopping(geometry.centre(v.x, v.y, v.z).mm)
        }
        return MaterialImages(stoppingPowerRatio: volume, scatteringRatio: volume, nuclearRatio: volume)
    }

    static func grid(sizeMM: SIMD3<Double>, spacingMM: Double) -> VolumeGeometry {
        let n = (sizeMM / spacingMM).rounded(.toNearestOrAwayFromZero)
        return VolumeGeometry(
            dimensions: SIMD3(Int(n.x), Int(n.y), Int(n.z)),
            origin: Point3((n - 1) * (-0.5 * spacingMM)), spacingMM: SIMD3(repeating: spacingMM),
            frameOfReferenceUID: uid)
    }

    static func target(
        on grid: VolumeGeometry, _ isInside: (SIMD3<Double>) -> Bool
    ) -> StructureMask {
        let indices = (0..<grid.voxelCount).filter { i in
            let v = grid.voxel(at: i)
            return isInside(grid.centre(v.x, v.y, v.z).mm)
        }
        return StructureMask(
            geometry: grid, indices: indices.map { Int32($0) }, shares: indices.map { _ in 1 })
    }

    static let field = Field(
        number: 1, name: "down", portID: "p", gantryAngle: AngleDegrees(0),
        patientSupportAngle: AngleDegrees(0),
        isocentre: Point3(0, 0, 0))
}

/// Clinical dose of a centre.
enum ClinicalDose {
    static func of(_ factor: Double, _ dose: PassiveScaling.CentreDose) -> Double {
        ClinicalMKM.nirs2015.clinicalDose(dose: factor * dose.dose, doseZStar: factor * dose.doseZStar).value
    }
}
