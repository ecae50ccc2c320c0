import Foundation
import Frames

/// One picture of a slice inside a figure: CT, wash, isolines, contours, isocentre and letters.
struct SlicePanel {
    /// A closed line of a structure with its colour.
    struct OutlineGroup {
        var colour: Colour
        var lines: [[SIMD2<Double>]]
    }

    /// Where a field comes from.
    struct FieldAxis {
        var label: String
        /// Direction in which the ions travel.
        var direction: Vector3<DICOMPatient>
    }

    /// A line of equal dose.
    struct Isodose {
        var lines: [[SIMD2<Double>]]
        var dash: [Double]
        /// Written at the line in panels with room for it.
        var label: String
    }

    let id: String
    let view: SliceView
    let pixelsPerMM: Double
    /// Identifiers of the shared rasters, lowest first.
    var rasters: [(id: String, cssClass: String)]
    var outlines: [OutlineGroup]
    var isodoses: [Isodose]
    var isocentre: Point3<DICOMPatient>
    var fields: [FieldAxis]
    var showsScaleBar: Bool

    /// Height of the panel, pixels; what the view does not fill stays black.
    var height: Double

    /// Size of the view.
    private var viewSize: SIMD2<Double> { view.sizeMM * pixelsPerMM }
    /// Size of the panel.
    private var size: SIMD2<Double> { SIMD2(viewSize.x, max(height, viewSize.y)) }

    func draw(into canvas: inout SVGCanvas, at offset: SIMD2<Double>) {
        canvas.clippedGroup(id: "\(id)-clip", offset: offset, size: size) { panel in
            panel.rectangle(.zero, size, fill: Colour(0, 0, 0))
            let shift = Markup.coordinate((size.y - viewSize.y) / 2)
            panel.group([("transform", "translate(0 \(shift))")]) { inner in
                for raster in rasters {
                    // The rasters are defined one unit per mm.
                    inner.element(
                        "use",
                        [
                            ("href", "#\(raster.id)"), ("class", raster.cssClass),
                            ("transform", "scale(\(NumberText.plain(pixelsPerMM)))"),
                        ])
                }
                drawLines(&inner)
                if size.x >= 250 { drawIsodoseLabels(&inner) }
                for field in fields { drawAxis(of: field, &inner) }
                drawIsocentre(&inner)
            }
            drawLetters(&panel)
            if showsScaleBar { drawScaleBar(&panel) }
        }
    }

    private func pixels(_ lines: [[SIMD2<Double>]]) -> [[SIMD2<Double>]] {
        lines.map { line in line.map { $0 * pixelsPerMM } }
    }

    private func drawLines(_ panel: inout SVGCanvas) {
        panel.group([("class", "isodoses")]) { group in
            for isodose in isodoses {
                group.path(
                    pixels(isodose.lines), closed: true,
                    stroke: .init(colour: .white, width: 1.1, dash: isodose.dash, opacity: 0.95))
            }
        }
        panel.group([("class", "contours")]) { group in
            for outline in outlines {
                let lines = pixels(outline.lines)
                group.path(
                    lines, closed: true, stroke: .init(colour: Colour(0, 0, 0), width: 2.6, opacity: 0.45))
                group.path(lines, closed: true, stroke: .init(colour: outline.colour, width: 1.5))
            }
        }
    }

    /// Beside the longest line of each level, going round by a quarter of a turn from one level to the next so that the
    /// labels of lines close to each other stand apart.
    private func drawIsodoseLabels(_ panel: inout SVGCanvas) {
        for (index, isodose) in isodoses.enumerated() {
            guard let line = isodose.lines.max(by: { $0.count < $1.count }), line.count > 12 else { continue }
            let angle = Double.pi * (-0.25 - 0.5 * Double(index))
            let direction = SIMD2(cos(angle), sin(angle))
            guard let place = line.max(by: { ($0 * direction).sum() < ($1 * direction).sum() }) else {
                continue
            }
            panel.text(
                isodose.label, at: place * pixelsPerMM + SIMD2(4, 4) * direction + SIMD2(0, 3),
                anchor: direction.x > 0 ? .start : .end, size: 9.5, colour: .white, halo: Colour(0, 0, 0))
        }
    }

    private func drawIsocentre(_ panel: inout SVGCanvas) {
        let c = view.position(of: isocentre) * pixelsPerMM
        for stroke in [
            SVGCanvas.Stroke(colour: Colour(0, 0, 0), width: 3, opacity: 0.5),
            .init(colour: .white, width: 1.2),
        ] {
            for (dx, dy) in [(1.0, 0.0), (-1, 0), (0, 1), (0, -1)] {
                let d = SIMD2(dx, dy)
                panel.line(c + 2.5 * d, c + (size.x < 230 ? 6 : 9) * d, stroke)
            }
        }
    }

    private func drawLetters(_ panel: inout SVGCanvas) {
        let letters = view.plane.edgeLetters
        let halo = Colour(0, 0, 0)
        func letter(_ text: String, _ x: Double, _ y: Double, _ anchor: SVGCanvas.Anchor) {
            panel.text(text, at: [x, y], anchor: anchor, size: 13, colour: .white, bold: true, halo: halo)
        }
        letter(letters.left, 7, size.y / 2 + 4, .start)
        letter(letters.right, size.x - 7, size.y / 2 + 4, .end)
        letter(letters.top, size.x / 2, 17, .middle)
        letter(letters.bottom, size.x / 2, size.y - 8, .middle)
        // In a small panel the coordinate would run into the upper letter.
        let place =
            size.x < 300
            ? view.plane.title
            : "\(view.plane.title), \(view.plane.normalName) = \(NumberText.fixed(view.normalMM, 1)) mm"
        // Below, where no field comes from in most plans.
        panel.text(place, at: [8, size.y - 10], size: 10.5, colour: .white, halo: halo)
    }

    private func drawScaleBar(_ panel: inout SVGCanvas) {
        let lengthMM = view.sizeMM.x > 150 ? 50.0 : 20.0
        let end = SIMD2(size.x - 12, size.y - 12)
        let start = end - SIMD2(lengthMM * pixelsPerMM, 0)
        panel.line(start, end, .init(colour: Colour(0, 0, 0), width: 5, opacity: 0.5))
        panel.line(start, end, .init(colour: .white, width: 2.5))
        panel.text(
            "\(NumberText.fixed(lengthMM, 0)) mm", at: [(start.x + end.x) / 2, end.y - 7], anchor: .middle,
            size: 10.5,
            colour: .white, halo: Colour(0, 0, 0))
    }

    /// An arrow at the edge of the panel that points along the beam, and its axis to the isocentre.
    private func drawAxis(of field: FieldAxis, _ panel: inout SVGCanvas) {
        let projected = view.direction(of: field.direction.normalized)
        let length = (projected * projected).sum().squareRoot()
        // Only fields within 37° of the plane: others would lie over each other here and show no true direction.
        guard length > 0.8 else { return }
        let d = projected / length
        let c = view.position(of: isocentre) * pixelsPerMM
        // The letters of the edges keep their place.
        let margin = 27.0
        func reach(_ c: Double, _ d: Double, _ extent: Double) -> Double {
            if d > 1e-9 { return (c - margin) / d }
            if d < -1e-9 { return (c - (extent - margin)) / d }
            return .infinity
        }
        let distance = min(reach(c.x, d.x, viewSize.x), reach(c.y, d.y, viewSize.y))
        guard distance > 50 else { return }
        let tail = c - distance * d
        let tip = tail + 26 * d
        let side = SIMD2(-d.y, d.x)
        panel.line(tip, c, .init(colour: .white, width: 0.8, dash: [2, 4], opacity: 0.8))
        for stroke in [
            SVGCanvas.Stroke(colour: Colour(0, 0, 0), width: 4, opacity: 0.5),
            .init(colour: .white, width: 2),
        ] {
            panel.line(tail, tip, stroke)
            panel.path(
                [[tip - 7 * d + 4.5 * side, tip, tip - 7 * d - 4.5 * side]], closed: false, stroke: stroke)
        }
        // Beside an upright arrow, above a level one, and always inside the panel.
        let isUpright = abs(d.y) > abs(d.x)
        let place = isUpright ? tail + SIMD2(9, 10 * d.y + 3) : tail + SIMD2(-4 * d.x, -9)
        panel.text(
            field.label, at: place, anchor: isUpright || d.x > 0 ? .start : .end, size: 11, colour: .white,
            bold: true, halo: Colour(0, 0, 0))
    }
}
