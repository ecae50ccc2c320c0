import AcceleratorModel
import DeliveryControl
import FacilityModel
import IonPhysics
import PlanModel
import Quantities

extension PlantFigures {
    /// Figures that no machine file tells, and what is taken for them.
    public static let assumed = [
        "spill: noise of 20 % RMS in 20 µs with a memory of 60 µs, lines of 50 Hz (3 %) and 600 Hz (5 %)",
        "beam: first ions 50 µs after the command, rise with 100 µs; the fall begins 20 µs after its command",
        "scanning: settling 10 µs, remanence 0.05 mm",
        "monitors: 50 ions a count, gains within 0.3 %, recombination of 0.35 % at 10⁹ ions/s, position within 0.1 mm and 1 mm over the root of the counts",
        "log: entries collected for 4 ms, on disk 2.5 ms later",
        "a fill takes as long as the ramps to the highest energy of the field and back",
    ]

    /// Ring and nozzle of a machine; what its file does not tell is `assumed`.
    ///
    /// A new fill lasts fall of the ramp, injection and capture, rise and settling, as `CycleFigures` has them; beam falls within the
    /// machine's beam-off time.
    ///
    /// - Parameters:
    ///   - description: The machine.
    ///   - portID: Of a scanning port.
    ///   - highestEnergy: Of the field: the ramp goes there.
    /// - Throws: `missing` for what the file does not tell or a port that is not there; what the ramp throws.
    public init(
        _ description: MachineDescription, portID: String, highestEnergy: EnergyPerNucleon
    ) throws(AcceleratorError) {
        let machine = description.machine
        guard let port = machine.port(portID) else {
            throw .missing("ports.\(portID)", machine: machine.name)
        }
        guard let top = machine.energies.max() else { throw .missing("energies", machine: machine.name) }
        let cycle = try CycleFigures(description, mode: .extendedFlatTop)
        let up = try cycle.rampS(from: cycle.injectionEnergy, to: highestEnergy)
        let down = try cycle.rampS(from: highestEnergy, to: cycle.injectionEnergy)
        self.init(
            supply: Supply(
                ionsPerFill: cycle.ionsPerFill, energyStepS: cycle.energyStepS,
                refillS: down + cycle.injectionS + up + cycle.settlingS,
                longestFlatTopS: cycle.longestFlatTopS),
            scanning: Scanning(
                speedMMPerS: port.nozzle.scanSpeedMMPerS,
                highestRigidityTM: cycle.ion.motion(energyMeVPerNucleon: top.value).rigidityTM))
        spill.fallNS = max(1, Int64(cycle.beamOffS * 1e9) - spill.offDelayNS)
    }
}

extension DeliveryTimeModel {
    /// Time of a scanned field of a plan on its machine.
    ///
    /// - Parameters:
    ///   - field: Scanned, with layers.
    ///   - description: The machine.
    ///   - rules: How layers become visits; nil for the plan's paintings in the plan's order with a mean stay of 154 µs at rates that the
    ///     ring can give.
    ///   - gate: When beam may be on; nil for always.
    /// - Throws: `AcceleratorError` for what the machine file does not tell; `DeliveryTimeError`.
    public static func time(
        of field: Field, on description: MachineDescription, rules: SequenceRules? = nil,
        gate: GateIntervals? = nil
    ) throws -> DeliveryTime {
        guard let highest = field.layers.map(\.energy).max() else { throw AcceleratorError.noLayers }
        let figures = try PlantFigures(description, portID: field.portID, highestEnergy: highest)
        let ion = try CycleFigures(description, mode: .extendedFlatTop).ion
        let rules =
            rules
            ?? SequenceRules(
                ionsPerCount: figures.monitors.ionsPerCount, beamOffLeadS: figures.overshootS,
                ratesIonsPerS: figures.safeRates(description.synchrotron.extractionRateIonsPerS))
        let layers = rules.layers(field) { ion.motion(energyMeVPerNucleon: $0.value).rigidityTM }
        return try DeliveryTimeModel(figures).time(of: layers, gate: gate)
    }
}
