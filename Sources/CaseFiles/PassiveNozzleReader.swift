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
        guard let map = element.readMapping(Self.keys + ["layer-stacking"], required: Self.keys) else {
            return nil
        }
        let spreading = readSpreading(map)
        let path = readPath(map)
        let filters = map["ridge-filters"].flatMap(readFilters)
        let shifter = map["range-shifter"].flatMap(readShifter)
        let collimator = map["collimator"].flatMap(readCollimator)
        let bolus = map["bolus"].flatMap(readBolus)
        let stacking = map["layer-stacking"].map(readStacking)
        let field = figures.number(map["field-diameter"], unit: "mm", in: 10...500)
        let flatness = figures.number(map["flatness"], unit: "", in: 0.001...0.2)
        let rate = figures.number(map["dose-rate"], unit: "Gy(RBE)/min", in: 0.01...1000)
        guard let spreading, let path, let filters, let shifter, let collimator, let bolus, let field,
            let flatness, let rate, stacking.map({ $0 != nil }) ?? true
        else { return nil }
        let nozzle = PassiveNozzle(
            spreading: spreading, path: path, ridgeFilters: filters, rangeShifter: shifter,
            collimator: collimator, bolus: bolus, layerStacking: stacking ?? nil, fieldDiameterMM: field,
            flatness: flatness, doseRateGyRBEPerMin: rate)
        return isInOrder(nozzle, at: element) && hasFields(nozzle, at: element) ? nozzle : nil
    }

    private func readSpreading(_ map: YAMLMapping) -> PassiveNozzle.Spreading? {
        let wobbler = figures.number(map["wobbler-distance"], unit: "mm", in: 500...100_000)
        let keys = ["material", "distance"]
        let scatterer = map["scatterer"]?.readMapping(keys, required: keys)
        let material = scatterer?["material"]?.readText()
        let distance = figures.number(scatterer?["distance"], unit: "mm", in: 500...100_000)
        let sigma = figures.number(map["beam-sigma"], unit: "mm", in: 0.1...100)
        let spread = figures.number(map["energy-spread"], unit: "", in: 0...0.05)
        let settings = map["beam-settings"].flatMap(readSettings)
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

    private func readPath(_ map: YAMLMapping) -> PassiveNozzle.Path? {
        let window = figures.number(map["vacuum-window-distance"], unit: "mm", in: 500...100_000)
        let keys = ["water-equivalent-thickness", "distance"]
        let monitors = map["monitors"]?.readMapping(keys, required: keys)
        let water = figures.number(monitors?["water-equivalent-thickness"], unit: "mm", in: 0...100)
        let distance = figures.number(monitors?["distance"], unit: "mm", in: 0...100_000)
        guard let window, let water, let distance else { return nil }
        return PassiveNozzle.Path(
            vacuumWindowDistanceMM: window, monitorWaterMM: water, monitorDistanceMM: distance)
    }

    private func readFilters(_ element: YAMLElement) -> PassiveNozzle.RidgeFilters? {
        let keys = ["material", "distance", "bar-pitch", "widths", "reference-dose"]
        guard let map = element.readMapping(keys, required: keys) else { return nil }
        let material = map["material"]?.readText()
        let distance = figures.number(map["distance"], unit: "mm", in: 0...100_000)
        let pitch = figures.number(map["bar-pitch"], unit: "mm", in: 0.1...100)
        let widths = map["widths"].flatMap { ascending($0, unit: "mm", count: 1...50, atMost: 400) }
        let dose = figures.number(map["reference-dose"], unit: "Gy(RBE)", in: 0.1...100)
        guard let material, let distance, let pitch, let widths, let dose else { return nil }
        return PassiveNozzle.RidgeFilters(
            material: material, distanceMM: distance, barPitchMM: pitch, widthsMM: widths,
            referenceDoseGyRBE: dose)
    }

    private func readShifter(_ element: YAMLElement) -> PassiveNozzle.RangeShifterStack? {
        let keys = ["material", "distance", "plates"]
        guard let map = element.readMapping(keys, required: keys) else { return nil }
        let material = map["material"]?.readText()
        let distance = figures.number(map["distance"], unit: "mm", in: 0...100_000)
        let plates = map["plates"].flatMap { ascending($0, unit: "mm", count: 1...16, atMost: 500) }
        guard let material, let distance, let plates else { return nil }
        return PassiveNozzle.RangeShifterStack(material: material, platesMM: plates, distanceMM: distance)
    }

    private func readCollimator(_ element: YAMLElement) -> PassiveNozzle.Collimator? {
        let keys = ["distance", "leaf-width", "leaf-pairs", "travel"]
        guard let map = element.readMapping(keys, required: keys) else { return nil }
        let distance = figures.number(map["distance"], unit: "mm", in: 0...100_000)
        let width = figures.number(map["leaf-width"], unit: "mm", in: 0.1...100)
        let pairs = figures.number(map["leaf-pairs"], unit: "", in: 1...1000)
        let travel = figures.limits(map["travel"], unit: "mm", in: -500...500)
        guard let distance, let width, let pairs, let travel else { return nil }
        guard pairs == pairs.rounded() else {
            map["leaf-pairs"]?.report(
                "\(YAMLElement.text(pairs)) leaf pairs are impossible (leaves are counted); write a whole number"
            )
            return nil
        }
        guard travel.contains(0) else {
            map["travel"]?.report(
                "the travel leaves out 0 (closed pairs meet on the axis); write both limits")
            return nil
        }
        return PassiveNozzle.Collimator(
            distanceMM: distance, leafWidthMM: width, leafPairCount: Int(pairs), travelMM: travel)
    }

    private func readBolus(_ element: YAMLElement) -> PassiveNozzle.BolusBlank? {
        let keys = ["material", "distance", "thickness", "tool-diameter"]
        guard let map = element.readMapping(keys, required: keys) else { return nil }
        let material = map["material"]?.readText()
        let distance = figures.number(map["distance"], unit: "mm", in: 0...100_000)
        let thickness = figures.limits(map["thickness"], unit: "mm", in: 0...500)
        let tool = figures.number(map["tool-diameter"], unit: "mm", in: 0...50)
        guard let material, let distance, let thickness, let tool else { return nil }
        return PassiveNozzle.BolusBlank(
            material: material, distanceMM: distance, leastThicknessMM: thickness.lowerBound,
            greatestThicknessMM: thickness.upperBound, toolDiameterMM: tool)
    }

    private func readStacking(_ element: YAMLElement) -> PassiveNozzle.LayerStacking? {
        let keys = ["mini-peak-width", "step"]
        guard let map = element.readMapping(keys, required: keys) else { return nil }
        let width = figures.number(map["mini-peak-width"], unit: "mm", in: 1...50)
        let step = figures.number(map["step"], unit: "mm", in: 0.1...20)
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
