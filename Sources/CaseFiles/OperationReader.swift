import FacilityModel

/// Reads how a facility is run.
struct OperationReader {
    let figures: FigureReader

    func read(_ element: YAMLElement) -> FacilityOperation? {
        let keys = [
            "treatment-days-per-week", "treatment-days-per-year", "hours-per-day", "queue-rule",
            "greatest-wait", "room-switch-time", "patient-mix",
        ]
        guard let map = element.readMapping(keys, required: keys) else { return nil }
        let week = figures.number(map["treatment-days-per-week"], unit: "", in: 1...7)
        let year = figures.number(map["treatment-days-per-year"], unit: "", in: 1...366)
        let hours = figures.number(map["hours-per-day"], unit: "h", in: 0.5...24)
        let rule = figures.word(map["queue-rule"], FacilityOperation.QueueRule.self)
        let wait = figures.number(map["greatest-wait"], unit: "min", in: 0...600)
        let change = figures.number(map["room-switch-time"], unit: "s", in: 0...3600)
        let mix = map["patient-mix"].flatMap(readMix)
        guard let week, let year, let hours, let rule, let wait, let change, let mix else { return nil }
        guard year <= week * 53 else {
            map["treatment-days-per-year"]?.report(
                "\(YAMLElement.text(year)) days a year are more than \(YAMLElement.text(week)) days a week give; correct "
                    + "one of them")
            return nil
        }
        return FacilityOperation(
            treatmentDaysPerWeek: week, treatmentDaysPerYear: year, hoursPerDay: hours, queueRule: rule,
            greatestWaitMin: wait, roomSwitchTimeS: change, patientMix: mix)
    }

    private func readMix(_ element: YAMLElement) -> [FacilityOperation.PatientGroup]? {
        guard let members = element.readOpenMapping(),
            let groups = all(members.map { readGroup($0.key, $0.value) })
        else { return nil }
        let sum = groups.reduce(0) { $0 + $1.share }
        guard abs(sum - 1) <= 0.005 else {
            element.report(
                "the shares add up to \((sum * 1000).rounded() / 1000) (all patients are 1); correct the shares"
            )
            return nil
        }
        return groups
    }

    private func readGroup(_ name: String, _ element: YAMLElement) -> FacilityOperation.PatientGroup? {
        let keys = ["share", "fractions", "beam-time"]
        guard let map = element.readMapping(keys, required: keys) else { return nil }
        let share = figures.number(map["share"], unit: "", in: 0...1)
        let fractions = figures.integer(map["fractions"], in: 1...100)
        let time = figures.duration(map["beam-time"])
        guard let share, let fractions, let time else { return nil }
        return FacilityOperation.PatientGroup(name: name, share: share, fractions: fractions, beamTime: time)
    }
}
