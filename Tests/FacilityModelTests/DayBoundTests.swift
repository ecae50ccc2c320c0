import FacilityModel
import TestSupport
import Testing

@Suite struct DayBoundTests {
    @Test func roomsAndBeamBoundTheDay() throws {
        let operation = FacilitySample.operation
        // Three quarters of the patients with 12 fractions, a quarter with 4: 10; 90 % of the fractions are short.
        expectClose(operation.meanFractions, 10, relative: 1e-12, because: "mean course")
        expectClose(operation.meanBeamTimeMin, 4, relative: 1e-12, because: "0.9 × 3 + 0.1 × 13")
        let bound = try #require(DayBound(FacilitySample.description()))
        expectClose(bound.fractionsByRooms, 60, relative: 1e-12, because: "two rooms, 600 min, 20 min each")
        expectClose(bound.fractionsByBeam, 120, relative: 1e-12, because: "600 min, 4 + 1 min each")
        expectClose(bound.patientsPerYear, 1200, relative: 1e-12, because: "60 × 200/10")
    }

    @Test func manyRoomsAreBoundByTheBeam() throws {
        let rooms = (1...6).map { FacilitySample.room("\($0)") }
        let bound = try #require(DayBound(FacilitySample.description(rooms: rooms)))
        expectClose(bound.fractionsByRooms, 180, relative: 1e-12, because: "six rooms")
        expectClose(bound.patientsPerYear, 2400, relative: 1e-12, because: "120 × 200/10")
    }

    @Test func withoutRoomsThereIsNoBound() {
        #expect(DayBound(FacilitySample.description(rooms: [])) == nil)
    }
}
