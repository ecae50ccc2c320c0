import AcceleratorModel
import Foundation
import Quantities

/// Tables of `kasane facility cycle`.
enum CycleText {
    static func summary(_ cycles: [(name: String, cycle: MachineCycle)]) -> NumberTable {
        var table = NumberTable(
            title: "Fields",
            columns: [
                .init(name: "field", unit: ""), .init(name: "layers", unit: ""),
                .init(name: "ions", unit: ""),
                .init(name: "neededFills", unit: ""), .init(name: "fills", unit: ""),
                .init(name: "used", unit: "%"),
                .init(name: "dumped", unit: "ions"), .init(name: "time", unit: "s"),
                .init(name: "beamOn", unit: "%"),
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
            title: "What the time goes to",
            columns: [
                .init(name: "field", unit: ""), .init(name: "phase", unit: ""),
                .init(name: "times", unit: ""),
                .init(name: "time", unit: "s"), .init(name: "share", unit: "%"),
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
            title: "Time line",
            columns: [
                .init(name: "field", unit: ""), .init(name: "start", unit: "s"),
                .init(name: "duration", unit: "s"),
                .init(name: "phase", unit: ""), .init(name: "energy", unit: "MeV/u"),
                .init(name: "layer", unit: ""),
                .init(name: "fill", unit: ""), .init(name: "ionsBefore", unit: ""),
                .init(name: "ionsAfter", unit: ""),
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
