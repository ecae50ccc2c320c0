import Foundation
import Frames
import PatientModel
import Reporting
import Testing
import Volumes

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite struct DoseWashTests {
    static let geometry = VolumeGeometry(
        dimensions: SIMD3(50, 50, 50), origin: Point3(-49, -49, -49), spacingMM: SIMD3(2, 2, 2),
        frameOfReferenceUID: "1.2")

    /// Dose only in the patient's left anterior superior octant.
    private static func wash() -> DoseWash {
        var dose = Volume<Float>(geometry: geometry, repeating: 0)
        for z in 26..<45 { for y in 5..<24 { for x in 26..<45 { dose[x, y, z] = 60 } } }
        let square: [SIMD2<Double>] = [[10, -30], [30, -30], [30, -10], [10, -10]]
        let structure = Structure(
            number: 1, name: "box <b>", interpretedType: "CTV", colour: [1, 2, 3],
            contours: stride(from: -40.0, through: 40, by: 2).map { Contour(zMM: $0, points: square) })
        return DoseWash(
            ct: Volume(geometry: geometry, repeating: 40),
            layer: WashLayer(
                scale: WashScale(
                    quantity: "Dose", unit: "Gy (RBE)", map: .plasma, range: 0...66, reference: 60),
                values: dose,
                gate: dose, gateThreshold: 6),
            structures: [structure], isocentre: Point3(15, -15, 15), isodoseLevels: [30],
            box: (lower: SIMD3(-50, -50, -50), upper: SIMD3(50, 50, 50)), pixelMM: 1)
    }

    @Test func colourStandsOnlyWhereTheDoseIs() {
        let wash = Self.wash()
        let sampler = SliceSampler(view: wash.view(.axial), pixelMM: 1)
        let image = wash.layer.raster(sampler)
        // Patient left (picture right) and anterior (picture up).
        #expect(image.pixel(column: 75, row: 30)[3] > 0)
        #expect(image.pixel(column: 25, row: 30)[3] == 0)
        #expect(image.pixel(column: 75, row: 75)[3] == 0)
        let expected = ColourMap.plasma.colour(at: 60.0 / 66)
        let found = image.pixel(column: 75, row: 30)
        #expect(abs(Int(found[0]) - Int(expected.red)) <= 2 && abs(Int(found[2]) - Int(expected.blue)) <= 2)
    }

    @Test func ratiosAreDividedAfterInterpolation() {
        var numerator = Volume<Float>(geometry: Self.geometry, repeating: 0)
        var dose = numerator
        dose[25, 25, 25] = 1
        dose[26, 25, 25] = 3
        numerator[25, 25, 25] = 50
        numerator[26, 25, 25] = 300
        var layer = Self.wash().layer
        layer.values = numerator
        layer.denominator = dose
        layer.gate = dose
        layer.gateThreshold = 0.5
        let view = SliceView(
            plane: .axial, through: Point3(2, 1, 1), lower: [1.5, 0.5, 0], upper: [2.5, 1.5, 1])
        let sampler = SliceSampler(view: view, pixelMM: 1)
        #expect(abs(layer.samples(sampler)[0] - 87.5) < 1e-3, "(50 + 300) / (1 + 3), the dose-weighted mean")
    }

    @Test(arguments: [DoseWash.Layout.grid, .row])
    func drawsAllThreePlanesWithLettersScaleAndUnits(layout: DoseWash.Layout) throws {
        let picture = try Self.wash().picture(name: "test", title: "Test", layout: layout)
        let svg = picture.fileContents
        let parser = XMLParser(data: Data(svg.utf8))
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
        for letter in ["R", "L", "A", "P", "S", "I"] { #expect(svg.contains(">\(letter)</text>")) }
        for text in ["Gy (RBE)", "mm</text>", "100\u{00A0}%"] { #expect(svg.contains(text), "\(text)") }
        #expect(
            svg.components(separatedBy: "data:image/png;base64,").count - 1 == 6,
            "CT and wash of three planes")
        #expect(!svg.contains("<b>"))
        // The 30 Gy line of 60 Gy carries its share in planes with room for it, and the legend has it too.
        let labels = svg.components(separatedBy: ">50\u{00A0}%</text>").count - 1
        if layout == .grid {
            #expect(svg.contains("box &lt;b&gt;"))
            #expect(labels >= 3, "axial, coronal, sagittal: \(labels)")
        } else {
            #expect(svg.contains(">Dose</text>"), "the colour bar says what it shows")
        }
    }

    @Test func contoursStandWhereTheStructureIs() throws {
        // One mm is 3.77 pixels: (760 − 6) / 200. The square from (10, −30) to (30, −10) is 60 to 80 mm across and
        // 20 to 40 mm down.
        let svg = try Self.wash().picture(name: "test", title: "Test", layout: .grid).fileContents
        #expect(svg.contains("M226.2 75.4L301.6 75.4L301.6 150.8L226.2 150.8Z"))
    }
}
