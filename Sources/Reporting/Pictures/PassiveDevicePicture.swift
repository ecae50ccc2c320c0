import PlanModel
import Quantities

/// Collimator and bolus of a passive field in the beam's eye view, with the outline of the target.
///
/// Axes are IEC gantry x and y at the isocentre plane, seen from the source: x to the right, y up.
///
/// ## Checked by
/// `PassiveDevicePictureTests`.
package struct PassiveDevicePicture {
    let field: Field
    let delivery: PassiveDelivery
    /// Outline of the target in the same frame, mm.
    let silhouette: [[SIMD2<Double>]]
    private static let (left, top, bottom, gap) = (50.0, 38.0, 40.0, 30.0)
    private static let barWidth = 100.0

    package init(field: Field, delivery: PassiveDelivery, silhouette: [[SIMD2<Double>]]) {
        self.field = field
        self.delivery = delivery
        self.silhouette = silhouette
    }

    /// Draws both; nil for a field that is closed everywhere.
    ///
    /// - Throws: `PNGError`.
    package func picture(name: String) throws(PNGError) -> Picture? {
        guard let window else { return nil }
        let extent = window.upper - window.lower
        let width = (Picture.width - Self.left - Self.gap - Self.barWidth) / 2
        let scale = min(width / extent.x, 330 / extent.y)
        let size = extent * scale
        var canvas = SVGCanvas()
        func area(_ slot: Int) -> PlotArea {
            PlotArea(
                origin: SIMD2(Self.left + Double(slot) * (width + Self.gap), Self.top), size: size,
                horizontal: window.lower.x...window.upper.x, vertical: window.lower.y...window.upper.y)
        }
        drawCollimator(area(0), id: "\(name)-leaves", &canvas)
        let rasters = try drawBolus(area(1), id: "\(name)-bolus", window, &canvas)
        return Picture(
            name: name, size: SIMD2(Picture.width, Self.top + size.y + Self.bottom),
            title: "Collimator and bolus of field \(field.name)",
            alternativeText:
                "Leaves of the collimator and thickness of the bolus of field \(field.name) seen from "
                + "the source, with the outline of the target.", canvas: canvas, rasters: rasters)
    }

    /// What is shown: all openings with some of the leaves around them.
    private var window: (lower: SIMD2<Double>, upper: SIMD2<Double>)? {
        var lower = SIMD2<Double>(repeating: .infinity)
        var upper = -lower
        for slice in delivery.slices {
            for (pair, ends) in slice.opening.pairsMM.enumerated() where ends.y > ends.x {
                lower = pointwiseMin(lower, SIMD2(ends.x, slice.opening.boundariesMM[pair]))
                upper = pointwiseMax(upper, SIMD2(ends.y, slice.opening.boundariesMM[pair + 1]))
            }
        }
        return lower.x < upper.x ? (lower - 12, upper + 12) : nil
    }

    private func drawCollimator(_ area: PlotArea, id: String, _ canvas: inout SVGCanvas) {
        BeamsEyeAxes(area: area, hasGrid: false, hasVerticalLabels: true, hasVerticalTitle: true).draw(
            into: &canvas)
        canvas.text("Collimator", at: [area.origin.x, 14], size: 12, bold: true)
        let note =
            delivery.slices.count == 1
            ? "leaves of all pairs" : "leaves of the widest slice; lines: every fifth slice"
        canvas.text(note, at: [area.origin.x, 30], size: 11)
        guard let widest = delivery.slices.max(by: { $0.opening.areaMM2 < $1.opening.areaMM2 }) else {
            return
        }
        let own = area.movedToOrigin
        canvas.clippedGroup(id: id, offset: area.origin, size: area.size) { inner in
            let opening = widest.opening
            for (pair, ends) in opening.pairsMM.enumerated() {
                let (y0, y1) = (own.y(opening.boundariesMM[pair + 1]), own.y(opening.boundariesMM[pair]))
                let stroke = SVGCanvas.Stroke(colour: .white, width: 0.6)
                inner.rectangle(
                    [0, y0], [own.x(ends.x), y1 - y0], fill: .quietInk, opacity: 0.6, stroke: stroke)
                inner.rectangle(
                    [own.x(ends.y), y0], [own.size.x - own.x(ends.y), y1 - y0], fill: .quietInk, opacity: 0.6,
                    stroke: stroke)
            }
            for index in stride(from: 0, to: delivery.slices.count, by: 5) where delivery.slices.count > 1 {
                inner.path(
                    [Self.outline(of: delivery.slices[index].opening).map { [own.x($0.x), own.y($0.y)] }],
                    closed: true, stroke: .init(colour: Colour.series[0], width: 0.9))
            }
            drawTarget(own, &inner)
        }
    }

    /// Edge of an opening: up along the right ends, down along the left ones.
    private static func outline(of opening: LeafOpening) -> [SIMD2<Double>] {
        var (right, left): ([SIMD2<Double>], [SIMD2<Double>]) = ([], [])
        for (pair, ends) in opening.pairsMM.enumerated() where ends.y > ends.x {
            for y in opening.boundariesMM[pair...(pair + 1)] {
                right.append(SIMD2(ends.y, y))
                left.append(SIMD2(ends.x, y))
            }
        }
        return right + left.reversed()
    }

    private func drawBolus(
        _ area: PlotArea, id: String, _ window: (lower: SIMD2<Double>, upper: SIMD2<Double>),
        _ canvas: inout SVGCanvas
    ) throws(PNGError) -> [SharedRaster] {
        canvas.text("Bolus", at: [area.origin.x, 14], size: 12, bold: true)
        guard let bolus = delivery.bolus, let least = bolus.thicknessMM.min(),
            let most = bolus.thicknessMM.max()
        else {
            canvas.text("none", at: [area.origin.x, 30], size: 11)
            return []
        }
        canvas.text("thickness of \(bolus.material)", at: [area.origin.x, 30], size: 11)
        let scale = WashScale(
            quantity: "Thickness", unit: "mm", map: .viridis, range: least...max(most, least + 1))
        let raster = SharedRaster(
            id: id, png: try PNGEncoder.encode(Self.image(bolus, window, scale)), size: area.size)
        canvas.element(
            "use",
            [
                ("href", "#\(raster.id)"), ("x", Markup.coordinate(area.origin.x)),
                ("y", Markup.coordinate(area.origin.y)),
            ])
        BeamsEyeAxes(area: area, hasGrid: false, hasVerticalLabels: false, hasVerticalTitle: false).draw(
            into: &canvas)
        let own = area.movedToOrigin
        canvas.clippedGroup(id: "\(id)-lines", offset: area.origin, size: area.size) { inner in
            if let widest = delivery.slices.max(by: { $0.opening.areaMM2 < $1.opening.areaMM2 }) {
                inner.path(
                    [Self.outline(of: widest.opening).map { [own.x($0.x), own.y($0.y)] }], closed: true,
                    stroke: .init(colour: .white, width: 1))
            }
            drawTarget(own, &inner)
        }
        ColourBar(scale: scale, id: id).draw(
            into: &canvas, origin: [Picture.width - 40, Self.top + 12],
            size: [16, min(area.size.y - 12, 200)])
        return [raster]
    }

    private func drawTarget(_ area: PlotArea, _ canvas: inout SVGCanvas) {
        canvas.path(
            silhouette.map { $0.map { [area.x($0.x), area.y($0.y)] } }, closed: true,
            stroke: .init(colour: Colour.series[1], width: 1.6))
        let origin = SIMD2(area.x(0), area.y(0))
        for d in [SIMD2(5.0, 0), SIMD2(0, 5)] {
            canvas.line(origin - d, origin + d, .init(colour: .ink, width: 1.2))
        }
    }

    /// Thickness by colour, one pixel a millimetre.
    private static func image(
        _ bolus: Bolus, _ window: (lower: SIMD2<Double>, upper: SIMD2<Double>), _ scale: WashScale
    ) -> RasterImage {
        let extent = window.upper - window.lower
        let (columns, rows) = (max(1, Int(extent.x.rounded(.up))), max(1, Int(extent.y.rounded(.up))))
        let colours = scale.map.table
        var bytes: [UInt8] = []
        bytes.reserveCapacity(4 * columns * rows)
        for row in 0..<rows {
            for column in 0..<columns {
                let share = SIMD2(
                    (Double(column) + 0.5) / Double(columns), 1 - (Double(row) + 0.5) / Double(rows))
                let thickness = bolus.thicknessMM(at: window.lower + share * extent)
                let colour = colours[Int(min(max(scale.share(thickness), 0), 1) * 255)]
                bytes += [colour.red, colour.green, colour.blue, 255]
            }
        }
        return RasterImage(width: columns, height: rows, channels: .colourWithOpacity, bytes: bytes)
    }
}
