import FacilityModel

/// Reads how a facility is run.
struct OperationReader {
    let figures: FigureReader

    func read(_ element: YAMLElement) -> FacilityOperation? {
        let keys = [
            "treatment-days-per-week", "treatment-days-per-year", "hours-per-day", "queue-rule",
            "greatest-wait", "room-switch-time", "patient-mix",
        ]
        guard
            let section = FigureSection(
                element, required: keys, optional: ["least-room-stay"], figures: figures)
        else { return nil }
        let week = section.number("treatment-days-per-week", "", 1...7)
        let year = section.number("treatment-days-per-year", "", 1...366)
        let hours = section.number("hours-per-day", "h", 0.5...24)
        let rule = figures.word(section["queue-rule"], FacilityOperation.QueueRule.self)
        let wait = section.number("greatest-wait", "min", 0...600)
        let change = section.number("room-switch-time", "s", 0...3600)
        let stay = section.number("least-room-stay", "min", 0...600)
        let mix = section["patient-mix"].flatMap(readMix)
        guard let week, let year, let hours, let rule, let wait, let change, let mix else { return nil }
        guard year <= week * 53 else {
            section["treatment-days-per-year"]?.report(
                "\(YAMLElement.text(year)) days a year are more than \(YAMLElement.text(week)) days a week give; correct "
                    + "one of them")
            return nil
        }
        return FacilityOperation(
            treatmentDaysPerWeek: week, treatmentDaysPerYear: year, hoursPerDay: hours, queueRule: rule,
            greatestWaitMin: wait, roomSwitchTimeS: change, patientMix: mix,
            leastStayMin: stay)
    }

    private func readMix(_ element: YAMLElement) -> [FacilityOperation.PatientGroup]? {
        guard let members = element.readOpenMapping(),
            let groups = all(members.map { readGroup($0.key, $0.value) })
        else { return nil }
        let sum = groups.reduce(0) { $0 + $1.share }
        guard abs(sum - 1) <= FacilityOperation.shareTolerance else {
            element.report(
                "the shares add up to \((sum * 1000).rounded() / 1000) (all patients are 1); correct the shares"
            )
            return nil
        }
        return groups
    }

    private func readGroup(_ name: String, _ element: YAMLElement) -> FacilityOperation.PatientGroup? {
        let keys = ["share", "fractions", "beam-time"]
        guard let section = FigureSection(element, required: keys, figures: figures) else { return nil }
        let share = section.number("share", "", 0...1)
        let fractions = section.integer("fractions", 1...100)
        let time = figures.duration(section["beam-time"])
        guard let share, let fractions, let time else { return nil }
        return FacilityOperation.PatientGroup(name: name, share: share, fractions: fractions, beamTime: time)
    }
}
