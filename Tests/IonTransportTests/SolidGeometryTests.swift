import Frames
import IonPhysics
import IonTransport
import TestSupport
import Testing

@Suite struct SolidGeometryTests {
    /// Every shape, overlapping, some in skew directions.
    static func crowd() throws -> SolidPhantom {
        let skew = Vector3<DICOMPatient>(0.3, -0.5, 0.8).normalized
        let shapes: [SolidShape] = [
            .slab(normal: Vector3(0, 0, 1), fromMM: 10, toMM: 14),
            .slab(normal: skew, fromMM: -3, toMM: 4),
            .box(lower: Point3(-20, -5, 20), upper: Point3(5, 30, 40)),
            .cylinder(centre: Point3(0, 0, 30), axis: Vector3(0, 1, 0), radiusMM: 8, lengthMM: 50),
            .cylinder(centre: Point3(10, 5, 15), axis: skew, radiusMM: 6, lengthMM: 30),
            .sphere(centre: Point3(-8, 4, 28), radiusMM: 9),
            .sphere(centre: Point3(-8, 4, 28), radiusMM: 4),
        ]
        return try SolidPhantom(
            lower: Point3(-40, -40, 0), upper: Point3(40, 40, 60), worldMaterial: .water,
            solids: shapes.enumerated().map { .init(name: "\($0)", shape: $1, material: .pmma) })
    }

    /// Lines through the crowd: lengths by place against the places of points every 2 µm.
    @Test(arguments: 0..<60)
    func piecesAreThoseOfMarching(line: Int) throws {
        let phantom = try Self.crowd()
        var random = RandomStream(seed: 11, history: UInt64(line))
        func pick(_ low: Double, _ high: Double) -> Double { low + (high - low) * random.uniform() }
        let start = Point3<DICOMPatient>(pick(-39, 39), pick(-39, 39), pick(1, 59))
        let end = Point3<DICOMPatient>(pick(-20, 20), pick(-20, 20), pick(10, 40))
        // Some lines along the axes, where divisions by zero would show.
        let direction =
            line % 5 == 0
            ? [Vector3<DICOMPatient>(1, 0, 0), Vector3(0, -1, 0), Vector3(0, 0, 1)][line / 5 % 3]
            : (end - start).normalized
        let pieces = phantom.path(from: start, along: direction)
        let total = pieces.reduce(0) { $0 + $1.lengthMM }

        let step = 0.002
        var marched = [Double](repeating: 0, count: 8)
        var (way, changes, last) = (0.5 * step, 0, -1)
        while let place = phantom.place(of: Point3(start.mm + way * direction.mm)) {
            marched[place] += step
            if place != last { changes += 1 }
            last = place
            way += step
        }
        expectClose(total, marched.reduce(0, +), absolute: 2 * step, because: "way to the world's face")
        var lengths = [Double](repeating: 0, count: 8)
        for piece in pieces { lengths[piece.place] += piece.lengthMM }
        for place in 0..<8 {
            expectClose(
                lengths[place], marched[place], absolute: step * Double(pieces.count + 1),
                because: "a step at each face")
        }
        #expect(abs(pieces.filter { $0.lengthMM > 2 * step }.count - changes) <= 2)
    }

    @Test func aLineFromOutsideEntersTheWorld() throws {
        let phantom = try SolidPhantom(
            lower: Point3(-40, -40, 0), upper: Point3(40, 40, 60), worldMaterial: .water,
            solids: [
                .init(
                    name: "slab", shape: .slab(normal: Vector3(0, 0, 1), fromMM: 10, toMM: 14),
                    material: .pmma)
            ])
        let pieces = phantom.path(from: Point3(35, 35, -100), along: Vector3(0, 0, 1))
        #expect(pieces.map(\.place) == [0, 1, 0])
        expectClose(pieces[0].lengthMM, 10, absolute: 2e-6, because: "world before the slab, nudged")
        expectClose(pieces[1].lengthMM, 4, absolute: 2e-6, because: "slab")
        expectClose(pieces[2].lengthMM, 46, absolute: 2e-6, because: "world behind it")
        #expect(phantom.path(from: Point3(35, 35, -100), along: Vector3(0, 0, -1)).isEmpty)
        #expect(phantom.path(from: Point3(80, 35, -100), along: Vector3(0, 0, 1)).isEmpty)
    }

    /// Along a face and at a tangent: no endless loop, and the whole way is covered.
    @Test func grazingLinesComeToAnEnd() throws {
        let phantom = try SolidPhantom(
            lower: Point3(-10, -10, 0), upper: Point3(10, 10, 20), worldMaterial: .water,
            solids: [
                .init(
                    name: "box", shape: .box(lower: Point3(-5, -5, 5), upper: Point3(5, 5, 15)),
                    material: .pmma),
                .init(name: "ball", shape: .sphere(centre: Point3(0, 0, 10), radiusMM: 4), material: .air),
            ])
        for start in [
            Point3<DICOMPatient>(5, 0, 0), Point3(-5, -5, 0), Point3(4, 0, 0), Point3(0, 4, 0),
            Point3(4 + 1e-12, 0, 0), Point3(4 - 1e-12, 0, 0),
        ] {
            let pieces = phantom.path(from: start, along: Vector3(0, 0, 1))
            #expect(pieces.count < 8)
            expectClose(
                pieces.reduce(0) { $0 + $1.lengthMM }, 20, absolute: 1e-4, because: "nudges at the faces")
        }
    }

    @Test func volumesLeaveOutWhatLaterSolidsTake() throws {
        let phantom = try SolidPhantom(
            lower: Point3(-20, -20, 0), upper: Point3(20, 20, 40), worldMaterial: .water,
            solids: [
                .init(
                    name: "rod",
                    shape: .cylinder(
                        centre: Point3(0, 0, 20), axis: Vector3(0, 1, 0), radiusMM: 10, lengthMM: 100),
                    material: .pmma),
                .init(name: "ball", shape: .sphere(centre: Point3(0, 0, 20), radiusMM: 5), material: .air),
            ])
        let ball = 4.0 / 3 * .pi * 125
        expectClose(phantom.volumeMM3(ofPlace: 2), ball, relative: 1e-3, because: "lattice of rays")
        expectClose(
            phantom.volumeMM3(ofPlace: 1), .pi * 100 * 40 - ball, relative: 1e-3,
            because: "rod cut by the world, without the ball")
        expectClose(
            phantom.volumeMM3(ofPlace: 0), 40 * 40 * 40 - .pi * 100 * 40, relative: 1e-3, because: "the rest")
    }

    @Test func badPhantomsAreRefused() {
        func solid(_ shape: SolidShape) -> SolidPhantom.Solid {
            .init(name: "it", shape: shape, material: .pmma)
        }
        let (low, high) = (Point3<DICOMPatient>(0, 0, 0), Point3<DICOMPatient>(10, 10, 10))
        #expect(throws: SolidPhantomError.emptyWorld(axis: 2, from: 0, to: 0)) {
            try SolidPhantom(lower: low, upper: Point3(10, 10, 0), worldMaterial: .water)
        }
        for shape: SolidShape in [
            .sphere(centre: Point3(30, 0, 0), radiusMM: 5),
            .box(lower: Point3(2, 2, 2), upper: Point3(2, 3, 3)),
            .slab(normal: Vector3(0, 0, 1), fromMM: 12, toMM: 20),
        ] {
            #expect(throws: SolidPhantomError.outsideWorld(solid: 0, name: "it")) {
                try SolidPhantom(lower: low, upper: high, worldMaterial: .water, solids: [solid(shape)])
            }
        }
        #expect(throws: SolidPhantomError.tooManySolids(251)) {
            try SolidPhantom(
                lower: low, upper: high, worldMaterial: .water,
                solids: Array(repeating: solid(.sphere(centre: low, radiusMM: 5)), count: 251))
        }
    }
}
