import Foundation
import IonTransport
import TestSupport
import Testing

/// Lateral widths of primaries and of the whole dose at the four depths of `geant4/water_lateral.csv`.
enum LateralValidation {
    /// Slabs that Geant4's runs have, mm.
    static func depthsMM(_ waterCase: WaterCase) throws -> [Double] {
        Array(Set(try rows(waterCase).map { try $0.number("depth_mm") })).sorted()
    }

    static func rows(_ waterCase: WaterCase) throws -> [ReferenceTable.Row] {
        try ReferenceTable("geant4/water_lateral.csv").rows.filter { try $0.text("case") == waterCase.name }
    }

    /// Energy in the bins of one slab, primaries alone or all.
    static func profile(_ result: WaterTransportResult, _ slab: Int, primaries: Bool) -> [Double] {
        let energy = result.profiles[slab].energyMeV
        guard !primaries else { return energy[0] }
        return energy[0].indices.map { bin in energy.reduce(0) { $0 + $1[bin] } }
    }
}

extension TransportValidation {
    @Suite(.serialized) struct Widths {
        /// Asked: 5 % of each model, in front of the end of the range; held with two standard errors of the difference, which
        /// are 2 to 4 %.
        @Test(arguments: WaterCase.all) func widthsAgreeWithGeant4(_ waterCase: WaterCase) async throws {
            let run = try await WaterRuns.shared.run(waterCase)
            let depths = try LateralValidation.depthsMM(waterCase)
            var curves: [String: [Double]] = [:]
            for row in try LateralValidation.rows(waterCase) {
                let depth = try row.number("depth_mm")
                let slab = try #require(depths.firstIndex(of: depth))
                let noise = (Double(waterCase.histories) / (try row.number("histories"))).squareRoot()
                let figures: [(column: String, primaries: Bool, width: ([Double]) -> Double)] = [
                    ("primary_fit_mm", true, { LateralWidth.gaussianMM($0) ?? .nan }),
                    ("primary_rms15_mm", true, { LateralWidth.rootMeanSquareMM($0, within: 15) }),
                    ("total_fit_mm", false, { LateralWidth.gaussianMM($0) ?? .nan }),
                    ("total_rms60_mm", false, { LateralWidth.rootMeanSquareMM($0, within: 61) }),
                ]
                var line = ""
                for figure in figures {
                    let ours = run.estimate(
                        { LateralValidation.profile($0, slab, primaries: figure.primaries) }, figure.width)
                    guard let model = try row.numberIfAny(figure.column), ours.value.isFinite else {
                        continue
                    }
                    let error = ours.error * (1 + noise * noise).squareRoot() / model
                    line += String(
                        format: "; %@ %.3f for %.3f (%+.1f ± %.1f %%)", figure.column as NSString, ours.value,
                        model, 100 * (ours.value / model - 1), 100 * error)
                    curves[figure.column, default: []] += [depth, ours.value, ours.value / model, error]
                    guard figure.column.hasSuffix("fit_mm"), depth < 0.99 * run.distal80MM.value else {
                        continue
                    }
                    expectClose(
                        ours.value, model, relative: 0.05 + 2 * error,
                        because: "asked, and counting errors (\(figure.column), \(depth) mm)")
                }
                print("\(waterCase.title) \(try row.text("model")) \(depth) mm", line)
            }
            for (column, values) in curves {
                let names = ["depth_mm", "ours_mm", "ratio", "error"]
                try ValidationCurves.write(
                    "lateral-\(waterCase.name)-\(column)",
                    columns: names.enumerated().map { i, name in
                        (name, stride(from: i, to: values.count, by: 4).map { values[$0] })
                    })
            }
        }
    }
}
