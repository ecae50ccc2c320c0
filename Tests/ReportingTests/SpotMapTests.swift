import Foundation
import PlanModel
import Quantities
import Reporting
import Testing

@Suite struct SpotMapTests {
    private static func field() -> Field {
        var field = SyntheticHead.plan().fields[0]
        field.layers = [
            EnergyLayer(
                energy: EnergyPerNucleon(200),
                spots: [
                    Spot(positionMM: [-10, -10], particles: 4e5),
                    Spot(positionMM: [10, -10], particles: 1e5),
                    Spot(positionMM: [10, 10], particles: 1e5),
                ])
        ]
        return field
    }

    @Test func discAreaIsInProportionToTheIons() throws {
        let svg = try #require(SpotMap(field: Self.field(), layerIndices: [0]).picture(name: "s"))
            .fileContents
        let circles = svg.components(separatedBy: "<circle ").dropFirst().prefix(3)
        let radii = circles.compactMap { circle in
            circle.components(separatedBy: " r=\"").last?.prefix { $0 != "\"" }
        }.compactMap { Double($0) }
        try #require(radii.count == 3)
        #expect(abs(radii[0] / radii[1] - 2) < 0.01, "four times the ions, twice the radius")
    }

    @Test func gantryYPointsUpAndXToTheRight() throws {
        let svg = try #require(SpotMap(field: Self.field(), layerIndices: [0]).picture(name: "s"))
            .fileContents
        func numbers(_ name: String) -> [Double] {
            svg.components(separatedBy: "<circle ").dropFirst().prefix(3).compactMap {
                $0.components(separatedBy: "\(name)=\"").dropFirst().first.flatMap {
                    Double($0.prefix { $0 != "\"" })
                }
            }
        }
        let (x, y) = (numbers("cx"), numbers("cy"))
        try #require(x.count == 3 && y.count == 3)
        #expect(x[1] > x[0], "gantry +x is to the right")
        #expect(y[2] < y[1], "gantry +y is up")
        for text in ["IEC gantry x (mm)", "IEC gantry y (mm)", "200.0 MeV/u", "3 spots", "ions"] {
            #expect(svg.contains(text), "\(text)")
        }
    }

    @Test func choosesTheEndsAndTheHeaviestLayer() {
        var field = SyntheticHead.plan().fields[0]
        field.layers[7].spots[0].particles = 1e9
        #expect(SpotMap.telling(field) == [0, 7, 23])
        field.layers[0].spots[0].particles = 2e9
        #expect(SpotMap.telling(field) == [0, 11, 23])
        field.layers = []
        #expect(SpotMap.telling(field).isEmpty)
        #expect(SpotMap(field: field, layerIndices: [0]).picture(name: "s") == nil)
    }
}
