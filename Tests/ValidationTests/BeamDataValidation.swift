import BeamCommissioning
import BeamData
import CaseFiles
import Foundation
import IonPhysics
import Quantities
import TestSupport
import Testing

/// Beam data interpolated between nodes against the transport run at that energy with another seed.
///
/// Tolerance 1 % of the local dose (of the entrance dose where that is higher) or 0.3 mm at all depths, in bins of 0.5 mm; of 0.1 mm for ranges
/// below 30 mm, because 0.3 mm must span bins for a distance to count. The direct runs have 300 000 histories, and their
/// fragments are averaged over depth as those of the nodes are: without that their own scatter from bin to bin is 0.65 % of
/// dose × LET at 431 MeV/u (one standard deviation).
@Suite(.enabled(if: ProcessInfo.processInfo.environment["KASANE_VALIDATE"] == "1"))
struct BeamDataValidation {
    static let dataFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Data").path

    /// Means over bins from half a step before to half a step behind each depth, as the transport scores; `every` samples
    /// a step, the two at the edges with half weight.
    private static func binned(_ fine: BeamDepthTable, every: Int) -> BeamDepthTable {
        func means(_ values: [Float]) -> [Float] {
            (0...((values.count - 1) / every)).map { i in
                let first = max(0, i * every - every / 2)
                let last = min(values.count - 1, i * every + every / 2)
                let sum = values[first...last].reduce(0, +) - 0.5 * (values[first] + values[last])
                return sum / Float(last - first)
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
        options.histories = 300_000
        let builder = try BeamDataBuilder(options: options)
        let range = try RangeTable(.carbon12).rangeMM(energyMeVPerNucleon: energy)
        let step = range < 30 ? 0.1 : 0.5
        let run = try await builder.run(energyMeVPerNucleon: energy, seed: 4711, threads: 2)
        let beam = TransportedBeam(run, rangeMM: range)
        let direct = beam.depthTable(stepMM: step, averagingFragments: true)
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
        // The averaging itself must not move the dose: sums over 5 % of the range.
        let (averaged, plain) = (
            total(direct, \.doseGyMM2), total(beam.depthTable(stepMM: step), \.doseGyMM2)
        )
        let block = Int(0.05 * range / step)
        for first in stride(from: 0, to: Int(range / step) + block, by: block) {
            let bins = first..<(first + block)
            expectClose(
                averaged[bins].reduce(0, +), plain[bins].reduce(0, +), relative: 0.003,
                because: "fragments have no structure below 1 % of the range")
        }
        var curves: [(name: String, values: [Double])] = [
            ("depth_over_range", (0..<count).map { Double($0) * step / range })
        ]
        for (name, column, least) in [
            ("dose", \ComponentDepthTable.doseGyMM2, 0.98), ("dose z*", \.doseZStarGy2MM2, 0.95),
            // Behind 240 mm dose × LET of 300 000 histories scatters by 1 % and more: few slow fragments make much of it.
            ("dose LET", \.doseLETGyMM2KeVPerUM, energy > 350 ? 0.9 : 0.95),
        ] {
            let (evaluated, reference) = (total(interpolated, column), total(direct, column))
            let comparison = DepthDoseComparison(
                evaluated: evaluated, reference: reference, stepMM: step, relative: 0.01, distanceMM: 0.3,
                threshold: 0)
            curves.append(("\(name) reference", reference))
            curves.append(("\(name) interpolated", evaluated))
            print(
                "\(energy) MeV/u \(name): \(100 * comparison.agreeing) % of \(comparison.comparedCount) depths within "
                    + "1 % or 0.3 mm, worst \(100 * comparison.worstRelativeDifference) % at "
                    + "\(comparison.worstDepthMM) mm")
            #expect(comparison.agreeing >= least, "\(name) at \(energy) MeV/u")
        }
        try ValidationCurves.write("interpolation-\(Int(energy))", columns: curves)
    }
}
