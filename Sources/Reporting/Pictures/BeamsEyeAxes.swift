/// Frame, ticks and titles of a picture in the beam's eye view: IEC gantry x to the right and y up, mm at the isocentre plane.
struct BeamsEyeAxes {
    let area: PlotArea
    /// Lines through the picture; short ticks outside it otherwise.
    let hasGrid: Bool
    /// Labels of y; several pictures side by side with the same range need them once.
    let hasVerticalLabels: Bool
    /// Title of y.
    let hasVerticalTitle: Bool

    func draw(into canvas: inout SVGCanvas) {
        let line = SVGCanvas.Stroke(colour: hasGrid ? .grid : .quietInk)
        let across = AxisTicks(area.horizontal, count: max(2, Int(area.size.x / 55)))
        for (value, label) in zip(across.values, across.labels) {
            let x = area.x(value)
            canvas.line([x, hasGrid ? area.origin.y : area.corner.y + 4], [x, area.corner.y], line)
            canvas.text(label, at: [x, area.corner.y + 16], anchor: .middle, size: 10.5)
        }
        let up = AxisTicks(area.vertical, count: max(2, Int(area.size.y / 50)))
        for (value, label) in zip(up.values, up.labels) {
            let y = area.y(value)
            canvas.line([hasGrid ? area.corner.x : area.origin.x - 4, y], [area.origin.x, y], line)
            if hasVerticalLabels {
                canvas.text(label, at: [area.origin.x - 6, y + 4], anchor: .end, size: 10.5)
            }
        }
        canvas.rectangle(area.origin, area.size, fill: nil, stroke: .init(colour: .quietInk, width: 0.8))
        canvas.text(
            "IEC gantry x (mm)", at: [area.origin.x + area.size.x / 2, area.corner.y + 33], anchor: .middle,
            size: 11)
        guard hasVerticalTitle else { return }
        canvas.text(
            "IEC gantry y (mm)", at: [area.origin.x - 40, area.origin.y + area.size.y / 2], anchor: .middle,
            size: 11, turned: true)
    }
}
