import Glibc
import PencilBeam
import TestSupport
import Testing

@Suite struct SubBeamLatticeTests {
    @Test(arguments: [1.6, 2.0, 3.0, 6.0])
    func aSpotIsRecomposedToATenthOfAPercent(sigma: Double) {
        let pitch = min(2, 0.5 * SubBeamLattice.haloPitchInSigma * sigma)
        let lattice = SubBeamLattice(pitchMM: pitch, startMM: -60, count: Int(120 / pitch) + 1)
        let own = SubBeamLattice.subBeamVariance(spot: sigma * sigma, pitchMM: pitch)
        for step in 0..<10 {
            let position = 0.1 * Double(step) * pitch
            let (first, weights) = lattice.weights(at: position, variance: sigma * sigma - own)
            expectClose(
                weights.reduce(0.0) { $0 + Double($1) }, 1, absolute: 1e-6, because: "no ion is lost")
            var worst = 0.0
            for i in -300...300 {
                let x = position + 0.01 * Double(i) * sigma
                var sum = 0.0
                for (k, w) in weights.enumerated() {
                    let d = x - lattice.position(first + k)
                    sum += Double(w) * exp(-0.5 * d * d / own) / own.squareRoot()
                }
                let expected = exp(-0.5 * (x - position) * (x - position) / (sigma * sigma)) / sigma
                worst = max(worst, abs(sum - expected) * sigma)
            }
            #expect(worst < 1e-3, "σ \(sigma), offset \(position): \(worst)")
        }
    }

    @Test func theSubBeamIsNarrowerThanTheSpot() {
        for sigma in [1.5, 3, 5] {
            let pitch = min(2, 0.5 * SubBeamLattice.haloPitchInSigma * sigma)
            let own = SubBeamLattice.subBeamVariance(spot: sigma * sigma, pitchMM: pitch)
            #expect(own.squareRoot() < 0.9 * pitch)
            #expect(own <= 0.5 * sigma * sigma)
        }
    }
}
