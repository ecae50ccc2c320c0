import DICOMFile
import DICOMRadiotherapy
import FacilityModel
import Frames
import PatientModel
import PlanModel
import Quantities
import Volumes

/// Small objects without any symmetry, so that a wrong axis, sign or order shows.
enum Samples {
    static let frame = DICOMUID.make()

    /// Every voxel has its own CT number: -1000 + x + 7 y + 60 z.
    static func ct(
        _ position: PatientPosition = .headFirstSupine, slices: Int = 5, frame: String = Samples.frame
    ) -> CTImage {
        let geometry = VolumeGeometry(
            dimensions: SIMD3(7, 6, slices), origin: Point3(-12.5, 31.25, -204.5),
            spacingMM: SIMD3(0.9765625, 1.25, 2.5), frameOfReferenceUID: frame)
        var volume = Volume<Int16>(geometry: geometry, repeating: 0)
        for z in 0..<slices {
            for y in 0..<6 { for x in 0..<7 { volume[x, y, z] = Int16(-1000 + x + 7 * y + 60 * z) } }
        }
        return CTImage(
            hounsfield: volume, patientPosition: position, seriesInstanceUID: DICOMUID.make(),
            studyInstanceUID: DICOMUID.make(),
            sliceInstanceUIDs: (0..<slices).map { _ in DICOMUID.make() },
            patient: PatientIdentity(
                id: "KASANE-1", name: "Ion^Carbón^^Dr", birthDate: "19700101", sex: "O"))
    }

    /// Two structures: one in two pieces with a hole, one with a keyhole between the planes, one empty.
    static func structureSet(for ct: CTImage) -> StructureSet {
        let z = ct.geometry.origin.z
        func square(_ x: Double, _ y: Double, _ half: Double) -> [SIMD2<Double>] {
            [
                SIMD2(x - half, y - half), SIMD2(x + half, y - half), SIMD2(x + half, y + half),
                SIMD2(x - half, y + half),
            ]
        }
        let keyhole = [
            SIMD2(-11.0, 33.0), SIMD2(-8.5, 33.0), SIMD2(-8.5, 36.0), SIMD2(-11.0, 36.0), SIMD2(-11.0, 33.0),
            SIMD2(-10.5, 33.5), SIMD2(-10.5, 35.5), SIMD2(-9.0, 35.5), SIMD2(-9.0, 33.5), SIMD2(-10.5, 33.5),
        ]
        return StructureSet(
            instanceUID: DICOMUID.make(), label: "Planning",
            frameOfReferenceUID: ct.geometry.frameOfReferenceUID,
            structures: [
                Structure(
                    number: 3, name: "CTV", interpretedType: "CTV", colour: SIMD3(255, 0, 17),
                    contours: [
                        Contour(zMM: z, points: square(-9, 34, 2)),
                        Contour(zMM: z, points: square(-9, 34, 0.7512345678901)),
                        Contour(zMM: z, points: square(-7.2, 36.6, 0.3)),
                        Contour(zMM: z + 2.5, points: square(-9, 34, 1.5)),
                    ]),
                Structure(
                    number: 7, name: "Tränendrüse_脳幹", interpretedType: "ORGAN",
                    colour: SIMD3(1, 2, 3), contours: [Contour(zMM: z + 3.1, points: keyhole)]),
                Structure(
                    number: 9, name: "Empty", interpretedType: "", colour: SIMD3(9, 9, 9), contours: []),
            ])
    }

    static let machine = Machine(
        name: "test-machine", facility: "Test facility", ion: .carbon12,
        energies: stride(from: 430.0, through: 50.0, by: -2).map { EnergyPerNucleon($0) },
        ports: [
            Port(
                id: "room-1-horizontal", room: "1", direction: .fixed(AngleDegrees(90)),
                patientSupportAngles: AngleDegrees(-90)...AngleDegrees(90),
                nozzle: Nozzle(
                    virtualSourceDistancesMM: SIMD2(8000, 7400),
                    spotSizes: [(50.0, 4.5), (430.0, 1.9)].map { energy, sigma in
                        Nozzle.SpotSize(
                            energy: EnergyPerNucleon(energy), sigmaMM: SIMD2(sigma, sigma + 0.1),
                            divergenceMrad: SIMD2(1, 1), correlation: SIMD2(0, 0))
                    }, relativeEnergySpread: 0.001, ridgeFilterSigmaMM: 1.2,
                    waterEquivalentThicknessMM: 2, fieldHalfWidthMM: SIMD2(110, 110),
                    scanSpeedMMPerS: SIMD2(100_000, 50_000),
                    rangeShifters: [
                        RangeShifter(
                            id: "RS30", waterEquivalentThicknessMM: 34.7, isocentreDistanceMM: 480,
                            material: "PMMA")
                    ], minimumSpotParticles: 5e3, maximumSpotParticles: 1e9))
        ])

    /// Two fields; the second with the range shifter and a layer of one spot.
    static func plan(_ position: PatientPosition = .headFirstSupine) -> Plan {
        func spots(_ count: Int, _ seed: Double) -> [Spot] {
            (0..<count).map {
                Spot(
                    positionMM: SIMD2(-17.3 + 2.1 * Double($0) + seed, 9.7 - 1.3 * Double($0 % 5) * seed),
                    particles: 12345.678 * (1 + seed) * Double($0 + 1))
            }
        }
        let isocentre = Point3<DICOMPatient>(-9.123456789, 34.5, -201.98765432109876)
        return Plan(
            label: "CLIVUS", machineName: machine.name, ion: .carbon12, patientPosition: position,
            prescription: Prescription(
                targetName: "CTV", totalDose: RBEWeightedDose(60.8), fractions: 16),
            fields: [
                Field(
                    number: 1, name: "Left", portID: "room-1-horizontal",
                    gantryAngle: AngleDegrees(90), patientSupportAngle: AngleDegrees(12.5),
                    isocentre: isocentre,
                    layers: [
                        EnergyLayer(energy: EnergyPerNucleon(290.3), spots: spots(11, 0.31), paintings: 2),
                        EnergyLayer(energy: EnergyPerNucleon(284), spots: spots(4, 0.87)),
                    ]),
                Field(
                    number: 4, name: "Right", portID: "room-1-horizontal",
                    gantryAngle: AngleDegrees(90), patientSupportAngle: AngleDegrees(350),
                    isocentre: isocentre, rangeShifterID: "RS30",
                    layers: [EnergyLayer(energy: EnergyPerNucleon(210), spots: spots(1, 0.5))]),
            ])
    }

    /// A dose of its own grid, growing along each axis differently.
    static func dose(frame: String = Samples.frame, scale: Float = 1) -> Volume<Float> {
        let geometry = VolumeGeometry(
            dimensions: SIMD3(5, 4, 3), origin: Point3(-11, 32, -203), spacingMM: SIMD3(2, 1.5, 3),
            frameOfReferenceUID: frame)
        var volume = Volume<Float>(geometry: geometry, repeating: 0)
        for z in 0..<3 {
            for y in 0..<4 {
                for x in 0..<5 {
                    volume[x, y, z] = scale * (0.1 * Float(x) + 1.7 * Float(y) + 19.9 * Float(z))
                }
            }
        }
        return volume
    }

    /// CT, structure set, plan and both doses in one folder.
    static func writeCase(
        to scratch: Scratch, depth: DoseWriter.Depth = .thirtyTwo, plan: Plan = Samples.plan()
    ) throws -> WrittenCase {
        let ct = ct(plan.patientPosition)
        let set = structureSet(for: ct)
        let slices = try CTWriter.write(ct: ct, to: scratch.path)
        let setFile = try StructureSetWriter.write(
            structureSet: set, ct: ct, to: scratch.file("RS.dcm"))
        let planFile = try IonPlanWriter.write(
            plan: plan, machine: machine, ct: ct, structureSet: set,
            beamDoses: [1: AbsorbedDose(0.8123)], to: scratch.file("RP.dcm"))
        let physical = try DoseWriter.write(
            dose: dose(), meaning: .physical, plan: planFile, ct: ct, depth: depth,
            to: scratch.file("RD-physical.dcm"))
        let effective = try DoseWriter.write(
            dose: dose(scale: 2.3), meaning: .rbeWeighted(model: "clinical MKM, HSG"), plan: planFile,
            ct: ct, depth: depth, to: scratch.file("RD-rbe.dcm"))
        return WrittenCase(
            ct: ct, structureSet: set, slices: slices, structureSetFile: setFile, planFile: planFile,
            physicalFile: physical, effectiveFile: effective)
    }
}

struct WrittenCase {
    var ct: CTImage
    var structureSet: StructureSet
    var slices: [String]
    var structureSetFile: WrittenObject
    var planFile: WrittenObject
    var physicalFile: WrittenObject
    var effectiveFile: WrittenObject
}
