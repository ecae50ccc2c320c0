import FacilityModel
import Quantities

/// Reads one nozzle of a machine file.
struct NozzleReader {
    let figures: FigureReader
    /// Energies of the machine, which the spot sizes must cover; nil if they could not be read.
    let energies: [EnergyPerNucleon]?

    static let spotColumns = [
        "energy MeV/u", "sigma-x mm", "sigma-y mm", "divergence-x mrad", "divergence-y mrad",
        "correlation-x", "correlation-y",
    ]
    private static let keys = [
        "virtual-source-distance", "spot-size", "energy-spread", "ridge-filter-sigma",
        "water-equivalent-thickness", "field-half-width", "scan-speed", "particles-per-spot",
    ]

    /// A nozzle; what is left to the beam line of each port is empty in it.
    func read(_ element: YAMLElement) -> (nozzle: Nozzle, fromLine: Set<NozzleLineFigure>)? {
        guard let map = element.readMapping(Self.keys + ["range-shifters"], required: Self.keys) else {
            return nil
        }
        var fromLine: Set<NozzleLineFigure> = []
        for figure in NozzleLineFigure.allCases {
            guard let isFromLine = figures.isFromBeamLine(map[figure.rawValue]) else { return nil }
            if isFromLine { fromLine.insert(figure) }
        }
        let source =
            fromLine.contains(.virtualSourceDistance)
            ? [0, 0]
            : figures.numbers(map["virtual-source-distance"], count: 2, unit: "mm", in: 500...100_000)
        let spots = fromLine.contains(.spotSize) ? [] : map["spot-size"].flatMap(readSpots)
        let spread = figures.number(map["energy-spread"], unit: "", in: 0...0.05)
        let ridge = figures.number(map["ridge-filter-sigma"], unit: "mm", in: 0...20)
        let thickness = figures.number(
            map["water-equivalent-thickness"], unit: "mm", in: 0...100)
        let field =
            fromLine.contains(.fieldHalfWidth)
            ? [0, 0] : figures.numbers(map["field-half-width"], count: 2, unit: "mm", in: 1...500)
        let speed = figures.numbers(map["scan-speed"], count: 2, unit: "mm/s", in: 1...1e7)
        let particles = figures.limits(map["particles-per-spot"], unit: "ions", in: 0...1e13)
        let shifters = map["range-shifters"].map(readShifters) ?? []
        guard let source, let spots, let spread, let ridge, let thickness, let field, let speed,
            let particles, let shifters
        else { return nil }
        let nozzle = Nozzle(
            virtualSourceDistancesMM: SIMD2(source[0], source[1]), spotSizes: spots,
            relativeEnergySpread: spread, ridgeFilterSigmaMM: ridge,
            waterEquivalentThicknessMM: thickness, fieldHalfWidthMM: SIMD2(field[0], field[1]),
            scanSpeedMMPerS: SIMD2(speed[0], speed[1]), rangeShifters: shifters,
            minimumSpotParticles: particles.lowerBound,
            maximumSpotParticles: particles.upperBound)
        return (nozzle, fromLine)
    }

    private func readSpots(_ element: YAMLElement) -> [Nozzle.SpotSize]? {
        guard let rows = figures.table(element, columns: Self.spotColumns, rows: 2...1000) else {
            return nil
        }
        for (index, row) in rows.enumerated() {
            let problem: String? =
                if index > 0 && row[0] <= rows[index - 1][0] {
                    "the energy \(YAMLElement.text(row[0])) MeV/u is not above the one before; list from the lowest up"
                } else if row[0] <= 0 || row[1] <= 0 || row[2] <= 0 {
                    "energy and sigma must be greater than 0; correct the row"
                } else if row[3] < 0 || row[4] < 0 || max(row[1], row[2]) > 100 || max(row[3], row[4]) > 100 {
                    "sigma is at most 100 mm, divergence 0 to 100 mrad; correct the row"
                } else if abs(row[5]) > 1 || abs(row[6]) > 1 {
                    "a correlation lies within -1 and 1; correct the row"
                } else {
                    nil
                }
            if let problem {
                element.report("row \(index + 1): \(problem)")
                return nil
            }
        }
        if let highest = energies?.first, let lowest = energies?.last, let first = rows.first,
            let last = rows.last, first[0] > lowest.value || last[0] < highest.value
        {
            element.report(
                "the rows cover \(YAMLElement.text(first[0])) to \(YAMLElement.text(last[0])) MeV/u, the machine has "
                    + "\(lowest.value) to \(highest.value) MeV/u (nothing is extrapolated); add rows")
            return nil
        }
        return rows.map { row in
            Nozzle.SpotSize(
                energy: EnergyPerNucleon(row[0]), sigmaMM: SIMD2(row[1], row[2]),
                divergenceMrad: SIMD2(row[3], row[4]), correlation: SIMD2(row[5], row[6]))
        }
    }

    private func readShifters(_ element: YAMLElement) -> [RangeShifter]? {
        guard let items = element.readList(count: 0...100) else { return nil }
        let keys = ["id", "material", "water-equivalent-thickness", "isocentre-distance"]
        var ids: Set<String> = []
        return all(
            items.map { item -> RangeShifter? in
                guard let map = item.readMapping(keys, required: keys) else { return nil }
                let id = map["id"]?.readText()
                let material = map["material"]?.readText()
                let thickness = figures.number(
                    map["water-equivalent-thickness"], unit: "mm", in: 0.1...300)
                let distance = figures.number(map["isocentre-distance"], unit: "mm", in: 0...5000)
                guard let id, let material, let thickness, let distance else { return nil }
                guard ids.insert(id).inserted else {
                    item.report("the id ‘\(id)’ occurs twice (plans name range shifters by it); rename one")
                    return nil
                }
                return RangeShifter(
                    id: id, waterEquivalentThicknessMM: thickness,
                    isocentreDistanceMM: distance, material: material)
            })
    }
}
