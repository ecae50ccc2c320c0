import Frames
import IonTransport
import Quantities
import Volumes

/// Turns the sums of a run into tables and volumes.
struct TableMaker {
    let result: TransportScoreResult
    let ion: Isotope

    private typealias Column = ScoreTable.Column
    private typealias Cell = ScoreTable.Cell

    // MARK: Columns that several tables share

    private static let energyColumns = [
        Column(name: "energy", unit: "MeV"), Column(name: "energy-error", unit: "MeV"),
    ]
    /// Names of `ScoreLayout`'s kinds of ions.
    private static let ionColumns =
        [Column(name: "primary", unit: "MeV")]
        + (1...10).map {
            Column(name: Isotope(atomicNumber: $0, massNumber: 2 * $0).symbol, unit: "MeV")
        } + [Column(name: "recoils", unit: "MeV")]

    private static func averageColumns(_ entry: ScorePlan.Entry, prefix: String = "") -> [ScoreTable.Column] {
        entry.description.averages.map { Column(name: prefix + $0.name, unit: $0.unit) }
    }

    private func energy(_ score: Int, _ bin: Int) -> [Cell] {
        let (value, error) = result.energyMeV(score: score, bin: bin)
        return [.number(value), .number(error)]
            + result.energyByIonMeV(score: score, bin: bin).map { .number($0) }
    }

    private func averages(_ entry: ScorePlan.Entry, _ score: Int, _ bin: Int) -> [Cell] {
        entry.averages.map { .number(result.average($0, score: score, bin: bin)) }
    }

    private static let doseColumns = ["dose-to-water", "dose-to-medium"]

    private static func doseColumns(prefix: String = "") -> [ScoreTable.Column] {
        doseColumns.flatMap {
            [Column(name: prefix + $0, unit: "Gy"), Column(name: "\(prefix)\($0)-error", unit: "Gy")]
        }
    }

    private func doses(_ score: Int, _ bin: Int, volumeMM3: Double) -> [Cell] {
        let water = result.doseToWaterGyMM3(score: score, bin: bin)
        let medium = result.doseToMediumGyMM3(score: score, bin: bin)
        return [water.value, water.error, medium.value, medium.error].map { .number($0 / volumeMM3) }
    }

    private static func remarks(_ what: String, _ entry: ScorePlan.Entry) -> [String] {
        [what, "all values per primary ion; errors are standard errors of the mean"]
            + Set(entry.description.averages.map(\.rule)).sorted { $0.rawValue < $1.rawValue }.map {
                "rule \($0.rawValue): \($0.explanation)"
            }
    }

    private static let byIon =
        "energy by the particle that deposits it: primary, other nuclei by element, recoils that stop where they are made"

    // MARK: Tables

    func depthDose(
        _ entry: ScorePlan.Entry, fromMM from: Double, stepMM step: Double, radiusMM radius: Double?
    ) -> ScoreTable {
        var columns = [Column(name: "depth", unit: "mm")] + Self.energyColumns + Self.ionColumns
        columns += Self.averageColumns(entry)
        if radius != nil {
            columns += Self.doseColumns(prefix: "core-") + Self.averageColumns(entry, prefix: "core-")
        }
        let (whole, core) = (entry.scores[0], entry.scores.last)
        let rows = (0..<result.request.scores[whole].bins.count).map { bin in
            var row: [Cell] = [.number(from + (Double(bin) + 0.5) * step)]
            row += energy(whole, bin) + averages(entry, whole, bin)
            if let radius, let core {
                row += doses(core, bin, volumeMM3: .pi * radius * radius * step) + averages(entry, core, bin)
            }
            return row
        }
        var remarks = Self.remarks(
            "depth dose: energy per bin of \(step.plain) mm over the whole cross-section; depth of the bin's middle, along the "
                + "beam's axis from where it enters the phantom", entry)
        remarks.append(Self.byIon)
        if let radius { remarks.append("core: means within \(radius.plain) mm of the beam's axis") }
        return ScoreTable(name: entry.description.name, remarks: remarks, columns: columns, rows: rows)
    }

    func lateral(
        _ entry: ScorePlan.Entry, depthsMM: [Double], thicknessMM: Double, halfWidthMM: Double, binMM: Double
    ) -> ScoreTable {
        var rows: [[Cell]] = []
        for (i, depth) in depthsMM.enumerated() {
            for (j, axis) in ["x", "y"].enumerated() {
                let score = entry.scores[2 * i + j]
                let count = result.request.scores[score].bins.count
                for bin in 0..<count {
                    let position = (Double(bin) + 0.5 - 0.5 * Double(count)) * binMM
                    rows.append(
                        [.number(depth), .text(axis), .number(position)] + energy(score, bin)
                            + averages(entry, score, bin))
                }
            }
        }
        return ScoreTable(
            name: entry.description.name,
            remarks: Self.remarks(
                "lateral profiles: energy per bin of \(binMM.plain) mm along the beam's x or y axis, integrated over the other, in "
                    + "slabs of \(thicknessMM.plain) mm about each depth", entry) + [Self.byIon],
            columns: [
                Column(name: "depth", unit: "mm"), Column(name: "axis", unit: ""),
                Column(name: "position", unit: "mm"),
            ] + Self.energyColumns + Self.ionColumns + Self.averageColumns(entry), rows: rows)
    }

    func radial(
        _ entry: ScorePlan.Entry, depthsMM: [Double], thicknessMM: Double, ringMM: Double
    ) -> ScoreTable {
        var rows: [[Cell]] = []
        for (depth, score) in zip(depthsMM, entry.scores) {
            for bin in 0..<result.request.scores[score].bins.count {
                let (inner, outer) = (Double(bin) * ringMM, Double(bin + 1) * ringMM)
                let volume = .pi * (outer * outer - inner * inner) * thicknessMM
                rows.append(
                    [.number(depth), .number(0.5 * (inner + outer))] + energy(score, bin)
                        + doses(score, bin, volumeMM3: volume) + averages(entry, score, bin))
            }
        }
        return ScoreTable(
            name: entry.description.name,
            remarks: Self.remarks(
                "radial profiles: energy and mean dose in rings of \(ringMM.plain) mm about the beam's axis, in slabs of "
                    + "\(thicknessMM.plain) mm about each depth; radius of the ring's middle", entry) + [
                    Self.byIon
                ],
            columns: [Column(name: "depth", unit: "mm"), Column(name: "radius", unit: "mm")]
                + Self.energyColumns + Self.ionColumns + Self.doseColumns() + Self.averageColumns(entry),
            rows: rows)
    }

    func region(_ entry: ScorePlan.Entry) -> ScoreTable {
        let volume = entry.volumeMM3 ?? 1
        let score = entry.scores[0]
        return ScoreTable(
            name: entry.description.name,
            remarks: Self.remarks("region: sums and means over \(Self.name(of: entry))", entry) + [
                Self.byIon
            ],
            columns: [Column(name: "volume", unit: "mm3")] + Self.energyColumns + Self.ionColumns
                + Self.doseColumns() + Self.averageColumns(entry),
            rows: [
                [.number(volume)] + energy(score, 0) + doses(score, 0, volumeMM3: volume)
                    + averages(entry, score, 0)
            ])
    }

    private static func name(of entry: ScorePlan.Entry) -> String {
        switch entry.description.kind {
        case .region(let solid), .regionSpectrum(let solid, _, _):
            solid.map { "the solid ‘\($0)’" } ?? "the world"
        default: "the mesh"
        }
    }

    // MARK: Kinds of particles

    private static let kindColumns = [
        Column(name: "ion", unit: ""), Column(name: "Z", unit: ""), Column(name: "A", unit: ""),
        Column(name: "primary", unit: ""),
    ]

    private static func cells(_ kind: TransportScoreResult.CountedKind) -> [ScoreTable.Cell] {
        [
            .text(kind.isotope.description), .number(Double(kind.isotope.atomicNumber)),
            .number(Double(kind.isotope.massNumber)), .number(kind.isPrimary ? 1 : 0),
        ]
    }

    func spectrum(_ entry: ScorePlan.Entry, stepMeVPerNucleon step: Double) -> ScoreTable {
        let score = entry.scores[0]
        let kinds = result.countedKinds(projectile: ion)
        let grid = entry.grid
        let volume = grid?.voxelVolumeMM3 ?? entry.volumeMM3 ?? 1
        var rows: [[Cell]] = []
        for bin in 0..<result.request.scores[score].bins.count {
            var place: [Cell] = []
            if let grid {
                let v = grid.voxel(at: bin)
                let centre = grid.centre(v.x, v.y, v.z)
                place = [.number(centre.x), .number(centre.y), .number(centre.z)]
            }
            for (number, kind) in kinds.enumerated() {
                let lengths = result.trackLengthMM(score: score, bin: bin, kind: number)
                for (e, length) in lengths.enumerated() where length > 0 {
                    rows.append(
                        place + Self.cells(kind) + [
                            .number(Double(e) * step), .number(Double(e + 1) * step),
                            .number(length / volume),
                        ])
                }
            }
        }
        let places =
            grid == nil ? [] : ["x", "y", "z"].map { Column(name: $0, unit: "mm") }
        return ScoreTable(
            name: entry.description.name,
            remarks: [
                "fluence spectra: track length per volume in \(Self.name(of: entry)), by particle and energy; particles above "
                    + "the last bin are in it; bins that are not listed are empty",
                "all values per primary ion; ‘primary’ is 1 for ions of the beam that have not reacted",
            ],
            columns: places + Self.kindColumns + [
                Column(name: "energy-from", unit: "MeV/u"), Column(name: "energy-to", unit: "MeV/u"),
                Column(name: "fluence", unit: "1/mm2"),
            ], rows: rows)
    }

    func planes(
        _ entry: ScorePlan.Entry, depthsMM: [Double], radiusMM: Double?, angles: [Double],
        stepMeVPerNucleon step: Double
    ) -> [ScoreTable] {
        let kinds = result.countedKinds(projectile: ion)
        var (yields, spectra) = ([[Cell]](), [[Cell]]())
        for (depth, plane) in zip(depthsMM, entry.planes) {
            for (number, kind) in kinds.enumerated() {
                for (a, upper) in angles.enumerated() {
                    let (value, error) = result.yield(plane: plane, kind: number, angle: a)
                    guard value > 0 else { continue }
                    let head: [Cell] =
                        [.number(depth)] + Self.cells(kind)
                        + [.number(a == 0 ? 0 : angles[a - 1]), .number(upper)]
                    yields.append(head + [.number(value), .number(error)])
                    for (e, count) in result.counts(plane: plane, kind: number, angle: a).enumerated()
                    where count > 0 {
                        spectra.append(
                            head + [
                                .number(Double(e) * step), .number(Double(e + 1) * step), .number(count),
                            ])
                    }
                }
            }
        }
        let head =
            [Column(name: "depth", unit: "mm")] + Self.kindColumns
            + [Column(name: "angle-from", unit: "deg"), Column(name: "angle-to", unit: "deg")]
        let limit = radiusMM.map { ", within \($0.plain) mm of the beam's axis" } ?? ""
        let remarks = [
            "every crossing in the direction of depth counts\(limit); angles are to the beam's axis; rows that are not "
                + "listed are empty",
            "all values per primary ion; ‘primary’ is 1 for ions of the beam that have not reacted; "
                + "neutrons below 0.1 MeV are not followed",
        ]
        return [
            ScoreTable(
                name: entry.description.name + "-yields",
                remarks: ["particles that cross planes, by kind and angle"] + remarks,
                columns: head + [Column(name: "count", unit: ""), Column(name: "count-error", unit: "")],
                rows: yields),
            ScoreTable(
                name: entry.description.name + "-spectra",
                remarks: [
                    "particles that cross planes, by kind, angle and energy; those above the last bin are in it"
                ]
                    + remarks,
                columns: head + [
                    Column(name: "energy-from", unit: "MeV/u"), Column(name: "energy-to", unit: "MeV/u"),
                    Column(name: "count", unit: ""),
                ], rows: spectra),
        ]
    }

    // MARK: Meshes

    func volumes(
        _ entry: ScorePlan.Entry, _ quantities: [ScoreDescription.MeshQuantity]
    ) -> [ScoreVolume] {
        guard let grid = entry.grid else { return [] }
        let score = entry.scores[0]
        let perVoxel = 1 / grid.voxelVolumeMM3
        func volume(
            _ quantity: String, _ unit: String, _ value: (Int) -> Double
        ) -> ScoreVolume {
            ScoreVolume(
                name: "\(entry.description.name)-\(quantity)", quantity: quantity, unit: unit,
                volume: Volume(geometry: grid, values: (0..<grid.voxelCount).map { Float(value($0)) }))
        }
        var volumes: [ScoreVolume] = []
        for quantity in quantities {
            let dose =
                quantity == .doseToWater
                ? result.doseToWaterGyMM3(score:bin:) : result.doseToMediumGyMM3(score:bin:)
            volumes.append(volume(quantity.rawValue, "Gy") { dose(score, $0).value * perVoxel })
            volumes.append(volume(quantity.rawValue + "-error", "Gy") { dose(score, $0).error * perVoxel })
        }
        for (description, average) in zip(entry.description.averages, entry.averages) {
            volumes.append(
                volume(description.name, description.unit) {
                    result.average(average, score: score, bin: $0)
                })
        }
        return volumes
    }
}
