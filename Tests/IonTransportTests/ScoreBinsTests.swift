import Frames
import IonTransport
import TestSupport
import Testing
import Volumes

@Suite struct ScoreBinsTests {
    static let axes = ScoreAxes(
        origin: Point3(1, -2, 3), direction: Vector3(0.2, -0.1, 1), xAxis: Vector3(1, 1, 0))
    static let kinds: [TransportScore.Bins] = [
        .depth(fromMM: 2, stepMM: 0.7, count: 30, radiusMM: nil),
        .depth(fromMM: 2, stepMM: 0.7, count: 30, radiusMM: 6),
        .lateral(depthMM: 10, thicknessMM: 4, binMM: 0.5, count: 41, alongY: false),
        .lateral(depthMM: 10, thicknessMM: 4, binMM: 0.5, count: 40, alongY: true),
        .radial(depthMM: 10, thicknessMM: 6, ringMM: 0.8, count: 12),
        .mesh(
            VolumeGeometry(
                dimensions: SIMD3(7, 9, 5), origin: Point3(-5, -6, 6), spacingMM: SIMD3(1.5, 1.3, 2),
                frameOfReferenceUID: "")),
    ]

    /// Pieces of random ways against the bins of 20 000 points on them.
    @Test(arguments: kinds.indices)
    func piecesAreWhereThePointsAre(kind: Int) {
        let bins = Self.kinds[kind]
        var hits = 0
        for line in 0..<40 {
            var random = RandomStream(seed: UInt64(kind), history: UInt64(line))
            func pick(_ low: Double, _ high: Double) -> Double { low + (high - low) * random.uniform() }
            let a = Point3<DICOMPatient>(pick(-12, 12), pick(-12, 12), pick(0, 25))
            var b = Point3<DICOMPatient>(pick(-12, 12), pick(-12, 12), pick(0, 25))
            if line % 4 == 0 { b = Point3(a.x, a.y, b.z) }
            if line % 4 == 1 { b = Point3(a.mm + 0.02 * (b - a).mm) }
            let pieces = bins.pieces(from: a, to: b, axes: Self.axes)
            hits += pieces.count
            for (before, after) in zip(pieces, pieces.dropFirst()) {
                #expect(before.end <= after.start + 1e-12)
                #expect(before.bin != after.bin)
            }
            #expect(pieces.allSatisfy { $0.start >= 0 && $0.start <= $0.end && $0.end <= 1 })
            let count = 20_000
            var sampled = [Double](repeating: 0, count: bins.count)
            for i in 0..<count {
                let t = (Double(i) + 0.5) / Double(count)
                if let bin = bins.bin(of: Point3(a.mm + t * (b - a).mm), axes: Self.axes) {
                    sampled[bin] += 1 / Double(count)
                }
            }
            for piece in pieces { sampled[piece.bin] -= piece.end - piece.start }
            for (bin, rest) in sampled.enumerated() {
                expectClose(rest, 0, absolute: 3.0 / Double(count), because: "points at borders, bin \(bin)")
            }
        }
        #expect(hits > 30)
    }

    @Test func axesAreRightHandedAndLocalCoordinatesMeasureAlongThem() {
        let axes = Self.axes
        expectClose((axes.x.mm * axes.z.mm).sum(), 0, absolute: 1e-12, because: "across")
        let p = Point3<DICOMPatient>(axes.origin.mm + 2 * axes.x.mm - 3 * axes.y.mm + 5 * axes.z.mm)
        let local = axes.local(p)
        for (value, wanted) in zip([local.x, local.y, local.z], [2.0, -3, 5]) {
            expectClose(value, wanted, absolute: 1e-12, because: "rounding")
        }
        let plain = ScoreAxes(origin: Point3(0, 0, 0), direction: Vector3(0, 0, 2))
        #expect(plain.x == Vector3(1, 0, 0) && plain.y == Vector3(0, 1, 0) && plain.z == Vector3(0, 0, 1))
    }
}
