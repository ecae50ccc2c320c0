import FacilityModel
import Frames
import Glibc
import IonPhysics
import IonTransport
import MonteCarloDose
import PlanModel
import Quantities
import TestSupport
import Testing

@Suite struct FieldSourceTests {
    static func machine(shifter: Bool = false) -> Machine {
        let sizes = [60.0, 400].map {
            Nozzle.SpotSize(
                energy: EnergyPerNucleon($0), sigmaMM: SIMD2(4, 3), divergenceMrad: SIMD2(2, 1),
                correlation: SIMD2(-0.4, 0.2))
        }
        let nozzle = Nozzle(
            virtualSourceDistancesMM: SIMD2(8000, 6000), spotSizes: sizes, relativeEnergySpread: 0.002,
            ridgeFilterSigmaMM: 1, waterEquivalentThicknessMM: 2.5, fieldHalfWidthMM: SIMD2(100, 100),
            scanSpeedMMPerS: SIMD2(1e5, 5e4),
            rangeShifters: shifter
                ? [
                    RangeShifter(
                        id: "RS30", waterEquivalentThicknessMM: 30, isocentreDistanceMM: 300, material: "PMMA"
                    )
                ] : [], minimumSpotParticles: 1, maximumSpotParticles: 1e9)
        let port = Port(
            id: "gantry", room: "1", direction: .rotating(AngleDegrees(-180)...AngleDegrees(180)),
            patientSupportAngles: AngleDegrees(-90)...AngleDegrees(90), nozzle: nozzle)
        return Machine(
            name: "test", facility: "none", ion: .carbon12, energies: [EnergyPerNucleon(200)], ports: [port])
    }

    static func field(
        gantry: Double = 0, spots: [Spot], energy: Double = 200, shifter: String? = nil
    ) -> Field {
        Field(
            number: 1, name: "f", portID: "gantry", gantryAngle: AngleDegrees(gantry),
            patientSupportAngle: AngleDegrees(0), isocentre: Point3(0, 0, 0), rangeShifterID: shifter,
            layers: [EnergyLayer(energy: EnergyPerNucleon(energy), spots: spots)])
    }

    @Test(arguments: [-300.0, 0, 150])
    func widthFollowsTheEmittanceAndTheRayTheVirtualSources(depth: Double) throws {
        let machine = Self.machine()
        let nozzle = machine.ports[0].nozzle
        let source = try FieldSource(
            field: Self.field(spots: [Spot(positionMM: SIMD2(40, -30), particles: 5e5)]), machine: machine,
            nozzle: nozzle, patientPosition: .headFirstSupine)
        #expect(source.particles == 5e5)
        var (sum, square) = (SIMD2<Double>(0, 0), SIMD2<Double>(0, 0))
        let n = 20_000
        for history in 0..<n {
            var random = RandomStream(seed: 5, history: UInt64(history))
            let ion = source.primary(&random)
            // A beam from anterior: depth is along +y of the patient, gantry x and y are patient x and z.
            let (p, d) = (ion.position.mm, ion.direction.mm)
            let at = p + (depth - p.y) / d.y * d
            sum += SIMD2(at.x, at.z)
            square += SIMD2(at.x * at.x, at.z * at.z)
        }
        let mean = sum / Double(n)
        let variance = square / Double(n) - mean * mean
        expectClose(
            mean.x, 40 * (1 + depth / 8000), absolute: 0.15, because: "virtual source x, 5 standard errors")
        expectClose(mean.y, -30 * (1 + depth / 6000), absolute: 0.15, because: "virtual source y")
        let z = -depth
        let expected = SIMD2(
            16 + 2 * 0.4 * 4 * 2e-3 * z + 4e-6 * z * z, 9 - 2 * 0.2 * 3 * 1e-3 * z + 1e-6 * z * z)
        expectClose(variance.x, expected.x, relative: 0.05, because: "σ² − 2ρσθz + θ²z², 5 standard errors")
        expectClose(variance.y, expected.y, relative: 0.05, because: "σ² − 2ρσθz + θ²z²")
    }

    @Test func spotsArePickedByTheirIonsAndRangesSpreadByTheRidgeFilter() throws {
        let machine = Self.machine()
        let source = try FieldSource(
            field: Self.field(
                spots: [
                    Spot(positionMM: SIMD2(-50, 0), particles: 1),
                    Spot(positionMM: SIMD2(50, 0), particles: 3),
                    Spot(positionMM: SIMD2(0, 0), particles: 0),
                ]), machine: machine, nozzle: machine.ports[0].nozzle, patientPosition: .headFirstSupine)
        let table = try RangeTable(.carbon12)
        var (right, ranges, squares) = (0, 0.0, 0.0)
        let n = 20_000
        for history in 0..<n {
            var random = RandomStream(seed: 6, history: UInt64(history))
            let ion = source.primary(&random)
            if ion.position.mm.x > 0 { right += 1 }
            let range = table.rangeMM(energyMeVPerNucleon: ion.energyMeVPerNucleon)
            ranges += range
            squares += range * range
        }
        expectClose(
            Double(right) / Double(n), 0.75, absolute: 0.016, because: "three of four, 5 standard errors")
        let mean = ranges / Double(n)
        let r200 = table.rangeMM(energyMeVPerNucleon: 200)
        let slope =
            (table.rangeMM(energyMeVPerNucleon: 200.2) - table.rangeMM(energyMeVPerNucleon: 199.8)) / 0.4
        expectClose(mean, r200, absolute: 0.06, because: "mean range of the layer, 5 standard errors")
        expectClose(
            squares / Double(n) - mean * mean, 1 + pow(0.002 * 200 * slope, 2), relative: 0.06,
            because: "ridge filter and energy spread in quadrature")
    }
}
