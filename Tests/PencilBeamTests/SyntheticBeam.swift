import BeamData
import FacilityModel
import Frames
import Glibc
import PatientModel
import PlanModel
import Quantities
import Volumes

/// A made-up carbon beam with closed forms for everything, and simple phantoms for it.
enum SyntheticBeam {
    /// R = 0.0129 E^1.66 mm: 99 mm at 220 MeV/u.
    static func rangeMM(_ energy: Double) -> Double { 0.0129 * pow(energy, 1.66) }
    static func energy(rangeMM: Double) -> Double { pow(rangeMM / 0.0129, 1 / 1.66) }

    static let attenuationMM = 250.0
    static let heavyAngle = 0.012
    static let lightAngle = 0.06
    static let scatteringConstant = 0.006

    /// σ² of the primaries of a beam of no width, mm²: 2 k² V_w with V_w = ∫ (d − x)²/(R − x) dx by its closed form.
    static func primaryVariance(depth d: Double, range: Double) -> Double {
        let r = max(range - d, 1)
        guard r < range else { return 0 }
        let v = 0.5 * (range * range - r * r) - 2 * r * (range - r) + r * r * log(range / r)
        return 2 * scatteringConstant * scatteringConstant * v
    }

    static func table(_ energy: EnergyPerNucleon, stepMM: Double = 0.25) -> BeamDepthTable {
        let range = rangeMM(energy.value)
        let count = Int(1.5 * range / stepMM) + 2
        let sigma = (0.003 * range * 0.003 * range + 1).squareRoot()
        let gyMM2 = 1.602176634e-7
        var parts = [[[Float]]](repeating: [[], [], [], []], count: 3)
        for i in 0..<count {
            let d = Double(i) * stepMM
            // Stopping power 10 MeV/mm · (residual range/100 mm)^−0.4 blurred by the straggling.
            var dose = 0.0
            for q in -20...20 {
                let shift = 0.2 * Double(q)
                let residual = range - d + shift * sigma
                if residual > 0 {
                    dose += 0.2 * exp(-0.5 * shift * shift) * 10 * pow(max(residual, 0.2) / 100, -0.4)
                }
            }
            dose *= gyMM2 / (2 * Double.pi).squareRoot()
            let alive = exp(-min(d, range) / attenuationMM)
            let heavy = d < range ? 0.6 * (1 - alive) : 0.6 * (1 - alive) * exp(-(d - range) / 3)
            let light = d < range ? 0.25 * (1 - alive) : 0.25 * (1 - alive) * exp(-(d - range) / 100)
            let doses = [dose * alive, 8 * gyMM2 * heavy, 8 * gyMM2 * light]
            let widths = [
                primaryVariance(depth: d, range: range).squareRoot(),
                heavyAngle * d / 3.0.squareRoot(), lightAngle * d / 3.0.squareRoot(),
            ]
            let zStar = [1 + 6 * d / range, 3, 1]
            let letDepth = [10 + 60 * d / range, 20, 5]
            for c in 0..<3 {
                parts[c][0].append(Float(doses[c]))
                parts[c][1].append(Float(doses[c] * zStar[c]))
                parts[c][2].append(Float(doses[c] * letDepth[c]))
                parts[c][3].append(Float(widths[c]))
            }
        }
        return BeamDepthTable(
            stepMM: stepMM, rangeMM: range,
            components: parts.map {
                ComponentDepthTable(
                    doseGyMM2: $0[0], doseZStarGy2MM2: $0[1], doseLETGyMM2KeVPerUM: $0[2],
                    sigmaMM: $0[3])
            })
    }

    /// A machine with one rotating port, spots of σ = 4 mm (x) and 3.5 mm (y), 60 to 400 MeV/u.
    static func machine(
        sigmaMM: SIMD2<Double> = SIMD2(4, 3.5), sourceMM: SIMD2<Double> = SIMD2(8000, 9000),
        nozzleWaterMM: Double = 2, divergenceMrad: SIMD2<Double> = SIMD2(1, 1)
    ) -> Machine {
        let sizes = [60.0, 400].map {
            Nozzle.SpotSize(
                energy: EnergyPerNucleon($0), sigmaMM: sigmaMM, divergenceMrad: divergenceMrad,
                correlation: SIMD2(0, 0.3))
        }
        let nozzle = Nozzle(
            virtualSourceDistancesMM: sourceMM, spotSizes: sizes, relativeEnergySpread: 0.001,
            ridgeFilterSigmaMM: 1, waterEquivalentThicknessMM: nozzleWaterMM,
            fieldHalfWidthMM: SIMD2(110, 110), scanSpeedMMPerS: SIMD2(50000, 30000),
            rangeShifters: [
                RangeShifter(
                    id: "RS30", waterEquivalentThicknessMM: 30, isocentreDistanceMM: 300,
                    material: "PMMA")
            ], minimumSpotParticles: 1e4, maximumSpotParticles: 1e8)
        let port = Port(
            id: "gantry", room: "1",
            direction: .rotating(AngleDegrees(-180)...AngleDegrees(180)),
            patientSupportAngles: AngleDegrees(-95)...AngleDegrees(95), nozzle: nozzle)
        return Machine(
            name: "synthetic", facility: "none", ion: .carbon12,
            energies: (30...200).reversed().map { EnergyPerNucleon(2.0 * Double($0)) }, ports: [port])
    }

    static func field(
        gantry: Double = 0, couch: Double = 0, isocentre: Point3<DICOMPatient> = Point3(0, 0, 0),
        shifter: String? = nil, layers: [EnergyLayer] = []
    ) -> Field {
        Field(
            number: 1, name: "test", portID: "gantry", gantryAngle: AngleDegrees(gantry),
            patientSupportAngle: AngleDegrees(couch), isocentre: isocentre, rangeShifterID: shifter,
            layers: layers)
    }

    /// A grid of equal spacing whose faces are at ± half the extents around `centre`.
    static func grid(
        extentMM: SIMD3<Double>, spacingMM: SIMD3<Double>, centre: SIMD3<Double> = SIMD3(0, 0, 0)
    ) -> VolumeGeometry {
        let n = SIMD3(
            Int((extentMM.x / spacingMM.x).rounded()), Int((extentMM.y / spacingMM.y).rounded()),
            Int((extentMM.z / spacingMM.z).rounded()))
        let first = centre - 0.5 * SIMD3(Double(n.x - 1), Double(n.y - 1), Double(n.z - 1)) * spacingMM
        return VolumeGeometry(
            dimensions: n, origin: Point3(first), spacingMM: spacingMM, frameOfReferenceUID: "1.2.3")
    }

    /// Images with the same ratios everywhere, or as `ratios` says for a voxel centre (S, M, N).
    static func images(
        _ geometry: VolumeGeometry, ratios: (SIMD3<Double>) -> SIMD3<Float> = { _ in SIMD3(1, 1, 1) }
    ) -> MaterialImages {
        var (s, m, n) = ([Float](), [Float](), [Float]())
        for i in 0..<geometry.voxelCount {
            let v = geometry.voxel(at: i)
            let r = ratios(geometry.centre(v.x, v.y, v.z).mm)
            s.append(r.x)
            m.append(r.y)
            n.append(r.z)
        }
        return MaterialImages(
            stoppingPowerRatio: Volume(geometry: geometry, values: s),
            scatteringRatio: Volume(geometry: geometry, values: m),
            nuclearRatio: Volume(geometry: geometry, values: n))
    }
}
