import BeamCommissioning
import BeamData
import IonPhysics
import IonTransport
import Quantities
import TestSupport
import Testing

@Suite struct BeamDataBuilderTests {
    private static func options(histories: Int = 300) -> BeamDataBuilder.Options {
        var options = BeamDataBuilder.Options()
        options.energies = 80...95
        options.histories = histories
        options.seed = 7
        return options
    }

    @Test func nodesAreSpacedInRange() throws {
        let builder = try BeamDataBuilder(options: BeamDataBuilder.Options())
        let ranges = try RangeTable(.carbon12)
        let energies = builder.nodeEnergies
        #expect(energies.first == 50 && energies.last == 450)
        let rangesMM = energies.map { ranges.rangeMM(energyMeVPerNucleon: $0) }
        for (a, b) in zip(rangesMM, rangesMM.dropFirst()) {
            #expect(b > a && b - a < 17.001 && b / a < 1.2501)
        }
    }

    /// The set is the same on one and two threads, and another seed gives another set.
    @Test func isReproducible() async throws {
        let builder = try BeamDataBuilder(options: Self.options())
        let one = try await builder.build(threads: 1)
        let two = try await builder.build(threads: 2)
        #expect(one.encoded() == two.encoded())
        var other = Self.options()
        other.seed = 8
        #expect(try await BeamDataBuilder(options: other).build(threads: 2).encoded() != one.encoded())
    }

    /// Rebinning and units: the integral of dose over depth is the energy that the transport deposited.
    @Test func doseIntegralIsTheDepositedEnergy() async throws {
        let builder = try BeamDataBuilder(options: Self.options(histories: 1000))
        let result = try await builder.run(energyMeVPerNucleon: 90, seed: 3, threads: 2)
        let range = try RangeTable(.carbon12).rangeMM(energyMeVPerNucleon: 90)
        let beam = TransportedBeam(result, rangeMM: range)
        let table = beam.depthTable(stepMM: 0.1)
        let dose = table.components.reduce(0.0) { $0 + $1.doseGyMM2.reduce(0.0) { $0 + Double($1) } }
        // The first bin is half as wide as the others.
        let first = table.components.reduce(0.0) { $0 + Double($1.doseGyMM2[0]) } / 2
        expectClose(
            (dose - first) * 0.1 / 1.602176634e-7, result.energyMeV.reduce(0, +), relative: 1e-3,
            because: "the last bin ends half a step early")
        // 12 · 90 MeV come in; what is missing went into neutrons, gammas and binding.
        #expect(result.energyMeV.reduce(0, +) < 1080 && result.energyMeV.reduce(0, +) > 1000)
    }

    /// Primaries at the surface: dose, LET and z* are those of the tables, the width is zero.
    @Test func entranceFollowsFromStoppingPower() async throws {
        let builder = try BeamDataBuilder(options: Self.options(histories: 2000))
        let set = try await builder.build(threads: 2)
        let table = try set.depthTable(energyMeVPerNucleon: 88, stepMM: 0.5)
        let let88 = try StoppingPower(.carbon12).letKeVPerUM(energyMeVPerNucleon: 88)
        expectClose(
            Double(table.components[0].doseGyMM2[0]) / 1.602176634e-7, let88, relative: 0.01,
            because: "first 0.05 mm; statistics of straggling")
        expectClose(
            Double(table.components[0].doseLETGyMM2KeVPerUM[0] / table.components[0].doseGyMM2[0]), let88,
            relative: 0.005, because: "LET at the entrance energy")
        #expect(table.components[0].sigmaMM[0] < 0.01)
    }

    @Test func refusesBadOptions() {
        var options = Self.options()
        options.energies = 5...95
        #expect(throws: BeamDataBuilderError.energiesOutsideModel(5...95, valid: 10...500)) {
            try BeamDataBuilder(options: options)
        }
        #expect(throws: BeamDataBuilderError.tooFewHistories(3)) {
            try BeamDataBuilder(options: Self.options(histories: 3))
        }
    }
}
