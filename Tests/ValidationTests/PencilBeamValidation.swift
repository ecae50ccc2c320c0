import BeamCommissioning
import BeamData
import FacilityModel
import Foundation
import Frames
import IonPhysics
import IonTransport
import PatientModel
import PencilBeam
import PlanEvaluation
import PlanModel
import Quantities
import TestSupport
import Testing
import Volumes

/// The pencil beam in water against our own Monte Carlo transport, each with its own random numbers.
///
/// Depth tables are made from beams of no width; what is compared is a beam of 3.5 mm, and a field of many layers, as
/// profiles along x in slabs of 4 mm, summed over y as the transport scores them. The gamma index of a profile
/// searches along x; the slabs lie where the dose changes little within 4 mm and behind the peak.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["KASANE_VALIDATE"] == "1"), .serialized)
struct PencilBeamValidation {
    static let sigmaMM = 3.5
    /// σ(E)/E that stands for energy spread and ridge filter: about 1 mm of range.
    static let energySpread = 0.004
    static let slabMM = 4.0
    static let columns = 110
    static let gyMM3PerMeV = 1.602176634e-7

    static func request(_ energy: Double, histories: Int, seed: UInt64, depthMM: Double)
        -> WaterTransportRequest
    {
        var request = WaterTransportRequest(
            projectile: .carbon12, energyMeVPerNucleon: energy, histories: histories, seed: seed,
            depthStepMM: 0.25, depthMM: depthMM)
        request.energySpread = energySpread
        return request
    }

    /// Depth table of a beam of no width, made as beam data are.
    static func table(_ energy: Double, histories: Int, seed: UInt64) async throws -> BeamDepthTable {
        var options = BeamDataBuilder.Options()
        options.histories = histories
        let run = try await BeamDataBuilder(options: options).run(
            energyMeVPerNucleon: energy, relativeEnergySpread: energySpread, seed: seed, threads: 2)
        let range = try RangeTable(.carbon12).rangeMM(energyMeVPerNucleon: energy)
        return TransportedBeam(run, rangeMM: range).depthTable(stepMM: 0.25)
    }

    /// Projected dose of one ion of a beam of `sigmaMM`, Gy mm, `[slab][column]`, columns 1 mm wide.
    static func profiles(
        _ energy: Double, slabs: [Double], histories: Int, seed: UInt64, depthMM: Double
    ) async throws -> [[Double]] {
        var run = request(energy, histories: histories, seed: seed, depthMM: depthMM)
        run.sigmaMM = sigmaMM
        run.profileDepthsMM = slabs
        let result = try await WaterTransport().run(run, threads: 2)
        return result.profiles.map { profile in
            (0..<columns).map { column in
                // Bins of 0.5 mm from −60 mm; columns of 1 mm from −55 mm.
                let bin = 10 + 2 * column
                let energy = profile.energyMeV.reduce(0) { $0 + $1[bin] + $1[bin + 1] }
                return energy / slabMM * gyMM3PerMeV
            }
        }
    }

    static func volume(_ profile: [Double]) -> Volume<Float> {
        let geometry = VolumeGeometry(
            dimensions: SIMD3(columns, 1, 1), origin: Point3(-0.5 * Double(columns - 1), 0, 0),
            spacingMM: SIMD3(1, 1, 1), frameOfReferenceUID: "1")
        return Volume(geometry: geometry, values: profile.map { Float($0) })
    }

    /// The pencil beam's dose of layers, averaged over the thickness of each slab and summed over z.
    static func projected(
        layers: [EnergyLayer], slabs: [Double], tables: [Double: BeamDepthTable], depthMM: Double,
        halfWidthMM: Double
    ) async throws -> [[Double]] {
        let water = VolumeGeometry(
            dimensions: SIMD3(40, 40, 40), origin: Point3(-195, 0.5 * depthMM / 40, -195),
            spacingMM: SIMD3(10, depthMM / 40, 10), frameOfReferenceUID: "1")
        let one = Volume<Float>(geometry: water, repeating: 1)
        let size = { (energy: Double) in
            Nozzle.SpotSize(
                energy: EnergyPerNucleon(energy), sigmaMM: SIMD2(sigmaMM, sigmaMM),
                divergenceMrad: SIMD2(0, 0), correlation: SIMD2(0, 0))
        }
        let nozzle = Nozzle(
            virtualSourceDistancesMM: SIMD2(1e8, 1e8), spotSizes: [size(10), size(500)],
            relativeEnergySpread: 0, ridgeFilterSigmaMM: 0, waterEquivalentThicknessMM: 0,
            fieldHalfWidthMM: SIMD2(200, 200), scanSpeedMMPerS: SIMD2(1, 1), rangeShifters: [],
            minimumSpotParticles: 0, maximumSpotParticles: 1e12)
        let port = Port(
            id: "p", room: "r", direction: .fixed(AngleDegrees(0)),
            patientSupportAngles: AngleDegrees(0)...AngleDegrees(0), nozzle: nozzle)
        let machine = Machine(
            name: "m", facility: "f", ion: .carbon12, energies: layers.map(\.energy), ports: [port])
        let engine = try PencilBeamEngine(
            images: MaterialImages(stoppingPowerRatio: one, scatteringRatio: one, nuclearRatio: one),
            machine: machine, patientPosition: .headFirstSupine
        ) { energy in
            guard let table = tables[energy.value] else { throw CancellationError() }
            return table
        }
        let field = Field(
            number: 1, name: "f", portID: "p", gantryAngle: AngleDegrees(0),
            patientSupportAngle: AngleDegrees(0), isocentre: Point3(0, 0, 0), layers: layers)
        let zSpacing = 2.5
        let zCount = Int(2 * halfWidthMM / zSpacing)
        let perSlab = 8
        var result: [[Double]] = []
        for slab in slabs {
            let grid = VolumeGeometry(
                dimensions: SIMD3(columns, perSlab, zCount),
                origin: Point3(
                    -0.5 * Double(columns - 1),
                    slab - 0.5 * slabMM * (1 - 1 / Double(perSlab)),
                    -0.5 * zSpacing * Double(zCount - 1)),
                spacingMM: SIMD3(1, slabMM / Double(perSlab), zSpacing), frameOfReferenceUID: "1")
            let dose = try await engine.dose(of: field, grid: grid, threads: 2).dose
            result.append(
                (0..<columns).map { x in
                    var sum = 0.0
                    for y in 0..<perSlab { for z in 0..<zCount { sum += Double(dose[x, y, z]) } }
                    return sum * zSpacing / Double(perSlab)
                })
        }
        return result
    }

    /// Share of points over 10 % of the greatest dose with γ ≤ 1 for 1 % of it and 1 mm.
    static func passRate(
        _ name: String, slabs: [Double], reference: [[Double]], evaluated: [[Double]]
    ) async throws -> Double {
        let top = reference.flatMap { $0 }.max() ?? 0
        var (passed, all) = (0.0, 0.0)
        for (slab, (r, e)) in zip(slabs, zip(reference, evaluated)) where (r.max() ?? 0) > 0.1 * top {
            let gamma = try await GammaIndex.compute(
                reference: volume(r), evaluated: volume(e),
                criteria: GammaCriteria(
                    doseDifference: 0.01, distanceMM: 1, normalisation: .globalDose(top),
                    lowDoseThreshold: 0.1), threads: 1)
            passed += gamma.passRate * Double(gamma.gamma.count)
            all += Double(gamma.gamma.count)
            if ProcessInfo.processInfo.environment["KASANE_PROFILES"] == "1" {
                for x in 0..<columns / 2 where r[x] > 0.002 * top {
                    print("profile", slab, Double(x) - 54.5, r[x] / top, e[x] / top, 0.5 * (r[x] + r[columns - 1 - x]) / top)
                }
            }
            let sums = (r.reduce(0, +), e.reduce(0, +))
            print(
                "\(name), \(slab) mm: \(gamma.gamma.count) points, pass \(gamma.passRate), greatest \(gamma.maximum), "
                    + "sum over x \(sums.1 / sums.0)")
        }
        print("\(name): gamma 1 %/1 mm over 10 % dose: \(100 * passed / all) % of \(Int(all)) points")
        return passed / all
    }

    @Test func singleSpotInWater() async throws {
        let (energy, depth) = (270.0, 220.0)
        let table = try await Self.table(energy, histories: 200_000, seed: 1)
        let slabs = [10.0, 40, 80, 110, 130, 138, 142, 160]
        let reference = try await Self.profiles(
            energy, slabs: slabs, histories: 400_000, seed: 2, depthMM: depth)
        let spot = EnergyLayer(
            energy: EnergyPerNucleon(energy), spots: [Spot(positionMM: SIMD2(0, 0), particles: 1)])
        let evaluated = try await Self.projected(
            layers: [spot], slabs: slabs, tables: [energy: table], depthMM: depth, halfWidthMM: 100)
        let rate = try await Self.passRate(
            "single spot 270 MeV/u", slabs: slabs, reference: reference, evaluated: evaluated)
        #expect(rate >= 0.99)
    }

    @Test func sixtyMillimetrePeakOfTenByTenCentimetres() async throws {
        let depth = 240.0
        let slabs = [10.0, 50, 90, 105, 120, 135, 150, 156, 180]
        // Peaks from 160 mm to 100 mm, 3 mm apart, by the range of 12C in water (fit to 3 mm is enough here).
        let energies = (0...20).map { 12.0 * pow(160 - 3 * Double($0) + 3, 0.6217) }
        var tables: [Double: BeamDepthTable] = [:]
        for (i, energy) in energies.enumerated() {
            tables[energy] = try await Self.table(
                energy, histories: 30_000, seed: UInt64(100 + i))
        }
        // Weights for a flat dose in the middle of the field, by repeated correction at the peaks.
        let ordered = energies.compactMap { tables[$0] }
        let peaks = ordered.map { Int($0.rangeMM / $0.stepMM) }
        func dose(_ table: BeamDepthTable, _ i: Int) -> Double {
            table.components.reduce(0) { $0 + Double($1.doseGyMM2[i]) }
        }
        var weights = [Double](repeating: 1, count: energies.count)
        for _ in 0..<200 {
            let sums = peaks.map { i in zip(weights, ordered).reduce(0) { $0 + $1.0 * dose($1.1, i) } }
            let mean = sums.reduce(0, +) / Double(sums.count)
            for k in weights.indices { weights[k] *= mean / sums[k] }
        }
        let positions = (0...25).map { -50 + 4 * Double($0) }
        var reference = [[Double]](
            repeating: [Double](repeating: 0, count: Self.columns), count: slabs.count)
        for (k, energy) in energies.enumerated() {
            let map = try await Self.profiles(
                energy, slabs: slabs, histories: 40_000, seed: UInt64(200 + k), depthMM: depth)
            for slab in reference.indices {
                for x in 0..<Self.columns {
                    for position in positions {
                        let from = x - Int(position)
                        if from >= 0, from < Self.columns {
                            reference[slab][x] +=
                                weights[k] * Double(positions.count) * map[slab][from]
                        }
                    }
                }
            }
        }
        let layers = zip(energies, weights).map { energy, weight in
            EnergyLayer(
                energy: EnergyPerNucleon(energy),
                spots: positions.flatMap { x in
                    positions.map { Spot(positionMM: SIMD2(x, $0), particles: weight) }
                })
        }
        let evaluated = try await Self.projected(
            layers: layers, slabs: slabs, tables: tables, depthMM: depth, halfWidthMM: 130)
        let rate = try await Self.passRate(
            "60 mm SOBP, 10 x 10 cm", slabs: slabs, reference: reference, evaluated: evaluated)
        #expect(rate >= 0.99)
    }
}
