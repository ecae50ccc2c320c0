import PlanModel
import Quantities

/// The ions of each energy layer, as bars over the energy, one panel per field on one axis.
struct LayerChart {
    let fields: [Field]

    /// Draws the chart; nil for a plan without layers.
    func picture(name: String) -> Picture? {
        let layers = fields.flatMap(\.layers)
        let energies = layers.map(\.energy.value)
        guard let least = energies.min(), let greatest = energies.max(),
            let most = layers.map(\.particles).max(),
            most > 0
        else { return nil }
        let margin = max(0.03 * (greatest - least), 2)
        let exponent = (0...20).last { most >= NumberText.powerOfTen($0) } ?? 0
        let unit = NumberText.powerOfTen(exponent)
        let power = NumberText.scientific(unit, 0).replacing("1 × ", with: "")
        let plot = LinePlot(
            horizontal: .init(title: "Energy (MeV/u)", range: (least - margin)...(greatest + margin)),
            panels: fields.filter { !$0.layers.isEmpty }.map { field in
                .init(
                    vertical: .init(title: "Ions (\(power))", range: 0...(1.1 * most / unit)),
                    series: [
                        .init(
                            name: field.name, colour: Colour.series[0], width: 2.6, style: .stems,
                            points: field.layers.map { SIMD2($0.energy.value, $0.particles / unit) })
                    ])
            }, size: SIMD2(Picture.width, 90 + 105 * Double(fields.count)))
        return plot.picture(
            name: name, title: "Energy layers",
            alternativeText: "Number of ions per fraction in each energy layer, for each field.")
    }
}
