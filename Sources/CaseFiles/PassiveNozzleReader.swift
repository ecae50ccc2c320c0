import FacilityModel
import Quantities

/// Reads one passive nozzle of a machine file (section `passive-nozzles`).
///
/// ## Checked by
/// `PassiveNozzleReaderTests`.
struct PassiveNozzleReader {
    let figures: FigureReader

    static let settingColumns = [
        "energy MeV/u", "field-diameter mm", "wobbler-radius mm", "scatterer mm",
    ]
    private static let keys = [
        "wobbler-distance", "scatterer", "beam-sigma", "energy-spread", "beam-settings",
        "vacuum-window-distance",
        "monitors", "ridge-filters", "range-shifter", "collimator", "bolus", "field-diameter", "flatness",
        "dose-rate",
    ]

    func read(_ element: YAMLElement) -> PassiveNozzle? {
        guard
            let section = FigureSection(
                element, required: Self.keys, optional: ["layer-stacking"], figures: figures)
        else { return nil }
        let spreading = readSpreading(section)
        let path = readPath(section)
        let filters = readFilters(section)
        let shifter = readShifter(section)
        let collimator = readCollimator(section)
        let bolus = readBolus(section)
        let stacking = readStacking(section)
        let field = section.number("field-diameter", "mm", 10...500)
        let flatness = section.number("flatness", "", 0.001...0.2)
        let rate = section.number("dose-rate", "Gy(RBE)/min", 0.01...1000)
        guard let spreading, let path, let filters, let shifter, let collimator, let bolus, let field,
            let flatness, let rate
        else { return nil }
        let nozzle = PassiveNozzle(
            spreading: spreading, path: path, ridgeFilters: filters, rangeShifter: shifter,
            collimator: collimator, bolus: bolus, layerStacking: stacking, fieldDiameterMM: field,
            flatness: flatness, doseRateGyRBEPerMin: rate)
        return isInOrder(nozzle, at: element) && hasFields(nozzle, at: element) ? nozzle : nil
    }

    private func readSpreading(_ section: FigureSection) -> PassiveNozzle.Spreading? {
        let wobbler = section.number("wobbler-distance", "mm", 500...100_000)
        let scatterer = section.section("scatterer", ["material", "distance"])
        let material = scatterer?["material"]?.readText()
        let distance = scatterer?.number("distance", "mm", 500...100_000)
        let sigma = section.number("beam-sigma", "mm", 0.1...100)
        let spread = section.number("energy-spread", "", 0...0.05)
        let settings = section["beam-settings"].flatMap(readSettings)
        guard let wobbler, let material, let distance, let sigma, let spread, let settings else { return nil }
        return PassiveNozzle.Spreading(
            wobblerDistanceMM: wobbler, scattererDistanceMM: distance, scattererMaterial: material,
            beamSigmaMM: sigma, relativeEnergySpread: spread, settings: settings)
    }

    private func readSettings(_ element: YAMLElement) -> [PassiveNozzle.BeamSetting]? {
        guard let rows = figures.table(element, columns: Self.settingColumns, rows: 1...1000) else {
            return nil
        }
        for (index, row) in rows.enumerated() {
            let problem: String? =
                if !(5...1000).contains(row[0]) {
                    "the energy \(YAMLElement.text(row[0])) MeV/u is outside 5 to 1000; correct the row"
                } else if !(10...500).contains(row[1]) {
                    "the field diameter \(YAMLElement.text(row[1])) mm is outside 10 to 500; correct the row"
                } else if !(0...500).contains(row[2]) || !(0...50).contains(row[3]) {
                    "the wobbler radius is 0 to 500 mm, the scatterer 0 to 50 mm; correct the row"
                } else if rows[..<index].contains(where: { $0[0] == row[0] && $0[1] == row[1] }) {
                    "energy and field diameter stand in an earlier row (one setting each); delete one"
                } else {
                    nil
                }
            if let problem {
                element.report("row \(index + 1): \(problem)")
                return nil
            }
        }
        return rows.map {
            PassiveNozzle.BeamSetting(
                energy: EnergyPerNucleon($0[0]), fieldDiameterMM: $0[1], wobblerRadiusMM: $0[2],
                scattererThicknessMM: $0[3])
        }
    }

    private func readPath(_ section: FigureSection) -> PassiveNozzle.Path? {
        let window = section.number("vacuum-window-distance", "mm", 500...100_000)
        let monitors = section.section("monitors", ["water-equivalent-thickness", "distance"])
        let water = monitors?.number("water-equivalent-thickness", "mm", 0...100)
        let distance = monitors?.number("distance", "mm", 0...100_000)
        guard let window, let water, let distance else { return nil }
        return PassiveNozzle.Path(
            vacuumWindowDistanceMM: window, monitorWaterMM: water, monitorDistanceMM: distance)
    }

    private func readFilters(_ nozzle: FigureSection) -> PassiveNozzle.RidgeFilters? {
        let keys = ["material", "distance", "bar-pitch", "widths", "reference-dose"]
        guard let section = nozzle.section("ridge-filters", keys) else { return nil }
        let material = section["material"]?.readText()
        let distance = section.number("distance", "mm", 0...100_000)
        let pitch = section.number("bar-pitch", "mm", 0.1...100)
        let widths = section["widths"].flatMap { ascending($0, unit: "mm", count: 1...50, atMost: 400) }
        let dose = section.number("reference-dose", "Gy(RBE)", 0.1...100)
        guard let material, let distance, let pitch, let widths, let dose else { return nil }
        return PassiveNozzle.RidgeFilters(
            material: material, distanceMM: distance, barPitchMM: pitch, widthsMM: widths,
            referenceDoseGyRBE: dose)
    }

    private func readShifter(_ nozzle: FigureSection) -> PassiveNozzle.RangeShifterStack? {
        let keys = ["material", "distance", "plates"]
        guard let section = nozzle.section("range-shifter", keys) else { return nil }
        let material = section["material"]?.readText()
        let distance = section.number("distance", "mm", 0...100_000)
        let plates = section["plates"].flatMap { ascending($0, unit: "mm", count: 1...16, atMost: 500) }
        guard let material, let distance, let plates else { return nil }
        return PassiveNozzle.RangeShifterStack(material: material, platesMM: plates, distanceMM: distance)
    }

    private func readCollimator(_ nozzle: FigureSection) -> PassiveNozzle.Collimator? {
        let keys = ["distance", "leaf-width", "leaf-pairs", "travel"]
        guard let section = nozzle.section("collimator", keys) else { return nil }
        let distance = section.number("distance", "mm", 0...100_000)
        let width = section.number("leaf-width", "mm", 0.1...100)
        let pairs = section.number("leaf-pairs", "", 1...1000)
        let travel = section.limits("travel", "mm", -500...500)
        guard let distance, let width, let pairs, let travel else { return nil }
        guard pairs == pairs.rounded() else {
            section["leaf-pairs"]?.report(
                "\(YAMLElement.text(pairs)) leaf pairs are impossible (leaves are counted); write a whole number"
            )
            return nil
        }
        guard travel.contains(0) else {
            section["travel"]?.report(
                "the travel leaves out 0 (closed pairs meet on the axis); write both limits")
            return nil
        }
        return PassiveNozzle.Collimator(
            distanceMM: distance, leafWidthMM: width, leafPairCount: Int(pairs), travelMM: travel)
    }

    private func readBolus(_ nozzle: FigureSection) -> PassiveNozzle.BolusBlank? {
        let keys = ["material", "distance", "thickness", "tool-diameter"]
        guard let section = nozzle.section("bolus", keys) else { return nil }
        let material = section["material"]?.readText()
        let distance = section.number("distance", "mm", 0...100_000)
        let thickness = section.limits("thickness", "mm", 0...500)
        let tool = section.number("tool-diameter", "mm", 0...50)
        guard let material, let distance, let thickness, let tool else { return nil }
        return PassiveNozzle.BolusBlank(
            material: material, distanceMM: distance, leastThicknessMM: thickness.lowerBound,
            greatestThicknessMM: thickness.upperBound, toolDiameterMM: tool)
    }

    private func readStacking(_ nozzle: FigureSection) -> PassiveNozzle.LayerStacking? {
        let keys = ["mini-peak-width", "step"]
        guard let section = nozzle.section("layer-stacking", keys) else { return nil }
        let width = section.number("mini-peak-width", "mm", 1...50)
        let step = section.number("step", "mm", 0.1...20)
        guard let width, let step else { return nil }
        return PassiveNozzle.LayerStacking(miniPeakWidthMM: width, stepMM: step)
    }

    /// A list of lengths, each greater than the one before.
    private func ascending(
        _ element: YAMLElement, unit: String, count: ClosedRange<Int>, atMost: Double
    ) -> [Double]? {
        guard let values = figures.list(element, unit: unit, count: count) else { return nil }
        guard zip(values, values.dropFirst()).allSatisfy({ $0 < $1 }), values.allSatisfy({ $0 <= atMost })
        else {
            element.report(
                "the values must ascend and be at most \(YAMLElement.text(atMost)) \(unit); correct the list")
            return nil
        }
        return values
    }

    /// Devices follow each other down the beam; everything else is computed from that.
    private func isInOrder(_ nozzle: PassiveNozzle, at element: YAMLElement) -> Bool {
        let places = [
            ("wobbler-distance", nozzle.spreading.wobblerDistanceMM),
            ("vacuum-window-distance", nozzle.path.vacuumWindowDistanceMM),
            ("scatterer.distance", nozzle.spreading.scattererDistanceMM),
            ("monitors.distance", nozzle.path.monitorDistanceMM),
            ("ridge-filters.distance", nozzle.ridgeFilters.distanceMM),
            ("range-shifter.distance", nozzle.rangeShifter.distanceMM),
            ("collimator.distance", nozzle.collimator.distanceMM),
            ("bolus.distance", nozzle.bolus.distanceMM),
        ]
        for ((above, high), (below, low)) in zip(places, places.dropFirst()) where low > high {
            element.report(
                "\(below) (\(YAMLElement.text(low)) mm) is upstream of \(above) (\(YAMLElement.text(high)) mm; the beam "
                    + "meets them in this order); correct one")
            return false
        }
        return true
    }

    /// The largest field must have a setting at every energy.
    private func hasFields(_ nozzle: PassiveNozzle, at element: YAMLElement) -> Bool {
        for energy in nozzle.energies {
            let widest =
                nozzle.spreading.settings.filter { $0.energy == energy }.map(\.fieldDiameterMM).max() ?? 0
            guard widest >= nozzle.fieldDiameterMM else {
                element.report(
                    "beam-settings: at \(YAMLElement.text(energy.value)) MeV/u the widest field is "
                        + "\(YAMLElement.text(widest)) mm (field-diameter is \(YAMLElement.text(nozzle.fieldDiameterMM)) mm); "
                        + "add a row")
                return false
            }
        }
        return true
    }
}
