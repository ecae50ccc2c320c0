import Frames
import PatientModel
import PlanEvaluation
import PlanModel

/// Range differences of the rays of every field as coloured squares in the beam's eye view, all on one colour scale.
///
/// Axes are IEC gantry x and y at the isocentre plane, seen from the source: x to the right, y up. Dark grey squares are rays where
/// one of the doses has no edge; light grey is what was not compared.
struct RangeMaps {
    let ranges: [CheckReport.FieldRange]
    let target: Structure?
    let position: PatientPosition

    private static let columns = 3
    /// No difference is nearly white: what has none must not look like it.
    private static let notCompared = Colour(hex: 0xD9DDE2)
    private static let noEdge = Colour(hex: 0x6E7680)

    /// nil if no ray of any field has a difference.
    func picture(name: String) throws(PNGError) -> Picture? {
        let shown = ranges.filter { !$0.comparison.rays.isEmpty }
        let differences = shown.flatMap { $0.comparison.rays.compactMap { $0.differenceMM(.eighty) } }
        guard let percentiles = Percentiles(differences.map(abs)) else { return nil }
        let limit = max(2, percentiles.value(0.98).rounded(.up))
        let scale = WashScale(
            quantity: "mm", unit: "mm", map: .difference, range: -limit...limit)
        let (left, gap, top, bottom, bar) = (50.0, 18.0, 40.0, 46.0, 96.0)
        let slots = Double(Self.columns)
        let slotWidth = (Picture.width - left - bar - gap * (slots - 1)) / slots
        let boxes = shown.map { Self.box($0.comparison) }
        let extent = boxes.map { $0.upper - $0.lower }.reduce(SIMD2(1, 1), pointwiseMax)
        let pixelsPerMM = min(slotWidth / extent.x, 210 / extent.y)
        let height = extent.y * pixelsPerMM
        var canvas = SVGCanvas()
        var rasters: [SharedRaster] = []
        for (index, range) in shown.enumerated() {
            let (row, column) = index.quotientAndRemainder(dividingBy: Self.columns)
            let size = (boxes[index].upper - boxes[index].lower) * pixelsPerMM
            let area = PlotArea(
                origin: SIMD2(
                    left + Double(column) * (slotWidth + gap), top + Double(row) * (height + top + bottom)),
                size: size, horizontal: boxes[index].lower.x...boxes[index].upper.x,
                vertical: boxes[index].lower.y...boxes[index].upper.y)
            let image = Self.image(range.comparison, box: boxes[index], scale: scale)
            let raster = SharedRaster(
                id: "\(name)-\(range.field.number)", png: try PNGEncoder.encode(image), size: size)
            rasters.append(raster)
            draw(range, raster, area, isFirst: column == 0, &canvas)
        }
        let rows = (shown.count + Self.columns - 1) / Self.columns
        ColourBar(scale: scale, id: name).draw(
            into: &canvas, origin: [Picture.width - 44, top], size: [16, min(height, 180)])
        canvas.text(
            "rec. − plan", at: [Picture.width - 36, top - 24], anchor: .middle, size: 11, bold: true)
        return Picture(
            name: name, size: SIMD2(Picture.width, Double(rows) * (height + top + bottom)),
            title: "Range differences",
            alternativeText:
                "Difference of the 80 % depths of recomputed and planned dose on rays parallel to each field, seen from the source, with the "
                + "outline of the target.", canvas: canvas, rasters: rasters)
    }

    /// Corner to corner of the squares of the rays.
    private static func box(_ comparison: RangeComparison) -> (lower: SIMD2<Double>, upper: SIMD2<Double>) {
        let places = comparison.rays.map(\.positionMM)
        let half = comparison.settings.pitchMM / 2
        let lower = places.reduce(places[0], pointwiseMin) - half
        let upper = places.reduce(places[0], pointwiseMax) + half
        return (lower - comparison.settings.pitchMM, upper + comparison.settings.pitchMM)
    }

    /// Eight pixels a ray, so that browsers do not blur the squares.
    private static func image(
        _ comparison: RangeComparison, box: (lower: SIMD2<Double>, upper: SIMD2<Double>), scale: WashScale
    ) -> RasterImage {
        let pitch = comparison.settings.pitchMM
        let magnification = 8
        let columns = Int(((box.upper.x - box.lower.x) / pitch).rounded()) * magnification
        let rows = Int(((box.upper.y - box.lower.y) / pitch).rounded()) * magnification
        var bytes = [UInt8](repeating: 0, count: columns * rows * 4)
        for ray in comparison.rays {
            let colour =
                ray.differenceMM(.eighty).map { scale.map.colour(at: scale.share($0)) }
                ?? noEdge
            let column = Int(((ray.positionMM.x - pitch / 2 - box.lower.x) / pitch).rounded()) * magnification
            let row = Int(((box.upper.y - ray.positionMM.y - pitch / 2) / pitch).rounded()) * magnification
            for y in row..<row + magnification {
                for x in column..<column + magnification {
                    let at = 4 * (y * columns + x)
                    (bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]) = (
                        colour.red, colour.green, colour.blue, 255
                    )
                }
            }
        }
        return RasterImage(width: columns, height: rows, channels: .colourWithOpacity, bytes: bytes)
    }

    private func draw(
        _ range: CheckReport.FieldRange, _ raster: SharedRaster, _ area: PlotArea, isFirst: Bool,
        _ canvas: inout SVGCanvas
    ) {
        canvas.text(
            "Field \(range.field.number) ‘\(range.field.name)’", at: [area.origin.x, area.origin.y - 22],
            size: 12,
            bold: true)
        canvas.text(
            range.isOfField ? "range of the field" : "edge of the plan's dose",
            at: [area.origin.x, area.origin.y - 7], size: 11, colour: .quietInk)
        canvas.rectangle(area.origin, area.size, fill: Self.notCompared)
        canvas.element(
            "use",
            [
                ("href", "#\(raster.id)"), ("x", Markup.coordinate(area.origin.x)),
                ("y", Markup.coordinate(area.origin.y)),
            ])
        if let target {
            let axis = BeamAxis(field: range.field, position: position)
            let lines = TargetSilhouette(target, axis: axis).lines.map { line in
                line.map { SIMD2(area.x($0.x), area.y($0.y)) }
            }
            canvas.path(lines, closed: true, stroke: .init(colour: .ink, width: 1.1))
        }
        BeamsEyeAxes(area: area, hasGrid: false, hasVerticalLabels: true, hasVerticalTitle: isFirst)
            .draw(into: &canvas)
    }
}
