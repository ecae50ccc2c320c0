/// The rectangle of a plot in pixels and the way from axis values into it.
struct PlotArea {
    var origin: SIMD2<Double>
    var size: SIMD2<Double>
    var horizontal: ClosedRange<Double>
    var vertical: ClosedRange<Double>

    /// Lower right corner.
    var corner: SIMD2<Double> { origin + size }

    func x(_ value: Double) -> Double {
        origin.x + (value - horizontal.lowerBound) / (horizontal.upperBound - horizontal.lowerBound) * size.x
    }

    func y(_ value: Double) -> Double {
        origin.y + (1 - (value - vertical.lowerBound) / (vertical.upperBound - vertical.lowerBound)) * size.y
    }

    /// The same area with its corner at zero, for drawing inside a moved group.
    var movedToOrigin: PlotArea {
        PlotArea(origin: .zero, size: size, horizontal: horizontal, vertical: vertical)
    }
}
