/// Level bars, one for each name, made of parts of different colour.
struct StackedBars {
    /// A bar.
    struct Bar {
        var name: String
        /// Parts in the order of the legend; nil for a bar that is not known.
        var parts: [Double]?
    }

    var bars: [Bar]
    /// Names of the parts, in their order.
    var legend: [String]
    /// Quantity and unit.
    var axis: String
    /// What stands where a bar is not known.
    var missing = "not modelled"

    private static let rowHeight = 30.0
    /// The line colours and three more, for up to nine parts.
    private static let colours =
        Colour.series + [
            Colour(hex: 0x7F8893), Colour(hex: 0x8C6D46), Colour(hex: 0x4B3F72),
        ]

    func picture(name: String, title: String) -> Picture {
        let longest = bars.map(\.name.count).max() ?? 0
        let left = min(220, 20 + 6.8 * Double(longest))
        let top = 40.0
        let width = Picture.width - left - 70
        let greatest = max(bars.map { ($0.parts ?? []).reduce(0, +) }.max() ?? 0, 1e-9)
        func x(_ value: Double) -> Double { left + value / greatest * width }
        let bottom = top + Self.rowHeight * Double(bars.count)
        var canvas = SVGCanvas()
        var at = left
        for (index, part) in legend.enumerated() {
            canvas.rectangle([at, 8], [13, 13], fill: Self.colours[index % Self.colours.count])
            canvas.text(part, at: [at + 18, 19], size: 11)
            at += 34 + 6.3 * Double(part.count)
        }
        let ticks = AxisTicks(0...greatest, count: 8)
        for (value, label) in zip(ticks.values, ticks.labels) {
            canvas.line([x(value), top], [x(value), bottom], .init(colour: .grid))
            canvas.text(label, at: [x(value), bottom + 16], anchor: .middle, size: 11)
        }
        canvas.text(axis, at: [left + width / 2, bottom + 36], anchor: .middle, size: 12)
        for (row, bar) in bars.enumerated() {
            let y = top + Self.rowHeight * Double(row)
            canvas.text(bar.name, at: [left - 8, y + 19], anchor: .end, size: 11.5)
            guard let parts = bar.parts else {
                canvas.text(missing, at: [left + 6, y + 19], size: 11.5, colour: .quietInk)
                continue
            }
            var sum = 0.0
            for (index, part) in parts.enumerated() where part > 0 {
                canvas.rectangle(
                    [x(sum), y + 5], [x(sum + part) - x(sum), Self.rowHeight - 10],
                    fill: Self.colours[index % Self.colours.count])
                sum += part
            }
            canvas.text(NumberText.significant(sum, 3), at: [x(sum) + 6, y + 19], size: 11.5, bold: true)
        }
        return Picture(
            name: name, size: SIMD2(Picture.width, bottom + 46), title: title,
            alternativeText: "\(title): "
                + bars.map { bar in
                    "\(bar.name) "
                        + (bar.parts.map { NumberText.significant($0.reduce(0, +), 3) } ?? missing)
                }.joined(separator: ", "), canvas: canvas)
    }
}
