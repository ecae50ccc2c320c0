import FacilityModel
import FacilityThroughput
import Quantities
import TestSupport
import Testing

@Suite struct DaySimulationTests {
    static func mix(
        setUp: TimeDistribution, preparation: TimeDistribution = .constant(minutes: 0),
        irradiation: TimeDistribution,
        leaving: TimeDistribution = .constant(minutes: 0)
    ) throws -> PatientMix {
        try PatientMix([
            TreatmentSite(
                name: "all", share: 1, fractions: 10, setUp: setUp, preparation: preparation,
                irradiation: irradiation,
                leaving: leaving)
        ])
    }

    static func rooms(_ count: Int) -> [DayRules.Room] { (0..<count).map { .init(name: "\($0 + 1)") } }

    @Test func oneRoomWithConstantTimesByHand() throws {
        let mix = try Self.mix(
            setUp: .constant(minutes: 8), preparation: .constant(minutes: 5),
            irradiation: .constant(minutes: 4),
            leaving: .constant(minutes: 3))
        let rules = DayRules(rooms: Self.rooms(1), mix: mix, openMin: 0, closeMin: 101, switchMin: 0)
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
        let mix = try Self.mix(setUp: .constant(minutes: 10), irradiation: .constant(minutes: 5))
        let rules = DayRules(
            rooms: Self.rooms(2), mix: mix, openMin: 0, closeMin: 16, leastStayMin: 0, switchMin: 1)
        let day = try DaySimulation(rules: rules, seed: 1).run()
        #expect(day.fractions == 2)
        #expect(day.waitsMin == [1, 7])
        #expect(day.endMin == 22)
        #expect(day.overtimeMin == 6)
    }

    @Test func theShortestStayIsKept() throws {
        let mix = try Self.mix(setUp: .constant(minutes: 1), irradiation: .constant(minutes: 1))
        let rules = DayRules(rooms: Self.rooms(1), mix: mix, openMin: 0, closeMin: 21, switchMin: 0)
        let day = try DaySimulation(rules: rules, seed: 1).run()
        #expect(day.staysMin == [7, 7, 7])
    }

    @Test func demandEndsTheDay() throws {
        let rules = DayRules(rooms: Self.rooms(2), mix: .yamagata2023, demand: 7)
        #expect(try DaySimulation(rules: rules, seed: 2).run().fractions == 7)
    }

    /// Closed queue of R rooms with one exponential server: the share of time with beam is 1 − p₀,
    /// pₙ ∝ R!/(R − n)! (s/z)ⁿ; only the mean of the time z without beam matters.
    @Test(arguments: [2, 4])
    func beamUtilisationOfAClosedQueue(_ rooms: Int) throws {
        let mix = try Self.mix(
            setUp: .logNormal(meanMin: 10, deviationMin: 6), irradiation: .exponential(meanMin: 5))
        let rules = DayRules(
            rooms: Self.rooms(rooms), mix: mix, openMin: 0, closeMin: 2880, leastStayMin: 0, switchMin: 0,
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
            let rules = DayRules(rooms: Self.rooms(4), mix: .yamagata2023)
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
        let mix = try Self.mix(
            setUp: .logNormal(meanMin: 6, deviationMin: 3),
            irradiation: .logNormal(meanMin: 6, deviationMin: 2))
        func wait(_ queue: BeamQueue.Rule) throws -> Double {
            var rooms = Self.rooms(4).map { DayRules.Room(name: $0.name, greatestWaitMin: 60) }
            rooms[3].greatestWaitMin = 2
            var (sum, count) = (0.0, 0.0)
            for seed in 1...30 as ClosedRange<UInt64> {
                let rules = DayRules(rooms: rooms, mix: mix, leastStayMin: 0, queue: queue)
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

    @Test func machineGivesOneRoomForEachThatItsPortsName() throws {
        let nozzle = Nozzle(
            virtualSourceDistancesMM: SIMD2(8000, 8000), spotSizes: [], relativeEnergySpread: 0.001,
            ridgeFilterSigmaMM: 1, waterEquivalentThicknessMM: 1, fieldHalfWidthMM: SIMD2(100, 100),
            scanSpeedMMPerS: SIMD2(1e5, 5e4), rangeShifters: [], minimumSpotParticles: 1,
            maximumSpotParticles: 1e9)
        let ports = [("h1", "E"), ("v1", "E"), ("h2", "F")].map { id, room in
            Port(
                id: id, room: room, direction: .fixed(.init(90)),
                patientSupportAngles: .init(0) ... .init(180),
                nozzle: nozzle)
        }
        let machine = Machine(name: "m", facility: "f", ion: .carbon12, energies: [], ports: ports)
        let description = MachineDescription(
            machine: machine,
            synchrotron: Synchrotron(
                circumferenceM: 63, cyclePeriodS: 2, ionsPerFill: 1e10, extractionRateIonsPerS: 1e7...1e9,
                energyChangeTimeS: 0.25, beamOffTimeS: 0.0005), summary: "s", figures: [])
        #expect(DayRules(description, mix: .yamagata2023).rooms.map(\.name) == ["E", "F"])
    }

    @Test func impossibleDaysAreRefused() {
        #expect(throws: ThroughputError.noRooms) {
            try DaySimulation(rules: DayRules(rooms: [], mix: .yamagata2023), seed: 1)
        }
        #expect(throws: ThroughputError.self) {
            try DaySimulation(
                rules: DayRules(rooms: Self.rooms(1), mix: .yamagata2023, openMin: 600, closeMin: 500),
                seed: 1)
        }
        #expect(throws: ThroughputError.self) {
            try DaySimulation(
                rules: DayRules(rooms: Self.rooms(1), mix: .yamagata2023, switchMin: .nan), seed: 1)
        }
    }
}
