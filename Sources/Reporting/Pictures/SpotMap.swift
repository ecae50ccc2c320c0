import PlanModel
import Quantities

/// The spots of some layers of a field in the beam's eye view: each spot a disc whose area is its number of ions.
///
/// Axes are IEC gantry x and y at the isocentre plane, seen from the source: x to the right, y up.
///
/// ## Checked by
/// `SpotMapTests`.
public struct SpotMap: Sendable {
    public var field: Field
    /// Indices of the layers that are shown, side by side.
    public var layerIndices: [Int]
    /// Outline of the target in the same frame, mm.
    var silhouette: [[SIMD2<Double>]]
    public var widthPX: Double

    package init(
        field: Field, layerIndices: [Int], silhouette: [[SIMD2<Double>]] = [], widthPX: Double = Picture.width
    ) {
        self.field = field
        self.layerIndices = layerIndices.filter { field.layers.indices.contains($0) }
        self.silhouette = silhouette
        self.widthPX = widthPX
    }

    /// The layers of the highest and the lowest energy and the one with most ions; if that is one of them, the
    /// middle one.
    public static func telling(_ field: Field) -> [Int] {
        guard
            let heaviest = field.layers.indices.max(by: {
                field.layers[$0].particles < field.layers[$1].particles
            })
        else { return [] }
        let last = field.layers.count - 1
        let between = heaviest == 0 || heaviest == last ? last / 2 : heaviest
        return Array(Set([0, between, last])).sorted()
    }

    /// Draws the maps; nil if no layer has a spot.
    public func picture(name: String) -> Picture? {
        let layers = layerIndices.map { field.layers[$0] }
        let spots = layers.flatMap(\.spots)
        guard !spots.isEmpty, let pitch = Self.pitchMM(layers) else { return nil }
        let outlined = spots.map(\.positionMM) + silhouette.joined()
        let lower = outlined.reduce(outlined[0], pointwiseMin) - 6
        let upper = outlined.reduce(outlined[0], pointwiseMax) + 6
        let extent = upper - lower
        // Up to three maps share the width; they keep one scale, the same across and up.
        let (left, gap, top, bottom) = (50.0, 16.0, 38.0, 40.0)
        let slots = Double(max(layers.count, 3))
        let slotWidth = (widthPX - left - gap * (slots - 1) - 8) / slots
        let pixelsPerMM = min(slotWidth / extent.x, 250 / extent.y)
        let size = extent * pixelsPerMM
        let most = spots.map(\.particles).max() ?? 1
        let largestRadius = max(0.62 * pitch * pixelsPerMM, 1.5)
        var canvas = SVGCanvas()
        for (slot, layer) in layers.enumerated() {
            let area = PlotArea(
                origin: SIMD2(left + Double(slot) * (slotWidth + gap), top), size: size,
                horizontal: lower.x...upper.x,
                vertical: lower.y...upper.y)
            BeamsEyeAxes(
                area: area, hasGrid: true, hasVerticalLabels: slot == 0, hasVerticalTitle: slot == 0
            ).draw(into: &canvas)
            let title =
                "Layer \(layerIndices[slot] + 1) of \(field.layers.count): \(NumberText.fixed(layer.energy.value, 1)) MeV/u"
            canvas.text(title, at: [area.origin.x, 14], size: 12, bold: true)
            canvas.text(
                "\(NumberText.grouped(layer.spots.count)) spots, \(NumberText.particles(layer.particles)) ions",
                at: [area.origin.x, 30], size: 11, colour: .quietInk)
            canvas.clippedGroup(id: "\(name)-\(slot)-clip", offset: area.origin, size: size) { inner in
                drawSpots(layer, area.movedToOrigin, most: most, largestRadius: largestRadius, &inner)
            }
        }
        drawKey(&canvas, most: most, radius: largestRadius, y: top + size.y + bottom + 20, left: left)
        return Picture(
            name: name, size: SIMD2(widthPX, top + size.y + bottom + 34),
            title: "Spot map of field \(field.name)",
            alternativeText: "Spots of \(layers.count) layers of field \(field.name) seen from the source, "
                + "disc area in proportion to the number of ions, with the outline of the target.",
            canvas: canvas)
    }

    private func drawSpots(
        _ layer: EnergyLayer, _ area: PlotArea, most: Double, largestRadius: Double, _ canvas: inout SVGCanvas
    ) {
        func place(_ p: SIMD2<Double>) -> SIMD2<Double> { [area.x(p.x), area.y(p.y)] }
        canvas.path(
            silhouette.map { $0.map(place) }, closed: true,
            stroke: .init(colour: Colour.series[1], width: 1.4))
        canvas.path(
            [layer.spots.map { place($0.positionMM) }], closed: false,
            stroke: .init(colour: .quietInk, width: 0.6, opacity: 0.45))
        canvas.group([("fill", Colour.series[0].css), ("fill-opacity", "0.72")]) { group in
            for spot in layer.spots where spot.particles > 0 {
                let centre = place(spot.positionMM)
                group.element(
                    "circle",
                    [
                        ("cx", Markup.coordinate(centre.x)), ("cy", Markup.coordinate(centre.y)),
                        ("r", Markup.coordinate(largestRadius * (spot.particles / most).squareRoot())),
                    ])
            }
        }
        let origin = place(.zero)
        for d in [SIMD2(5.0, 0), SIMD2(0, 5)] {
            canvas.line(origin - d, origin + d, .init(colour: .ink, width: 1.2))
        }
    }

    /// Discs for known numbers of ions, the outline and the scan path.
    private func drawKey(_ canvas: inout SVGCanvas, most: Double, radius: Double, y: Double, left: Double) {
        var x = left
        for share in [1, 0.5, 0.1] {
            canvas.circle(
                [x + radius, y], radius: radius * share.squareRoot(), fill: Colour.series[0], opacity: 0.72)
            let label = "\(NumberText.particles(most * share)) ions"
            canvas.text(label, at: [x + 2 * radius + 6, y + 4], size: 11)
            x += 2 * radius + 26 + 6.6 * Double(label.count)
        }
        if !silhouette.isEmpty {
            canvas.line([x, y], [x + 20, y], .init(colour: Colour.series[1], width: 1.6))
            canvas.text("target, projected", at: [x + 26, y + 4], size: 11)
            x += 150
        }
        canvas.line([x, y], [x + 20, y], .init(colour: .quietInk, width: 0.8, opacity: 0.6))
        canvas.text("scan path", at: [x + 26, y + 4], size: 11)
    }

    /// Median distance of a spot to its nearest neighbour, mm; nil for no spots at all.
    static func pitchMM(_ layers: [EnergyLayer]) -> Double? {
        var nearest: [Double] = []
        for layer in layers {
            // A few hundred spots are enough for a median.
            let sample = stride(from: 0, to: layer.spots.count, by: max(1, layer.spots.count / 200))
            for index in sample {
                let p = layer.spots[index].positionMM
                let squares = layer.spots.enumerated().filter { $0.offset != index }.map {
                    let d = $0.element.positionMM - p
                    return (d * d).sum()
                }
                if let least = squares.min(), least > 0 { nearest.append(least.squareRoot()) }
            }
        }
        guard !layers.allSatisfy(\.spots.isEmpty) else { return nil }
        nearest.sort()
        return nearest.isEmpty ? 3 : nearest[nearest.count / 2]
    }
}
