import BeamOptics
import Foundation

/// Pictures of a ring or beam line: functions along the orbit, and the Steinbach diagram of its slow extraction.
///
/// ## Checked by
/// `LatticePicturesTests`.
public enum LatticePictures {
    /// β, dispersion and the magnets along the orbit.
    ///
    /// - Parameters:
    ///   - lattice: Ring or line.
    ///   - optics: Its optics.
    ///   - name: Stem of the file's name.
    public static func functions(_ lattice: Lattice, optics: LinearOptics, name: String) -> Picture {
        let points = optics.points
        func series(_ title: String, _ colour: Int, dash: [Double] = [], _ value: (OpticsPoint) -> Double)
            -> LinePlot.Series
        {
            LinePlot.Series(
                name: title, colour: Colour.series[colour], dash: dash,
                points: points.map { SIMD2($0.positionM, value($0)) })
        }
        let greatest = max(optics.greatestBetaM.x, optics.greatestBetaM.y)
        let dispersions = points.flatMap { [$0.dispersionM.x, $0.dispersionM.y] }
        let (low, high) = (min(0, dispersions.min() ?? 0), max(0, dispersions.max() ?? 0))
        let margin = max(0.1, 0.08 * (high - low))
        return LinePlot(
            horizontal: .init(title: "Path along the orbit (m)", range: 0...lattice.lengthM),
            panels: [
                .init(
                    vertical: .init(title: "Magnets", range: -1.2...1.2), series: magnets(lattice),
                    weight: 0.35),
                .init(
                    vertical: .init(title: "β (m)", range: 0...(1.08 * greatest)),
                    series: [
                        series("β horizontal", 0) { $0.betaM.x },
                        series("β vertical", 1, dash: [7, 3]) { $0.betaM.y },
                    ]),
                .init(
                    vertical: .init(title: "D (m)", range: (low - margin)...(high + margin)),
                    series: [series("D horizontal", 2) { $0.dispersionM.x }], weight: 0.6),
            ]
        ).picture(
            name: name, title: "Optics of \(lattice.name)",
            alternativeText:
                "Beta functions and dispersion along \(lattice.name), with its bends, quadrupoles and sextupoles above."
        )
    }

    /// Boxes: bends on the line, quadrupoles above or below by the sign of k₁, sextupoles as thin marks.
    static func magnets(_ lattice: Lattice) -> [LinePlot.Series] {
        var (bends, quadrupoles, others): ([SIMD2<Double>], [SIMD2<Double>], [SIMD2<Double>]) = ([], [], [])
        let gap = SIMD2(Double.nan, Double.nan)
        func box(_ from: Double, _ to: Double, _ low: Double, _ high: Double) -> [SIMD2<Double>] {
            [[from, low], [from, high], [to, high], [to, low], [from, low], gap]
        }
        for (element, start) in zip(lattice.elements, lattice.positionsM) {
            let end = start + element.lengthM
            switch element.kind {
            case .bend: bends += box(start, end, -0.5, 0.5)
            case .quadrupole(let k1): quadrupoles += box(start, end, k1 < 0 ? -1 : 0, k1 < 0 ? 0 : 1)
            case .sextupole, .multipole, .septum, .exciter, .cavity, .kicker:
                others += [[start, -0.8], [end, 0.8], gap]
            case .drift: break
            }
        }
        return [
            .init(name: "bends", colour: Colour.series[3], points: bends),
            .init(name: "quadrupoles", colour: Colour.series[4], points: quadrupoles),
            .init(name: "sextupoles, septa, kickers", colour: Colour.series[5], points: others),
        ]
    }

    /// Steinbach diagram: amplitudes that are stable against momentum; both arms of the V meet on the resonance.
    ///
    /// - Parameters:
    ///   - separatrix: Triangle at a momentum deviation.
    ///   - spreadRMS: RMS of the beam's δ.
    ///   - emittanceMRad: RMS emittance of the beam, m rad.
    ///   - name: Stem of the file's name.
    public static func steinbach(
        _ separatrix: (Double) -> Separatrix, spreadRMS: Double, emittanceMRad: Double, name: String
    ) -> Picture {
        let widest = max(6 * spreadRMS, 3e-3)
        let momenta = (-100...100).map { widest * Double($0) / 100 }
        let edge = momenta.map { SIMD2(1e3 * $0, 1e3 * separatrix($0).emittance.squareRoot()) }
        let amplitude = 1e3 * (9 * emittanceMRad).squareRoot()
        let beam: [SIMD2<Double>] = [
            [-3e3 * spreadRMS, 0], [-3e3 * spreadRMS, amplitude], [3e3 * spreadRMS, amplitude],
            [3e3 * spreadRMS, 0],
        ]
        let top = 1.1 * max(edge.map(\.y).max() ?? 1, amplitude)
        return LinePlot(
            horizontal: .init(title: "Momentum deviation δ (10⁻³)", range: -1e3 * widest...1e3 * widest),
            panels: [
                .init(
                    vertical: .init(title: "√(emittance/µm rad) ", range: 0...top),
                    series: [
                        .init(name: "stable triangle", colour: Colour.series[0], points: edge),
                        .init(name: "beam, 3 σ", colour: Colour.series[1], dash: [7, 3], points: beam),
                    ])
            ]
        ).picture(
            name: name, title: "Steinbach diagram",
            alternativeText:
                "Square root of the emittance that is stable against the momentum deviation, and the beam within three standard deviations."
        )
    }
}
