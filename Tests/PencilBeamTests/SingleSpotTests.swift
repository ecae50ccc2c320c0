import BeamData
import FacilityModel
import Frames
import Glibc
import PencilBeam
import PlanModel
import Quantities
import TestSupport
import Testing
import Volumes

@Suite struct SingleSpotTests {
    /// A water block entered at 70 mm above the isocentre; the beam comes from anterior (y negative).
    static let block = SyntheticBeam.grid(extentMM: SIMD3(120, 140, 120), spacingMM: SIMD3(2, 2, 2))
    static let energy = EnergyPerNucleon(220)

    /// Laterally integrated dose, mean position and variance of each plane across the beam (y).
    static func planes(_ volume: Volume<Float>) -> [(
        depth: Double, integral: Double, variance: SIMD2<Double>
    )] {
        let g = volume.geometry
        return (0..<g.dimensions.y).map { y in
            var sum = 0.0
            var first = SIMD2<Double>(0, 0)
            var second = SIMD2<Double>(0, 0)
            for z in 0..<g.dimensions.z {
                for x in 0..<g.dimensions.x {
                    let value = Double(volume[x, y, z])
                    let p = g.centre(x, y, z)
                    let q = SIMD2(p.x, p.z)
                    sum += value
                    first += value * q
                    second += value * q * q
                }
            }
            let mean = first / sum
            return (
                g.centre(0, y, 0).y, sum * g.spacingMM.x * g.spacingMM.z, second / sum - mean * mean
            )
        }
    }

    @Test func singleSpotInWaterFollowsTheTable() async throws {
        let machine = SyntheticBeam.machine()
        let engine = try PencilBeamEngine(
            images: SyntheticBeam.images(Self.block), machine: machine, patientPosition: .headFirstSupine
        ) { SyntheticBeam.table($0) }
        let field = SyntheticBeam.field(layers: [
            EnergyLayer(energy: Self.energy, spots: [Spot(positionMM: SIMD2(0.7, -0.4), particles: 1e6)])
        ])
        let grid = SyntheticBeam.grid(extentMM: SIMD3(160, 140, 160), spacingMM: SIMD3(1, 2, 1))
        let dose = try await engine.dose(of: field, grid: grid, threads: 2)
        let table = SyntheticBeam.table(Self.energy)
        let size = machine.ports[0].nozzle.spotSizes[0]
        let entrance = machine.ports[0].nozzle.waterEquivalentThicknessMM
        var greatest = 0.0
        var checked = 0
        for plane in Self.planes(dose.dose) {
            let d = plane.depth + 70 + entrance
            let i = d / table.stepMM
            let k = Int(i)
            let expected = table.components.map {
                Double($0.doseGyMM2[k]) + (i - Double(k)) * Double($0.doseGyMM2[k + 1] - $0.doseGyMM2[k])
            }
            let total = expected.reduce(0, +)
            greatest = max(greatest, total)
            let variances = table.components.map { Double($0.sigmaMM[k]) * Double($0.sigmaMM[k]) }
            var spread = 0.0
            for c in 0..<3 { spread += expected[c] * variances[c] / total }
            let air = size.varianceMM2(upstreamMM: -plane.depth)
            if abs(plane.depth) > 66 { continue }
            checked += 1
            expectClose(
                plane.integral / 1e6, total, relative: 0.005,
                because: "cut-off of the sub-beams loses less than half a percent")
            expectClose(
                plane.variance.x.squareRoot(), (air.x + spread).squareRoot(), relative: 0.005,
                because: "width in water is that of the table")
            expectClose(
                plane.variance.y.squareRoot(), (air.y + spread).squareRoot(), relative: 0.005,
                because: "width in water is that of the table")
        }
        #expect(checked > 60)
    }
}
