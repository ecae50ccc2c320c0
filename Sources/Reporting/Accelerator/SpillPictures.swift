import BeamOptics
import Foundation
import SlowExtraction

/// Pictures of a slow extraction: spill with its request, spectrum, and phase space at the septum.
///
/// ## Checked by
/// `LatticePicturesTests`.
public enum SpillPictures {
    /// Rate against time, with what was asked for, and the kick of the knock-out.
    ///
    /// - Parameters:
    ///   - spill: The spill.
    ///   - bins: Bins put together in one point.
    ///   - name: Stem of the file's name.
    public static func rate(_ spill: Spill, bins: Int, name: String) -> Picture {
        let width = max(1, bins)
        func grouped(_ values: [Double], perTime: Bool) -> [SIMD2<Double>] {
            stride(from: 0, to: values.count - width + 1, by: width).map { first in
                let sum = values[first..<(first + width)].reduce(0, +)
                let time = (Double(first) + 0.5 * Double(width)) * spill.binS
                return SIMD2(1e3 * time, perTime ? sum / (Double(width) * spill.binS) : sum / Double(width))
            }
        }
        let measured = grouped(spill.ions, perTime: true).map { SIMD2($0.x, 1e-9 * $0.y) }
        let wanted = grouped(spill.requested, perTime: true).map { SIMD2($0.x, 1e-9 * $0.y) }
        let kick = grouped(spill.amplitudeRad, perTime: false).map { SIMD2($0.x, 1e6 * $0.y) }
        let end = max(1e3 * Double(spill.ions.count) * spill.binS, 1e-6)
        return LinePlot(
            horizontal: .init(title: "Time (ms)", range: 0...end),
            panels: [
                .init(
                    vertical: .init(
                        title: "Rate (10⁹ ions/s)",
                        range: 0...(1.1 * max((measured + wanted).map(\.y).max() ?? 1, 1e-9))),
                    series: [
                        .init(name: "extracted", colour: Colour.series[0], points: measured),
                        .init(name: "requested", colour: Colour.series[1], dash: [7, 3], points: wanted),
                    ]),
                .init(
                    vertical: .init(
                        title: "Kick (µrad)", range: 0...(1.1 * max(kick.map(\.y).max() ?? 1, 1e-9))),
                    series: [.init(name: "knock-out amplitude", colour: Colour.series[2], points: kick)],
                    weight: 0.5),
            ]
        ).picture(
            name: name, title: "Spill",
            alternativeText:
                "Rate of extracted ions with the requested rate, and the amplitude of the knock-out kick, against time."
        )
    }

    /// Spectrum of the rate.
    ///
    /// - Parameters:
    ///   - spill: The spill.
    ///   - from: Begin of the stretch, s.
    ///   - to: End of it, s.
    ///   - upToHz: Highest frequency shown.
    ///   - name: Stem of the file's name.
    public static func spectrum(_ spill: Spill, from: Double, to: Double, upToHz: Double, name: String)
        -> Picture
    {
        let lines = spill.spectrum(from: from, to: to).filter { $0.frequencyHz <= upToHz }
        let top = 1.1 * max(lines.map(\.amplitude).max() ?? 1, 1e-6)
        return LinePlot(
            horizontal: .init(title: "Frequency (Hz)", range: 0...max(upToHz, 1)),
            panels: [
                .init(
                    vertical: .init(title: "Amplitude over the mean rate", range: 0...top),
                    series: [
                        .init(
                            name: "spill", colour: Colour.series[0],
                            points: lines.map { SIMD2($0.frequencyHz, $0.amplitude) })
                    ])
            ], size: SIMD2(Picture.width, 320)
        ).picture(
            name: name, title: "Spectrum of the spill",
            alternativeText: "Amplitudes of the rate of extracted ions over its mean, by frequency.")
    }

    /// Position and angle of what arrives at the septum.
    ///
    /// - Parameters:
    ///   - spill: The spill.
    ///   - name: Stem of the file's name.
    public static func phaseSpace(_ spill: Spill, name: String) -> Picture {
        let places = spill.particles.map { SIMD2(1e3 * $0.positionM, 1e3 * $0.angleRad) }
        let wall = spill.particles.indices.filter { spill.particles[$0].hitWall }.map { places[$0] }
        func span(_ values: [Double]) -> ClosedRange<Double> {
            let (low, high) = (values.min() ?? -1, values.max() ?? 1)
            let margin = max(0.08 * (high - low), 0.05)
            return (low - margin)...(high + margin)
        }
        return LinePlot(
            horizontal: .init(title: "Position at the septum (mm)", range: span(places.map(\.x))),
            panels: [
                .init(
                    vertical: .init(title: "Angle (mrad)", range: span(places.map(\.y))),
                    series: [
                        .init(
                            name: "extracted", colour: Colour.series[0], width: 2, style: .dots,
                            points: places),
                        .init(
                            name: "on the wall", colour: Colour.series[1], width: 2, style: .dots,
                            points: wall),
                    ])
            ]
        ).picture(
            name: name, title: "Phase space at the septum",
            alternativeText:
                "Horizontal position and angle of the extracted particles at the entrance of the septum.")
    }
}
