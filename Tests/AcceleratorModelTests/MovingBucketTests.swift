import AcceleratorModel
import Foundation
import TestSupport
import Testing

@Suite struct MovingBucketTests {
    @Test func stationaryBucketIsTheUnit() {
        let bucket = MovingBucket(synchronousPhase: 0)
        expectClose(bucket.heightFactor, 1, absolute: 1e-12, because: "definition")
        expectClose(bucket.areaFactor, 1, absolute: 1e-5, because: "quadrature")
        expectClose(
            bucket.separatrix(at: .pi / 2) ?? 0, 0.5.squareRoot(), absolute: 1e-12, because: "cos φ/2 at 90°")
    }

    @Test func separatrixEndsAtTheUnstablePointAndTheTurningPoint() {
        let bucket = MovingBucket(synchronousPhase: 0.5)
        expectClose(
            bucket.separatrix(at: bucket.unstablePhase) ?? 1, 0, absolute: 1e-7, because: "unstable point")
        expectClose(
            bucket.separatrix(at: bucket.turningPhase) ?? 1, 0, absolute: 1e-6, because: "turning point")
        #expect(bucket.separatrix(at: bucket.turningPhase - 0.01) == nil)
        #expect(bucket.separatrix(at: bucket.unstablePhase + 0.01) == nil)
    }

    /// The usual rule of thumb, and a plain sum over the height.
    @Test(arguments: [0.1, 0.2, 0.3, 0.5, 0.7, 0.9])
    func areaOfMovingBuckets(_ sine: Double) {
        let bucket = MovingBucket(synchronousPhase: asin(sine))
        expectClose(
            bucket.areaFactor, (1 - sine) / (1 + sine), relative: 0.08, absolute: 0.015,
            because: "rule of thumb")
        let (from, to) = (bucket.turningPhase, bucket.unstablePhase)
        let count = 200_000
        var sum = 0.0
        for i in 0..<count {
            sum += bucket.separatrix(at: from + (to - from) * (Double(i) + 0.5) / Double(count)) ?? 0
        }
        // The stationary bucket's height is cos φ/2, with area 4.
        expectClose(
            bucket.areaFactor, sum * (to - from) / Double(count) / 4, relative: 1e-4, because: "quadrature")
    }
}
