import Foundation
import Quantities
import Testing

/// One beam on water that the report compares with runs of Geant4.
struct WaterCase: Sendable, CustomTestStringConvertible {
    /// As in the names of the files of `Data/Reference/geant4`.
    let name: String
    let title: String
    let projectile: Isotope
    let energyMeVPerNucleon: Double
    /// Chosen so that our own noise is at most four tenths of that of the best of the models.
    let histories: Int
    /// Bins of depth: narrow against the peak, whose straggling at 100 MeV/u is 0.08 mm.
    let stepMM: Double
    /// Further than the reference needs where measured points lie deeper.
    var leastDepthMM = 0.0

    var testDescription: String { title }

    /// Cases with equal seeds would share the depths of their first reactions, history by history.
    func seed(part: Int) -> UInt64 {
        UInt64(projectile.atomicNumber * 1_000_000 + Int(energyMeVPerNucleon) * 1000 + part)
    }

    static let carbon100 = WaterCase(
        name: "c12_100", title: "12C 100 MeV/u", projectile: .carbon12, energyMeVPerNucleon: 100,
        histories: 300_000, stepMM: 0.05)
    static let carbon150 = WaterCase(
        name: "c12_150", title: "12C 150 MeV/u", projectile: .carbon12, energyMeVPerNucleon: 150,
        histories: 300_000, stepMM: 0.05)
    static let carbon200 = WaterCase(
        name: "c12_200", title: "12C 200 MeV/u", projectile: .carbon12, energyMeVPerNucleon: 200,
        histories: 400_000, stepMM: 0.05)
    static let carbon400 = WaterCase(
        name: "c12_400", title: "12C 400 MeV/u", projectile: .carbon12, energyMeVPerNucleon: 400,
        histories: 400_000, stepMM: 0.1, leastDepthMM: 360)
    static let carbon430 = WaterCase(
        name: "c12_430", title: "12C 430 MeV/u", projectile: .carbon12, energyMeVPerNucleon: 430,
        histories: 300_000, stepMM: 0.1)
    static let helium200 = WaterCase(
        name: "he4_200", title: "4He 200 MeV/u", projectile: .helium4, energyMeVPerNucleon: 200,
        histories: 300_000, stepMM: 0.1)
    static let oxygen300 = WaterCase(
        name: "o16_300", title: "16O 300 MeV/u", projectile: .oxygen16, energyMeVPerNucleon: 300,
        histories: 150_000, stepMM: 0.1)
    static let proton150 = WaterCase(
        name: "p_150", title: "p 150 MeV", projectile: .proton, energyMeVPerNucleon: 150,
        histories: 300_000, stepMM: 0.1)

    static let all = [
        carbon100, carbon150, carbon200, carbon400, carbon430, helium200, oxygen300, proton150,
    ]

    /// The models' depth doses.
    func depthDoses() throws -> ModelDepthDoses { try ModelDepthDoses(self) }
}

/// Depth doses of the models of Geant4 for one case, on common windows of depth.
struct ModelDepthDoses {
    struct Curve {
        let model: String
        let histories: Int
        /// Mean energy per primary and half millimetre, MeV, one per window.
        let values: [Double]
        /// Of its bins of 0.5 mm about the peak, mm.
        let peakMM: Double
        let distal80MM: Double
        let peakMeV: Double
    }

    /// Borders of each window, mm.
    let windows: [(from: Double, to: Double)]
    let curves: [Curve]
    /// Mean of the models from 2 to 6 mm, MeV per half millimetre: what shares of the entrance are shares of.
    let entranceMeV: Double

    var depthMM: Double { windows.last?.to ?? 0 }
    var meanDistal80MM: Double { curves.map(\.distal80MM).reduce(0, +) / Double(curves.count) }

    init(_ waterCase: WaterCase) throws {
        let table = try ReferenceTable("geant4/water_\(waterCase.name)_depth_dose.csv")
        let windows = try table.rows.map { (from: try $0.number("from_mm"), to: try $0.number("to_mm")) }
        let fine = windows.indices.filter { windows[$0].to - windows[$0].from < 0.51 }
        let histories = try Self.histories(waterCase.name)
        curves = try table.columns.dropFirst(2).map { model in
            let values = try table.rows.map { try $0.number(model) }
            let peak = HalfMillimetrePeak(
                fine.map { values[$0] }, startMM: windows[try #require(fine.first)].from)
            return Curve(
                model: model, histories: try #require(histories[model]), values: values,
                peakMM: peak.depthMM, distal80MM: peak.distal80MM, peakMeV: peak.value)
        }
        let entrance = windows.indices.filter { windows[$0].from >= 2 && windows[$0].to <= 6 }
        var sum = 0.0
        for i in entrance {
            for curve in curves { sum += curve.values[i] * (windows[i].to - windows[i].from) }
        }
        entranceMeV = sum / 4 / Double(curves.count)
        self.windows = windows
    }

    /// Number of primaries of each model's run.
    private static func histories(_ name: String) throws -> [String: Int] {
        var found: [String: Int] = [:]
        for row in try ReferenceTable("geant4/water_lateral.csv").rows where try row.text("case") == name {
            found[try row.text("model")] = Int(try row.number("histories"))
        }
        return found
    }

    /// Least and greatest of the models in a window.
    func envelope(_ window: Int) -> (low: Double, high: Double) {
        let values = curves.map { $0.values[window] }
        return (values.min() ?? 0, values.max() ?? 0)
    }
}
