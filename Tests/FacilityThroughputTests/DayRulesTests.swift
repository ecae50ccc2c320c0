import FacilityModel
import FacilityThroughput
import TestSupport
import Testing

@Suite struct DayRulesTests {
    @Test func aMachineGivesItsRoomsInUseWithTheirOwnTimes() throws {
        let rules = try DayRules(DaySample.description(), openMin: 540)
        #expect(rules.rooms.map(\.name) == ["E", "F"])
        #expect(rules.rooms.map(\.setUp) == [.constant(minutes: 6), .constant(minutes: 8)])
        #expect(rules.rooms[0].preparation == .logNormal(meanMin: 5, deviationMin: 2))
        #expect(rules.rooms.allSatisfy { $0.greatestWaitMin == 5 })
        #expect((rules.openMin, rules.closeMin) == (540, 1080))
        #expect((rules.switchMin, rules.leastStayMin) == (0.5, 7))
        #expect(rules.queue == .firstCome)
        #expect(rules.mix.sites.map(\.name) == ["a", "b"])
        #expect(rules.mix.sites.map(\.fractions) == [12, 4])
        #expect(rules.mix.sites[0].irradiation == .logNormal(meanMin: 3, deviationMin: 1))
    }

    @Test func whatTheFileDoesNotTellIsNamed() {
        var description = DaySample.description()
        description.operation = nil
        #expect(throws: ThroughputError.missing("operation", machine: "m")) {
            try DayRules(description, openMin: 540)
        }
        description = DaySample.description()
        description.rooms = []
        #expect(throws: ThroughputError.missing("rooms", machine: "m")) {
            try DayRules(description, openMin: 540)
        }
    }

    @Test func roomUseByHand() throws {
        let site = TreatmentSite(
            name: "a", share: 1, fractions: 3, positionings: 2, irradiation: .constant(minutes: 3))
        let rooms = DaySample.rooms(
            1, setUp: .constant(minutes: 5), preparation: .constant(minutes: 4),
            leaving: .constant(minutes: 2))
        let rules = DaySample.rules(rooms, try PatientMix([site]))
        #expect(rules.expectedRoomUseMin(room: 0, site: 0) == 19)
    }

    @Test func impossibleDaysAreRefused() throws {
        let mix = try DaySample.mix()
        #expect(throws: ThroughputError.noRooms) {
            try DaySimulation(rules: DaySample.rules([], mix), seed: 1)
        }
        let rules = DaySample.rules(DaySample.rooms(1), mix)
        for change: (inout DayRules) -> Void in [
            { $0.closeMin = -100 }, { $0.switchMin = .nan }, { $0.leastStayMin = -1 },
            { $0.rooms[0].greatestWaitMin = -1 }, { $0.rooms[0].setUp = .constant(minutes: -1) },
            { $0.rooms[0].leaving = .logNormal(meanMin: 1, deviationMin: .nan) }, { $0.demand = -1 },
        ] {
            var broken = rules
            change(&broken)
            let made = broken
            #expect(throws: ThroughputError.self) { try DaySimulation(rules: made, seed: 1) }
        }
    }
}
