import IonTransport
import Quantities
import TestSupport
import Testing

/// A quick look at the measured figures; `TransportValidation` has them with full statistics.
@Suite struct CarbonDepthDoseTests {
    @Test func carbon400OnWaterLooksAsMeasured() async throws {
        var request = WaterTransportRequest(
            projectile: .carbon12, energyMeVPerNucleon: 400, histories: 8000, seed: 1, depthMM: 330)
        request.planesMM = [258, 279]
        let result = try await WaterTransport().run(request, threads: 2)
        let dose = result.energyMeV
        func mean(_ range: Range<Int>) -> Double { dose[range].reduce(0, +) / Double(range.count) }
        let reference = mean(20..<125)
        let peak = dose.indices.max { dose[$0] < dose[$1] } ?? 0
        expectClose(Double(peak) + 0.5, 275, absolute: 1.5, because: "depth scale of the measurement")
        expectClose(mean(200..<208) / reference, 1.06, relative: 0.04, because: "3 % and statistics")
        expectClose(
            mean(peak + 14..<peak + 21) / reference, 0.424, relative: 0.11, because: "8 % and statistics")
        expectClose(
            result.planes[1].fragments(chargeNumber: 2, cut: 1, projectile: .carbon12), 0.570, relative: 0.10,
            because: "8 % and statistics")
        expectClose(
            result.planes[0].fragments(chargeNumber: 5, cut: 1, projectile: .carbon12), 0.066, relative: 0.30,
            because: "20 % and statistics")
        #expect(abs(result.energy.missingMeV) < 1e-3 * result.energy.inMeV)
    }
}
