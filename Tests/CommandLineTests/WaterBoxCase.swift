import DICOMFile
import DICOMRadiotherapy
import Foundation
import Frames
import PatientModel
import Volumes

/// A folder with the DICOM images of a box of water, 120 mm wide, a target of 20 mm in it, and a plan file for them.
///
/// Nothing is symmetric: the target lies off the centre and is drawn between the planes of the CT.
struct WaterBoxCase {
    let folder: URL
    let planFile: URL

    init(extra: String = "", plan: String = Self.plan) throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("kasane-chain-\(UUID().uuidString)")
        planFile = folder.appendingPathComponent("plan.yaml")
        let images = folder.appendingPathComponent("images")
        try FileManager.default.createDirectory(at: images, withIntermediateDirectories: true)
        let ct = Self.ct()
        _ = try CTWriter.write(ct: ct, to: images.path)
        _ = try StructureSetWriter.write(
            structureSet: Self.structures(on: ct), ct: ct,
            to: images.appendingPathComponent("RS.dcm").path)
        try Data((plan + extra).utf8).write(to: planFile)
    }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    func remove() throws { try FileManager.default.removeItem(at: folder) }

    /// Water from −60 to 60 mm, air around it.
    private static func ct() -> CTImage {
        let geometry = VolumeGeometry(
            dimensions: SIMD3(32, 32, 28), origin: Point3(-77.5, -77.5, -67.5),
            spacingMM: SIMD3(repeating: 5), frameOfReferenceUID: DICOMUID.make())
        let values = (0..<geometry.voxelCount).map { index in
            let v = geometry.voxel(at: index)
            let p = geometry.centre(v.x, v.y, v.z).mm
            return pointwiseMax(p, -p).max() < 60 ? Int16(0) : -1000
        }
        return CTImage(
            hounsfield: Volume(geometry: geometry, values: values), patientPosition: .headFirstSupine,
            seriesInstanceUID: DICOMUID.make(), studyInstanceUID: DICOMUID.make(),
            sliceInstanceUIDs: (0..<28).map { _ in DICOMUID.make() },
            patient: PatientIdentity(id: "WATER-1", name: "Box^Water", birthDate: "20000101", sex: "O"))
    }

    private static func structures(on ct: CTImage) -> StructureSet {
        func box(
            _ number: Int, _ name: String, _ type: String, _ lower: SIMD3<Double>, _ upper: SIMD3<Double>,
            step: Double
        ) -> Structure {
            Structure(
                number: number, name: name, interpretedType: type, colour: SIMD3(200, 30, 60),
                contours: stride(from: lower.z + step / 2, to: upper.z, by: step).map {
                    Contour(
                        zMM: $0,
                        points: [
                            SIMD2(lower.x, lower.y), SIMD2(upper.x, lower.y), SIMD2(upper.x, upper.y),
                            SIMD2(lower.x, upper.y),
                        ])
                })
        }
        return StructureSet(
            instanceUID: DICOMUID.make(), label: "Box",
            frameOfReferenceUID: ct.geometry.frameOfReferenceUID,
            structures: [
                box(1, "External", "EXTERNAL", SIMD3(repeating: -60), SIMD3(repeating: 60), step: 5),
                box(2, "CTV", "CTV", SIMD3(-4, -9, -14), SIMD3(16, 11, 6), step: 4),
                box(3, "Organ", "ORGAN", SIMD3(-4, 13, -14), SIMD3(16, 25, 6), step: 4),
            ])
    }

    static let plan = """
        format: kasane-plan
        version: 1
        label: WATER-BOX
        patient: {folder: images, external: External}
        calibration: schneider
        machine: yamagata
        biology: clinical-mkm
        prescription: {target: CTV, dose: 60.8, fractions: 16}
        fields:
          - {name: left, port: gantry, gantry-angle: 90, couch-angle: 0, isocentre: target-centre}
          - {name: oblique, port: gantry, gantry-angle: 330, couch-angle: 10, isocentre: target-centre, range-shifter: RS30}
        spots: {lateral-spacing: 5, layer-spacing: 5, lateral-margin: 3, proximal-margin: 2, distal-margin: 2}
        dose-grid: {spacing: 5}
        optimisation: {mode: multi-field, iterations: 40, tolerance: 5e-3}
        report: {title: A box of water, structures: [Organ, CTV]}
        goals:
          - CTV: Dmean >= 50
        objectives:
          - {structure: CTV, squared-deviation: 60.8, priority: 100}
          - {structure: External, squared-overdose: 50, priority: 1}

        """
}
