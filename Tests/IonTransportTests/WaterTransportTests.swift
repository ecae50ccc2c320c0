import IonTransport
import Quantities
import TestSupport
import Testing

@Suite struct WaterTransportTests {
    static let carbon = Isotope.carbon12

    @Test func energyIsBalancedAndNothingIsLost() async throws {
        let transport = try WaterTransport()
        let request = WaterTransportRequest(
            projectile: Self.carbon, energyMeVPerNucleon: 290, histories: 500, seed: 7, depthMM: 220)
        let energy = try await transport.run(request, threads: 2).energy
        expectClose(energy.inMeV, 12 * 290, relative: 1e-12, because: "mono-energetic beam")
        #expect(abs(energy.missingMeV) < 1e-6 * energy.inMeV)
        #expect(energy.depositedMeV > 0.75 * energy.inMeV)
        #expect(energy.bindingMeV > 0 && energy.neutronsMeV > 0)
    }

    @Test func theSameSeedGivesTheSameBitsOnAnyNumberOfThreads() async throws {
        let transport = try WaterTransport()
        var request = WaterTransportRequest(
            projectile: Self.carbon, energyMeVPerNucleon: 200, histories: 200, seed: 3, depthMM: 100)
        request.responses = [ResponseTable(name: "energy") { _, energy in energy }]
        request.planesMM = [20, 60]
        let one = try await transport.run(request, threads: 1)
        let three = try await transport.run(request, threads: 3)
        #expect(one.components == three.components)
        #expect(one.planes == three.planes)
        #expect(one.energy == three.energy)
        request.seed = 4
        let other = try await transport.run(request, threads: 1)
        #expect(one.components != other.components)
    }

    @Test func badRequestsAreRefusedWithTheQuantity() async throws {
        let transport = try WaterTransport()
        var request = WaterTransportRequest(
            projectile: Self.carbon, energyMeVPerNucleon: 900, histories: 10, seed: 1, depthMM: 10)
        await #expect(
            throws: WaterTransportError.outsideLimits(
                quantity: "energy (MeV/u)", value: 900, valid: 1...600)
        ) { try await transport.run(request, threads: 1) }
        request.projectile = Isotope(atomicNumber: 20, massNumber: 40)
        await #expect(throws: WaterTransportError.projectileNotTransported(request.projectile)) {
            try await transport.run(request, threads: 1)
        }
    }
}
