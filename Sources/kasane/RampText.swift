import AcceleratorModel
import FacilityModel
import Foundation
import IonPhysics

/// Tables of `kasane facility ramp`.
enum RampText {
    /// Tunes and transition, and where they come from.
    static func optics(_ accelerator: Accelerator, _ optics: RingOptics?) -> String {
        let ring = accelerator.ring
        let tunes = String(format: "tunes %.2f and %.2f", ring.tunes.x, ring.tunes.y)
        let transition = String(format: "transition at gamma %.3f", ring.transitionGamma)
        guard let optics else { return "\(tunes) and \(transition), as the machine file tells" }
        return tunes
            + String(
                format: " of the machine file, %.3f and %.3f of its lattice \(optics.lattice); ",
                optics.tunes.x,
                optics.tunes.y) + transition + ", that of the lattice"
    }

    /// How much of what the simulation rests on is assumed.
    static func basis(_ description: MachineDescription) -> String {
        let used = description.figures.filter {
            $0.path.hasPrefix("injector.") || $0.path.hasPrefix("synchrotron.")
        }
        let assumed = used.count { $0.confidence == .assumed }
        return """
            \(assumed) of the \(used.count) figures of injector and ring are assumed; see
            kasane facility show \(description.machine.name) --injector --synchrotron --assumptions
            """
    }

    static func injector(_ accelerator: Accelerator) throws -> NumberTable {
        var table = NumberTable(
            "Injector",
            [
                "behind": "", "energy": "MeV/u", "charge": "e", "current": "µA", "ionsPerPulse": "",
                "beta": "", "rigidity": "T m", "bunchDistance": "mm", "ionsPerBunch": "",
            ])
        for state in try accelerator.injector.states(of: accelerator.isotope) {
            table.rows.append([
                .text(state.stage.name), .number(state.stage.exitEnergyMeVPerNucleon, digits: 4),
                .number(Double(state.stage.exitChargeState), digits: 3), .number(state.currentUA, digits: 4),
                .number(state.ionsPerPulse, digits: 3), .number(state.motion.beta, digits: 4),
                .number(state.motion.rigidityTM, digits: 4),
                state.bunchDistanceMM.map { .number($0, digits: 4) } ?? .none,
                state.ionsPerBunch.map { .number($0, digits: 3) } ?? .none,
            ])
        }
        return table
    }

    static func injection(_ injection: MultiTurnInjection, _ result: MultiTurnInjectionResult) -> String {
        String(
            format: """
                Multi-turn injection: %d turns, %.1f effective (at most %.1f by acceptance over emittance), %.0f %% stored;
                lost on the septum %.0f %%, entering %.0f %%, on the aperture %.0f %%; emittance %.0f µm (4 sigma^2), 95 %% below %.0f µm

                """, result.turns, result.effectiveTurns, injection.liouvilleTurns, 100 * result.efficiency,
            100 * Double(result.lostOnSeptum) / Double(result.injected),
            100 * Double(result.lostEntering) / Double(result.injected),
            100 * Double(result.lostOnAperture) / Double(result.injected), result.emittanceUM,
            result.emittance95UM)
    }

    static func program(_ program: RampProgram, rows: Int) throws -> NumberTable {
        var table = NumberTable(
            "Capture and acceleration",
            [
                "time": "ms", "field": "T", "energy": "MeV/u", "frequency": "MHz", "voltage": "V",
                "phase": "deg", "synchrotronTune": "", "synchrotronFrequency": "Hz",
                "bucketHalfHeight": "dp/p", "bucketArea": "eV s",
            ])
        let capture = program.radioFrequency.captureS
        // A quarter of the rows for capture, the rest for the ramp; both ends are rows.
        let early = max(2, rows / 4)
        let late = max(2, rows - early)
        var times: [Double] = []
        for index in 0..<early { times.append(capture * Double(index) / Double(early)) }
        for index in 0..<late {
            times.append(capture + program.dipole.durationS * Double(index) / Double(late - 1))
        }
        for time in times {
            let bucket = try program.bucket(at: time)
            let phaseDegrees = bucket.synchronousPhase * 180 / .pi
            let cells: [NumberTable.Cell] = [
                .number(time * 1e3, digits: 4), .number(program.field(at: time), digits: 4),
                .number(bucket.motion.energyMeVPerNucleon, digits: 4),
                .number(bucket.frequencyHz * 1e-6, digits: 5), .number(bucket.voltageV, digits: 4),
                .number(phaseDegrees, digits: 3), .number(bucket.synchrotronTune, digits: 3),
                .number(bucket.synchrotronFrequencyHz, digits: 4), .number(bucket.halfHeight, digits: 3),
                .number(bucket.areaEVS, digits: 4),
            ]
            table.rows.append(cells)
        }
        return table
    }

    static func beam(_ result: LongitudinalResult) -> NumberTable {
        var table = NumberTable(
            "Beam, tracked for \(result.turns) turns",
            [
                "moment": "", "time": "ms", "left": "%", "inBucket": "%", "momentumSpread": "dp/p rms",
                "bunchingFactor": "",
            ])
        for snapshot in result.snapshots {
            let share = 100 / Double(result.particles)
            table.rows.append([
                .text(snapshot.label), .number(snapshot.timeS * 1e3, digits: 4),
                .number(share * Double(snapshot.points.count), digits: 4),
                .number(share * Double(snapshot.insideBucket), digits: 4),
                .number(snapshot.momentumSpread, digits: 3), .number(snapshot.bunchingFactor, digits: 3),
            ])
        }
        return table
    }

    static func budget(_ budget: TrackedIonBudget) -> NumberTable {
        var table = NumberTable(
            "Ions of one pulse",
            [
                "stage": "", "in": "ions", "out": "ions", "lost": "ions", "share": "%",
            ])
        for entry in budget.entries {
            table.rows.append([
                .text(entry.name), .number(entry.ionsIn, digits: 4), .number(entry.ionsOut, digits: 4),
                .number(entry.lost, digits: 4), .number(100 * entry.share, digits: 4),
            ])
        }
        return table
    }

    /// A line where the RF frequency lies just outside the printed band; nothing within it.
    private static func band(_ accelerator: Accelerator, _ result: LongitudinalResult) -> String {
        let band = accelerator.radioFrequency.bandMHz
        let outside = result.snapshots.map { $0.bucket.frequencyHz * 1e-6 }.filter { !band.contains($0) }
        guard let frequency = outside.first else { return "" }
        return String(
            format:
                "The RF frequency %.4f MHz lies outside the stated band of %g to %g MHz, by less than the %.0f %% that "
                + "printed bands are trusted to\n", frequency, band.lowerBound, band.upperBound,
            100 * Synchrotron.Ring.bandTolerance)
    }

    static func check(
        _ accelerator: Accelerator, _ injection: MultiTurnInjectionResult, _ result: LongitudinalResult,
        _ budget: TrackedIonBudget, fill: Double
    ) throws -> String {
        let captured = result.snapshots[1]
        let shift = try SpaceChargeTuneShift(
            ions: budget.accelerated, motion: captured.bucket.motion,
            emittancesUM: SIMD2(injection.emittanceUM, accelerator.ring.verticalEmittanceUM),
            tunes: accelerator.ring.tunes, bunchingFactor: captured.bunchingFactor)
        var text = String(
            format: "Space charge tune shift behind capture: %.3f vertical, %.3f horizontal\n",
            shift.vertical,
            shift.horizontal)
        if let warning = shift.warning { text += "warning: \(warning)\n" }
        text += band(accelerator, result)
        text += String(
            format: "Ions that can be extracted: %.2g simulated, %.2g in the machine file\n",
            budget.extracted, fill)
        return text
    }
}
