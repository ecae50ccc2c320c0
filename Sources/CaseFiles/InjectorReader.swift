import FacilityModel
import Quantities

/// Reads the injector of a machine file.
struct InjectorReader {
    let figures: FigureReader
    /// The ion in the ring; nil if it could not be read.
    let ion: Isotope?

    func read(_ element: YAMLElement) -> Injector? {
        guard
            let section = FigureSection(
                element, required: ["ion-source", "rfq", "linac", "stripper", "pulse-length"],
                optional: ["line-transmission"], figures: figures)
        else { return nil }
        let source = readSource(section)
        let rfq = readStage(section, "rfq")
        let linac = readStage(section, "linac")
        let stripper = readStripper(section)
        let line = section.share("line-transmission")
        let pulse = section.number("pulse-length", "us", 0.1...1e6)
        guard let source, let rfq, let linac, let stripper, let pulse else { return nil }
        return Injector(
            source: source, rfq: rfq, linac: linac, stripper: stripper, pulseLengthUS: pulse,
            lineTransmission: line)
    }

    private var charges: ClosedRange<Int> { 1...(ion?.atomicNumber ?? 100) }

    private func readSource(_ injector: FigureSection) -> Injector.IonSource? {
        guard let section = injector.section("ion-source", ["type", "charge-state", "current", "energy"])
        else { return nil }
        let type = section.text("type")
        let charge = section.integer("charge-state", charges)
        let current = section.number("current", "uA", 0.001...1e6)
        let energy = section.number("energy", "keV/u", 0.1...1000)
        guard let type, let charge, let current, let energy else { return nil }
        return Injector.IonSource(
            type: type, chargeState: charge, currentUA: current, energyKeVPerNucleon: energy)
    }

    private func readStage(_ injector: FigureSection, _ key: String) -> Injector.Stage? {
        guard let section = injector.section(key, ["type", "frequency", "output-energy", "transmission"])
        else { return nil }
        let type = section.text("type")
        let frequency = section.number("frequency", "MHz", 1...5000)
        let energy = section.number("output-energy", "MeV/u", 0.01...100)
        let transmission = section.share("transmission")
        guard let type, let frequency, let energy, let transmission else { return nil }
        return Injector.Stage(
            type: type, frequencyMHz: frequency, outputEnergyMeVPerNucleon: energy, transmission: transmission
        )
    }

    private func readStripper(_ injector: FigureSection) -> Injector.Stripper? {
        guard let section = injector.section("stripper", ["charge-state", "efficiency"]) else { return nil }
        let charge = section.integer("charge-state", charges)
        let efficiency = section.share("efficiency")
        guard let charge, let efficiency else { return nil }
        return Injector.Stripper(chargeState: charge, efficiency: efficiency)
    }
}
