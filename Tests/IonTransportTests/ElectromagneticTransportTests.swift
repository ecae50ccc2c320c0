import IonPhysics
import IonTransport
import Quantities
import TestSupport
import Testing

@Suite struct ElectromagneticTransportTests {
    static func request(
        _ projectile: Isotope, _ energy: Double, histories: Int, depthMM: Double
    ) -> WaterTransportRequest {
        var request = WaterTransportRequest(
            projectile: projectile, energyMeVPerNucleon: energy, histories: histories, seed: 5,
            depthMM: depthMM)
        request.nuclearReactions = false
        return request
    }

    @Test(arguments: [(Isotope.carbon12, 200.0), (.carbon12, 400), (.helium4, 220), (.proton, 150)])
    func rangeAndStragglingAreThoseOfTheClosedForms(projectile: Isotope, energy: Double) async throws {
        let stopping = try StoppingPower(projectile)
        let range = RangeTable(stopping).rangeMM(energyMeVPerNucleon: energy)
        let sigma = EnergyStraggling.rangeSigmaMM(stoppingPower: stopping, energyMeVPerNucleon: energy)
        var request = Self.request(projectile, energy, histories: 4000, depthMM: range + 10)
        request.planesMM = [range - sigma, range, range + sigma]
        let planes = try await WaterTransport().run(request, threads: 2).planes
        // Detour by scattering makes depths shorter than paths by up to 0.1 % of the range (protons 0.1 σ).
        expectClose(planes[0].primaries[0], 0.841, absolute: 0.04, because: "1.5 % statistics, detour")
        expectClose(planes[1].primaries[0], 0.5, absolute: 0.06, because: "1.5 % statistics, detour")
        expectClose(planes[2].primaries[0], 0.159, absolute: 0.04, because: "1.5 % statistics, detour")
    }

    @Test(arguments: [(Isotope.carbon12, 290.0), (.proton, 150), (.helium4, 220)])
    func lateralWidthIsThatOfFermiEyges(projectile: Isotope, energy: Double) async throws {
        let table = RangeTable(try StoppingPower(projectile))
        let depth = 0.9 * table.rangeMM(energyMeVPerNucleon: energy)
        let result = try await WaterTransport().run(
            Self.request(projectile, energy, histories: 4000, depthMM: depth + 5), threads: 2)
        let bin = Int(depth)
        let primaries = result.components[0]
        let sigma = (primaries.lateralMomentMeVMM2[bin] / primaries.energyMeV[bin]).squareRoot()
        let expected = ScatteringPower.transport(chargeNumber: projectile.atomicNumber).sigmaMM(
            rangeTable: table, energyMeVPerNucleon: energy, depthMM: Double(bin) + 0.5)
        expectClose(sigma, expected, relative: 0.03, because: "0.8 % statistics, three sigma, small angles")
    }

    /// f_dM follows the loss since the start, whatever the steps: 10 mm of water are a thin plate, where Rossi's form is 17 % wider.
    @Test(arguments: [(4.0, 0.2), (1.0, 0.05), (8.0, 0.4)])
    func thinAndThickWaterScattersProtonsAlikeInAnyStep(longest: Double, share: Double) async throws {
        let table = RangeTable(try StoppingPower(.proton))
        var request = Self.request(.proton, 150, histories: 4000, depthMM: 150)
        request.longestStepMM = longest
        request.longestRangeShare = share
        let primaries = try await WaterTransport().run(request, threads: 2).components[0]
        for bin in [10, 60, 130] {
            let sigma = (primaries.lateralMomentMeVMM2[bin] / primaries.energyMeV[bin]).squareRoot()
            expectClose(
                sigma,
                ScatteringPower.differentialMoliere.sigmaMM(
                    rangeTable: table, energyMeVPerNucleon: 150, depthMM: Double(bin) + 0.5),
                relative: 0.04, because: "0.8 % statistics, three sigma, small angles, bins of 1 mm")
        }
    }

    @Test func halvingAndDoublingTheStepChangesNothing() async throws {
        let transport = try WaterTransport()
        var curves: [[Double]] = []
        var widths: [Double] = []
        for (step, share) in [(4.0, 0.2), (2.0, 0.1), (8.0, 0.4)] {
            var request = Self.request(.carbon12, 290, histories: 4000, depthMM: 180)
            request.longestStepMM = step
            request.longestRangeShare = share
            let result = try await transport.run(request, threads: 2)
            curves.append(result.energyMeV)
            widths.append(result.components[0].lateralMomentMeVMM2[140] / result.energyMeV[140])
        }
        for curve in curves.dropFirst() {
            for start in stride(from: 0, to: 150, by: 10) {
                expectClose(
                    curve[start..<start + 10].reduce(0, +), curves[0][start..<start + 10].reduce(0, +),
                    relative: 0.003, because: "depth dose must not depend on the step")
            }
            expectClose(
                curve[150..<170].reduce(0, +), curves[0][150..<170].reduce(0, +), relative: 0.003,
                because: "energy in the peak must not depend on the step")
        }
        for width in widths.dropFirst() {
            expectClose(
                width, widths[0], relative: 0.08, because: "σ² with 1.6 % statistics each, three sigma")
        }
    }

    @Test func dependsOnResponsesOnlyThroughTheirDoseAverage() async throws {
        var request = Self.request(.carbon12, 200, histories: 100, depthMM: 100)
        let stopping = try StoppingPower(.carbon12)
        request.responses = [
            ResponseTable(name: "one") { _, _ in 1 },
            ResponseTable(name: "LET keV/um") { isotope, energy in
                isotope == .carbon12 ? stopping.letKeVPerUM(energyMeVPerNucleon: energy) : 0
            },
        ]
        let result = try await WaterTransport().run(request, threads: 1)
        for value in result.doseAverage(response: 0).prefix(80) {
            expectClose(value, 1, relative: 1e-9, because: "a constant averages to itself")
        }
        let let0 = stopping.letKeVPerUM(energyMeVPerNucleon: 200)
        expectClose(
            result.doseAverage(response: 1)[0], let0, relative: 0.005, because: "0.3 % energy loss in the bin"
        )
    }
}
