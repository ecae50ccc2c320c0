import Frames
import Testing
import Volumes

@Suite struct VolumeTests {
    private let geometry = VolumeGeometry(
        dimensions: SIMD3(4, 3, 5), origin: Point3(-10, 5, 100), spacingMM: SIMD3(2, 3, 1.5),
        frameOfReferenceUID: "2.25.1")

    @Test func storageOrderIsXFastest() {
        #expect(geometry.index(1, 0, 0) == 1)
        #expect(geometry.index(0, 1, 0) == 4)
        #expect(geometry.index(0, 0, 1) == 12)
        for index in 0..<geometry.voxelCount {
            let v = geometry.voxel(at: index)
            #expect(geometry.index(v.x, v.y, v.z) == index)
        }
    }

    @Test func valueIsAtTheVoxelCentre() {
        #expect(geometry.centre(0, 0, 0).mm == SIMD3(-10, 5, 100))
        #expect(geometry.centre(3, 2, 4).mm == SIMD3(-4, 11, 106))
        #expect(geometry.continuousIndex(Point3(-9, 5, 100)).x == 0.5)
        #expect(geometry.lowerCorner.mm == SIMD3(-11, 3.5, 99.25))
        #expect(geometry.upperCorner.mm == SIMD3(-3, 12.5, 106.75))
    }

    @Test func interpolationIsExactForLinearFunctions() throws {
        var volume = Volume<Float>(geometry: geometry, repeating: 0)
        func f(_ p: Point3<DICOMPatient>) -> Double { 1 + 0.5 * p.x - 0.25 * p.y + 2 * p.z }
        for z in 0..<5 {
            for y in 0..<3 { for x in 0..<4 { volume[x, y, z] = Float(f(geometry.centre(x, y, z))) } }
        }
        for p in [Point3<DICOMPatient>(-9.3, 5.1, 100.2), Point3(-4, 11, 106), Point3(-7, 8, 103.3)] {
            // Float storage of values near 200: 2e-5 absolute.
            #expect(abs(try #require(volume.interpolated(at: p)) - f(p)) < 1e-4)
        }
        #expect(volume.interpolated(at: Point3(-10.5, 5, 100)) == nil)
        #expect(volume.interpolated(at: Point3(-10, 5, 106.2)) == nil)
    }
}
