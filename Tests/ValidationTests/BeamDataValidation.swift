import BeamCommissioning
import BeamData
import CaseFiles
import Foundation
import IonPhysics
import Quantities
import Testing

/// Beam data interpolated between nodes against the transport run at that energy with another seed.
///
/// Tolerance 1 % of the local dose (of the entrance dose in the tail) or 0.3 mm, in bins of 0.5 mm; the statistics of
/// two runs with 100 000 histories each reach 0.5 % in the tail.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["KASANE_VALIDATE"] == "1"))
struct BeamDataValidation {
    static let dataFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Data").path

    /// Means over bins of `every` samples around each depth, as the transport scores.
    private static func binned(_ fine: BeamDepthTable, every: Int) -> BeamDepthTable {
        func means(_ values: [Float]) -> [Float] {
            (0...(values.count / every)).map { i in
                let bin = max(0, i * every - every / 2)..<min(values.count, i * every + every / 2)
                return bin.isEmpty ? 0 : values[bin].reduce(0, +) / Float(bin.count)
            }
        }
        return BeamDepthTable(
            stepMM: fine.stepMM * Double(every), rangeMM: fine.rangeMM,
            components: fine.components.map {
                ComponentDepthTable(
                    doseGyMM2: means($0.doseGyMM2), doseZStarGy2MM2: means($0.doseZStarGy2MM2),
                    doseLETGyMM2KeVPerUM: means($0.doseLETGyMM2KeVPerUM), sigmaMM: means($0.sigmaMM))
            })
    }

    @Test(arguments: [72.0, 130.0, 212.0, 290.0, 375.0, 431.0])
    func interpolatedAgreesWithTransport(energy: Double) async throws {
        let set = try BeamDataStore.read(
            path: Self.dataFolder + "/" + BeamDataStore.relativePath(of: .carbon12))
        var options = BeamDataBuilder.Options()
        options.histories = 100_000
        let builder = try BeamDataBuilder(options: options)
        let range = try RangeTable(.carbon12).rangeMM(energyMeVPerNucleon: energy)
        let step = 0.5
        let run = try await builder.run(energyMeVPerNucleon: energy, seed: 4711, threads: 2)
        let direct = TransportedBeam(run, rangeMM: range).depthTable(stepMM: step)
        let interpolated = Self.binned(
            try set.depthTable(energyMeVPerNucleon: energy, stepMM: step / 20), every: 20)
        // Left out: where the phantoms of the nodes end, 280 mm behind the peak.
        let count = min(direct.count, interpolated.count, Int((1.06 * range + 250) / step))
        #expect(abs(interpolated.rangeMM - range) < 0.01)
        func total(_ table: BeamDepthTable, _ column: KeyPath<ComponentDepthTable, [Float]>) -> [Double] {
            (0..<count).map { i in
                table.components.reduce(0.0) { $0 + Double($1[keyPath: column][i]) }
            }
        }
        for (name, column, least) in [
            ("dose", \ComponentDepthTable.doseGyMM2, 0.98), ("dose z*", \.doseZStarGy2MM2, 0.95),
            ("dose LET", \.doseLETGyMM2KeVPerUM, 0.95),
        ] {
            let comparison = DepthDoseComparison(
                evaluated: total(interpolated, column), reference: total(direct, column), stepMM: step,
                relative: 0.01, distanceMM: 0.3, threshold: 0.02)
            print(
                "\(energy) MeV/u \(name): \(100 * comparison.agreeing) % of \(comparison.comparedCount) depths within "
                    + "1 % or 0.3 mm, worst \(100 * comparison.worstRelativeDifference) % at "
                    + "\(comparison.worstDepthMM) mm")
            #expect(comparison.agreeing >= least, "\(name) at \(energy) MeV/u")
        }
    }
}
