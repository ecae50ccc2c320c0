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
            year.daysPerYear, PatientMix.yamagata2023.meanFractions)
        return text
    }

    static func rooms(_ day: DayResult) -> NumberTable {
        var table = NumberTable(
            title: "First day, by room",
            columns: [
                .init(name: "room", unit: ""), .init(name: "fractions", unit: ""),
                .init(name: "inUse", unit: "%"),
            ]
                + DayResult.Phase.allCases.map { .init(name: $0.rawValue, unit: "min") })
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
            title: "Time line",
            columns: [
                .init(name: "room", unit: ""), .init(name: "patient", unit: ""),
                .init(name: "site", unit: ""),
                .init(name: "phase", unit: ""), .init(name: "start", unit: "min"),
                .init(name: "end", unit: "min"),
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

    static func years(_ years: [(KnownFacility, AnnualThroughput)]) -> NumberTable {
        var table = NumberTable(
            title: "Patients per year",
            columns: [
                .init(name: "facility", unit: ""), .init(name: "rooms", unit: ""),
                .init(name: "fractionsPerDay", unit: ""),
                .init(name: "wait", unit: "min"), .init(name: "beamOn", unit: "%"),
                .init(name: "patients", unit: "1/year"),
                .init(name: "published", unit: "1/year"), .init(name: "whatIsPublished", unit: ""),
            ])
        for (facility, year) in years {
            table.rows.append([
                .text(facility.name), .number(Double(facility.rooms.count), digits: 3),
                .number(year.fractionsPerDay, digits: 3), .number(year.meanWaitMin, digits: 2),
                .number(100 * year.beamUtilisation, digits: 2), .number(year.patientsPerYear, digits: 3),
                facility.publishedPatientsPerYear.map { .number($0, digits: 4) } ?? .none,
                .text(facility.remark),
            ])
        }
        return table
    }

    static let assumptions = """
        published: set-up 8.9 +- 8.2, preparation 9.5 +- 4.6, irradiation 4.0 +- 2.4 min (gated lung and liver at NIRS),
        at least 7 min in the room, 69 % prostate in 12 fractions, 4 days a week
        assumed: the same times for all sites, 3 +- 1 min to leave, 9:00 to 17:00, 0.5 min to switch rooms, 10 min
        greatest wait, 190 days a year, the other sites' shares, every room takes every patient
        """
}
