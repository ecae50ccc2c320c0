import FacilityModel
import FacilityThroughput
import Foundation

/// Tables of `kasane facility day` and `kasane facility year`.
enum DayText {
    static func summary(_ year: AnnualThroughput) -> String {
        let stays = year.days.reduce(0) { $0 + $1.meanStayMin } / Double(year.days.count)
        let longest = year.days.map(\.greatestWaitMin).max() ?? 0
        let promotions = year.days.reduce(0) { $0 + $1.promotions }
        var text = String(
            format: """
                fractions per day   %.1f +- %.1f (%d days)
                room stay           %.1f min in the mean
                wait for beam       %.1f min in the mean, %.1f at most; %d requests went to the head
                rooms in use        %.0f %% of the working hours
                beam on             %.0f %% of the working hours
                overtime            %.0f min

                """, year.fractionsPerDay, year.fractionsDeviation, year.days.count, stays, year.meanWaitMin,
            longest,
            promotions, 100 * year.roomUtilisation, 100 * year.beamUtilisation, year.overtimeMin)
        text += String(
            format: "patients per year   %.0f (%.0f days, %.1f fractions each)\n", year.patientsPerYear,
            year.daysPerYear, year.days.first?.rules.mix.meanFractions ?? 0)
        return text
    }

    static func rooms(_ day: DayResult) -> NumberTable {
        var table = NumberTable("First day, by room", ["room": "", "fractions": "", "inUse": "%"])
        table.columns += DayResult.Phase.allCases.map { .init(name: $0.rawValue, unit: "min") }
        for (index, room) in day.rules.rooms.enumerated() {
            let own = day.segments.filter { $0.room == index }
            var cells: [NumberTable.Cell] = [
                .text(room.name), .number(Double(day.fractionsByRoom[index]), digits: 4),
                .number(100 * day.utilisation(room: index), digits: 3),
            ]
            for phase in DayResult.Phase.allCases {
                let minutes = own.reduce(0) { $1.phase == phase ? $0 + $1.durationMin : $0 }
                cells.append(.number(minutes, digits: 4))
            }
            table.rows.append(cells)
        }
        return table
    }

    static func segments(_ day: DayResult) -> NumberTable {
        var table = NumberTable(
            "Time line",
            [
                "room": "", "patient": "", "site": "", "phase": "", "start": "min", "end": "min",
            ])
        for segment in day.segments {
            table.rows.append([
                .text(day.rules.rooms[segment.room].name), .number(Double(segment.patient + 1), digits: 6),
                .text(day.rules.mix.sites[segment.site].name), .text(segment.phase.rawValue),
                .number(segment.startMin, digits: 6), .number(segment.endMin, digits: 6),
            ])
        }
        return table
    }

    /// Simulated patients of a year beside those that are published.
    static func years(_ years: [(MachineDescription, AnnualThroughput)]) -> NumberTable {
        var table = NumberTable(
            "Patients per year",
            [
                "machine": "", "rooms": "", "fractionsPerDay": "", "wait": "min", "beamOn": "%",
                "days": "1/year", "patients": "1/year", "published": "1/year", "whatIsPublished": "",
            ])
        for (description, year) in years {
            let published = description.publishedPatientsPerYear
            let remark =
                [
                    published?.note, published.map { "confidence \($0.confidence.rawValue)" },
                    description.notice.map { String($0.prefix { $0 != ":" }) },
                ].compactMap { $0 }.joined(separator: "; ")
            table.rows.append([
                .text(description.machine.name),
                .number(Double(year.days.first?.rules.rooms.count ?? 0), digits: 3),
                .number(year.fractionsPerDay, digits: 3), .number(year.meanWaitMin, digits: 2),
                .number(100 * year.beamUtilisation, digits: 2), .number(year.daysPerYear, digits: 3),
                .number(year.patientsPerYear, digits: 4),
                published.flatMap { Double($0.value) }.map { .number($0, digits: 4) } ?? .none,
                .text(remark),
            ])
        }
        return table
    }

    /// What is simulated, and how much of what it rests on is assumed.
    static func basis(_ description: MachineDescription) -> String {
        let used = description.figures.filter {
            $0.path.hasPrefix("rooms[") || $0.path.hasPrefix("operation.")
        }
        let assumed = used.count { $0.confidence == .assumed }
        return """
            Times are log-normal, each room has those of the machine file, every room takes every patient, and each patient
            is positioned once. \(assumed) of the \(used.count) figures of rooms and operation are assumed; see
            kasane facility show \(description.machine.name) --rooms --operation --assumptions

            """
    }
}
