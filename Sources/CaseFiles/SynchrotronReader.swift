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
    private static let simulationKeys = ["transition-gamma", "painting", "capture", "aperture", "timing"]

    func read(_ element: YAMLElement) -> Synchrotron? {
        guard
            let section = FigureSection(
                element, required: Self.timeKeys + (hasRing ? Self.ringKeys : []),
                optional: hasRing ? Self.simulationKeys : [], figures: figures)
        else { return nil }
        let circumference = section.number("circumference", "m", 5...2000)
        let cycle = section.number("cycle-period", "s", 0.01...100)
        let ions = section.number("ions-per-fill", "ions", 1e5...1e14)
        let rate = section.limits("extraction-rate", "ions/s", 1...1e13)
        let change = section.number("energy-change-time", "s", 0...100)
        let off = section.number("beam-off-time", "s", 0...1)
        let ring = hasRing ? readRing(section) : nil
        guard let circumference, let cycle, let ions, let rate, let change, let off, !hasRing || ring != nil
        else { return nil }
        return Synchrotron(
            circumferenceM: circumference, cyclePeriodS: cycle, ionsPerFill: ions,
            extractionRateIonsPerS: rate, energyChangeTimeS: change, beamOffTimeS: off, ring: ring)
    }

    private func readRing(_ section: FigureSection) -> Synchrotron.Ring? {
        let energy = section.number("injection-energy", "MeV/u", 0.1...100)
        let turns = section.number("injection-turns", "", 0.5...200)
        let harmonic = section.integer("rf-harmonic", 1...100)
        let band = section.limits("rf-band", "MHz", 0.01...500)
        let voltage = section.number("rf-voltage", "kV", 0.001...1000)
        let ramp = section.number("ramp-rate", "T/s", 0.01...100)
        let field = section.number("dipole-field", "T", 0.1...20)
        let radius = section.number("bending-radius", "m", 0.1...200)
        let dipoles = section.integer("dipole-count", 1...1000)
        let tunes = section.pair("tunes", "", 0.05...50)
        let periods = section.integer("superperiods", 1...100)
        let lattice = section.text("lattice")
        let flatTop = section.number("longest-flat-top", "s", 0.001...10_000)
        let efficiencies = readEfficiencies(section)
        let transition = section.number("transition-gamma", "", 1...1000)
        let simulation = RingSimulationReader(synchrotron: section)
        let (painting, capture) = (simulation.painting(), simulation.capture())
        let (aperture, timing) = (simulation.aperture(), simulation.timing())
        guard let energy, let turns, let harmonic, let band, let voltage, let ramp, let field, let radius,
            let dipoles, let tunes, let periods, let lattice, let flatTop, let efficiencies
        else { return nil }
        if transition != nil && lattice != "none" {
            section["transition-gamma"]?.report(
                "transition follows from the lattice ‘\(lattice)’; delete the figure, or write lattice: none")
        }
        return Synchrotron.Ring(
            injectionEnergyMeVPerNucleon: energy, injectionTurns: turns, rfHarmonic: harmonic,
            rfBandMHz: band, rfVoltageKV: voltage, rampRateTPerS: ramp, dipoleFieldT: field,
            bendingRadiusM: radius, dipoleCount: dipoles, tunes: tunes, superperiods: periods,
            lattice: lattice == "none" ? nil : lattice, longestFlatTopS: flatTop, efficiencies: efficiencies,
            transitionGamma: transition, painting: painting, capture: capture, aperture: aperture,
            timing: timing)
    }

    private func readEfficiencies(_ section: FigureSection) -> Synchrotron.Ring.Efficiencies? {
        let injection = section.share("injection-efficiency")
        let capture = section.share("capture-efficiency")
        let acceleration = section.share("acceleration-efficiency")
        let extraction = section.share("extraction-efficiency")
        guard let injection, let capture, let acceleration, let extraction else { return nil }
        return Synchrotron.Ring.Efficiencies(
            injection: injection, capture: capture, acceleration: acceleration, extraction: extraction)
    }
}
