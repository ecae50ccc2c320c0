import AcceleratorModel
import ArgumentParser
import CaseFiles
import FacilityModel
import Foundation
import Quantities
import Reporting

/// `kasane facility ramp`: a machine's accelerator from the ion source to the flat top.
struct FacilityRampCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ramp",
        abstract: "Simulate a machine's accelerator from the ion source to the flat top.",
        discussion: """
            Injector stages, multi-turn injection, RF capture and acceleration turn by turn, the ions that are left
            after each stage, and the space charge tune shift as a check. All figures are those of the machine file,
            transition that of its lattice; docs/theory/accelerator.md has the formulas.

            EXAMPLES
              kasane facility ramp yamagata
              kasane facility ramp himac --energy 800
              kasane facility ramp yamagata --energy 250 --csv build/ramp.csv --pictures build/ramp --png
            """)

    @OptionGroup var selection: MachineSelection
    @OptionGroup var output: SimulationOutput

    @Option(help: "Energy of the flat top, MeV/u; the machine's highest if it is left out.")
    var energy: Double?

    @Option(help: "Macroparticles of the tracking.")
    var particles = 256

    @Option(help: "Seed of injection and tracking.")
    var seed: UInt64 = 1

    @Option(help: "Threads to use; results do not depend on it.")
    var threads: Int = ProcessInfo.processInfo.activeProcessorCount

    mutating func validate() throws {
        guard (8...100_000).contains(particles) else {
            throw ValidationError("--particles \(particles) (must be 8 to 100000)")
        }
        guard (1...1024).contains(threads) else {
            throw ValidationError("--threads \(threads) (must be 1 to 1024)")
        }
    }

    func run() async throws {
        let command = self
        try await reportingErrors { try await command.perform() }
    }

    private func perform() async throws {
        let description = try selection.read()
        let machine = description.machine
        let optics = try selection.optics(of: description)
        let accelerator = try Accelerator(description, optics: optics)
        let top = energy ?? machine.energies.first?.value ?? 0
        let program = try accelerator.ramp(topMeVPerNucleon: top)
        let injection = try accelerator.injection.track(particlesPerTurn: 500, seed: seed)
        let progress = TerminalProgress()
        progress.begin("capture and acceleration")
        let result = try await LongitudinalTracking(program: program, particles: particles, seed: seed).run(
            threads: threads
        ) { progress.update(fraction: Double($0) / Double($1), detail: "") }
        progress.end("\(result.turns) turns of \(result.particles) ions")
        let budget = try TrackedIonBudget(accelerator, injection: injection, longitudinal: result)
        print("\(machine.name): \(machine.ion) to \(String(format: "%g", top)) MeV/u")
        if let notice = description.notice { print(notice) }
        print(RampText.optics(accelerator, optics) + "\n")
        print(try RampText.injector(accelerator).text(.table))
        print(RampText.injection(accelerator.injection, injection))
        print(try RampText.program(program, rows: 14).text(.table))
        print(RampText.beam(result).text(.table))
        print(RampText.budget(budget).text(.table))
        print(
            try RampText.check(
                accelerator, injection, result, budget, fill: description.synchrotron.ionsPerFill))
        print(RampText.basis(description))
        try output.write(RampText.program(program, rows: 500))
        guard output.pictures != nil else { return }
        let buckets = result.snapshots.enumerated().map { RampPictures.bucket($1, number: $0) }
        try output.write(
            [
                RampPictures.program(program, machine: machine.name),
                RampPictures.injection(injection, of: accelerator.injection),
            ] + buckets)
    }
}
