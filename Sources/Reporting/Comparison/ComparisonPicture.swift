/// Dose-volume curves of structures in several plans.
///
/// ## Checked by
/// `ComparisonPictureTests`.
public enum ComparisonPicture {
    static let dashes: [[Double]] = [[], [7, 3], [2, 3], [9, 3, 2, 3]]

    /// Curves of one structure.
    ///
    /// - Parameters:
    ///   - curves: Name of the plan and its curve, (dose in Gy (RBE), share of the volume).
    ///   - structure: Name of the structure.
    ///   - name: Stem of the file's name.
    ///   - doses: Doses that are shown, Gy (RBE); nil for all.
    ///   - volumes: Volumes that are shown, %.
    public static func doseVolume(
        _ curves: [(String, [SIMD2<Double>])], structure: String, name: String,
        doses: ClosedRange<Double>? = nil, volumes: ClosedRange<Double> = 0...102
    ) -> Picture {
        plot(curves, doses: doses, volumes: volumes, size: SIMD2(Picture.width, 390), showsLegend: true)
            .picture(
                name: name, title: "\(structure) on each facility",
                alternativeText:
                    "Share of the volume of \(structure) that receives at least a dose, for each facility.")
    }

    private static func plot(
        _ curves: [(String, [SIMD2<Double>])], doses: ClosedRange<Double>?, volumes: ClosedRange<Double>,
        size: SIMD2<Double>, showsLegend: Bool
    ) -> LinePlot {
        let series = curves.enumerated().map { index, curve in
            LinePlot.Series(
                name: curve.0, colour: Colour.series[index % Colour.series.count],
                dash: dashes[index % dashes.count], points: curve.1.map { SIMD2($0.x, 100 * $0.y) })
        }
        let greatest = max(1, curves.flatMap { $0.1.filter { $0.y > 0.0005 }.map(\.x) }.max() ?? 1)
        return LinePlot(
            horizontal: .init(
                title: "RBE-weighted dose (Gy (RBE))", range: doses ?? 0...(1.05 * greatest)),
            panels: [.init(vertical: .init(title: "Volume (%)", range: volumes), series: series)],
            size: size, showsLegend: showsLegend)
    }

    /// Small plots of several structures, two in a row, with one legend above.
    ///
    /// - Parameters:
    ///   - structures: Name of each structure with the curves of the plans, in the same order for all.
    ///   - name: Stem of the file's name.
    static func grid(
        _ structures: [(name: String, curves: [(String, [SIMD2<Double>])])], name: String
    ) -> Picture? {
        guard let first = structures.first else { return nil }
        let cell = SIMD2(Picture.width / 2, 236.0)
        let top = 24.0
        var canvas = SVGCanvas()
        var at = 62.0
        for (index, curve) in first.curves.enumerated() {
            canvas.line(
                [at, 10], [at + 24, 10],
                .init(
                    colour: Colour.series[index % Colour.series.count], width: 2.2,
                    dash: dashes[index % dashes.count]))
            canvas.text(curve.0, at: [at + 30, 14], size: 11)
            at += 48 + 6.6 * Double(curve.0.count)
        }
        for (index, structure) in structures.enumerated() {
            let place = SIMD2(Double(index % 2) * cell.x, top + Double(index / 2) * cell.y)
            let move = "translate(\(Markup.coordinate(place.x)) \(Markup.coordinate(place.y)))"
            canvas.group([("transform", move)]) { inner in
                inner.text(structure.name, at: [62, 15], size: 11.5, bold: true)
                plot(structure.curves, doses: nil, volumes: 0...102, size: cell, showsLegend: false)
                    .draw(into: &inner, id: "\(name)-\(index)")
            }
        }
        let rows = (structures.count + 1) / 2
        return Picture(
            name: name, size: SIMD2(Picture.width, top + cell.y * Double(rows)),
            title: "Organs on each facility",
            alternativeText:
                "Dose-volume curves of \(structures.map(\.name).joined(separator: ", ")) for each facility.",
            canvas: canvas)
    }
}
