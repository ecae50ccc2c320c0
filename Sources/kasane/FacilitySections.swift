import FacilityModel
import Foundation
import Quantities

/// Sections of a machine as tables for people; nil where the machine file does not tell.
enum FacilitySections {
    static func injector(_ description: MachineDescription) -> String? {
        guard let injector = description.injector else { return nil }
        var ions = injector.source.ionsPerS
        var rows = [
            [
                "ion source", injector.source.type, "", number(injector.source.energyKeVPerNucleon / 1000),
                "\(injector.source.chargeState)+", "", scientific(ions),
            ]
        ]
        for (name, stage) in [("RFQ", injector.rfq), ("linac", injector.linac)] {
            ions *= stage.transmission
            rows.append([
                name, stage.type, number(stage.frequencyMHz), number(stage.outputEnergyMeVPerNucleon),
                "\(injector.source.chargeState)+", number(stage.transmission), scientific(ions),
            ])
        }
        ions *= injector.stripper.efficiency
        rows.append([
            "stripper", "foil", "", number(injector.linac.outputEnergyMeVPerNucleon),
            "\(injector.stripper.chargeState)+", number(injector.stripper.efficiency), scientific(ions),
        ])
        return TextTable(
            header: ["stage", "type", "RF MHz", "MeV/u", "charge", "transmission", "ions/s in the pulse"],
            rows: rows, leftColumns: [0, 1]
        ).text
    }

    static func modes(_ description: MachineDescription) -> String {
        let rows = description.energyModes.map { mode in
            [
                mode.name + (mode.name == description.defaultEnergyMode ? " (default)" : ""),
                "\(mode.energies.count)", number(mode.energies.first?.value ?? 0),
                number(mode.energies.last?.value ?? 0),
            ]
        }
        return TextTable(
            header: ["energies", "number", "highest MeV/u", "lowest MeV/u"], rows: rows, leftColumns: [0]
        ).text
    }

    static func ports(_ description: MachineDescription) -> String {
        func line(_ id: String) -> [String] {
            let line = description.beamLines[id]
            return [line.map { $0.file ?? "none" } ?? "", line.map { number($0.transmission) } ?? ""]
        }
        let scanning = description.machine.ports.map { port in
            let half = port.nozzle.fieldHalfWidthMM
            return [
                port.id, port.room, port.directionText, String(format: "%.0f x %.0f", 2 * half.x, 2 * half.y),
                port.nozzle.rangeShifters.map(\.id).joined(separator: " "),
            ] + line(port.id)
        }
        let passive = description.machine.passivePorts.map { port in
            [
                port.id, port.room, port.directionText,
                String(format: "%.0f round, passive", port.nozzle.fieldDiameterMM),
                "\(port.nozzle.rangeShifter.platesMM.count) plates",
            ] + line(port.id)
        }
        let rows = scanning + passive
        return TextTable(
            header: [
                "port", "room", "gantry angle", "field mm", "range shifters", "beam line", "transmission",
            ],
            rows: rows, leftColumns: [0, 1, 2, 3, 4, 5]
        ).text
    }

    /// Beam size in air at the isocentre, one table for all ports that have the same nozzle.
    static func nozzles(_ description: MachineDescription) -> String {
        var groups: [(nozzle: Nozzle, ports: [String])] = []
        for port in description.machine.ports {
            if let index = groups.firstIndex(where: { $0.nozzle == port.nozzle }) {
                groups[index].ports.append(port.id)
            } else {
                groups.append((port.nozzle, [port.id]))
            }
        }
        return groups.map { group in
            let rows = group.nozzle.spotSizes.map { spot in
                [
                    spot.energy.value, spot.sigmaMM.x, spot.sigmaMM.y, spot.divergenceMrad.x,
                    spot.divergenceMrad.y, spot.correlation.x, spot.correlation.y,
                ].map(number)
            }
            let table = TextTable(
                header: [
                    "MeV/u", "sigma x mm", "sigma y mm", "divergence x mrad", "divergence y mrad",
                    "correlation x", "correlation y",
                ], rows: rows, leftColumns: [])
            return "beam in air at the isocentre of \(group.ports.joined(separator: ", "))\n\n" + table.text
        }.joined(separator: "\n\n")
    }

    static func rooms(_ description: MachineDescription) -> String? {
        guard !description.rooms.isEmpty else { return nil }
        let allInUse = description.rooms.allSatisfy(\.isInUse)
        let rows = description.rooms.map { room in
            [
                room.id, room.ports.joined(separator: " "),
                room.imaging.map(\.rawValue).joined(separator: " "), duration(room.setUp),
                duration(room.preparation), duration(room.leaving), room.hasSimulationRoom ? "yes" : "no",
            ] + (allInUse ? [] : [room.isInUse ? "yes" : "no"])
        }
        return TextTable(
            header: [
                "room", "ports", "imaging", "set-up min", "preparation min", "leaving min", "simulation room",
            ] + (allInUse ? [] : ["in use"]), rows: rows, leftColumns: [0, 1, 2]
        ).text
    }

    static func patients(_ description: MachineDescription) -> String? {
        guard let operation = description.operation else { return nil }
        let rows = operation.patientMix.map { group in
            [
                group.name, String(format: "%.0f", 100 * group.share), "\(group.fractions)",
                duration(group.beamTime),
            ]
        }
        let table = TextTable(
            header: ["patients", "share %", "fractions", "beam min"], rows: rows, leftColumns: [0])
        let days =
            "\(number(operation.treatmentDaysPerWeek)) days a week, \(number(operation.treatmentDaysPerYear)) a year, "
            + "\(number(operation.hoursPerDay)) hours a day; queue \(operation.queueRule.rawValue), wait at most "
            + "\(number(operation.greatestWaitMin)) min, \(number(operation.roomSwitchTimeS)) s to another room"
        return days + "\n\n" + table.text
    }

    /// Mean and standard deviation: `8.9 ± 8.2`.
    private static func duration(_ time: TreatmentRoom.Duration) -> String {
        "\(number(time.meanMin)) ± \(number(time.deviationMin))"
    }

    static func number(_ value: Double) -> String { String(format: "%.4g", value) }

    static func scientific(_ value: Double) -> String { String(format: "%.2e", value) }
}
