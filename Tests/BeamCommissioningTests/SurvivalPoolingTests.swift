import BeamCommissioning
import BeamData
import IonPhysics
import Quantities
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct SurvivalPoolingTests {
    private static let axes = BeamDataAxes(
        depths: (0...200).map { Double($0) * 0.005 }, spectrumDepths: [0, 1], spectrumEdges: [0, 1],
        species: [.carbon12])

    /// Reaction probability per mm that rises slowly towards the end of range.
    private static func integral(_ r: Double) -> Double { r / 230 + 0.05 * (1 - exp(-r / 30)) }

    /// A node whose survival is right times exp(noise · t): as if that many more primaries had come through.
    private static func node(_ energy: Double, noise: Double, ranges: RangeTable) -> BeamDataNode {
        let range = ranges.rangeMM(energyMeVPerNucleon: energy)
        let dose = axes.depths.map { t -> Float in
            let rest = ranges.energyMeVPerNucleon(rangeMM: max(0.5, range * (1 - t)))
            let survival = exp(integral(range * (1 - t)) - integral(range) + noise * t)
            return Float(
                ranges.stoppingPower.letKeVPerUM(energyMeVPerNucleon: rest) * survival * 1.602176634e-7)
        }
        let primary = ComponentDepthTable(
            doseGyMM2: dose, doseZStarGy2MM2: dose.map { 5 * $0 }, doseLETGyMM2KeVPerUM: dose.map { 20 * $0 },
            sigmaMM: dose.map { _ in 1 })
        let other = ComponentDepthTable(
            doseGyMM2: dose.map { 0.1 * $0 }, doseZStarGy2MM2: dose, doseLETGyMM2KeVPerUM: dose,
            sigmaMM: dose.map { _ in 2 })
        return BeamDataNode(
            energyMeVPerNucleon: energy, rangeMM: range, components: [primary, other, other], spectra: [1, 1])
    }

    @Test func removesTheNoiseOfSingleNodes() throws {
        let ranges = try RangeTable(.carbon12)
        let energies = stride(from: 100.0, through: 440, by: 20).map { $0 }
        // Noise without a common part: ±1.5 % of survival at the end of range.
        let noises = energies.indices.map { 0.015 * cos(2.4 * Double($0)) }
        let noisy = zip(energies, noises).map { Self.node($0, noise: $1, ranges: ranges) }
        let pooled = SurvivalPooling.pooled(noisy, axes: Self.axes, ranges: ranges)
        for (k, energy) in energies.enumerated() {
            let exact = Self.node(energy, noise: 0, ranges: ranges)
            for i in stride(from: 10, through: 180, by: 10) {
                expectClose(
                    Double(pooled[k].components[0].doseGyMM2[i]), Double(exact.components[0].doseGyMM2[i]),
                    relative: 0.006, because: "a third of the noise of one node is left after pooling 18")
            }
            // LET and z* are untouched, so are the fragments.
            expectClose(
                Double(pooled[k].components[0].doseZStarGy2MM2[90] / pooled[k].components[0].doseGyMM2[90]),
                5,
                relative: 1e-5, because: "one factor for all columns")
            #expect(pooled[k].components[1] == noisy[k].components[1])
        }
    }

    @Test func leavesExactNodesAlone() throws {
        let ranges = try RangeTable(.carbon12)
        let exact = [150.0, 220, 290, 360, 430].map { Self.node($0, noise: 0, ranges: ranges) }
        let pooled = SurvivalPooling.pooled(exact, axes: Self.axes, ranges: ranges)
        for (a, b) in zip(pooled, exact) {
            for i in a.components[0].doseGyMM2.indices {
                expectClose(
                    Double(a.components[0].doseGyMM2[i]), Double(b.components[0].doseGyMM2[i]),
                    relative: 0.002,
                    because: "a smooth h is met by its straight pieces")
            }
        }
    }
}
