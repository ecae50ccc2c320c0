import AcceleratorModel
import Foundation

/// Tables of `kasane facility ramp`.
enum RampText {
    static func injector(_ accelerator: Accelerator) throws -> NumberTable {
        var table = NumberTable(
            title: "Injector",
            columns: [
                .init(name: "behind", unit: ""), .init(name: "energy", unit: "MeV/u"),
                .init(name: "charge", unit: "e"),
                .init(name: "current", unit: "µA"), .init(name: "ionsPerPulse", unit: ""),
                .init(name: "beta", unit: ""),
                .init(name: "rigidity", unit: "T m"), .init(name: "bunchDistance", unit: "mm"),
                .init(name: "ionsPerBunch", unit: ""),
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
            title: "Capture and acceleration",
            columns: [
                .init(name: "time", unit: "ms"), .init(name: "field", unit: "T"),
                .init(name: "energy", unit: "MeV/u"),
                .init(name: "frequency", unit: "MHz"), .init(name: "voltage", unit: "V"),
                .init(name: "phase", unit: "deg"), .init(name: "synchrotronTune", unit: ""),
                .init(name: "synchrotronFrequency", unit: "Hz"),
                .init(name: "bucketHalfHeight", unit: "dp/p"),
                .init(name: "bucketArea", unit: "eV s"),
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
            title: "Beam, tracked for \(result.turns) turns",
            columns: [
                .init(name: "moment", unit: ""), .init(name: "time", unit: "ms"),
                .init(name: "left", unit: "%"),
                .init(name: "inBucket", unit: "%"), .init(name: "momentumSpread", unit: "dp/p rms"),
                .init(name: "bunchingFactor", unit: ""),
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

    static func budget(_ budget: IonBudget) -> NumberTable {
        var table = NumberTable(
            title: "Ions of one pulse",
            columns: [
                .init(name: "stage", unit: ""), .init(name: "in", unit: "ions"),
                .init(name: "out", unit: "ions"),
                .init(name: "lost", unit: "ions"), .init(name: "share", unit: "%"),
            ])
        for entry in budget.entries {
            table.rows.append([
                .text(entry.name), .number(entry.ionsIn, digits: 4), .number(entry.ionsOut, digits: 4),
                .number(entry.lost, digits: 4), .number(100 * entry.share, digits: 4),
            ])
        }
        return table
    }

    static func check(
        _ accelerator: Accelerator, _ injection: MultiTurnInjectionResult, _ result: LongitudinalResult,
        _ budget: IonBudget, fill: Double
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
        text += String(
            format: "Ions that can be extracted: %.2g simulated, %.2g in the machine file\n",
            budget.extracted, fill)
        return text
    }
}
