import Foundation
import IonTransport
import Quantities
import TestSupport
import Testing

/// Fragments that cross planes in water, as the files of reference have them.
enum YieldValidation {
    /// Columns of the files of Geant4.
    static let fragments = ["B", "Be", "Li", "4He", "3He", "t", "d", "p"]
    /// Depths of Haettner's measurement, mm of water.
    static let haettnerPlanesMM = [59.0, 159, 258, 279, 288, 312, 347]

    static func hasYields(_ waterCase: WaterCase) -> Bool { ["c12_200", "c12_400"].contains(waterCase.name) }

    static func rows(_ waterCase: WaterCase) throws -> [ReferenceTable.Row] {
        try ReferenceTable("geant4/water_\(waterCase.name)_yields.csv").rows
    }

    /// Planes that a run must have, mm, increasing.
    static func planesMM(_ waterCase: WaterCase) throws -> [Double] {
        guard hasYields(waterCase) else { return [] }
        var planes = Set(try rows(waterCase).map { try $0.number("depth_mm") })
        if waterCase.name == "c12_400" { planes.formUnion(haettnerPlanesMM) }
        return planes.sorted()
    }

    /// Particles per primary of a column of the files: an element (C without primaries, B, Be, Li), a nuclide, or the primaries.
    static func count(_ plane: WaterTransportResult.Plane, _ column: String, withinDegrees: Double) -> Double
    {
        let cut = withinDegrees >= 180 ? 0 : 1
        if column == "primary" { return plane.primaries[cut] }
        let nuclides: [String: (z: Int, a: Int?)] = [
            "C": (6, nil), "B": (5, nil), "Be": (4, nil), "Li": (3, nil), "4He": (2, 4), "3He": (2, 3),
            "t": (1, 3),
            "d": (1, 2), "p": (1, 1),
        ]
        guard let wanted = nuclides[column] else { return .nan }
        var sum = 0.0
        for (i, isotope) in TransportedSpecies.all.enumerated()
        where isotope.atomicNumber == wanted.z && (wanted.a ?? isotope.massNumber) == isotope.massNumber {
            sum += plane.yields[cut][i]
        }
        return column == "C" ? sum - plane.primaries[cut] : sum
    }
}

extension TransportValidation {
    @Suite(.serialized) struct Yields {
        /// Share of (depth, cut) of each species inside the models' envelope widened by 10 %, at least; one point of
        /// twelve less than all for those that are not listed. The models have a quarter to a half of the ³He and t that are
        /// measured at 95 MeV/u, and at 400 MeV/u more Be in the first 16 cm than Haettner: there the measurements stand.
        static let held: [String: [String: Double]] = [
            "c12_200": ["C": 0.8, "Be": 0.6, "Li": 0.5, "3He": 0, "t": 0, "d": 0.4],
            "c12_400": ["Be": 0.15, "3He": 0, "t": 0, "d": 0.8],
        ]

        /// Asked: inside the envelope of the models widened by 10 %, at six depths, at all angles and within 10 degrees.
        @Test(arguments: [WaterCase.carbon200, .carbon400])
        func fragmentsLieBetweenTheModelsOfGeant4(_ waterCase: WaterCase) async throws {
            let run = try await WaterRuns.shared.run(waterCase)
            let rows = try YieldValidation.rows(waterCase)
            let planes = try YieldValidation.planesMM(waterCase)
            var (all, inside) = (0, 0)
            for species in ["primary", "C"] + YieldValidation.fragments {
                var (count, good) = (0, 0)
                var (curve, outside): ([Double], [String]) = ([], [])
                for cut in [180.0, 10] {
                    for depth in Set(try rows.map { try $0.number("depth_mm") }).sorted() {
                        let models = try rows.filter {
                            try $0.number("within_deg") == cut && $0.number("depth_mm") == depth
                        }.map { try $0.number(species) }
                        let (low, high) = (try #require(models.min()), try #require(models.max()))
                        let plane = try #require(planes.firstIndex(of: depth))
                        let ours = run.estimate({ result in
                            [
                                YieldValidation.count(
                                    result.planes[plane], species, withinDegrees: cut)
                            ]
                        }) { $0[0] }
                        // Behind the peak there are no primaries.
                        guard species != "primary" || high > 0.01 else { continue }
                        count += 1
                        if ours.value >= 0.9 * low && ours.value <= 1.1 * high {
                            good += 1
                        } else {
                            outside.append(
                                String(
                                    format: "%g mm %@: %.4f ± %.4f for %.4f...%.4f (%+.0f %%)", depth,
                                    (cut < 180 ? "10 deg" : "all") as NSString, ours.value, ours.error, low,
                                    high,
                                    100 * (ours.value < low ? ours.value / low - 1 : ours.value / high - 1)))
                        }
                        curve += [cut, depth, ours.value]
                    }
                }
                print("\(waterCase.title) \(species): \(good) of \(count) inside the envelope ± 10 %")
                for line in outside { print("   outside:", line) }
                if YieldValidation.fragments.contains(species) {
                    (all, inside) = (all + count, inside + good)
                }
                try ValidationCurves.write(
                    "yields-\(waterCase.name)-\(species)",
                    columns: ["within_deg", "depth_mm", "ours"].enumerated().map { i, name in
                        (name, stride(from: i, to: curve.count, by: 3).map { curve[$0] })
                    })
                let least = Self.held[waterCase.name]?[species] ?? 0.9
                #expect(Double(good) >= least * Double(count), "\(species): \(good) of \(count)")
            }
            print("\(waterCase.title): fragments inside", inside, "of", all)
        }
    }
}
