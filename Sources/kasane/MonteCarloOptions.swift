import ArgumentParser
import MonteCarloDose
import TreatmentPlanning

/// Options of a Monte Carlo run: how long, with which random numbers, and where its uncertainty counts.
struct MonteCarloOptions: ParsableArguments {
    @Option(
        help: """
            End after so many primary ions, all fields together; 500000 if neither this nor --uncertainty nor --time \
            is given.
            """)
    var histories: Int?

    @Option(
        help: ArgumentHelp(
            """
            End when the mean standard error of the plan's dose is below this, for example 1%: where the dose is above \
            half of its maximum, or in --uncertainty-in.
            """, valueName: "percent"))
    var uncertainty: Percentage?

    @Option(help: ArgumentHelp("The structure in which --uncertainty counts.", valueName: "structure"))
    var uncertaintyIn: String?

    @Option(help: ArgumentHelp("End after this time of transport: 90s, 5m or 1h30m.", valueName: "time"))
    var time: TimeSpan?

    @Option(help: "Seed, in place of the case's.")
    var seed: UInt64?

    /// Names of those that were given.
    var given: [String] {
        [
            histories == nil ? nil : "--histories", uncertainty == nil ? nil : "--uncertainty",
            uncertaintyIn == nil ? nil : "--uncertainty-in", time == nil ? nil : "--time",
            seed == nil ? nil : "--seed",
        ].compactMap { $0 }
    }

    mutating func validate() throws {
        try Self.validate(histories: histories, uncertainty: uncertainty, time: time)
    }

    /// Refuses what no run can be asked for.
    static func validate(histories: Int?, uncertainty: Percentage?, time: TimeSpan?) throws {
        if let histories, !(1000...StoppingRule.mostHistories).contains(histories) {
            throw ValidationError(
                "--histories \(histories) (must be 1000 to \(StoppingRule.mostHistories))")
        }
        if let uncertainty, !(0.0001...0.5).contains(uncertainty.share) {
            throw ValidationError("--uncertainty \(uncertainty.text) (must be 0.01% to 50%)")
        }
        if let time, !(1...604_800).contains(time.seconds) {
            throw ValidationError("--time \(time.text) (must be a second to seven days)")
        }
    }

    func request(seed caseSeed: UInt64) -> MonteCarloRequest {
        var stop = StoppingRule(
            histories: histories, uncertainty: uncertainty?.share, seconds: time?.seconds)
        if stop == StoppingRule() { stop = .standard }
        return MonteCarloRequest(stop: stop, structure: uncertaintyIn, seed: seed ?? caseSeed)
    }
}

/// A share with its sign, `1%` or `0.5 %`: a bare number could mean either.
struct Percentage: ExpressibleByArgument {
    let text: String
    let share: Double

    init?(argument: String) {
        guard argument.hasSuffix("%") else { return nil }
        let number = argument.dropLast().split(separator: " ")
        guard number.count == 1, let value = Double(number[0]), value.isFinite else { return nil }
        text = argument
        share = value / 100
    }
}

/// A time with its units, `90s`, `5m`, `1h30m`: a bare number could mean any.
struct TimeSpan: ExpressibleByArgument {
    let text: String
    let seconds: Double

    init?(argument: String) {
        var rest = Substring(argument)
        var total = 0.0
        for (unit, length) in [("h", 3600.0), ("m", 60), ("s", 1)] {
            guard let end = rest.firstIndex(of: Character(unit)) else { continue }
            guard let value = Double(rest[..<end]), value.isFinite, value >= 0 else { return nil }
            total += value * length
            rest = rest[rest.index(after: end)...]
        }
        guard rest.isEmpty, !argument.isEmpty else { return nil }
        text = argument
        seconds = total
    }
}
