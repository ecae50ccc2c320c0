import FacilityModel
import Foundation
import IonPhysics
import Quantities

/// A machine as text: head, figures, energies.
enum FacilityTables {
    static func head(_ description: MachineDescription) -> String {
        let machine = description.machine
        let energies = machine.energies
        var lines = [
            "\(machine.name): \(machine.facility)", description.summary, "",
            "ion \(machine.ion), \(energies.count) energies "
                + String(format: "%.1f to %.1f MeV/u", energies.first?.value ?? 0, energies.last?.value ?? 0)
                + ", \(description.assumptions.count) of \(description.figures.count) figures assumed", "",
        ]
        var table = TextTable(
            header: ["port", "room", "gantry angle", "field mm", "range shifters"],
            leftColumns: [0, 1, 2, 3, 4])
        for port in machine.ports {
            let half = port.nozzle.fieldHalfWidthMM
            table.rows.append([
                port.id, port.room, port.directionText,
                String(format: "%.0f x %.0f", 2 * half.x, 2 * half.y),
                port.nozzle.rangeShifters.map(\.id).joined(separator: " "),
            ])
        }
        for port in machine.passivePorts {
            let nozzle = port.nozzle
            table.rows.append([
                port.id, port.room, port.directionText,
                String(format: "%.0f round, passive", nozzle.fieldDiameterMM),
                "\(nozzle.rangeShifter.platesMM.count) plates",
            ])
        }
        lines.append(table.text)
        return lines.joined(separator: "\n") + "\n"
    }

    static func figures(_ figures: [AnnotatedFigure], format: FacilityShowCommand.Format) -> String {
        let header = ["figure", "value", "unit", "confidence", "source", "note"]
        let rows = figures.map {
            [$0.path, $0.value, $0.unit, $0.confidence.rawValue, $0.source, $0.note ?? ""]
        }
        return text(header, rows, leftColumns: [0, 1, 2, 3, 4, 5], format: format)
    }

    static func energies(_ machine: Machine, format: FacilityShowCommand.Format) throws -> String {
        let table = try RangeTable(machine.ion)
        let rows = machine.energies.enumerated().map { index, energy in
            [
                "\(index + 1)", String(format: "%.3f", energy.value),
                String(format: "%.3f", table.rangeMM(energyMeVPerNucleon: energy.value)),
            ]
        }
        return text(["number", "MeV/u", "range mm"], rows, leftColumns: [], format: format)
    }

    private static func text(
        _ header: [String], _ rows: [[String]], leftColumns: Set<Int>,
        format: FacilityShowCommand.Format
    ) -> String {
        switch format {
        case .table: TextTable(header: header, rows: rows, leftColumns: leftColumns).text
        case .csv: ([header] + rows).map { $0.map(csvCell).joined(separator: ",") }.joined(separator: "\n")
        case .json: json(header, rows)
        }
    }

    private static func csvCell(_ text: String) -> String {
        text.contains { ",\"\n".contains($0) }
            ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }

    private static func json(_ header: [String], _ rows: [[String]]) -> String {
        let objects = rows.map { row in
            let members = zip(header, row).map { "\(jsonText($0)): \(jsonText($1))" }
            return "  {" + members.joined(separator: ", ") + "}"
        }
        return "[\n" + objects.joined(separator: ",\n") + "\n]"
    }

    private static func jsonText(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case _ where scalar.value < 32: result += String(format: "\\u%04x", scalar.value)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
