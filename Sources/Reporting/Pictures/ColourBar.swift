/// A vertical colour bar with the unit on its left and per cent of the reference on its right.
struct ColourBar {
    let scale: WashScale
    /// Unique in the page; prefix of the gradient's identifier.
    let id: String

    /// Draws the bar itself (without labels) into `origin`, `size`; labels stand outside it, the title above.
    func draw(into canvas: inout SVGCanvas, origin: SIMD2<Double>, size: SIMD2<Double>) {
        canvas.gradient(id: "\(id)-scale", origin, size, colours: scale.map.anchors.reversed())
        canvas.rectangle(origin, size, fill: nil, stroke: .init(colour: .quietInk, width: 0.75))
        func y(_ value: Double) -> Double { origin.y + (1 - scale.share(value)) * size.y }
        let ticks = AxisTicks(scale.range, count: 6)
        for (value, label) in zip(ticks.values, ticks.labels) {
            canvas.line([origin.x - 4, y(value)], [origin.x, y(value)], .init(colour: .quietInk))
            canvas.text(label, at: [origin.x - 7, y(value) + 4], anchor: .end, size: 11)
        }
        let title = scale.unit.isEmpty ? scale.quantity : scale.unit
        canvas.text(title, at: [origin.x + size.x / 2, origin.y - 10], anchor: .middle, size: 11, bold: true)
        guard let reference = scale.reference, reference > 0 else { return }
        let shares = AxisTicks(
            (scale.range.lowerBound / reference)...(scale.range.upperBound / reference), count: 6)
        for (share, label) in zip(shares.values, shares.percentLabels) {
            let at = y(share * reference)
            canvas.line([origin.x + size.x, at], [origin.x + size.x + 4, at], .init(colour: .quietInk))
            canvas.text(label, at: [origin.x + size.x + 7, at + 4], size: 11, colour: .quietInk)
        }
    }
}
