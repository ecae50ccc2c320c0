import AcceleratorModel
import Quantities

/// The ring's time line for one field: energy and ions in the ring against time, spills marked.
///
/// ## Checked by
/// `FacilityPicturesTests`.
public enum CyclePicture {
    public static func picture(_ cycle: MachineCycle, name: String, title: String) -> Picture {
        var energy: [SIMD2<Double>] = [SIMD2(0, cycle.figures.injectionEnergy.value)]
        var ions: [SIMD2<Double>] = [SIMD2(0, 0)]
        var beam: [SIMD2<Double>] = []
        let unit = NumberText.powerOfTen(
            (0...20).last { cycle.figures.ionsPerFill >= NumberText.powerOfTen($0) } ?? 0)
        for event in cycle.events {
            if event.phase == .spill {
                beam += [
                    SIMD2(event.startS, event.energy.value), SIMD2(event.endS, event.energy.value),
                    SIMD2(.nan, .nan),
                ]
            }
            energy.append(SIMD2(event.endS, event.energy.value))
            ions.append(SIMD2(event.endS, event.ringIonsAfter / unit))
        }
        let top = cycle.layers.map(\.energy.value).max() ?? 1
        let power = NumberText.scientific(unit, 0).replacing("1 × ", with: "")
        let plot = LinePlot(
            horizontal: .init(title: "Time (s)", range: 0...max(cycle.durationS, 1e-3)),
            panels: [
                .init(
                    vertical: .init(title: "Energy (MeV/u)", range: 0...(1.1 * top)),
                    series: [
                        .init(name: "ring", colour: Colour.series[0], width: 1.2, points: energy),
                        .init(name: "beam on", colour: Colour.series[1], width: 3.4, points: beam),
                    ], weight: 2),
                .init(
                    vertical: .init(
                        title: "Ions (\(power))", range: 0...(1.1 * cycle.figures.ionsPerFill / unit)),
                    series: [.init(name: "to extract", colour: Colour.series[2], width: 1.4, points: ions)]),
            ], size: SIMD2(Picture.width, 460))
        return plot.picture(
            name: name, title: title,
            alternativeText: "Energy of the ring and ions that can still be extracted, against time.")
    }
}
