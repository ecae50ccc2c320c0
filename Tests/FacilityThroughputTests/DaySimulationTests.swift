import FacilityModel
import FacilityThroughput
import TestSupport
import Testing

@Suite struct DaySimulationTests {
    @Test func oneRoomWithConstantTimesByHand() throws {
        let rooms = DaySample.rooms(
            1, setUp: .constant(minutes: 8), preparation: .constant(minutes: 5),
            leaving: .constant(minutes: 3))
        let rules = DaySample.rules(
            rooms, try DaySample.oneSite(.constant(minutes: 4)), minutes: 101, switchMin: 0)
        let day = try DaySimulation(rules: rules, seed: 1).run()
        #expect(day.fractions == 5)
        #expect(day.endMin == 100)
        #expect(day.overtimeMin == 0)
        #expect(day.meanWaitMin == 0)
        #expect(day.timeMin(.irradiation) == 20)
        expectClose(
            day.utilisation(room: 0), 100.0 / 101, relative: 1e-12, because: "five patients of 20 minutes")
        #expect(day.segments.prefix(4).map(\.phase) == [.setUp, .preparation, .irradiation, .leaving])
    }

    /// Both ask at minute 10: the second waits for 5 minutes and the switch.
    @Test func twoRoomsShareTheBeam() throws {
        let rules = DaySample.rules(
            DaySample.quickRooms(2, setUp: .constant(minutes: 10)),
            try DaySample.oneSite(.constant(minutes: 5)), minutes: 16, leastStayMin: 0, switchMin: 1)
        let day = try DaySimulation(rules: rules, seed: 1).run()
        #expect(day.fractions == 2)
        #expect(day.waitsMin == [1, 7])
        #expect(day.endMin == 22)
        #expect(day.overtimeMin == 6)
    }

    /// The room with the short set-up treats more.
    @Test func roomsKeepTheirOwnTimes() throws {
        var rooms = DaySample.quickRooms(2, setUp: .constant(minutes: 9))
        rooms[1].setUp = .constant(minutes: 19)
        let rules = DaySample.rules(
            rooms, try DaySample.oneSite(.constant(minutes: 1)), minutes: 100, leastStayMin: 0, switchMin: 0)
        let day = try DaySimulation(rules: rules, seed: 1).run()
        // Ten minutes a patient in the first room; in the second 21 for the first, who waits for a minute, then 20.
        #expect(day.fractionsByRoom == [10, 4])
        #expect(day.segments.first { $0.room == 1 }?.durationMin == 19)
    }

    @Test func theShortestStayIsKept() throws {
        let rules = DaySample.rules(
            DaySample.quickRooms(1, setUp: .constant(minutes: 1)),
            try DaySample.oneSite(.constant(minutes: 1)), minutes: 21, switchMin: 0)
        #expect(try DaySimulation(rules: rules, seed: 1).run().staysMin == [7, 7, 7])
    }

    @Test func demandEndsTheDay() throws {
        let rules = DaySample.rules(DaySample.rooms(2), try DaySample.mix(), demand: 7)
        #expect(try DaySimulation(rules: rules, seed: 2).run().fractions == 7)
    }

    /// Closed queue of R rooms with one exponential server: the share of time with beam is 1 − p₀,
    /// pₙ ∝ R!/(R − n)! (s/z)ⁿ; only the mean of the time z without beam matters.
    @Test(arguments: [2, 4])
    func beamUtilisationOfAClosedQueue(_ rooms: Int) throws {
        let rules = DaySample.rules(
            DaySample.quickRooms(rooms, setUp: .logNormal(meanMin: 10, deviationMin: 6)),
            try DaySample.oneSite(.exponential(meanMin: 5)), minutes: 2880, leastStayMin: 0, switchMin: 0,
            queue: .firstCome)
        var (term, sum) = (1.0, 1.0)
        for n in 0..<rooms {
            term *= Double(rooms - n) * 0.5
            sum += term
        }
        let days = 60
        var busy = 0.0
        for seed in 1...days {
            let day = try DaySimulation(rules: rules, seed: UInt64(seed)).run()
            busy += day.timeMin(.irradiation) / day.endMin / Double(days)
        }
        expectClose(busy, 1 - 1 / sum, relative: 0.015, because: "60 days, start and end of the day")
    }

    @Test func neverTwoRoomsWithBeamAndNeverTwoPatientsInARoom() throws {
        for seed in 1...20 as ClosedRange<UInt64> {
            let rules = DaySample.rules(DaySample.rooms(4), try DaySample.mix())
            let day = try DaySimulation(rules: rules, seed: seed).run()
            let beams = day.segments.filter { $0.phase == .irradiation }.sorted { $0.startMin < $1.startMin }
            for (a, b) in zip(beams, beams.dropFirst()) { #expect(a.endMin <= b.startMin) }
            for room in 0..<4 {
                let own = day.segments.filter { $0.room == room }
                for (a, b) in zip(own, own.dropFirst()) { #expect(a.endMin <= b.startMin + 1e-9) }
            }
            #expect(day.fractionsByRoom.reduce(0, +) == day.fractions)
            #expect(beams.count == day.fractions)
            #expect(try DaySimulation(rules: rules, seed: seed).run() == day)
        }
    }

    /// A short limit in one room makes it wait less, whatever the others do.
    @Test func theQueueRuleShortensTheWaitOfTheRoomWithTheShortLimit() throws {
        let mix = try DaySample.oneSite(.logNormal(meanMin: 6, deviationMin: 2))
        func wait(_ queue: FacilityOperation.QueueRule) throws -> Double {
            var rooms = DaySample.quickRooms(4, setUp: .logNormal(meanMin: 6, deviationMin: 3))
            for room in rooms.indices { rooms[room].greatestWaitMin = room == 3 ? 2 : 60 }
            var (sum, count) = (0.0, 0.0)
            for seed in 1...30 as ClosedRange<UInt64> {
                let rules = DaySample.rules(rooms, mix, leastStayMin: 0, queue: queue)
                let waits = try DaySimulation(rules: rules, seed: seed).run().segments.filter {
                    $0.room == 3 && $0.phase == .waiting
                }
                sum += waits.reduce(0) { $0 + $1.durationMin }
                count += Double(waits.count)
            }
            return sum / count
        }
        #expect(try wait(.promoteLate) < 0.6 * wait(.firstCome))
    }
}
