import Foundation
import Quantities
import SlowExtraction

/// Tables of a fill on an extended flat top.
enum FillText {
    static func layers(_ fill: FillSimulation) -> NumberTable {
        var table = NumberTable(
            title: "Layers",
            columns: [
                .init(name: "layer", unit: ""), .init(name: "energy", unit: "MeV/u"),
                .init(name: "beamOn", unit: "s"), .init(name: "duration", unit: "ms"),
                .init(name: "ions", unit: ""), .init(name: "rateOverRequest", unit: ""),
                .init(name: "worst5ms", unit: "%"), .init(name: "countingNoise", unit: "%"),
                .init(name: "dutyFactor1ms", unit: ""), .init(name: "startUp", unit: "ms"),
                .init(name: "stop", unit: "ms"), .init(name: "leaked", unit: "ions"),
                .init(name: "leftInRing", unit: "ions"),
            ])
        for (index, layer) in fill.layers.enumerated() {
            let figures = layer.statistics
            func cell(_ value: Double?, _ digits: Int) -> NumberTable.Cell {
                value.map { .number($0, digits: digits) } ?? .none
            }
            let left = layer.spill.map { Double($0.remaining) * $0.ionsPerParticle } ?? layer.ringIons
            table.rows.append([
                .number(Double(index + 1), digits: 3), .number(layer.request.energy.value, digits: 5),
                .number(layer.startS, digits: 5), .number(1e3 * layer.beamOffS, digits: 4),
                .number(layer.ions, digits: 4), cell(figures?.meanOverRequest, 4),
                cell(figures?.worstWindow.map { 100 * $0 }, 3),
                cell(figures?.worstWindow.map { _ in 100 * (figures?.windowNoise ?? 0) }, 3),
                cell(figures?.dutyFactor, 3), cell(figures.map { 1e3 * $0.startUpS }, 3),
                cell(figures?.stopS.map { 1e3 * $0 }, 3),
                .number(layer.leakedIons + layer.capturedLossIons, digits: 3), .number(left, digits: 4),
            ])
        }
        return table
    }

    /// What became of the ions, whether another fill is needed, and the summary for a delivery.
    static func summary(_ fill: FillSimulation, asked: Int) -> String {
        let delivered = fill.layers.reduce(0) { $0 + $1.ions }
        let leaked = fill.layers.reduce(0) { $0 + $1.leakedIons + $1.capturedLossIons }
        var lines = [
            String(
                format: "ions        %.3g stored = %.3g delivered + %.3g leaked + %.3g left",
                fill.storedIons, delivered, leaked, fill.ringIons)
        ]
        if let last = fill.layers.last, let reason = last.newFill {
            lines.append(
                String(
                    format: "next fill   at %.3f s, for layer %d of %d (%@); %.3g ions of it are owed",
                    last.endS, fill.layers.count, asked, reason.rawValue, last.missingIons))
        } else {
            lines.append(
                String(
                    format: "next fill   not needed for these layers; they end at %.3f s",
                    fill.layers.last?.endS ?? 0))
        }
        if let profile = SpillProfile(
            measuring: fill.layers, repaymentS: fill.settings.feedback.repaymentS)
        {
            lines.append(
                String(
                    format:
                        "spill       noise %.1f %% in %.1f ms, correlated over %.2f ms; start-up %.2f ms; tail %.3f ms of the rate",
                    100 * profile.noise, 1e3 * profile.binS, 1e3 * profile.correlationS,
                    1e3 * profile.startUpS, 1e3 * profile.tailS))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    static func bins(_ fill: FillSimulation) -> NumberTable {
        var table = NumberTable(
            title: "Fill",
            columns: [
                .init(name: "layer", unit: ""), .init(name: "energy", unit: "MeV/u"),
                .init(name: "time", unit: "s"), .init(name: "rate", unit: "ions/s"),
                .init(name: "requested", unit: "ions/s"), .init(name: "kick", unit: "rad"),
            ])
        for (index, layer) in fill.layers.enumerated() {
            guard let spill = layer.spill else { continue }
            for bin in spill.ions.indices {
                table.rows.append([
                    .number(Double(index + 1), digits: 4), .number(layer.request.energy.value, digits: 6),
                    .number(layer.startS + (Double(bin) + 0.5) * spill.binS, digits: 8),
                    .number(spill.ions[bin] / spill.binS, digits: 6),
                    .number(spill.requested[bin] / spill.binS, digits: 6),
                    .number(spill.amplitudeRad[bin], digits: 5),
                ])
            }
        }
        return table
    }
}
