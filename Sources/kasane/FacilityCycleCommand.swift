import AcceleratorModel
import ArgumentParser
import CaseFiles
import FacilityModel
import Foundation
import IonPhysics
import PlanModel
import Quantities
import Reporting

/// `kasane facility cycle`: the ring's time line for a treatment.
struct FacilityCycleCommand: AsyncParsableCommand {
    enum Mode: String, ExpressibleByArgument, CaseIterable {
        case extended, fixed
    }

    static let configuration = CommandConfiguration(
        commandName: "cycle",
        abstract: "Show what the ring does from second to second to deliver a plan.",
        discussion: """
            Injection, acceleration, flat top, spills, energy steps, refills and deceleration for each field, with
            the time of each and the ions per fill against what the field needs. Without --plan the field is a sphere
            of 60 mm that gets 1 Gy in 8 rescans. The extraction rate of a layer is that which gives the mean dwell
            time, within what the ring can give; moves between spots come on top. A plan of passive fields runs in a fixed
            pattern unless --mode says otherwise: each slice has cycles of its own at --intensity, --gating is the share of
            time in which the respiratory gate is open, --device-change what range shifter and leaves need (0.5 s is assumed).

            EXAMPLES
              kasane facility cycle himac
              kasane facility cycle yamagata --plan build/head --csv build/cycle.csv --pictures build/cycle
              kasane facility cycle himac --mode fixed
              kasane facility cycle himac --plan build/passive --intensity 1e9 --gating 0.3
            """)

    @OptionGroup var selection: MachineSelection
    @OptionGroup var output: SimulationOutput

    @Option(help: ArgumentHelp("Case folder made by kasane plan.", valueName: "case"))
    var plan: String?

    @Option(
        help:
            "extended: all energies on one flat top; fixed: one energy in each cycle of the machine's period. Default extended, for passive fields fixed."
    )
    var mode: Mode?

    @Option(
        help: ArgumentHelp(
            "Intensity of passive fields at the scatterer; the ring's greatest if it is left out.",
            valueName: "ions/s"))
    var intensity: Double?

    @Option(
        help: ArgumentHelp("Share of time in which the gate of passive fields is open.", valueName: "share"))
    var gating = 1.0

    @Option(
        name: .customLong("device-change"),
        help: ArgumentHelp("Time of range shifter and leaves from slice to slice.", valueName: "s"))
    var deviceChange = 0.5

    @Option(help: "Mean time on a spot that is aimed at, µs.")
    var dwell = 154.0

    mutating func validate() throws {
        guard gating > 0, gating <= 1, deviceChange >= 0, deviceChange <= 3600 else {
            throw ValidationError("--gating must be above 0 and at most 1, --device-change 0 to 3600 s")
        }
        guard dwell > 0, dwell <= 1e6 else {
            throw ValidationError("--dwell \(dwell) (must be above 0, at most 1e6 µs)")
        }
    }

    func run() async throws {
        let command = self
        try await reportingErrors { try command.perform() }
    }

    private func perform() throws {
        let description = try selection.read()
        let synchrotron = description.synchrotron
        func figures(_ mode: Mode) throws -> CycleFigures {
            try CycleFigures(
                description,
                mode: mode == .extended
                    ? .extendedFlatTop : .fixedPeriod(periodS: synchrotron.cyclePeriodS))
        }
        let fields = try CycleFields.read(plan, description: description, meanDwellS: dwell * 1e-6)
        let rules = PassiveFieldTime.Rules(
            rateIonsPerS: intensity ?? synchrotron.extractionRateIonsPerS.upperBound, gatingShare: gating,
            deviceChangeS: deviceChange)
        var waits: [String] = []
        let cycles = try fields.map { field -> (name: String, cycle: MachineCycle) in
            guard let delivery = field.passive else {
                return (
                    field.name, try MachineCycle(layers: field.layers, figures: figures(mode ?? .extended))
                )
            }
            let time = try PassiveFieldTime(
                energy: delivery.energy, sliceIons: delivery.slices.map(\.particles), rules: rules,
                figures: figures(mode ?? .fixed))
            waits.append(
                String(
                    format: "%@: passive, %d slices, %d cycles, %.1f s (%.1f s of it waiting for devices)",
                    field.name, delivery.slices.count, time.cycles, time.durationS, time.waitsS))
            return (field.name, time.cycle)
        }
        print("\(description.machine.name): \(fields.map(\.name).joined(separator: ", "))\n")
        print(CycleText.summary(cycles).text(.table))
        print(CycleText.phases(cycles).text(.table))
        for line in waits { print(line) }
        try output.write(CycleText.events(cycles))
        try output.write(
            cycles.enumerated().map { index, entry in
                CyclePicture.picture(
                    entry.cycle, name: "cycle-\(index + 1)",
                    title: "\(description.machine.name): \(entry.name)")
            })
    }
}

/// The layers of the fields of a plan, or of a reference field, as the ring sees them.
enum CycleFields {
    /// Layers of a scanned field, or how a passive one is delivered.
    struct Entry {
        var name: String
        var layers: [CycleLayer] = []
        var passive: PassiveDelivery?
    }

    static func read(
        _ folder: String?, description: MachineDescription, meanDwellS: Double
    ) throws -> [Entry] {
        guard let folder else { return [try sphere(description, meanDwellS: meanDwellS)] }
        let plan = try CaseFolder.read(path: folder).plan
        guard plan.ion == description.machine.ion else {
            throw InvalidFile(
                file: folder,
                "the plan is for \(plan.ion) (the machine accelerates \(description.machine.ion)); choose another machine"
            )
        }
        if plan.machineName != description.machine.name {
            complain("the plan was made for \(plan.machineName); its energies and ions are taken as they are")
        }
        return plan.fields.map { field in
            if let delivery = field.passive { return Entry(name: field.name, passive: delivery) }
            let speed = description.machine.port(field.portID)?.nozzle.scanSpeedMMPerS
            return Entry(
                name: field.name,
                layers: field.layers.map { layer in
                    CycleLayer(
                        energy: layer.energy, ions: layer.particles,
                        visits: layer.spots.count * layer.paintings,
                        meanDwellS: meanDwellS, rates: description.synchrotron.extractionRateIonsPerS,
                        pausesS: speed.map { moves(of: layer, speedMMPerS: $0) } ?? 0)
                }
            )
        }
    }

    /// Time of the moves between the spots of a layer, s: the slower axis counts.
    private static func moves(of layer: EnergyLayer, speedMMPerS speed: SIMD2<Double>) -> Double {
        zip(layer.spots, layer.spots.dropFirst()).reduce(0) { sum, pair in
            let distance = pair.1.positionMM - pair.0.positionMM
            return sum + max(abs(distance.x) / speed.x, abs(distance.y) / speed.y)
        } * Double(layer.paintings)
    }

    /// Sphere of 60 mm, 3 mm slices down from 150 mm of water, 1 Gy: 8·10⁸ ions, 9425 spots of 2 mm, 8 rescans.
    private static func sphere(
        _ description: MachineDescription, meanDwellS: Double
    ) throws -> Entry {
        let table = try RangeTable(description.machine.ion)
        let ranges = description.machine.energies.map { ($0, table.rangeMM(energyMeVPerNucleon: $0.value)) }
        var energies: [EnergyPerNucleon] = []
        for slice in 0..<20 {
            let depth = 150 - 3 * Double(slice)
            let nearest = ranges.min { abs($0.1 - depth) < abs($1.1 - depth) }?.0
            if let nearest, nearest != energies.last { energies.append(nearest) }
        }
        let count = max(1, energies.count)
        let layers = energies.map {
            CycleLayer(
                energy: $0, ions: 8e8 / Double(count), visits: 9425 * 8 / count, meanDwellS: meanDwellS,
                rates: description.synchrotron.extractionRateIonsPerS)
        }
        return Entry(name: "sphere of 60 mm, 1 Gy, 8 rescans", layers: layers)
    }
}
