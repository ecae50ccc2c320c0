import BeamOptics
import BeamTransport

/// Pictures of a beam line: envelope with the magnets below, spot size against energy and gantry angle, field of the scanning magnets.
///
/// ## Checked by
/// `BeamLinePicturesTests`.
public enum BeamLinePictures {
    /// RMS size of the beam along the line, its dispersion, and the magnets.
    ///
    /// - Parameters:
    ///   - line: The line.
    ///   - beam: The beam along it.
    ///   - name: Stem of the file's name.
    /// - Throws: If the line has no length.
    public static func envelope(_ line: TransferLine, beam: LineBeam, name: String) throws(BeamTransportError)
        -> Picture
    {
        let points = beam.points
        func series(_ title: String, _ colour: Int, _ value: (LineBeam.Point) -> Double) -> LinePlot.Series {
            .init(
                name: title, colour: Colour.series[colour],
                points: points.map { SIMD2($0.positionM, value($0)) })
        }
        let sizes = points.map { $0.moments.sigmaM * 1e3 }
        let top = 1.1 * (sizes.map { max($0.x, $0.y) }.max() ?? 1)
        let dispersions = points.flatMap { [$0.dispersion[0], $0.dispersion[2]] }
        let low = min(-0.1, 1.1 * (dispersions.min() ?? 0))
        let high = max(0.1, 1.1 * (dispersions.max() ?? 0))
        var marks: [LinePlot.Mark] = []
        var position = 0.0
        for section in line.sections {
            if section.turn != .fixed(0) { marks.append(.init(value: position, label: section.name)) }
            position += section.parts.reduce(0) { $0 + $1.lengthM }
        }
        let lattice = try line.lattice()
        let plot = LinePlot(
            horizontal: .init(title: "Path from the extraction septum (m)", range: 0...line.lengthM),
            panels: [
                .init(
                    vertical: .init(title: "σ (mm)", range: 0...top),
                    series: [
                        series("σ horizontal", 0) { $0.moments.sigmaM.x * 1e3 },
                        series("σ vertical", 1) { $0.moments.sigmaM.y * 1e3 },
                    ]),
                .init(
                    vertical: .init(title: "D (m)", range: low...high),
                    series: [
                        series("D horizontal", 2) { $0.dispersion[0] },
                        series("D vertical", 3) { $0.dispersion[2] },
                    ], weight: 0.5),
                .init(
                    vertical: .init(title: "Magnets", range: -1.2...1.2),
                    series: LatticePictures.magnets(lattice) + scanners(line), weight: 0.35),
            ], marks: marks, size: SIMD2(Picture.width, 520))
        let energy = NumberText.fixed(points[0].energyMeVPerNucleon, 1)
        return plot.picture(
            name: name, title: "Beam along \(line.name), \(energy) MeV/u",
            alternativeText:
                "RMS beam size and dispersion from the extraction septum to the isocentre, with the magnets below; planes are those of each section's frame."
        )
    }

    private static func scanners(_ line: TransferLine) -> [LinePlot.Series] {
        var (points, position): ([SIMD2<Double>], Double) = ([], 0)
        for part in line.sections.flatMap(\.parts) {
            if case .scanner = part {
                let end = position + part.lengthM
                points += [
                    [position, -0.35], [position, 0.35], [end, 0.35], [end, -0.35], [position, -0.35],
                    [.nan, .nan],
                ]
            }
            position += part.lengthM
        }
        return points.isEmpty
            ? [] : [.init(name: "scanning magnets", colour: Colour.series[0], points: points)]
    }

    /// σ at the isocentre against energy, with and without matter, and what planning has.
    ///
    /// - Parameters:
    ///   - table: The spot against energy.
    ///   - planned: Energy and σ of x and y that the machine file gives; empty for none.
    ///   - title: What is shown, for example the port.
    ///   - name: Stem of the file's name.
    public static func energies(
        _ table: SpotTable, planned: [(energyMeVPerNucleon: Double, sigmaMM: SIMD2<Double>)], title: String,
        name: String
    ) -> Picture {
        func series(_ text: String, _ colour: Int, dash: [Double] = [], _ value: (SpotTable.Row) -> Double)
            -> LinePlot.Series
        {
            .init(
                name: text, colour: Colour.series[colour], dash: dash,
                points: table.rows.map { SIMD2($0.energyMeVPerNucleon, value($0)) })
        }
        var all = [
            series("σ x", 0) { $0.sigmaMM.x }, series("σ y", 1) { $0.sigmaMM.y },
            series("σ x, magnets alone", 0, dash: [3, 3]) { $0.vacuumSigmaMM.x },
            series("σ y, magnets alone", 1, dash: [3, 3]) { $0.vacuumSigmaMM.y },
        ]
        if !planned.isEmpty {
            all.append(
                .init(
                    name: "machine file, x", colour: Colour.series[2], width: 6, style: .dots,
                    points: planned.map { SIMD2($0.energyMeVPerNucleon, $0.sigmaMM.x) }))
        }
        let top = 1.1 * (all.flatMap(\.points).map(\.y).max() ?? 1)
        let energies = table.rows.map(\.energyMeVPerNucleon)
        let range = (energies.min() ?? 0)...(energies.max() ?? 1)
        return LinePlot(
            horizontal: .init(title: "Energy (MeV/u)", range: range),
            panels: [.init(vertical: .init(title: "σ at the isocentre (mm)", range: 0...top), series: all)]
        ).picture(
            name: name, title: "Spot size against energy, \(title)",
            alternativeText:
                "RMS spot size at the isocentre in air against energy, with all matter and with the magnets alone."
        )
    }

    /// σ at the isocentre against the gantry's angle for each matching scheme.
    ///
    /// - Parameters:
    ///   - curves: Scheme, and σ of x and y at angles in degrees, mm.
    ///   - title: What is shown.
    ///   - name: Stem of the file's name.
    public static func angles(
        _ curves: [(scheme: RotatingGantry.Matching, points: [(degrees: Double, sigmaMM: SIMD2<Double>)])],
        title: String, name: String
    ) -> Picture {
        var series: [LinePlot.Series] = []
        for (index, curve) in curves.enumerated() {
            for axis in 0..<2 {
                series.append(
                    .init(
                        name: "\(curve.scheme.rawValue), \(axis == 0 ? "x" : "y")",
                        colour: Colour.series[index],
                        dash: axis == 0 ? [] : [6, 3],
                        points: curve.points.map { SIMD2($0.degrees, $0.sigmaMM[axis]) }))
            }
        }
        let top = 1.1 * (series.flatMap(\.points).map(\.y).max() ?? 1)
        return LinePlot(
            horizontal: .init(title: "Gantry angle (deg)", range: 0...360),
            panels: [.init(vertical: .init(title: "σ at the isocentre (mm)", range: 0...top), series: series)]
        ).picture(
            name: name, title: "Spot size against gantry angle, \(title)",
            alternativeText:
                "RMS spot size at the isocentre over a turn of the gantry for each matching scheme.")
    }

    /// Where equal steps of field bring the spot, and the field that the machine file gives.
    ///
    /// - Parameters:
    ///   - scan: The scanning magnets.
    ///   - halfWidthMM: Half widths of the machine's scan field.
    ///   - title: What is shown.
    ///   - name: Stem of the file's name.
    public static func field(_ scan: ScanOptics, halfWidthMM: SIMD2<Double>, title: String, name: String)
        -> Picture
    {
        let greatest = SIMD2(scan.magnets[0].greatestFieldT, scan.magnets[1].greatestFieldT)
        let count = 10
        var lines: [SIMD2<Double>] = []
        for direction in 0..<2 {
            for row in -count / 2...count / 2 {
                for column in -count...count {
                    var share = SIMD2<Double>.zero
                    share[direction] = Double(column) / Double(count)
                    share[1 - direction] = 2 * Double(row) / Double(count)
                    lines.append(
                        scan.spot(fieldT: share * greatest)?.positionMM ?? SIMD2(.nan, .nan))
                }
                lines.append(SIMD2(.nan, .nan))
            }
        }
        let (w, h) = (halfWidthMM.x, halfWidthMM.y)
        let reach = 1.1 * max(w, h, lines.reduce(0) { $1.x.isFinite ? max($0, abs($1.x), abs($1.y)) : $0 })
        return LinePlot(
            horizontal: .init(title: "x (mm)", range: -reach...reach),
            panels: [
                .init(
                    vertical: .init(title: "y (mm)", range: -reach...reach),
                    series: [
                        .init(
                            name: "fifths of the greatest field", colour: Colour.series[0], width: 1,
                            points: lines),
                        .init(
                            name: "scan field of the machine", colour: Colour.series[1], width: 2.2,
                            points: [[-w, -h], [w, -h], [w, h], [-w, h], [-w, -h]]),
                    ])
            ], size: SIMD2(Picture.width, 620)
        ).picture(
            name: name, title: "Scan field, \(title)",
            alternativeText: "Places of the spot for equal steps of field of the scanning magnets.")
    }
}
