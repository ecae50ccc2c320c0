import Frames
import Reporting
import TestSupport
import Testing
import Volumes

@Suite struct SliceSamplerTests {
    static let geometry = VolumeGeometry(
        dimensions: SIMD3(20, 24, 18), origin: Point3(-19, -23, -20), spacingMM: SIMD3(2, 2, 2.5),
        frameOfReferenceUID: "1.2")

    @Test(arguments: AnatomicalPlane.allCases)
    func isExactForLinearFunctions(plane: AnatomicalPlane) {
        var volume = Volume<Float>(geometry: Self.geometry, repeating: 0)
        func f(_ p: Point3<DICOMPatient>) -> Double { 3 + 0.5 * p.x - 0.25 * p.y + 0.75 * p.z }
        for index in volume.values.indices {
            let v = Self.geometry.voxel(at: index)
            volume.values[index] = Float(f(Self.geometry.centre(v.x, v.y, v.z)))
        }
        let view = SliceView(
            plane: plane, through: Point3(1.3, -2.2, 3.7), lower: [-15, -17, -15], upper: [14, 16, 18])
        let sampler = SliceSampler(view: view, pixelMM: 0.7)
        let values = sampler.values(of: volume)
        for row in 0..<sampler.height {
            for column in 0..<sampler.width {
                let point = view.point(at: sampler.centre(column: column, row: row))
                expectClose(
                    Double(values[row * sampler.width + column]), f(point), absolute: 1e-4,
                    because: "single precision of values near 20")
            }
        }
    }

    @Test func isNotANumberOutsideTheVolume() {
        let volume = Volume<Float>(geometry: Self.geometry, repeating: 7)
        let view = SliceView(
            plane: .axial, through: Point3(0, 0, 0), lower: [-60, -60, -9], upper: [60, 60, 9])
        let sampler = SliceSampler(view: view, pixelMM: 1)
        let values = sampler.values(of: volume)
        #expect(values[0].isNaN)
        #expect(values[sampler.height / 2 * sampler.width + sampler.width / 2] == 7)
        let elsewhere = SliceView(
            plane: .axial, through: Point3(0, 0, 100), lower: [-9, -9, -9], upper: [9, 9, 9])
        #expect(SliceSampler(view: elsewhere, pixelMM: 1).values(of: volume).allSatisfy { $0.isNaN })
    }
}
