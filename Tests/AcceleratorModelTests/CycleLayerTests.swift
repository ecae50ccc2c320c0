import AcceleratorModel
import Quantities
import TestSupport
import Testing

@Suite struct CycleLayerTests {
    @Test func rateFollowsTheDwellTimeWithinTheLimits() {
        func rate(_ ions: Double) -> Double {
            CycleLayer(
                energy: EnergyPerNucleon(300), ions: ions, visits: 1000, meanDwellS: 1e-4, rates: 1e7...1e9
            ).rateIonsPerS
        }
        expectClose(rate(1e7), 1e8, relative: 1e-12, because: "1e4 ions a visit in 100 µs")
        #expect(rate(1e3) == 1e7)
        #expect(rate(1e12) == 1e9)
    }
}
