import FacilityModel
import FacilityThroughput
import Quantities

/// A day with round figures.
enum DaySample {
    /// Two groups of patients: twelve fractions of 3 minutes, and four of 13.
    static func mix() throws -> PatientMix {
        try PatientMix([
            TreatmentSite(
                name: "a", share: 0.75, fractions: 12,
                irradiation: .logNormal(meanMin: 3, deviationMin: 1)),
            TreatmentSite(
                name: "b", share: 0.25, fractions: 4,
                irradiation: .logNormal(meanMin: 13, deviationMin: 4)),
        ])
    }

    static func oneSite(_ irradiation: TimeDistribution) throws -> PatientMix {
        try PatientMix([TreatmentSite(name: "all", share: 1, fractions: 10, irradiation: irradiation)])
    }

    static func rooms(
        _ count: Int, setUp: TimeDistribution = .logNormal(meanMin: 9, deviationMin: 8),
        preparation: TimeDistribution = .logNormal(meanMin: 9, deviationMin: 5),
        leaving: TimeDistribution = .logNormal(meanMin: 3, deviationMin: 1), greatestWaitMin: Double = 10
    ) -> [DayRules.Room] {
        (0..<count).map {
            .init(
                name: "\($0 + 1)", setUp: setUp, preparation: preparation, leaving: leaving,
                greatestWaitMin: greatestWaitMin)
        }
    }

    /// Rooms in which set-up is all that patients do without beam.
    static func quickRooms(_ count: Int, setUp: TimeDistribution) -> [DayRules.Room] {
        rooms(count, setUp: setUp, preparation: .constant(minutes: 0), leaving: .constant(minutes: 0))
    }

    static func rules(
        _ rooms: [DayRules.Room], _ mix: PatientMix, minutes: Double = 480, leastStayMin: Double = 7,
        switchMin: Double = 0.5, queue: FacilityOperation.QueueRule = .promoteLate, demand: Int? = nil
    ) -> DayRules {
        DayRules(
            rooms: rooms, mix: mix, openMin: 0, closeMin: minutes, leastStayMin: leastStayMin,
            switchMin: switchMin, queue: queue, demand: demand)
    }

    /// A facility of rooms with their own times; room X is not in use.
    static func description() -> MachineDescription {
        func room(_ id: String, setUp: Double, isInUse: Bool = true) -> TreatmentRoom {
            TreatmentRoom(
                id: id, ports: [id], imaging: [.xRayPair],
                setUp: .init(meanMin: setUp, deviationMin: 0),
                preparation: .init(meanMin: 5, deviationMin: 2), leaving: .init(meanMin: 2, deviationMin: 1),
                hasSimulationRoom: false, isInUse: isInUse)
        }
        return MachineDescription(
            machine: Machine(name: "m", facility: "f", ion: .carbon12, energies: [], ports: []),
            synchrotron: Synchrotron(
                circumferenceM: 63, cyclePeriodS: 2, ionsPerFill: 1e10, extractionRateIonsPerS: 1e7...1e9,
                energyChangeTimeS: 0.25, beamOffTimeS: 0.0005),
            summary: "s", figures: [],
            rooms: [room("E", setUp: 6), room("X", setUp: 7, isInUse: false), room("F", setUp: 8)],
            operation: FacilityOperation(
                treatmentDaysPerWeek: 4, treatmentDaysPerYear: 180, hoursPerDay: 9, queueRule: .firstCome,
                greatestWaitMin: 5, roomSwitchTimeS: 30,
                patientMix: [
                    .init(
                        name: "a", share: 0.6, fractions: 12, beamTime: .init(meanMin: 3, deviationMin: 1)),
                    .init(
                        name: "b", share: 0.4, fractions: 4, beamTime: .init(meanMin: 4, deviationMin: 0)),
                ], leastStayMin: 7))
    }
}
