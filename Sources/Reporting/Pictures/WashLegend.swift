/// Colour bar and names beside the planes of a wash figure.
struct WashLegend {
    let id: String
    let scale: WashScale
    let structures: [(name: String, colour: Colour)]
    let isodoses: [(level: Double, dash: [Double])]

    func draw(into canvas: inout SVGCanvas, frame: WashFrame) {
        let bar = ColourBar(scale: scale, id: id)
        switch frame.layout {
        case .row:
            if !scale.unit.isEmpty {
                canvas.text(
                    scale.quantity, at: frame.legendOrigin + SIMD2(54, 9), anchor: .middle, size: 11,
                    bold: true)
            }
            let height = min(frame.legendSize.y - 60 - 20 * Double(isodoses.count), 260)
            bar.draw(
                into: &canvas, origin: frame.legendOrigin + SIMD2(46, 36), size: SIMD2(16, height))
            for (index, isodose) in isodoses.enumerated() {
                let place = frame.legendOrigin + SIMD2(38, 58 + height + 20 * Double(index))
                drawLine(isodose, at: place, &canvas)
                let text = isodoseLabel(isodose.level, isNarrow: true)
                canvas.text(text, at: place + SIMD2(30, 8), size: 11)
            }
        case .grid:
            let top = frame.legendOrigin + SIMD2(56, 56)
            canvas.text(
                scale.axisTitle, at: frame.legendOrigin + SIMD2(14, 18), size: 14, bold: true)
            bar.draw(into: &canvas, origin: top, size: SIMD2(20, min(frame.legendSize.y - 80, 320)))
            drawNames(&canvas, at: frame.legendOrigin + SIMD2(168, 46), frame: frame)
        }
    }

    private func drawNames(_ canvas: inout SVGCanvas, at origin: SIMD2<Double>, frame: WashFrame) {
        let rowHeight = 19.0
        let bottom = frame.legendOrigin.y + frame.legendSize.y - 8
        let rows = max(1, Int((bottom - origin.y) / rowHeight))
        let entries = isodoses.count + structures.count
        let columns = (entries + rows - 1) / rows
        let columnWidth = (frame.legendOrigin.x + frame.legendSize.x - origin.x) / Double(max(columns, 1))
        for index in 0..<entries {
            let place = origin + SIMD2(Double(index / rows) * columnWidth, Double(index % rows) * rowHeight)
            if index < isodoses.count {
                drawLine(isodoses[index], at: place, &canvas)
                canvas.text(
                    isodoseLabel(isodoses[index].level, isNarrow: columnWidth < 180),
                    at: place + SIMD2(30, 8),
                    size: 11.5)
            } else {
                let structure = structures[index - isodoses.count]
                canvas.rectangle(
                    place + SIMD2(0, -1), SIMD2(22, 10), fill: structure.colour,
                    stroke: .init(colour: .quietInk, width: 0.5), radius: 2)
                canvas.text(structure.name, at: place + SIMD2(30, 8), size: 11.5)
            }
        }
    }

    /// White lines are drawn on the picture; on paper they need a dark ground.
    private func drawLine(
        _ isodose: (level: Double, dash: [Double]), at place: SIMD2<Double>, _ canvas: inout SVGCanvas
    ) {
        canvas.rectangle(place + SIMD2(-2, -3), SIMD2(26, 14), fill: Colour(hex: 0x4A5058), radius: 2)
        let line = SVGCanvas.Stroke(colour: .white, width: 1.4, dash: isodose.dash)
        canvas.line(place + SIMD2(0, 4), place + SIMD2(22, 4), line)
    }

    private func isodoseLabel(_ level: Double, isNarrow: Bool) -> String {
        let value = "\(NumberText.significant(level, 3)) \(scale.unit)"
        guard let reference = scale.reference, reference > 0 else { return value }
        let share = scale.shortLabel(level)
        return isNarrow ? share : "\(share) = \(value)"
    }
}
