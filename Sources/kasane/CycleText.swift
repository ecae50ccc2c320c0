import AcceleratorModel
import Foundation
import Quantities

/// Tables of `kasane facility cycle`.
enum CycleText {
    static func summary(_ cycles: [(name: String, cycle: MachineCycle)]) -> NumberTable {
        var table = NumberTable(
            "Fields",
            [
                "field": "", "layers": "", "ions": "", "neededFills": "", "fills": "", "used": "%",
                "dumped": "ions", "time": "s", "beamOn": "%",
            ])
        for (name, cycle) in cycles {
            table.rows.append([
                .text(name), .number(Double(cycle.layers.count { $0.ions > 0 }), digits: 6),
                .number(cycle.neededIons, digits: 4), .number(cycle.fillsNeeded, digits: 3),
                .number(Double(cycle.fills.count), digits: 6), .number(100 * cycle.usedShare, digits: 3),
                .number(cycle.fills.reduce(0) { $0 + $1.dumped }, digits: 3),
                .number(cycle.durationS, digits: 4),
                .number(100 * cycle.beamShare, digits: 3),
            ])
        }
        return table
    }

    static func phases(_ cycles: [(name: String, cycle: MachineCycle)]) -> NumberTable {
        var table = NumberTable(
            "What the time goes to",
            [
                "field": "", "phase": "", "times": "", "time": "s", "share": "%",
            ])
        for (name, cycle) in cycles {
            for (phase, duration) in cycle.timeByPhase {
                table.rows.append([
                    .text(name), .text(phase.rawValue),
                    .number(Double(cycle.events.count { $0.phase == phase }), digits: 6),
                    .number(duration, digits: 4), .number(100 * duration / cycle.durationS, digits: 3),
                ])
            }
        }
        return table
    }

    static func events(_ cycles: [(name: String, cycle: MachineCycle)]) -> NumberTable {
        var table = NumberTable(
            "Time line",
            [
                "field": "", "start": "s", "duration": "s", "phase": "", "energy": "MeV/u", "layer": "",
                "fill": "", "ionsBefore": "", "ionsAfter": "",
            ])
        for (name, cycle) in cycles {
            for event in cycle.events {
                table.rows.append([
                    .text(name), .number(event.startS, digits: 6), .number(event.durationS, digits: 6),
                    .text(event.phase.rawValue), .number(event.energy.value, digits: 6),
                    event.layer.map { .number(Double($0 + 1), digits: 6) } ?? .none,
                    .number(Double(event.fill + 1), digits: 6), .number(event.ringIonsBefore, digits: 6),
                    .number(event.ringIonsAfter, digits: 6),
                ])
            }
        }
        return table
    }
}
