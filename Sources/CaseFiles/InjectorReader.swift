import FacilityModel
import Quantities

/// Reads the injector of a machine file.
struct InjectorReader {
    let figures: FigureReader
    /// The ion in the ring; nil if it could not be read.
    let ion: Isotope?

    func read(_ element: YAMLElement) -> Injector? {
        let keys = ["ion-source", "rfq", "linac", "stripper", "pulse-length"]
        guard let map = element.readMapping(keys, required: keys) else { return nil }
        let source = map["ion-source"].flatMap(readSource)
        let rfq = map["rfq"].flatMap(readStage)
        let linac = map["linac"].flatMap(readStage)
        let stripper = map["stripper"].flatMap(readStripper)
        let pulse = figures.number(map["pulse-length"], unit: "us", in: 0.1...1e6)
        guard let source, let rfq, let linac, let stripper, let pulse else { return nil }
        return Injector(source: source, rfq: rfq, linac: linac, stripper: stripper, pulseLengthUS: pulse)
    }

    private func readSource(_ element: YAMLElement) -> Injector.IonSource? {
        let keys = ["type", "charge-state", "current", "energy"]
        guard let map = element.readMapping(keys, required: keys) else { return nil }
        let type = figures.text(map["type"])
        let charge = figures.integer(map["charge-state"], in: 1...(ion?.atomicNumber ?? 100))
        let current = figures.number(map["current"], unit: "uA", in: 0.001...1e6)
        let energy = figures.number(map["energy"], unit: "keV/u", in: 0.1...1000)
        guard let type, let charge, let current, let energy else { return nil }
        return Injector.IonSource(
            type: type, chargeState: charge, currentUA: current, energyKeVPerNucleon: energy)
    }

    private func readStage(_ element: YAMLElement) -> Injector.Stage? {
        let keys = ["type", "frequency", "output-energy", "transmission"]
        guard let map = element.readMapping(keys, required: keys) else { return nil }
        let type = figures.text(map["type"])
        let frequency = figures.number(map["frequency"], unit: "MHz", in: 1...5000)
        let energy = figures.number(map["output-energy"], unit: "MeV/u", in: 0.01...100)
        let transmission = figures.number(map["transmission"], unit: "", in: 0.001...1)
        guard let type, let frequency, let energy, let transmission else { return nil }
        return Injector.Stage(
            type: type, frequencyMHz: frequency, outputEnergyMeVPerNucleon: energy, transmission: transmission
        )
    }

    private func readStripper(_ element: YAMLElement) -> Injector.Stripper? {
        let keys = ["charge-state", "efficiency"]
        guard let map = element.readMapping(keys, required: keys) else { return nil }
        let charge = figures.integer(map["charge-state"], in: 1...(ion?.atomicNumber ?? 100))
        let efficiency = figures.number(map["efficiency"], unit: "", in: 0.001...1)
        guard let charge, let efficiency else { return nil }
        return Injector.Stripper(chargeState: charge, efficiency: efficiency)
    }
}
