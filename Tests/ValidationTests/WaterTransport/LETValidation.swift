import Foundation
import IonTransport
import Quantities
import TestSupport
import Testing

extension TransportValidation {
    /// Dose-averaged LET of ¹²C beside Geant4's columns.
    ///
    /// Informative, because the inclusion rules differ: ours counts all charged particles but the heavy recoils that deposit
    /// where they are made; Geant4's "all" counts those too, and its models make different numbers of them.
    @Suite(.serialized) struct LinearEnergyTransfer {
        @Test(arguments: WaterCase.all.filter { $0.projectile == .carbon12 })
        func ofPrimariesAgreesWithGeant4(_ waterCase: WaterCase) async throws {
            let run = try await WaterRuns.shared.run(waterCase)
            let models = try waterCase.depthDoses()
            let dose = run.dose
            for row in try ReferenceTable("geant4/water_let.csv").rows
            where try row.text("case") == waterCase.name {
                let model = try row.text("model")
                let curve = try #require(models.curves.first { $0.model == model })
                let depth = try row.number("depth_mm")
                let isPeak = depth > 0.9 * curve.distal80MM
                // Near the peak the same distance from the distal edge, because LET follows the residual range.
                let shift = isPeak ? dose.peak.distal80MM - curve.distal80MM : 0
                let half = isPeak ? 0.25 : 1.25
                let window = (from: depth + shift - half, to: depth + shift + half)
                let all = Self.average(run, window, components: [0, 1, 2])
                let primary = Self.average(run, window, components: [0])
                let theirs = (
                    all: try row.number("all_keV_per_um"), primary: try row.number("primary_keV_per_um")
                )
                print(
                    "\(waterCase.title) \(model) \(depth) mm, dose-averaged LET:",
                    String(
                        format: "all %.1f for %.1f (%+.1f %%), primaries %.1f for %.1f (%+.1f %%)", all,
                        theirs.all, 100 * (all / theirs.all - 1), primary, theirs.primary,
                        100 * (primary / theirs.primary - 1)))
                // In the peak one bin spans a factor of LET, and 0.1 mm of range moves it by a tenth.
                if !isPeak {
                    expectClose(primary, theirs.primary, relative: 0.01, because: "the same stopping power")
                }
            }
        }

        /// Σ ε LET over Σ ε of components within a window, recoils left out.
        private static func average(
            _ run: WaterRun, _ window: (from: Double, to: Double), components: [Int]
        ) -> Double {
            func total(_ scores: @escaping (WaterTransportResult.DepthTable) -> [Double]) -> Double {
                let bins = run.mean { result in
                    let columns = components.map { scores(result.components[$0]) }
                    return columns[0].indices.map { bin in columns.reduce(0) { $0 + $1[bin] } }
                }
                return DepthDose(bins, stepMM: run.waterCase.stepMM).mean(window.from, window.to)
            }
            let weighted = total { $0.responses[0] }
            let energy = total { table in zip(table.energyMeV, table.recoilMeV).map { $0 - $1 } }
            return weighted / energy
        }
    }
}
