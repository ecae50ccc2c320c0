import AcceleratorModel

/// Pictures of capture and acceleration.
///
/// ## Checked by
/// `FacilityPicturesTests`.
public enum RampPictures {
    /// Dipole field, RF frequency, voltage and synchronous phase against time.
    ///
    /// - Throws: What the program's bucket refuses.
    public static func program(_ program: RampProgram, machine: String) throws -> Picture {
        let count = 600
        let times = (0...count).map { program.durationS * Double($0) / Double(count) }
        func panel(
            _ title: String, _ colour: Int, upTo top: Double? = nil, _ value: (Double) throws -> Double
        ) rethrows -> LinePlot.Panel {
            let points = try times.map { SIMD2($0 * 1e3, try value($0)) }
            let greatest = top ?? 1.08 * (points.map(\.y).max() ?? 1)
            return .init(
                vertical: .init(title: title, range: 0...max(greatest, 1e-6)),
                series: [.init(name: title, colour: Colour.series[colour], points: points, isListed: false)])
        }
        let captureMS = program.radioFrequency.captureS * 1e3
        let plot = LinePlot(
            horizontal: .init(
                title: "Time since the start of capture (ms)", range: 0...(program.durationS * 1e3)),
            panels: [
                panel("B (T)", 0) { program.field(at: $0) },
                try panel("f RF (MHz)", 1) { try program.bucket(at: $0).frequencyHz * 1e-6 },
                panel("V RF (kV)", 2) { program.voltage(at: $0) * 1e-3 },
                panel("phase (deg)", 3, upTo: 60) { program.synchronousPhase(at: $0) * 180 / .pi },
            ],
            bands: [.init(range: 0...captureMS, label: "capture", colour: Colour.series[5])],
            size: SIMD2(Picture.width, 640), showsLegend: false)
        return plot.picture(
            name: "ramp", title: "Capture and acceleration, \(machine)",
            alternativeText: "Dipole field, RF frequency, RF voltage and synchronous phase against time.")
    }

    /// The particles in the bucket at one moment.
    public static func bucket(_ snapshot: LongitudinalResult.Snapshot, number: Int) -> Picture {
        func degrees(_ point: SIMD2<Double>) -> SIMD2<Double> { SIMD2(point.x * 180 / .pi, point.y * 1e3) }
        let separatrix = snapshot.bucket.separatrix()
        let highest = (separatrix + snapshot.points).map { abs($0.y) * 1e3 }.max() ?? 1
        let plot = LinePlot(
            horizontal: .init(title: "RF phase (deg)", range: -180...180),
            panels: [
                .init(
                    vertical: .init(title: "dp/p (0.1 %)", range: (-1.1 * highest)...(1.1 * highest)),
                    series: [
                        .init(
                            name: "ions", colour: Colour.series[0], width: 2.6, style: .dots,
                            points: snapshot.points.map(degrees)),
                        .init(
                            name: "separatrix", colour: Colour.series[1],
                            points: (separatrix + separatrix.prefix(1)).map(degrees)),
                    ])
            ], size: SIMD2(Picture.width, 340))
        return plot.picture(
            name: "bucket-\(number)",
            title: "Bucket, \(snapshot.label), \(NumberText.fixed(snapshot.timeS * 1e3, 1)) ms",
            alternativeText: "Ions and separatrix in RF phase and relative momentum, \(snapshot.label).")
    }

    /// The stored beam behind multi-turn injection in normalised phase space.
    public static func injection(
        _ result: MultiTurnInjectionResult, of injection: MultiTurnInjection
    ) -> Picture {
        let edge = injection.acceptanceUM.squareRoot()
        // The share of the ring's acceptance is a circle; it is drawn as points of known amplitude.
        let circle = CircleOutline(radius: edge).points
        let shown = stride(from: 0, to: result.stored.count, by: max(1, result.stored.count / 3000)).map {
            result.stored[$0]
        }
        let plot = LinePlot(
            horizontal: .init(title: "X (√µm)", range: (-1.15 * edge)...(1.15 * edge)),
            panels: [
                .init(
                    vertical: .init(title: "P (√µm)", range: (-1.15 * edge)...(1.15 * edge)),
                    series: [
                        .init(
                            name: "stored ions", colour: Colour.series[0], width: 1.8, style: .dots,
                            points: shown),
                        .init(name: "acceptance", colour: Colour.series[1], points: circle),
                    ])
            ], size: SIMD2(Picture.width, 560))
        return plot.picture(
            name: "injection", title: "Horizontal phase space behind multi-turn injection",
            alternativeText: "Stored ions in normalised coordinates inside the ring's acceptance.")
    }
}
