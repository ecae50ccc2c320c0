import Frames
import Reporting
import Testing
import Volumes

/// A box from (−100, −80, −60) to (100, 120, 140) seen through (10, 20, 30).
private func view(_ plane: AnatomicalPlane) -> SliceView {
    SliceView(plane: plane, through: Point3(10, 20, 30), lower: [-100, -80, -60], upper: [100, 120, 140])
}

@Suite struct SliceViewTests {
    @Test func goldenPoints() {
        // 30 mm to the patient's left, 40 mm posterior and 50 mm superior of the point the planes go through.
        let p = Point3<DICOMPatient>(40, 60, 80)
        #expect(view(.axial).position(of: p) == SIMD2(140, 140))
        #expect(view(.sagittal).position(of: p) == SIMD2(140, 60))
        #expect(view(.coronal).position(of: p) == SIMD2(140, 60))
    }

    @Test func radiologicalConvention() {
        let centre = Point3<DICOMPatient>(10, 20, 30)
        let left = Point3<DICOMPatient>(60, 20, 30)
        let anterior = Point3<DICOMPatient>(10, -30, 30)
        let superior = Point3<DICOMPatient>(10, 20, 90)
        for plane in [AnatomicalPlane.axial, .coronal] {
            #expect(
                view(plane).position(of: left).x > view(plane).position(of: centre).x,
                "patient left is on the right")
            #expect(plane.edgeLetters.right == "L" && plane.edgeLetters.left == "R")
        }
        #expect(view(.axial).position(of: anterior).y < view(.axial).position(of: centre).y, "anterior is up")
        #expect(AnatomicalPlane.axial.edgeLetters.top == "A")
        for plane in [AnatomicalPlane.sagittal, .coronal] {
            #expect(
                view(plane).position(of: superior).y < view(plane).position(of: centre).y, "superior is up")
            #expect(plane.edgeLetters.top == "S")
        }
        #expect(
            view(.sagittal).position(of: anterior).x < view(.sagittal).position(of: centre).x,
            "anterior is left")
        #expect(AnatomicalPlane.sagittal.edgeLetters.left == "A")
    }

    @Test(arguments: AnatomicalPlane.allCases)
    func pointAndPositionAreInverse(plane: AnatomicalPlane) {
        let view = view(plane)
        let position = SIMD2(31.0, 57.5)
        #expect(view.position(of: view.point(at: position)) == position)
        let normal = view.point(at: position).mm[plane == .axial ? 2 : plane == .sagittal ? 0 : 1]
        #expect(normal == view.normalMM)
    }

    @Test(arguments: AnatomicalPlane.allCases)
    func aBrightVoxelIsDrawnAtItsPlace(plane: AnatomicalPlane) throws {
        let geometry = VolumeGeometry(
            dimensions: SIMD3(40, 50, 30), origin: Point3(-40, -45, -30), spacingMM: SIMD3(2, 2, 3),
            frameOfReferenceUID: "1.2")
        var volume = Volume<Int16>(geometry: geometry, repeating: -1000)
        volume[27, 12, 20] = 3000
        let bright = geometry.centre(27, 12, 20)
        let view = SliceView(
            plane: plane, through: bright, lower: geometry.lowerCorner.mm, upper: geometry.upperCorner.mm)
        let sampler = SliceSampler(view: view, pixelMM: 0.5)
        let image = CTWindow.softTissue.raster(
            sampler.values(of: volume), width: sampler.width, height: sampler.height)
        let decoded = try #require(decodePNG(try PNGEncoder.encode(image), channels: .grey))
        // The bright patch is symmetric about the voxel's centre: its middle is where the point is.
        var (sum, weight) = (SIMD2(0.0, 0.0), 0.0)
        for row in 0..<decoded.height {
            for column in 0..<decoded.width where decoded.pixel(column: column, row: row) == [255] {
                sum += sampler.centre(column: column, row: row)
                weight += 1
            }
        }
        try #require(weight > 0)
        let difference = sum / weight - view.position(of: bright)
        #expect(
            (difference * difference).sum().squareRoot() < 0.3,
            "\(sum / weight), \(view.position(of: bright))")
    }
}
