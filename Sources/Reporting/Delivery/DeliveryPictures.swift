/// Pictures of a delivered field: what the beam did in time, where it was, where the time went.
///
/// ## Checked by
/// `DeliveryPageTests`.
public enum DeliveryPictures {
    /// Rate, energy, gate and breathing against time.
    ///
    /// - Parameter field: Of the report.
    public static func trace(_ field: DeliveryReport.DeliveredField) -> Picture {
        let trace = field.trace
        let count = trace.rateIonsPerS.count
        let end = max(Double(count) * trace.binS, 1e-3)
        func points(_ values: [Double], _ factor: Double = 1) -> [SIMD2<Double>] {
            thinned(values).map { SIMD2(($0.0 + 0.5) * trace.binS, factor * $0.1) }
        }
        let greatest = trace.rateIonsPerS.max() ?? 0
        let exponent = greatest > 0 ? (0...20).last { NumberText.powerOfTen($0) <= greatest } ?? 0 : 0
        let unit = NumberText.powerOfTen(exponent)
        let power = NumberText.scientific(unit, 0).replacing("1 × ", with: "")
        let energies = trace.energyMeVPerNucleon.filter(\.isFinite)
        var panels: [LinePlot.Panel] = [
            .init(
                vertical: .init(title: "Rate (\(power) ions/s)", range: 0...max(1.1 * greatest / unit, 1e-6)),
                series: [
                    .init(
                        name: "beam", colour: Colour.series[0], width: 1,
                        points: points(trace.rateIonsPerS, 1 / unit))
                ], weight: 2),
            .init(
                vertical: .init(
                    title: "MeV/u", range: 0.95 * (energies.min() ?? 0)...max(1.05 * (energies.max() ?? 1), 1)
                ),
                series: [
                    .init(
                        name: "energy", colour: Colour.series[1], width: 1.4,
                        points: points(trace.energyMeVPerNucleon))
                ]),
        ]
        if !trace.gateOpen.isEmpty {
            panels.append(
                .init(
                    vertical: .init(title: "Gate", range: 0...1.1),
                    series: [
                        .init(
                            name: "gate open", colour: Colour.series[2], width: 1,
                            points: points(trace.gateOpen))
                    ], weight: 0.6))
        }
        if !trace.breathing.isEmpty {
            let top = max(1, trace.breathing.max() ?? 1)
            panels.append(
                .init(
                    vertical: .init(
                        title: "Breathing", range: min(0, trace.breathing.min() ?? 0)...1.05 * top),
                    series: [
                        .init(
                            name: "amplitude", colour: Colour.series[3], width: 1.2,
                            points: points(trace.breathing))
                    ], weight: 0.8))
        }
        return LinePlot(
            horizontal: .init(title: "Time (s)", range: 0...end), panels: panels,
            size: SIMD2(Picture.width, 200 + 90 * Double(panels.count))
        ).picture(
            name: "trace-\(field.number)", title: "Beam of field \(field.number), \(field.name)",
            alternativeText:
                "Extraction rate, energy, gate and breathing of field \(field.name) against time.")
    }

    /// At most some 1,500 points: of each group of bins the mean; a bin is a point where there are few.
    private static func thinned(_ values: [Double]) -> [(Double, Double)] {
        let width = max(1, values.count / 1500)
        return stride(from: 0, to: values.count, by: width).map { first in
            let group = values[first..<min(values.count, first + width)]
            return (Double(first) + 0.5 * Double(group.count - 1), group.reduce(0, +) / Double(group.count))
        }
    }

    /// Histogram of measured less planned positions, x and y.
    ///
    /// - Parameter fields: Of the report.
    public static func positionErrors(_ fields: [DeliveryReport.DeliveredField]) -> Picture {
        let errors = fields.flatMap(\.positionErrorsMM)
        let reach = max(0.5, (errors.flatMap { [abs($0.x), abs($0.y)] }.max() ?? 0.5) * 1.05)
        let bins = 60
        func histogram(_ axis: Int) -> [SIMD2<Double>] {
            var counts = [Double](repeating: 0, count: bins)
            for error in errors {
                let place = (error[axis] + reach) / (2 * reach) * Double(bins)
                counts[min(bins - 1, max(0, Int(place)))] += 1
            }
            let width = 2 * reach / Double(bins)
            return counts.enumerated().map {
                SIMD2(-reach + (Double($0) + 0.5) * width, 100 * $1 / Double(max(1, errors.count)))
            }
        }
        let curves = [histogram(0), histogram(1)]
        let top = max(1, curves.joined().map(\.y).max() ?? 1)
        return LinePlot(
            horizontal: .init(title: "Measured less planned position (mm)", range: -reach...reach),
            panels: [
                .init(
                    vertical: .init(title: "Visits (%)", range: 0...1.1 * top),
                    series: [
                        .init(name: "x", colour: Colour.series[0], points: curves[0]),
                        .init(name: "y", colour: Colour.series[1], dash: [5, 3], points: curves[1]),
                    ])
            ], marks: [.init(value: 0, label: "")], size: SIMD2(Picture.width, 260)
        ).picture(
            name: "position-errors", title: "Position of the beam",
            alternativeText: "Histogram of measured less planned spot positions in x and y.")
    }

    /// Histogram of delivered over planned ions of the spots; what lies beyond the axis (a spot in a hundred) is in the outermost bins.
    ///
    /// - Parameter fields: Of the report.
    public static func spotRatios(_ fields: [DeliveryReport.DeliveredField]) -> Picture {
        let percents = fields.flatMap(\.spotRatios).map { 100 * ($0 - 1) }
        let reach = max(
            2, min(100, (percents.map(abs).sorted().dropLast(percents.count / 100).last ?? 2) * 1.2))
        let bins = 60
        var counts = [Double](repeating: 0, count: bins)
        for percent in percents {
            let place = (percent + reach) / (2 * reach) * Double(bins)
            counts[min(bins - 1, max(0, Int(place)))] += 1
        }
        let width = 2 * reach / Double(bins)
        let points = counts.enumerated().map {
            SIMD2(-reach + (Double($0) + 0.5) * width, 100 * $1 / Double(max(1, percents.count)))
        }
        return LinePlot(
            horizontal: .init(title: "Delivered less planned ions of a spot (%)", range: -reach...reach),
            panels: [
                .init(
                    vertical: .init(title: "Spots (%)", range: 0...1.1 * max(1, points.map(\.y).max() ?? 1)),
                    series: [.init(name: "spots", colour: Colour.series[0], points: points)])
            ], marks: [.init(value: 0, label: "")], size: SIMD2(Picture.width, 260)
        ).picture(
            name: "spot-ratios", title: "Ions of the spots",
            alternativeText:
                "Histogram of delivered less planned ions of all spots; what lies beyond the axis is in the outermost bins."
        )
    }

    /// Where the time of each field went: one bar a field, stacked.
    ///
    /// - Parameter fields: Of the report.
    public static func times(_ fields: [DeliveryReport.DeliveredField]) -> Picture {
        var canvas = SVGCanvas()
        let names = fields.first.map { $0.times.map(\.name) } ?? []
        let longest = max(fields.map { $0.times.reduce(0) { $0 + $1.seconds } }.max() ?? 1, 1e-3)
        let (left, right, row) = (150.0, 90.0, 30.0)
        let width = Picture.width - left - right
        let height = 34 + row * Double(fields.count) + 10
        var x = left
        for (index, name) in names.enumerated() {
            canvas.rectangle(
                SIMD2(x, 8), SIMD2(12, 12), fill: Colour.series[index % Colour.series.count])
            canvas.text(name, at: SIMD2(x + 17, 18), size: 11)
            x += 34 + 6.4 * Double(name.count)
        }
        for (index, field) in fields.enumerated() {
            let y = 34 + row * Double(index)
            canvas.text("\(field.number)  \(field.name)", at: SIMD2(4, y + 15), size: 12)
            var start = left
            for (part, share) in field.times.enumerated() {
                let length = share.seconds / longest * width
                canvas.rectangle(
                    SIMD2(start, y), SIMD2(length, row - 9), fill: Colour.series[part % Colour.series.count])
                start += length
            }
            let total = field.times.reduce(0) { $0 + $1.seconds }
            canvas.text("\(NumberText.fixed(total, 1)) s", at: SIMD2(start + 6, y + 15), size: 12)
        }
        return Picture(
            name: "times", size: SIMD2(Picture.width, height), title: "Where the time went",
            alternativeText:
                "One bar for each field, divided into beam, scanning, gate, energy steps, fills and the rest.",
            canvas: canvas)
    }

    /// Dose-volume curves: full lines planned, dashed delivered.
    ///
    /// - Parameter dose: Of the report.
    public static func doseVolume(_ dose: DeliveryReport.DoseComparisonFacts) -> Picture {
        var series: [LinePlot.Series] = []
        var greatest = dose.prescribedDose
        for (index, pair) in dose.structures.enumerated() {
            let colour = Colour.series[index % Colour.series.count]
            for (row, isPlanned) in [(pair.planned, true), (pair.delivered, false)] {
                greatest = max(greatest, row.curve.last { $0.y > 0.0005 }?.x ?? 0)
                series.append(
                    .init(
                        name: row.structureName, colour: colour, dash: isPlanned ? [] : [5, 3],
                        width: pair.isTarget ? 2.4 : 1.5, points: row.curve.map { SIMD2($0.x, 100 * $0.y) },
                        isListed: isPlanned))
            }
        }
        return LinePlot(
            horizontal: .init(title: "RBE-weighted dose (Gy (RBE))", range: 0...max(1.04 * greatest, 1e-6)),
            panels: [.init(vertical: .init(title: "Volume (%)", range: 0...102), series: series)],
            marks: [
                .init(value: 0.95 * dose.prescribedDose, label: "95 %"),
                .init(value: dose.prescribedDose, label: "100 %"),
            ], size: SIMD2(Picture.width, 390)
        ).picture(
            name: "delivered-dose-volume", title: "Dose-volume histogram, planned and delivered",
            alternativeText:
                "Dose-volume curves of all structures: full lines planned, dashed lines delivered.")
    }
}
