/// Patients of a year, from simulated days.
///
///     patients/year = fractions/day · days/year · availability/(fractions of a patient)
///
/// ## Checked by
/// `AnnualThroughputTests`.
public struct AnnualThroughput: Hashable, Sendable {
    /// Days that were simulated.
    public let days: [DayResult]
    public let daysPerYear: Double
    /// Share of the treatment days on which the machine is up.
    public let availability: Double

    /// - Parameters:
    ///   - rules: The day.
    ///   - count: How many days to simulate; day n has seed + n.
    ///   - seed: Seed of the first day.
    ///   - daysPerYear: Treatment days.
    ///   - availability: Share of them on which the machine is up.
    /// - Throws: If a figure is impossible.
    public init(
        rules: DayRules, days count: Int, seed: UInt64, daysPerYear: Double, availability: Double = 1
    ) throws(ThroughputError) {
        guard count >= 1 else { throw .figure("simulated days", Double(count), mustBe: "at least 1") }
        guard daysPerYear > 0, daysPerYear <= 366 else {
            throw .figure("treatment days per year", daysPerYear, mustBe: "above 0 and at most 366")
        }
        guard availability > 0, availability <= 1 else {
            throw .figure("availability", availability, mustBe: "above 0 and at most 1")
        }
        var days: [DayResult] = []
        for day in 0..<count {
            days.append(try DaySimulation(rules: rules, seed: seed &+ UInt64(day)).run())
        }
        self.days = days
        self.daysPerYear = daysPerYear
        self.availability = availability
    }

    private func mean(_ value: (DayResult) -> Double) -> Double {
        days.reduce(0) { $0 + value($1) } / Double(days.count)
    }

    public var fractionsPerDay: Double { mean { Double($0.fractions) } }
    /// Standard deviation of the fractions from day to day.
    public var fractionsDeviation: Double {
        let average = fractionsPerDay
        return mean { (Double($0.fractions) - average) * (Double($0.fractions) - average) }.squareRoot()
    }
    public var meanWaitMin: Double { mean(\.meanWaitMin) }
    public var beamUtilisation: Double { mean(\.beamUtilisation) }
    public var overtimeMin: Double { mean(\.overtimeMin) }
    /// Share of the working hours in which the rooms have patients.
    public var roomUtilisation: Double {
        mean { day in
            let rooms = day.rules.rooms.indices
            return rooms.reduce(0) { $0 + day.utilisation(room: $1) } / Double(rooms.count)
        }
    }

    public var patientsPerYear: Double {
        let fractions = days.first?.rules.mix.meanFractions ?? 1
        return fractionsPerDay * daysPerYear * availability / fractions
    }
}
