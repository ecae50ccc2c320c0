import FacilityThroughput
import TestSupport
import Testing

@Suite struct AnnualThroughputTests {
    static func year(_ facility: KnownFacility) throws -> AnnualThroughput {
        try AnnualThroughput(
            rules: DayRules(rooms: facility.rooms, mix: .yamagata2023), days: 100, seed: 1,
            daysPerYear: facility.daysPerYear)
    }

    /// 662 patients of about 12 fractions on 190 days are 42 fractions a day. No input was fitted to that number.
    @Test func twoRoomDayAtYamagata() throws {
        let yamagata = try #require(KnownFacility.all.first { $0.name == "Yamagata" })
        let year = try Self.year(yamagata)
        expectClose(
            year.fractionsPerDay, 42, relative: 0.2,
            because: "working hours and times of sites are not published")
        expectClose(year.patientsPerYear, 662, relative: 0.2, because: "the same in patients")
    }

    @Test func moreRoomsTreatMoreAndWaitLonger() throws {
        let years = try [2, 3, 4].map { count in
            try AnnualThroughput(
                rules: DayRules(rooms: DaySimulationTests.rooms(count), mix: .yamagata2023), days: 60,
                seed: 1,
                daysPerYear: 190)
        }
        for (few, many) in zip(years, years.dropFirst()) {
            #expect(many.fractionsPerDay > few.fractionsPerDay + 10)
            #expect(many.meanWaitMin > few.meanWaitMin)
            #expect(many.beamUtilisation > few.beamUtilisation)
        }
    }

    @Test func patientsByHand() throws {
        let year = try AnnualThroughput(
            rules: DayRules(rooms: DaySimulationTests.rooms(1), mix: .yamagata2023, demand: 6), days: 3,
            seed: 1,
            daysPerYear: 200, availability: 0.5)
        #expect(year.fractionsPerDay == 6)
        #expect(year.fractionsDeviation == 0)
        expectClose(
            year.patientsPerYear, 600 / PatientMix.yamagata2023.meanFractions, relative: 1e-12,
            because: "hand sum")
        #expect(throws: ThroughputError.self) {
            try AnnualThroughput(
                rules: DayRules(rooms: DaySimulationTests.rooms(1), mix: .yamagata2023), days: 0, seed: 1,
                daysPerYear: 200)
        }
    }
}
