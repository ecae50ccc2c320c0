import Frames
import PatientModel
import PlanModel
import Reporting
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// A sphere as a structure with planes 2 mm apart that do not pass through its poles.
private func sphere(radiusMM: Double, centre: SIMD3<Double>) -> Structure {
    let contours = (-40...40).compactMap { row -> Contour? in
        let z = 2 * Double(row) + 0.6
        let square = radiusMM * radiusMM - (z - centre.z) * (z - centre.z)
        guard square > 1 else { return nil }
        let points = (0..<90).map { step in
            let angle = Double(step) * .pi / 45
            return SIMD2(
                centre.x + square.squareRoot() * cos(angle), centre.y + square.squareRoot() * sin(angle))
        }
        return Contour(zMM: z, points: points)
    }
    return Structure(
        number: 1, name: "sphere", interpretedType: "CTV", colour: [255, 0, 0], contours: contours)
}

@Suite struct StructureOutlineTests {
    static let centre = SIMD3(5.0, -3, 10)

    @Test(arguments: AnatomicalPlane.allCases)
    func cutsASphereInACircle(plane: AnatomicalPlane) throws {
        let offset = 7.2
        var through = Self.centre
        through[plane == .axial ? 2 : plane == .sagittal ? 0 : 1] += offset
        let view = SliceView(
            plane: plane, through: Point3(through), lower: Self.centre - 40, upper: Self.centre + 40)
        let lines = StructureOutline(sphere(radiusMM: 25, centre: Self.centre)).lines(in: view)
        try #require(lines.count == 1)
        let radius = (25.0 * 25 - offset * offset).squareRoot()
        let middle = view.position(of: Point3(Self.centre))
        // At the poles the outline ends half a plane beyond the last plane; at the flanks it is exact.
        let tolerance = plane == .axial ? 0.3 : 0.5
        for point in lines[0] {
            let d = point - middle
            let distance = (d * d).sum().squareRoot()
            guard abs(d.y) < 0.9 * radius else { continue }
            expectClose(distance, radius, absolute: tolerance, because: "planes 2 mm apart")
        }
        let highest = lines[0].map { abs($0.y - middle.y) }.max() ?? 0
        expectClose(
            highest, radius, absolute: plane == .axial ? 0.3 : 2.0, because: "one plane distance at the poles"
        )
    }

    @Test func showsNothingBeyondTheStructure() {
        let outline = StructureOutline(sphere(radiusMM: 25, centre: Self.centre))
        for plane in AnatomicalPlane.allCases {
            let view = SliceView(
                plane: plane, through: Point3(Self.centre + 27), lower: Self.centre - 40,
                upper: Self.centre + 40)
            #expect(outline.lines(in: view).isEmpty)
        }
    }

    @Test func keepsPiecesAndHolesApart() {
        func square(_ half: Double, x: Double) -> [SIMD2<Double>] {
            [[x - half, -half], [x + half, -half], [x + half, half], [x - half, half]]
        }
        let zs = [0.0, 2, 4, 6, 30, 32, 34, 36]
        let contours = zs.flatMap { z in
            [Contour(zMM: z, points: square(10, x: 0)), Contour(zMM: z, points: square(4, x: 0))]
        }
        let ring = Structure(
            number: 1, name: "ring", interpretedType: "", colour: [0, 0, 0], contours: contours)
        let outline = StructureOutline(ring)
        #expect(outline.contains(Point3(7, 0, 3)))
        #expect(!outline.contains(Point3(0, 0, 3)), "a hole is outside")
        #expect(!outline.contains(Point3(7, 0, 18)), "the gap along z is outside")
        let view = SliceView(
            plane: .coronal, through: Point3(0, 0, 10), lower: [-20, -20, -20], upper: [20, 20, 60])
        #expect(outline.lines(in: view).count == 4, "two walls in each of the two pieces")
    }

    @Test func silhouetteOfASphereIsItsCircle() throws {
        let field = SyntheticHead.plan().fields[0]
        var moved = field
        moved.isocentre = Point3(Self.centre)
        let axis = BeamAxis(field: moved, position: .headFirstSupine)
        let lines = TargetSilhouette(sphere(radiusMM: 25, centre: Self.centre), axis: axis).lines
        try #require(lines.count == 1)
        for point in lines[0] {
            expectClose(
                (point * point).sum().squareRoot(), 25, absolute: 1.5,
                because: "planes 2 mm thick, grid 0.6 mm")
        }
    }
}
