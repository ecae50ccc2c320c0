import FacilityModel

/// Reads what the simulation of injection, capture and cycle needs of a ring; each part may be left out.
struct RingSimulationReader {
    let synchrotron: FigureSection

    func painting() -> Synchrotron.Ring.Painting? {
        let keys = [
            "acceptance", "septum-beta", "septum-thickness", "injected-emittance", "beta-ratio", "clearance",
            "bump-turns",
        ]
        guard let section = synchrotron.section("painting", keys) else { return nil }
        let acceptance = section.number("acceptance", "um", 0.1...1e5)
        let beta = section.number("septum-beta", "m", 0.1...1000)
        let septum = section.number("septum-thickness", "mm", 0...100)
        let emittance = section.number("injected-emittance", "um", 0.01...1e4)
        let ratio = section.number("beta-ratio", "", 0.001...100)
        let clearance = section.pair("clearance", "sigma", 0...10)
        let turns = section.integer("bump-turns", 1...10_000)
        guard let acceptance, let beta, let septum, let emittance, let ratio, let clearance, let turns else {
            return nil
        }
        return .init(
            acceptanceUM: acceptance, septumBetaM: beta, septumThicknessMM: septum,
            injectedEmittanceUM: emittance, betaRatio: ratio, beamClearanceSigmas: clearance.x,
            orbitClearanceSigmas: clearance.y, bumpTurns: turns)
    }

    func capture() -> Synchrotron.Ring.Capture? {
        let keys = ["voltage", "time", "momentum-spread"]
        guard let section = synchrotron.section("capture", keys) else { return nil }
        let voltage = section.limits("voltage", "V", 0.01...1e6)
        let time = section.number("time", "s", 1e-5...10)
        let spread = section.number("momentum-spread", "", 1e-7...0.1)
        guard let voltage, let time, let spread else { return nil }
        return .init(voltageV: voltage, timeS: time, momentumSpread: spread)
    }

    func aperture() -> Synchrotron.Ring.Aperture? {
        let keys = ["momentum-acceptance", "vertical-emittance"]
        guard let section = synchrotron.section("aperture", keys) else { return nil }
        let acceptance = section.number("momentum-acceptance", "", 1e-5...0.5)
        let emittance = section.number("vertical-emittance", "um", 0.01...1e5)
        guard let acceptance, let emittance else { return nil }
        return .init(momentumAcceptance: acceptance, verticalEmittanceUM: emittance)
    }

    func timing() -> Synchrotron.Ring.Timing? {
        let keys = ["injection", "ramp-rounding", "settling"]
        guard let section = synchrotron.section("timing", keys) else { return nil }
        let injection = section.number("injection", "s", 0...10)
        let rounding = section.number("ramp-rounding", "s", 1e-4...10)
        let settling = section.number("settling", "s", 0...10)
        guard let injection, let rounding, let settling else { return nil }
        return .init(injectionS: injection, rampRoundingS: rounding, settlingS: settling)
    }
}
