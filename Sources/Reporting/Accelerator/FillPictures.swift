import Foundation
import Quantities
import SlowExtraction

/// Pictures of a fill on an extended flat top.
///
/// ## Checked by
/// `FillPicturesTests`.
public enum FillPictures {
    /// Rate and energy against time over the whole fill.
    ///
    /// - Parameters:
    ///   - layers: Layers of one fill, in order.
    ///   - name: Stem of the file's name.
    public static func rateAndEnergy(_ layers: [FilledLayer], name: String) -> Picture {
        var rate: [SIMD2<Double>] = []
        var wanted: [SIMD2<Double>] = []
        var energy: [SIMD2<Double>] = []
        var end = 1e-3
        var before: Double?
        for layer in layers {
            guard let spill = layer.spill else { continue }
            if let before { energy.append(SIMD2(layer.stepStartS, before)) }
            energy.append(SIMD2(layer.startS, layer.request.energy.value))
            energy.append(SIMD2(layer.endS, layer.request.energy.value))
            before = layer.request.energy.value
            end = layer.endS
            for (values, isRate) in [(spill.ions, true), (spill.requested, false)] {
                // Bins of a millisecond; zero on both sides, so that the steps show as gaps.
                let width = max(1, Int((1e-3 / spill.binS).rounded()))
                var points = [SIMD2(layer.startS, 0.0)]
                for first in stride(from: 0, to: values.count, by: width) {
                    let stop = min(values.count, first + width)
                    let time = Double(stop - first) * spill.binS
                    let height = 1e-9 * values[first..<stop].reduce(0, +) / time
                    points.append(SIMD2(layer.startS + Double(first) * spill.binS, height))
                    points.append(SIMD2(layer.startS + Double(stop) * spill.binS, height))
                }
                points.append(SIMD2(layer.endS, 0))
                if isRate { rate += points } else { wanted += points }
            }
        }
        let top = 1.1 * max((rate + wanted).map(\.y).max() ?? 0, 1e-9)
        let energies = energy.map(\.y)
        let (low, high) = (energies.min() ?? 0, energies.max() ?? 1)
        let margin = max(0.1 * (high - low), 1)
        return LinePlot(
            horizontal: .init(title: "Time on the flat top (s)", range: 0...end),
            panels: [
                .init(
                    vertical: .init(title: "Rate (10⁹ ions/s)", range: 0...top),
                    series: [
                        .init(name: "extracted", colour: Colour.series[0], points: rate),
                        .init(name: "requested", colour: Colour.series[1], dash: [7, 3], points: wanted),
                    ]),
                .init(
                    vertical: .init(title: "Energy (MeV/u)", range: (low - margin)...(high + margin)),
                    series: [.init(name: "energy", colour: Colour.series[2], points: energy)], weight: 0.6),
            ]
        ).picture(
            name: name, title: "One fill of the ring",
            alternativeText:
                "Rate of extracted ions with the requested rate, and the energy of the ring, against time over one fill."
        )
    }
}
