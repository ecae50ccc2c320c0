/// A fault in time: rate of the beam, counts over the preset, and bars for state, what was missing, and interlocks.
///
/// ## Checked by
/// `FaultPictureTests`.
public struct FaultPicture: Sendable {
    /// A bar of a row.
    public struct Bar: Sendable {
        /// In milliseconds since the fault.
        public var rangeMS: ClosedRange<Double>
        /// Written into the bar where there is room; bars of one label have one colour.
        public var label: String

        public init(rangeMS: ClosedRange<Double>, label: String) {
            self.rangeMS = rangeMS
            self.label = label
        }
    }

    public struct Row: Sendable {
        public var name: String
        public var bars: [Bar]

        public init(name: String, bars: [Bar]) {
            self.name = name
            self.bars = bars
        }
    }

    public var title: String
    /// Milliseconds since the fault.
    public var rangeMS: ClosedRange<Double>
    /// Time, ms, and ions per second: given, and asked for.
    public var rate: [SIMD2<Double>]
    public var askedRate: [SIMD2<Double>]
    /// Time, ms, and counts of the layer less the visit's preset: first monitor, and true.
    public var counts: [SIMD2<Double>]
    public var trueCounts: [SIMD2<Double>]
    public var rows: [Row]

    /// - Parameters:
    ///   - title: Above the picture.
    ///   - rangeMS: What is shown, ms since the fault.
    ///   - rate: Time, ms, and ions/s.
    ///   - askedRate: The same, as the ring was asked.
    ///   - counts: Time, ms, and counts over the preset by the first monitor.
    ///   - trueCounts: The same by the true ions.
    ///   - rows: Bars below, from top to bottom.
    public init(
        title: String, rangeMS: ClosedRange<Double>, rate: [SIMD2<Double>], askedRate: [SIMD2<Double>],
        counts: [SIMD2<Double>], trueCounts: [SIMD2<Double>], rows: [Row]
    ) {
        self.title = title
        self.rangeMS = rangeMS
        self.rate = rate
        self.askedRate = askedRate
        self.counts = counts
        self.trueCounts = trueCounts
        self.rows = rows
    }

    private static let rowHeight = 22.0
    private static let plotHeight = 380.0
    private static let heading = 26.0

    /// Draws it.
    public var picture: Picture {
        let plot = plot
        var canvas = SVGCanvas()
        canvas.text(title, at: SIMD2(62, 18), size: 14)
        canvas.group([("transform", "translate(0 \(Markup.coordinate(Self.heading)))")]) {
            plot.draw(into: &$0, id: "fault")
        }
        let top = Self.heading + Self.plotHeight + 8
        let span = plot.span
        let area = PlotArea(
            origin: SIMD2(span.lowerBound, top),
            size: SIMD2(span.upperBound - span.lowerBound, Self.rowHeight * Double(rows.count)),
            horizontal: rangeMS, vertical: 0...1)
        var colours: [String: Colour] = [:]
        for (index, row) in rows.enumerated() {
            draw(row, area, y: top + Self.rowHeight * Double(index), &colours, &canvas)
        }
        if rangeMS.contains(0) {
            canvas.line(
                SIMD2(area.x(0), top), SIMD2(area.x(0), area.corner.y),
                .init(colour: .quietInk, width: 1, dash: [4, 3]))
        }
        return Picture(
            name: "fault", size: SIMD2(Picture.width, top + Self.rowHeight * Double(rows.count) + 10),
            title: title,
            alternativeText:
                "\(title): rate of the beam, counts over the preset, state of the control, what was missing and interlocks against time.",
            canvas: canvas)
    }

    private var plot: LinePlot {
        let greatest = max(1, (rate + askedRate).map(\.y).max() ?? 1)
        let exponent = (0...20).last { NumberText.powerOfTen($0) <= greatest } ?? 0
        let unit = NumberText.powerOfTen(exponent)
        let power = NumberText.scientific(unit, 0).replacing("1 × ", with: "")
        let values = (counts + trueCounts).map(\.y).filter(\.isFinite)
        let (low, high) = (min(values.min() ?? 0, 0), max(values.max() ?? 0, 0))
        let margin = max(1, 0.08 * (high - low))
        func scaled(_ points: [SIMD2<Double>]) -> [SIMD2<Double>] { points.map { SIMD2($0.x, $0.y / unit) } }
        return LinePlot(
            horizontal: .init(title: "Time since the fault (ms)", range: rangeMS),
            panels: [
                .init(
                    vertical: .init(title: "Rate (\(power) ions/s)", range: 0...1.1 * greatest / unit),
                    series: [
                        .init(name: "beam", colour: Colour.series[0], width: 1.3, points: scaled(rate)),
                        .init(
                            name: "asked for", colour: Colour.series[1], dash: [5, 3], width: 1.3,
                            points: scaled(askedRate)),
                    ]),
                .init(
                    vertical: .init(title: "Counts over preset", range: (low - margin)...(high + margin)),
                    series: [
                        .init(name: "true", colour: Colour.series[0], width: 2.2, points: trueCounts),
                        .init(
                            name: "first monitor", colour: Colour.series[2], dash: [5, 3], width: 1.4,
                            points: counts),
                    ], marks: [.init(value: 0, label: "preset")]),
            ], marks: [.init(value: 0, label: "fault")], size: SIMD2(Picture.width, Self.plotHeight))
    }

    private func draw(
        _ row: Row, _ area: PlotArea, y: Double, _ colours: inout [String: Colour], _ canvas: inout SVGCanvas
    ) {
        canvas.line(
            SIMD2(area.origin.x, y + Self.rowHeight - 2), SIMD2(area.corner.x, y + Self.rowHeight - 2),
            .init(colour: .grid))
        canvas.text(row.name, at: SIMD2(area.corner.x + 10, y + 13), size: 11)
        for bar in row.bars where bar.rangeMS.overlaps(rangeMS) {
            let range = bar.rangeMS.clamped(to: rangeMS)
            let (from, to) = (area.x(range.lowerBound), area.x(range.upperBound))
            let colour = colours[bar.label] ?? Colour.series[colours.count % Colour.series.count]
            colours[bar.label] = colour
            canvas.rectangle(
                SIMD2(from, y + 2), SIMD2(max(1.5, to - from), Self.rowHeight - 7), fill: colour,
                opacity: 0.35)
            if to - from > 12 + 6.4 * Double(bar.label.count) {
                canvas.text(bar.label, at: SIMD2((from + to) / 2, y + 13), anchor: .middle, size: 10.5)
            }
        }
    }
}
