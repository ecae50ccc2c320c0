import Testing

/// Expects |a − b| ≤ max(absolute, relative · |b|); `because` says where the tolerance comes from.
public func expectClose(
    _ a: Double, _ b: Double, relative: Double = 0, absolute: Double = 0, because reason: String,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let tolerance = Swift.max(absolute, relative * Swift.abs(b))
    #expect(
        Swift.abs(a - b) <= tolerance, "\(a) is not within \(tolerance) of \(b) (\(reason))",
        sourceLocation: sourceLocation)
}
