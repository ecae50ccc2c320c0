extension LinePlot {
    private static let left = 62.0
    private static let top = 22.0
    private static let bottom = 48.0
    private static let panelGap = 14.0

    private var legendWidth: Double {
        guard showsLegend else { return 16 }
        let longest = panels.flatMap(\.series).filter(\.isListed).map(\.name.count).max() ?? 0
        return min(40 + 6.4 * Double(longest) + 12, size.x * 0.34)
    }

    /// Left and right end of the panels, pixels.
    var span: ClosedRange<Double> { Self.left...(size.x - legendWidth) }

    func draw(into canvas: inout SVGCanvas, id: String) {
        let width = size.x - Self.left - legendWidth
        let total = panels.reduce(0) { $0 + $1.weight }
        let height = size.y - Self.top - Self.bottom - Self.panelGap * Double(panels.count - 1)
        var y = Self.top
        for (index, panel) in panels.enumerated() {
            let area = PlotArea(
                origin: SIMD2(Self.left, y), size: SIMD2(width, height * panel.weight / total),
                horizontal: horizontal.range, vertical: panel.vertical.range)
            draw(
                panel, area, id: "\(id)-\(index)", isFirst: index == 0, isLast: index == panels.count - 1,
                &canvas)
            y += area.size.y + Self.panelGap
        }
    }

    private func draw(
        _ panel: Panel, _ area: PlotArea, id: String, isFirst: Bool, isLast: Bool, _ canvas: inout SVGCanvas
    ) {
        for band in bands {
            let from = area.x(max(band.range.lowerBound, horizontal.range.lowerBound))
            let to = area.x(min(band.range.upperBound, horizontal.range.upperBound))
            guard to > from else { continue }
            canvas.rectangle(
                [from, area.origin.y], [to - from, area.size.y], fill: band.colour, opacity: 0.13)
            if isFirst {
                canvas.text(
                    band.label, at: [(from + to) / 2, area.origin.y - 7], anchor: .middle, size: 11,
                    colour: .quietInk)
            }
        }
        drawGrid(panel, area, isLast: isLast, &canvas)
        for mark in panel.marks {
            let at = area.y(mark.value)
            canvas.line(
                [area.origin.x, at], [area.corner.x, at], .init(colour: .quietInk, width: 1, dash: [4, 3]))
            canvas.text(
                mark.label, at: [area.corner.x - 5, at - 5], anchor: .end, size: 10.5, colour: .quietInk)
        }
        for mark in marks where horizontal.range.contains(mark.value) {
            let at = area.x(mark.value)
            canvas.line(
                [at, area.origin.y], [at, area.corner.y], .init(colour: .quietInk, width: 1, dash: [4, 3]))
            if isFirst {
                // Labels of neighbours lean away from each other.
                let isCrowdedLeft = marks.contains { $0.value < mark.value && at - area.x($0.value) < 44 }
                let isCrowdedRight = marks.contains { $0.value > mark.value && area.x($0.value) - at < 44 }
                let (anchor, shift): (SVGCanvas.Anchor, Double) =
                    isCrowdedLeft == isCrowdedRight ? (.middle, 0) : isCrowdedLeft ? (.start, -6) : (.end, 6)
                canvas.text(
                    mark.label, at: [at + shift, area.origin.y - 7], anchor: anchor, size: 10.5,
                    colour: .quietInk)
            }
        }
        canvas.clippedGroup(id: "\(id)-clip", offset: area.origin, size: area.size) { inner in
            for series in panel.series { drawSeries(series, area.movedToOrigin, &inner) }
        }
        canvas.rectangle(area.origin, area.size, fill: nil, stroke: .init(colour: .quietInk, width: 0.9))
        guard showsLegend else { return }
        for (index, series) in panel.series.filter(\.isListed).enumerated() {
            let at = SIMD2(area.corner.x + 14, area.origin.y + 10 + 18 * Double(index))
            canvas.line(
                at, at + SIMD2(22, 0),
                .init(colour: series.colour, width: series.width + 0.4, dash: series.dash))
            canvas.text(series.name, at: at + SIMD2(28, 4), size: 11)
        }
    }

    private func drawGrid(_ panel: Panel, _ area: PlotArea, isLast: Bool, _ canvas: inout SVGCanvas) {
        let across = AxisTicks(horizontal.range, count: 10)
        for (value, label) in zip(across.values, across.labels) {
            let x = area.x(value)
            canvas.line([x, area.origin.y], [x, area.corner.y], .init(colour: .grid))
            if isLast { canvas.text(label, at: [x, area.corner.y + 17], anchor: .middle, size: 11) }
        }
        let up = AxisTicks(panel.vertical.range, count: max(3, Int(area.size.y / 52)))
        for (value, label) in zip(up.values, up.labels) {
            let y = area.y(value)
            canvas.line([area.origin.x, y], [area.corner.x, y], .init(colour: .grid))
            canvas.text(label, at: [area.origin.x - 7, y + 4], anchor: .end, size: 11)
        }
        canvas.text(
            panel.vertical.title, at: [area.origin.x - 44, area.origin.y + area.size.y / 2], anchor: .middle,
            size: 12,
            turned: true)
        if isLast {
            canvas.text(
                horizontal.title, at: [area.origin.x + area.size.x / 2, area.corner.y + 38], anchor: .middle,
                size: 12)
        }
    }

    private func drawSeries(_ series: Series, _ area: PlotArea, _ canvas: inout SVGCanvas) {
        let stroke = SVGCanvas.Stroke(colour: series.colour, width: series.width, dash: series.dash)
        switch series.style {
        case .line:
            var pieces: [[SIMD2<Double>]] = [[]]
            for point in series.points {
                if point.x.isFinite && point.y.isFinite {
                    pieces[pieces.count - 1].append([area.x(point.x), area.y(point.y)])
                } else if !(pieces.last ?? []).isEmpty {
                    pieces.append([])
                }
            }
            canvas.path(pieces, closed: false, stroke: stroke)
        case .stems:
            for point in series.points where point.x.isFinite && point.y.isFinite {
                canvas.line([area.x(point.x), area.y(0)], [area.x(point.x), area.y(point.y)], stroke)
            }
        case .dots:
            for point in series.points where point.x.isFinite && point.y.isFinite {
                canvas.circle(
                    [area.x(point.x), area.y(point.y)], radius: 0.5 * series.width, fill: series.colour)
            }
        }
    }
}
