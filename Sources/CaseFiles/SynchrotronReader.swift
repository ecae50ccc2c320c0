import FacilityModel

/// Reads the synchrotron of a machine file.
struct SynchrotronReader {
    let figures: FigureReader
    /// Whether injection, magnets, optics and RF are told (from version 2 on).
    let hasRing: Bool

    private static let timeKeys = [
        "circumference", "cycle-period", "ions-per-fill", "extraction-rate", "energy-change-time",
        "beam-off-time",
    ]
    private static let ringKeys = [
        "injection-energy", "injection-turns", "rf-harmonic", "rf-band", "rf-voltage", "ramp-rate",
        "dipole-field", "bending-radius", "dipole-count", "tunes", "superperiods", "lattice",
        "longest-flat-top", "injection-efficiency", "capture-efficiency", "acceleration-efficiency",
        "extraction-efficiency",
    ]

    func read(_ element: YAMLElement) -> Synchrotron? {
        let keys = Self.timeKeys + (hasRing ? Self.ringKeys : [])
        guard let map = element.readMapping(keys, required: keys) else { return nil }
        let circumference = figures.number(map["circumference"], unit: "m", in: 5...2000)
        let cycle = figures.number(map["cycle-period"], unit: "s", in: 0.01...100)
        let ions = figures.number(map["ions-per-fill"], unit: "ions", in: 1e5...1e14)
        let rate = figures.limits(map["extraction-rate"], unit: "ions/s", in: 1...1e13)
        let change = figures.number(map["energy-change-time"], unit: "s", in: 0...100)
        let off = figures.number(map["beam-off-time"], unit: "s", in: 0...1)
        let ring = hasRing ? readRing(map) : nil
        guard let circumference, let cycle, let ions, let rate, let change, let off, !hasRing || ring != nil
        else { return nil }
        return Synchrotron(
            circumferenceM: circumference, cyclePeriodS: cycle, ionsPerFill: ions,
            extractionRateIonsPerS: rate, energyChangeTimeS: change, beamOffTimeS: off, ring: ring)
    }

    private func readRing(_ map: YAMLMapping) -> Synchrotron.Ring? {
        let energy = figures.number(map["injection-energy"], unit: "MeV/u", in: 0.1...100)
        let turns = figures.number(map["injection-turns"], unit: "", in: 0.5...200)
        let harmonic = figures.integer(map["rf-harmonic"], in: 1...100)
        let band = figures.limits(map["rf-band"], unit: "MHz", in: 0.01...500)
        let voltage = figures.number(map["rf-voltage"], unit: "kV", in: 0.001...1000)
        let ramp = figures.number(map["ramp-rate"], unit: "T/s", in: 0.01...100)
        let field = figures.number(map["dipole-field"], unit: "T", in: 0.1...20)
        let radius = figures.number(map["bending-radius"], unit: "m", in: 0.1...200)
        let dipoles = figures.integer(map["dipole-count"], in: 1...1000)
        let tunes = figures.numbers(map["tunes"], count: 2, unit: "", in: 0.05...50)
        let periods = figures.integer(map["superperiods"], in: 1...100)
        let lattice = figures.text(map["lattice"])
        let flatTop = figures.number(map["longest-flat-top"], unit: "s", in: 0.001...10_000)
        let efficiencies = readEfficiencies(map)
        guard let energy, let turns, let harmonic, let band, let voltage, let ramp, let field, let radius,
            let dipoles, let tunes, let periods, let lattice, let flatTop, let efficiencies
        else { return nil }
        return Synchrotron.Ring(
            injectionEnergyMeVPerNucleon: energy, injectionTurns: turns, rfHarmonic: harmonic,
            rfBandMHz: band, rfVoltageKV: voltage, rampRateTPerS: ramp, dipoleFieldT: field,
            bendingRadiusM: radius, dipoleCount: dipoles, tunes: SIMD2(tunes[0], tunes[1]),
            superperiods: periods, lattice: lattice == "none" ? nil : lattice, longestFlatTopS: flatTop,
            efficiencies: efficiencies)
    }

    private func readEfficiencies(_ map: YAMLMapping) -> Synchrotron.Ring.Efficiencies? {
        func share(_ key: String) -> Double? { figures.number(map[key], unit: "", in: 0.001...1) }
        let injection = share("injection-efficiency")
        let capture = share("capture-efficiency")
        let acceleration = share("acceleration-efficiency")
        let extraction = share("extraction-efficiency")
        guard let injection, let capture, let acceleration, let extraction else { return nil }
        return Synchrotron.Ring.Efficiencies(
            injection: injection, capture: capture, acceleration: acceleration, extraction: extraction)
    }
}
