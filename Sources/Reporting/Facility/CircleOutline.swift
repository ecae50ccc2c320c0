import Foundation

/// Points of a circle about zero, first and last the same.
struct CircleOutline {
    let radius: Double

    var points: [SIMD2<Double>] {
        (0...180).map { SIMD2(radius * cos(Double($0) * .pi / 90), radius * sin(Double($0) * .pi / 90)) }
    }
}
