import IonTransport
import PhantomTransport

/// Reads `run` of a transport file.
enum TransportRunReader {
    private static let keys = [
        "histories", "time", "uncertainty", "seed", "nuclear-reactions", "longest-step",
        "longest-range-share",
        "stop-range",
    ]

    /// `scores`: Nil if they could not be read.
    static func read(_ element: YAMLElement, scores: [ScoreDescription]?) -> RunSettings? {
        guard let map = element.readMapping(keys, required: ["seed"]) else { return nil }
        let limits = ["histories", "time", "uncertainty"]
        guard limits.contains(where: { map[$0] != nil }) else {
            element.report("give at least one of \(limits.joined(separator: ", ")) (the run would never end)")
            return nil
        }
        let histories =
            map["histories"].map { $0.readInteger(in: 1...RunSettings.greatestHistories) }
            ?? RunSettings.greatestHistories
        let time = map["time"]
        let timeS = time?.readPositive(unit: "s", atMost: 1e7)
        let goal = map["uncertainty"]
        let uncertainty = goal.flatMap { readGoal($0, scores: scores) }
        let seed = map["seed"]?.readInteger(in: 0...Int.max)
        let stepping = readStepping(map)
        guard let histories, let seed, let stepping, time == nil || timeS != nil,
            goal == nil || uncertainty != nil
        else { return nil }
        return RunSettings(
            histories: histories, timeS: timeS, uncertainty: uncertainty, seed: UInt64(seed),
            stepping: stepping)
    }

    private static func readStepping(_ map: YAMLMapping) -> TransportStepping? {
        var stepping = TransportStepping()
        var isGood = true
        func read(_ key: String, _ range: ClosedRange<Double>, unit: String, _ value: inout Double) {
            guard let element = map[key] else { return }
            if let number = element.readNumber(in: range, unit: unit) {
                value = number
            } else {
                isGood = false
            }
        }
        read("longest-step", TransportStepping.valid.longest, unit: "mm", &stepping.longestStepMM)
        read("longest-range-share", TransportStepping.valid.share, unit: "", &stepping.longestRangeShare)
        read("stop-range", TransportStepping.valid.stop, unit: "mm", &stepping.stopRangeMM)
        if let element = map["nuclear-reactions"] {
            if let flag = element.readFlag() { stepping.nuclearReactions = flag } else { isGood = false }
        }
        return isGood ? stepping : nil
    }

    private static func readGoal(
        _ element: YAMLElement, scores: [ScoreDescription]?
    ) -> RunSettings.UncertaintyGoal? {
        guard let map = element.readMapping(["score", "below"], required: ["score", "below"]) else {
            return nil
        }
        let name = map["score"]?.readText()
        let below = map["below"]?.readShare(atMost: 1)
        guard let name, let below else { return nil }
        guard below > 0 else {
            map["below"]?.report("an uncertainty of 0 is never reached; give a share such as ‘1 %’")
            return nil
        }
        if let scores {
            let known = scores.filter(\.hasDose).map(\.name)
            guard known.contains(name) else {
                map["score"]?.report(
                    "there is no depth-dose, mesh or region ‘\(name)’"
                        + YAMLElement.suggestion(name, among: known))
                return nil
            }
        }
        return RunSettings.UncertaintyGoal(score: name, below: below)
    }
}
