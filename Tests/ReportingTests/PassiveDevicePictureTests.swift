import Foundation
import Frames
import PlanModel
import Quantities
import Reporting
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite struct PassiveDevicePictureTests {
    private static func field(isOpen: Bool = true) -> Field {
        let pairs = (0..<20).map { $0 > 4 && $0 < 15 && isOpen ? SIMD2(-20.0, 25.0) : .zero }
        let opening = LeafOpening(boundariesMM: (0...20).map { Double($0) * 4 - 40 }, pairsMM: pairs)
        let bolus = Bolus(
            material: "polyethylene", distanceMM: 300, firstMM: SIMD2(-40, -40), pitchMM: 40, columnCount: 3,
            rowCount: 3, thicknessMM: [3, 3, 3, 3, 20, 3, 3, 3, 35])
        return Field(
            number: 1, name: "left", portID: "p", gantryAngle: AngleDegrees(90),
            patientSupportAngle: AngleDegrees(0), isocentre: Point3(0, 0, 0),
            passive: PassiveDelivery(
                energy: EnergyPerNucleon(290), wobblerRadiusMM: 100, scattererThicknessMM: 1,
                ridgeFilterWidthMM: 60, sourceDistanceMM: 10_500, bolus: bolus,
                slices: [PassiveSlice(rangeShifterPlatesMM: [1], opening: opening, particles: 1e9)]))
    }

    @Test func leavesAndBolusAreDrawn() throws {
        let field = Self.field()
        let delivery = try #require(field.passive)
        let picture = try #require(
            try PassiveDevicePicture(
                field: field, delivery: delivery, silhouette: [[.zero, [10, 0], [0, 10]]]
            )
            .picture(name: "devices-1"))
        let svg = picture.fileContents
        #expect(XMLParser(data: Data(svg.utf8)).parse())
        #expect(svg.contains("Collimator") && svg.contains("thickness of polyethylene"))
        // Two leaves for each of 20 pairs.
        #expect(svg.components(separatedBy: "fill-opacity=\"0.6\"").count - 1 == 40)
        #expect(svg.contains("<image") && svg.contains("data:image/png"))
    }

    @Test func aClosedFieldHasNoPicture() throws {
        let field = Self.field(isOpen: false)
        let delivery = try #require(field.passive)
        #expect(
            try PassiveDevicePicture(field: field, delivery: delivery, silhouette: []).picture(name: "d")
                == nil)
    }
}
