import FacilityModel
import Foundation
import Frames
import PatientModel
import PlanModel
import Quantities
import Radiobiology
import Reporting
import Volumes

/// A made-up head with two opposed fields and one from above: simple shapes, smooth doses; it looks like a plan but
/// no physics was computed for it.
enum SyntheticHead {
    static let frame = "1.2.826.0.1.3680043.8.498.1"
    static let isocentre = Point3<DICOMPatient>(4, 6, -12)

    /// An axis-aligned ellipsoid.
    struct Ellipsoid {
        var centre: SIMD3<Double>
        var radii: SIMD3<Double>

        /// Below 1 inside.
        func level(_ p: SIMD3<Double>) -> Double {
            let u = (p - centre) / radii
            return (u * u).sum()
        }

        func contours(spacingMM: Double) -> [Contour] {
            let first = ((centre.z - radii.z) / spacingMM).rounded(.up)
            let last = ((centre.z + radii.z) / spacingMM).rounded(.down)
            return stride(from: first, through: last, by: 1).compactMap { row in
                let z = row * spacingMM
                let share = 1 - pow((z - centre.z) / radii.z, 2)
                guard share > 0.01 else { return nil }
                let r = share.squareRoot()
                let points = (0..<72).map { step in
                    let angle = Double(step) / 72 * 2 * .pi
                    return SIMD2(centre.x + r * radii.x * cos(angle), centre.y + r * radii.y * sin(angle))
                }
                return Contour(zMM: z, points: points)
            }
        }
    }

    static let body = Ellipsoid(centre: [0, 0, -10], radii: [76, 98, 100])
    static let target = Ellipsoid(centre: [4, 6, -12], radii: [22, 16, 19])
    static let organs: [(name: String, type: String, colour: SIMD3<UInt8>, shape: Ellipsoid)] = [
        ("CTV", "CTV", [220, 30, 30], target),
        ("GTV", "GTV", [255, 128, 0], Ellipsoid(centre: [5, 5, -12], radii: [15, 10, 13])),
        ("Brainstem", "ORGAN", [0, 200, 83], Ellipsoid(centre: [0, 34, -18], radii: [13, 11, 30])),
        ("OpticChiasm", "ORGAN", [0, 176, 255], Ellipsoid(centre: [0, -14, 11], radii: [9, 6, 3.2])),
        ("Eye_L", "ORGAN", [255, 234, 0], Ellipsoid(centre: [33, -70, -8], radii: [12, 12, 12])),
        ("Eye_R", "ORGAN", [170, 220, 0], Ellipsoid(centre: [-33, -70, -8], radii: [12, 12, 12])),
        ("TemporalLobe_L", "ORGAN", [224, 64, 251], Ellipsoid(centre: [46, -4, 0], radii: [15, 34, 20])),
        ("TemporalLobe_R", "ORGAN", [124, 77, 255], Ellipsoid(centre: [-46, -4, 0], radii: [15, 34, 20])),
        ("Brain", "ORGAN", [255, 138, 128], Ellipsoid(centre: [0, 4, 28], radii: [64, 84, 54])),
        ("External", "EXTERNAL", [240, 240, 240], body),
    ]

    static let ctGeometry = VolumeGeometry(
        dimensions: SIMD3(256, 256, 108), origin: Point3(-122.5, -122.5, -90),
        spacingMM: SIMD3(0.957, 0.957, 1.5),
        frameOfReferenceUID: frame)

    static let ct = makeCT()
    static let fractionDose = makeDose()

    private static func makeCT() -> CTImage {
        var state: UInt64 = 20_261_124
        func noise() -> Double {
            var sum = 0.0
            for _ in 0..<3 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                sum += Double(state >> 40) / Double(1 << 24) - 0.5
            }
            return 22 * sum
        }
        let skullOuter = Ellipsoid(centre: [0, 2, 12], radii: [70, 92, 74])
        let skullInner = Ellipsoid(centre: [0, 4, 14], radii: [64, 85, 68])
        let sinus = Ellipsoid(centre: [0, -64, -30], radii: [15, 22, 20])
        let ventricle = Ellipsoid(centre: [8, 5, 32], radii: [6, 24, 12])
        let clivus = Ellipsoid(centre: [0, 12, -14], radii: [14, 9, 22])
        var volume = Volume<Int16>(geometry: ctGeometry, repeating: -1000)
        for index in volume.values.indices {
            let v = ctGeometry.voxel(at: index)
            let p = ctGeometry.centre(v.x, v.y, v.z).mm
            var value = -1000.0
            if body.level(p) < 1 {
                value = 45
                if body.level(p) > 0.93 { value = -90 }
                if skullOuter.level(p) < 1 { value = skullInner.level(p) < 1 ? 36 : 1050 }
                if clivus.level(p) < 1 { value = 620 }
                if ventricle.level(p) < 1 { value = 8 }
                if sinus.level(p) < 1 { value = -960 }
            }
            volume.values[index] = Int16((value + noise()).rounded())
        }
        return CTImage(
            hounsfield: volume, patientPosition: .headFirstSupine,
            seriesInstanceUID: "1.2.826.0.1.3680043.8.498.2",
            studyInstanceUID: "1.2.826.0.1.3680043.8.498.3", sliceInstanceUIDs: [],
            patient: PatientIdentity(id: "SYN-001", name: "Phantom^Head", birthDate: "19700131", sex: "O"))
    }

    static var structures: StructureSet {
        StructureSet(
            instanceUID: "1.2.826.0.1.3680043.8.498.4", label: "Synthetic", frameOfReferenceUID: frame,
            structures: organs.enumerated().map { index, organ in
                Structure(
                    number: index + 1, name: organ.name, interpretedType: organ.type, colour: organ.colour,
                    contours: organ.shape.contours(spacingMM: 1.5))
            })
    }

    static let directions: [(name: String, gantry: Double, couch: Double)] = [
        ("Left lateral", 90, 0), ("Right lateral", 270, 0), ("Anterior superior", 0, 0),
    ]

    static func plan() -> Plan {
        let fields = directions.enumerated().map { index, direction in
            let layers = (0..<24).map { layer -> EnergyLayer in
                let depth = 1 - 2 * (Double(layer) + 0.5) / 24
                let radius = 22 * (1 - depth * depth).squareRoot()
                var spots: [Spot] = []
                for row in -10...10 {
                    let y = 2.4 * Double(row)
                    let columns = row.isMultiple(of: 2) ? Array(-10...10) : Array((-10...10).reversed())
                    for column in columns {
                        let x = 2.4 * Double(column)
                        guard x * x + y * y < radius * radius else { continue }
                        let weight = (layer == 0 ? 9.0 : 2.2) * (1 + 0.4 * sin(0.3 * x + 0.2 * y))
                        spots.append(Spot(positionMM: [x, y], particles: 4e4 * weight))
                    }
                }
                return EnergyLayer(energy: EnergyPerNucleon(232 - 2.6 * Double(layer)), spots: spots)
            }
            return Field(
                number: index + 1, name: direction.name, portID: "gantry",
                gantryAngle: AngleDegrees(direction.gantry),
                patientSupportAngle: AngleDegrees(direction.couch), isocentre: isocentre, layers: layers)
        }
        return Plan(
            label: "SYNTHETIC HEAD", machineName: "example", ion: .carbon12,
            patientPosition: .headFirstSupine,
            prescription: Prescription(targetName: "CTV", totalDose: RBEWeightedDose(60.8), fractions: 16),
            fields: fields)
    }

    static let doseGeometry = VolumeGeometry(
        dimensions: SIMD3(90, 110, 76), origin: Point3(-89, -109, -88), spacingMM: SIMD3(2, 2, 2),
        frameOfReferenceUID: frame)

    /// One fraction: a plateau, a flat target and a small tail behind it, along each direction.
    private static func makeDose() -> DoseDistribution {
        var dose = Volume<Float>(geometry: doseGeometry, repeating: 0)
        var zStar = dose
        var letDose = dose
        let axes = plan().fields.map { BeamAxis(field: $0, position: .headFirstSupine).direction.mm }
        for index in dose.values.indices {
            let v = doseGeometry.voxel(at: index)
            let p = doseGeometry.centre(v.x, v.y, v.z).mm
            guard body.level(p) < 1 else { continue }
            let u = (p - target.centre) / target.radii
            var (sum, lets) = (0.0, 0.0)
            for axis in axes {
                let along = (u * axis).sum()
                let across = max((u * u).sum() - along * along, 0)
                let half = max(1.08 - across, 0).squareRoot()
                let lateral = 1 / (1 + exp((across - 1.12) * 14))
                let distal = 1 / (1 + exp((along - half - 0.04) * 34))
                let plateau = 0.52 + 0.48 / (1 + exp(-(along + half + 0.25) * 6))
                let d = 0.56 * lateral * (plateau * distal + 0.05 * (1 - distal))
                let keV = 22 + 20 / (1 + exp(-(along + half) * 4)) + 62 * exp(-pow((along - half) / 0.24, 2))
                sum += d
                lets += d * keV
            }
            dose.values[index] = Float(sum)
            letDose.values[index] = Float(lets)
            zStar.values[index] = Float(sum * (1 + 0.15 * lets / max(sum, 1e-9)))
        }
        return DoseDistribution(dose: dose, doseZStar: zStar, doseLET: letDose)
    }

    static let machine = Machine(
        name: "example", facility: "Example Heavy-Ion Centre", ion: .carbon12,
        energies: (0..<201).map { EnergyPerNucleon(430 - 1.87 * Double($0)) },
        ports: [
            Port(
                id: "gantry", room: "Room 1", direction: .rotating(AngleDegrees(0)...AngleDegrees(360)),
                patientSupportAngles: AngleDegrees(-90)...AngleDegrees(90),
                nozzle: Nozzle(
                    virtualSourceDistancesMM: [7500, 8000],
                    spotSizes: [100, 430].map {
                        Nozzle.SpotSize(
                            energy: EnergyPerNucleon($0), sigmaMM: [3.4, 3.2], divergenceMrad: [1, 1],
                            correlation: [0, 0])
                    }, relativeEnergySpread: 0.001, ridgeFilterSigmaMM: 1, waterEquivalentThicknessMM: 2.3,
                    fieldHalfWidthMM: [100, 100], scanSpeedMMPerS: [100_000, 50_000], rangeShifters: [],
                    minimumSpotParticles: 10_000, maximumSpotParticles: 1e8))
        ])
}
