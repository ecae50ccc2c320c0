import BeamData
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

@Suite struct PencilBeamEngineTests {
    static let energy = EnergyPerNucleon(220)
    /// Water entered at y = −70 mm by a beam from anterior.
    static let block = SyntheticBeam.grid(extentMM: SIMD3(160, 140, 160), spacingMM: SIMD3(2, 2, 2))

    func engine(
        _ images: MaterialImages = SyntheticBeam.images(block),
        machine: Machine = SyntheticBeam.machine()
    ) throws -> PencilBeamEngine {
        try PencilBeamEngine(images: images, machine: machine, patientPosition: .headFirstSupine) {
            SyntheticBeam.table($0)
        }
    }

    func layer(_ spots: [Spot], energy: EnergyPerNucleon = energy) -> EnergyLayer {
        EnergyLayer(energy: energy, spots: spots)
    }

    @Test(arguments: [SIMD2(0.0, 0.0), SIMD2(0.9, 0.4), SIMD2(-20.3, 15.7)])
    func aSpotComposedOfSubBeamsIsTheGaussianSpot(position: SIMD2<Double>) async throws {
        let machine = SyntheticBeam.machine()
        let spots = [Spot(positionMM: position, particles: 1e6)]
        let field = SyntheticBeam.field(layers: [layer(spots)])
        let grid = SyntheticBeam.grid(
            extentMM: SIMD3(100, 120, 100), spacingMM: SIMD3(1.5, 5, 1.5))
        let dose = try await engine().dose(of: field, grid: grid, threads: 2).dose
        let closed = ClosedFormDose(field: field, machine: machine, energy: Self.energy)
        for y in 0..<grid.dimensions.y {
            let water = grid.centre(0, y, 0).y + 70 + 2
            var (greatest, worst) = (0.0, 0.0)
            for z in 0..<grid.dimensions.z {
                for x in 0..<grid.dimensions.x {
                    let expected = closed.dose(at: grid.centre(x, y, z), waterMM: water, spots: spots)
                    greatest = max(greatest, expected)
                    worst = max(worst, abs(Double(dose[x, y, z]) - expected))
                }
            }
            // Behind the peak only light fragments are left, on their coarser lattice and grid.
            #expect(
                worst <= (water < 98 ? 0.002 : 0.01) * greatest,
                "at \(water) mm the worst difference is \(worst / greatest) of the plane's maximum")
        }
    }

    @Test(arguments: [20.0, 40, 80, 100])
    func centralDoseOfSquareFieldsFollowsTheHalo(sideMM: Double) async throws {
        let machine = SyntheticBeam.machine()
        let n = Int(sideMM / 4)
        var spots: [Spot] = []
        for i in 0...n {
            for j in 0...n {
                spots.append(
                    Spot(
                        positionMM: SIMD2(4 * Double(i), 4 * Double(j)) - SIMD2(sideMM / 2, sideMM / 2),
                        particles: 1e5))
            }
        }
        let field = SyntheticBeam.field(layers: [layer(spots)])
        let grid = SyntheticBeam.grid(extentMM: SIMD3(6, 120, 6), spacingMM: SIMD3(2, 4, 2))
        let dose = try await engine().dose(of: field, grid: grid, threads: 2).dose
        let closed = ClosedFormDose(field: field, machine: machine, energy: Self.energy)
        for y in 0..<grid.dimensions.y {
            let point = grid.centre(1, y, 1)
            let water = point.y + 70 + 2
            let expected = closed.dose(at: point, waterMM: water, spots: spots)
            // Behind the peak only the halo is left, and what lies beyond the cut of its sub-beams counts more.
            expectClose(
                Double(dose[1, y, 1]), expected, relative: water < 98 ? 0.002 : 0.006,
                because: "sum of the spots' closed form at \(water) mm, side \(sideMM) mm")
        }
    }

    @Test func raysDivergeFromTheTwoVirtualSources() async throws {
        let machine = SyntheticBeam.machine(sourceMM: SIMD2(2000, 3000))
        let field = SyntheticBeam.field(
            layers: [layer([Spot(positionMM: SIMD2(40, -30), particles: 1e6)])])
        let grid = SyntheticBeam.grid(
            extentMM: SIMD3(60, 120, 60), spacingMM: SIMD3(1.5, 20, 1.5), centre: SIMD3(40, 0, -30))
        let dose = try await engine(machine: machine).dose(of: field, grid: grid, threads: 1).dose
        for y in 0..<2 {
            let depth = grid.centre(0, y, 0).y
            var (sum, x1, z1) = (0.0, 0.0, 0.0)
            for z in 0..<grid.dimensions.z {
                for x in 0..<grid.dimensions.x {
                    let value = Double(dose[x, y, z])
                    let p = grid.centre(x, y, z)
                    sum += value
                    x1 += value * p.x
                    z1 += value * p.z
                }
            }
            // IEC gantry y is superior (DICOM z) for a supine patient on a couch at 0°.
            expectClose(x1 / sum, 40 * (1 + depth / 2000), absolute: 0.02, because: "equation 1")
            expectClose(z1 / sum, -30 * (1 + depth / 3000), absolute: 0.02, because: "equation 1")
        }
    }

    @Test(arguments: [(SIMD3<Float>(1.6, 1.6, 1.6), 12.0), (SIMD3<Float>(0.001, 0.001, 0.001), -19.98)])
    func aSlabShiftsTheDoseByItsWaterEquivalent(ratios: SIMD3<Float>, shift: Double) async throws {
        let images = SyntheticBeam.images(Self.block) { $0.y > -50 && $0.y < -30 ? ratios : SIMD3(1, 1, 1) }
        let field = SyntheticBeam.field(
            layers: [layer([Spot(positionMM: SIMD2(0.3, 0.2), particles: 1e6)])])
        let grid = SyntheticBeam.grid(extentMM: SIMD3(120, 140, 120), spacingMM: SIMD3(2, 2, 2))
        let dose = try await engine(images).dose(of: field, grid: grid, threads: 2).dose
        let closed = ClosedFormDose(field: field, machine: SyntheticBeam.machine(), energy: Self.energy)
        for plane in SingleSpotTests.planes(dose) where plane.depth > -28 && plane.depth < 60 {
            let water = plane.depth + 72 + shift
            let expected = closed.components(depth: water).reduce(0) { $0 + $1.dose }
            expectClose(
                plane.integral / 1e6, expected, relative: 0.004,
                because: "laterally integrated dose belongs to the water-equivalent depth \(water) mm")
        }
    }

    @Test func nuclearCorrectionMovesPrimariesToFragments() async throws {
        let images = SyntheticBeam.images(Self.block) {
            $0.y > -60 && $0.y < -10 ? SIMD3(1, 1, 0.9) : SIMD3(1, 1, 1)
        }
        let field = SyntheticBeam.field(
            layers: [layer([Spot(positionMM: SIMD2(0, 0), particles: 1e6)])])
        let grid = SyntheticBeam.grid(extentMM: SIMD3(140, 100, 140), spacingMM: SIMD3(2, 2, 2))
        let dose = try await engine(images).dose(of: field, grid: grid, threads: 2).dose
        let closed = ClosedFormDose(field: field, machine: SyntheticBeam.machine(), energy: Self.energy)
        for plane in SingleSpotTests.planes(dose) where plane.depth > 0 && plane.depth < 48 {
            let water = plane.depth + 72
            let parts = closed.components(depth: water)
            let excess = -0.1 * 50 / 205
            let fragments =
                (1 - exp(-(water / 205 + excess))) / (1 - exp(-water / 205)) * (parts[1].dose + parts[2].dose)
            expectClose(
                plane.integral / 1e6, exp(-excess) * parts[0].dose + fragments, relative: 0.004,
                because: "50 mm with 10 % less nuclear cross section than stopping power")
        }
    }

    @Test func rangeShifterShortensTheRangeAndWidensTheSpot() async throws {
        let field = SyntheticBeam.field(
            shifter: "RS30", layers: [layer([Spot(positionMM: SIMD2(0, 0), particles: 1e6)])])
        let grid = SyntheticBeam.grid(extentMM: SIMD3(140, 136, 140), spacingMM: SIMD3(2, 2, 2))
        let dose = try await engine().dose(of: field, grid: grid, threads: 2).dose
        let machine = SyntheticBeam.machine()
        let closed = ClosedFormDose(field: field, machine: machine, energy: Self.energy)
        let range = SyntheticBeam.rangeMM(220)
        for plane in SingleSpotTests.planes(dose) where plane.depth > -66 && plane.depth < -10 {
            let water = plane.depth + 70 + 32
            let parts = closed.components(depth: water)
            let total = parts.reduce(0) { $0 + $1.dose }
            // PMMA removes 2.6 % more primaries than water of equal stopping.
            let excess = 30 * (1.1947 / 1.1646 - 1) / 205
            let made = (1 - exp(-(water / 205 + excess))) / (1 - exp(-water / 205))
            expectClose(
                plane.integral / 1e6,
                exp(-excess) * parts[0].dose + made * (parts[1].dose + parts[2].dose), relative: 0.004,
                because: "30 mm of water before the patient")
            // Widths of all components by sums over thin slices of shifter and water.
            let length = 30 / 1.1646
            let (steps, h) = (2000, 0.01)
            var (primary, drift, crossed) = (0.0, 0.0, 0.0)
            for slice in 0..<steps {
                let f = (Double(slice) + 0.5) / Double(steps)
                let lever = plane.depth + 300 + length * (1 - f)
                primary += length / Double(steps) * 1.0376 * lever * lever / (range - 2 - 30 * f)
                drift += 30 / Double(steps) * lever * lever
            }
            while crossed < plane.depth + 70 {
                let lever = plane.depth + 70 - crossed - h / 2
                primary += h * lever * lever / (range - 32 - crossed - h / 2)
                drift += h * lever * lever
                crossed += h
            }
            drift += 2 * pow(plane.depth + 300 + length, 2)
            let k = SyntheticBeam.scatteringConstant
            let angles = [0, SyntheticBeam.heavyAngle, SyntheticBeam.lightAngle]
            var spread = parts[0].dose * 2 * k * k * primary
            for c in 1...2 { spread += parts[c].dose * angles[c] * angles[c] * drift / water }
            // The light halo is wider than the grid; compare the widths where it is small against the rest.
            let air = machine.ports[0].nozzle.spotSizes[0].varianceMM2(upstreamMM: -plane.depth)
            let coreOnly = air.x + (parts[0].dose * 2 * k * k * primary) / parts[0].dose
            #expect(plane.variance.x > 0.97 * coreOnly)
            expectClose(
                plane.variance.x, air.x + spread / total, relative: 0.05,
                because: "Fermi-Eyges through shifter and gap; the grid cuts the outer halo")
        }
    }

    @Test func resultsDoNotDependOnThreads() async throws {
        var spots: [Spot] = []
        for i in 0..<5 {
            for j in 0..<5 {
                spots.append(
                    Spot(positionMM: SIMD2(4.5 * Double(i), 4.5 * Double(j)), particles: 1e6 + Double(i)))
            }
        }
        let field = SyntheticBeam.field(
            gantry: 33, couch: 12, layers: [layer(spots), layer(spots, energy: EnergyPerNucleon(200))])
        let grid = SyntheticBeam.grid(extentMM: SIMD3(90, 90, 90), spacingMM: SIMD3(3, 3, 3))
        let one = try await engine().dose(of: field, grid: grid, threads: 1)
        let two = try await engine().dose(of: field, grid: grid, threads: 2)
        #expect(one.dose == two.dose)
        #expect(one.doseZStar == two.doseZStar)
        #expect(one.doseLET == two.doseLET)
        #expect(one.dose.values.contains { $0 > 0 })
    }
}
