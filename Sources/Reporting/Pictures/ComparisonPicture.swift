/// Dose-volume curves of one structure in several plans.
///
/// ## Checked by
/// `ComparisonPictureTests`.
public enum ComparisonPicture {
    /// - Parameters:
    ///   - curves: Name of the plan and its curve, (dose in Gy (RBE), share of the volume).
    ///   - structure: Name of the structure.
    ///   - name: Stem of the file's name.
    public static func doseVolume(
        _ curves: [(String, [SIMD2<Double>])], structure: String, name: String
    ) -> Picture {
        let dashes: [[Double]] = [[], [7, 3], [2, 3], [9, 3, 2, 3]]
        let series = curves.enumerated().map { index, curve in
            LinePlot.Series(
                name: curve.0, colour: Colour.series[index % Colour.series.count],
                dash: dashes[index % dashes.count],
                points: curve.1.map { SIMD2($0.x, 100 * $0.y) })
        }
        let greatest = max(1, curves.flatMap { $0.1.filter { $0.y > 0.0005 }.map(\.x) }.max() ?? 1)
        return LinePlot(
            horizontal: .init(title: "RBE-weighted dose (Gy (RBE))", range: 0...(1.05 * greatest)),
            panels: [.init(vertical: .init(title: "Volume (%)", range: 0...102), series: series)],
            size: SIMD2(Picture.width, 390)
        ).picture(
            name: name, title: "\(structure) on each facility",
            alternativeText:
                "Share of the volume of \(structure) that receives at least a dose, for each facility.")
    }
}
