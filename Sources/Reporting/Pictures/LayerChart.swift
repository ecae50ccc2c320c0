import PlanModel
import Quantities

/// The ions of each energy layer of a field, as bars over the energy.
struct LayerChart {
    let field: Field

    /// Draws the chart; nil for a field without layers.
    func picture(name: String) -> Picture? {
        let energies = field.layers.map(\.energy.value)
        guard let least = energies.min(), let greatest = energies.max(),
            let most = field.layers.map(\.particles).max(), most > 0
        else { return nil }
        let margin = max(0.04 * (greatest - least), 2)
        let exponent = (0...20).last { most >= NumberText.powerOfTen($0) } ?? 0
        let unit = NumberText.powerOfTen(exponent)
        let plot = LinePlot(
            horizontal: .init(title: "Energy (MeV/u)", range: (least - margin)...(greatest + margin)),
            panels: [
                .init(
                    vertical: .init(
                        title:
                            "Ions per layer (\(NumberText.scientific(unit, 0).replacing("1 × ", with: "")))",
                        range: 0...(1.1 * most / unit)),
                    series: [
                        .init(
                            name: field.name, colour: Colour.series[0], width: 3, style: .stems,
                            points: field.layers.map { SIMD2($0.energy.value, $0.particles / unit) })
                    ])
            ], size: SIMD2(960, 230), showsLegend: false)
        return plot.picture(
            name: name, title: "Energy layers of field \(field.name)",
            alternativeText: "Number of ions in each energy layer of field \(field.name), per fraction.")
    }
}
