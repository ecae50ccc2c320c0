import DICOMFile
import DICOMRadiotherapy
import FacilityModel
import Foundation
import Frames
import PatientModel
import PlanModel
import Quantities
import Volumes

/// Small objects of one patient, as files in a folder of their own.
final class CheckSamples {
    let folder: String

    static let frame = DICOMUID.make()

    init() throws {
        folder =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("kasane-check-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: folder) } catch {
            print("folder \(folder) was not removed: \(error)")
        }
    }

    func file(_ name: String) -> String { folder + "/" + name }

    func edit(_ name: String, _ change: (DICOMItem) throws -> Void) throws {
        let object = try DICOMFile(reading: file(name))
        try change(object.dataset)
        try object.write(to: file(name))
    }

    static let nozzle = Nozzle(
        virtualSourceDistancesMM: SIMD2(8000, 7400),
        spotSizes: [(50.0, 4.5), (430.0, 1.9)].map { energy, sigma in
            Nozzle.SpotSize(
                energy: EnergyPerNucleon(energy), sigmaMM: SIMD2(sigma, sigma + 0.1),
                divergenceMrad: SIMD2(1, 1), correlation: SIMD2(0, 0))
        }, relativeEnergySpread: 0.001, ridgeFilterSigmaMM: 1.2, waterEquivalentThicknessMM: 2,
        fieldHalfWidthMM: SIMD2(110, 110), scanSpeedMMPerS: SIMD2(100_000, 50_000),
        rangeShifters: [
            RangeShifter(
                id: "RS30", waterEquivalentThicknessMM: 34.7, isocentreDistanceMM: 480, material: "PMMA")
        ], minimumSpotParticles: 5e3, maximumSpotParticles: 1e9)

    static func port(_ id: String, angle: Double, nozzle: Nozzle = nozzle) -> FacilityModel.Port {
        FacilityModel.Port(
            id: id, room: id, direction: .fixed(AngleDegrees(angle)),
            patientSupportAngles: AngleDegrees(-90)...AngleDegrees(90), nozzle: nozzle)
    }

    static func machine(
        _ ports: [FacilityModel.Port] = [port("horizontal", angle: 90), port("vertical", angle: 0)]
    )
        -> Machine
    {
        Machine(
            name: "test-machine", facility: "Test facility", ion: .carbon12,
            energies: stride(from: 430.0, through: 50.0, by: -2).map { EnergyPerNucleon($0) }, ports: ports)
    }

    static func plan(fractions: Int = 10) -> Plan {
        func field(_ number: Int, _ angle: Double, port: String, shifter: String?) -> Field {
            Field(
                number: number, name: "F\(number)", portID: port, gantryAngle: AngleDegrees(angle),
                patientSupportAngle: AngleDegrees(0), isocentre: Point3(1, 2, 3), rangeShifterID: shifter,
                layers: [
                    EnergyLayer(
                        energy: EnergyPerNucleon(200),
                        spots: (0..<4).map {
                            Spot(positionMM: SIMD2(Double($0) * 3, 1), particles: 1e5 * Double($0 + 1))
                        })
                ])
        }
        return Plan(
            label: "SAMPLE", machineName: "test-machine", ion: .carbon12, patientPosition: .headFirstSupine,
            prescription: Prescription(
                targetName: "CTV", totalDose: RBEWeightedDose(40), fractions: fractions),
            fields: [
                field(1, 90, port: "horizontal", shifter: nil),
                field(2, 0, port: "vertical", shifter: "RS30"),
            ])
    }

    static func ct() -> CTImage {
        let geometry = VolumeGeometry(
            dimensions: SIMD3(8, 8, 6), origin: Point3(-20, -20, -15), spacingMM: SIMD3(6, 6, 6),
            frameOfReferenceUID: frame)
        return CTImage(
            hounsfield: Volume(geometry: geometry, repeating: 0), patientPosition: .headFirstSupine,
            seriesInstanceUID: DICOMUID.make(), studyInstanceUID: DICOMUID.make(),
            sliceInstanceUIDs: (0..<6).map { _ in DICOMUID.make() },
            patient: PatientIdentity(id: "S-1", name: "Sample"))
    }

    static func structures(_ ct: CTImage) -> StructureSet {
        func box(_ number: Int, _ name: String, _ type: String, _ half: Double) -> Structure {
            Structure(
                number: number, name: name, interpretedType: type, colour: SIMD3(200, 30, 60),
                contours: [-9.0, -3, 3, 9].map {
                    Contour(
                        zMM: $0,
                        points: [
                            SIMD2(-half, -half), SIMD2(half, -half), SIMD2(half, half), SIMD2(-half, half),
                        ])
                })
        }
        return StructureSet(
            instanceUID: DICOMUID.make(), label: "Boxes", frameOfReferenceUID: frame,
            structures: [box(1, "External", "EXTERNAL", 15), box(2, "CTV", "CTV", 6)])
    }

    /// CT, structure set and plan in the folder.
    @discardableResult
    func writePlan(_ plan: Plan = plan(), machine: Machine = machine()) throws -> (CTImage, WrittenObject) {
        let ct = Self.ct()
        let set = Self.structures(ct)
        try CTWriter.write(ct: ct, to: folder)
        try StructureSetWriter.write(structureSet: set, ct: ct, to: file("RS.dcm"))
        let written = try IonPlanWriter.write(
            plan: plan, machine: machine, ct: ct, structureSet: set, beamDoses: [:], to: file("RN.dcm"))
        return (ct, written)
    }

    /// A dose of the plan, uniform.
    @discardableResult
    func writeDose(
        _ name: String, of plan: WrittenObject, ct: CTImage, extent: DoseExtent = .plan,
        meaning: DoseMeaning = .physical, value: Float = 2
    ) throws -> WrittenObject {
        try DoseWriter.write(
            dose: Volume(geometry: ct.geometry, repeating: value), meaning: meaning, plan: plan,
            extent: extent, ct: ct, to: file(name))
    }
}
