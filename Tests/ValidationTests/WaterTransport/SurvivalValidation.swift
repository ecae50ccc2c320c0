import Foundation
import IonPhysics
import IonTransport
import Quantities
import TestSupport
import Testing

extension TransportValidation {
    /// Primaries that have not reacted, against the integral of the cross sections along the slowing down.
    @Suite(.serialized) struct Survival {
        /// Held: four standard errors of the run, or 0.3 % for what straggling and detours do to the integral.
        @Test(arguments: [WaterCase.carbon200, .carbon400])
        func primariesDecayByTheCrossSections(_ waterCase: WaterCase) async throws {
            let run = try await WaterRuns.shared.run(waterCase)
            let ranges = try RangeTable(waterCase.projectile)
            let start = waterCase.energyMeVPerNucleon
            let end = 0.95 * ranges.rangeMM(energyMeVPerNucleon: start)
            // Molecules per mm³ of water of unit density, times mm² per mb.
            let perMillibarn = 6.02214076e23 / 18.01528 * 1e-3 * 1e-25
            let step = 0.05
            var (depth, opticalDepth) = (0.0, 0.0)
            for (i, plane) in try YieldValidation.planesMM(waterCase).enumerated() where plane < end {
                while depth < plane {
                    let energy = ranges.energyMeVPerNucleon(after: depth + 0.5 * step, from: start)
                    let sigma = [(Isotope.proton, 2.0), (.oxygen16, 1)].reduce(0) { sum, target in
                        sum + target.1
                            * ReactionCrossSection.reactionMB(
                                projectile: waterCase.projectile, target: target.0,
                                energyMeVPerNucleon: energy)
                    }
                    opticalDepth += perMillibarn * sigma * step
                    depth += step
                }
                let expected = exp(-opticalDepth)
                let ours = run.estimate({ [$0.planes[i].primaries[0]] }) { $0[0] }
                print(
                    "\(waterCase.title) \(plane) mm: primaries",
                    String(
                        format: "%.4f ± %.4f for %.4f (%+.2f %%)", ours.value, ours.error, expected,
                        100 * (ours.value / expected - 1)))
                expectClose(
                    ours.value, expected, relative: 0.003, absolute: 4 * ours.error,
                    because: "the same cross sections")
            }
        }
    }
}
