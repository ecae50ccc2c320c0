import FacilityThroughput
import TestSupport
import Testing

@Suite struct AnnualThroughputTests {
    static func year(_ rooms: Int, demand: Int? = nil, days: Int = 60) throws -> AnnualThroughput {
        try AnnualThroughput(
            rules: DaySample.rules(DaySample.rooms(rooms), DaySample.mix(), demand: demand), days: days,
            seed: 1, daysPerYear: 200, availability: 0.5)
    }

    @Test func moreRoomsTreatMoreAndWaitLonger() throws {
        let years = try [2, 3, 4].map { try Self.year($0) }
        for (few, many) in zip(years, years.dropFirst()) {
            #expect(many.fractionsPerDay > few.fractionsPerDay + 8)
            #expect(many.meanWaitMin > few.meanWaitMin)
            #expect(many.beamUtilisation > few.beamUtilisation)
        }
    }

    @Test func patientsByHand() throws {
        let year = try Self.year(1, demand: 6, days: 3)
        #expect(year.fractionsPerDay == 6)
        #expect(year.fractionsDeviation == 0)
        expectClose(year.patientsPerYear, 600.0 / 10, relative: 1e-12, because: "3/4 of 12 and 1/4 of 4")
        #expect(throws: ThroughputError.self) { try Self.year(1, days: 0) }
    }
}
