import PlanModel

/// One line of the goals of a plan file, such as `CTV: D95 >= 57.76`, `Lung: V20Gy <= 30 %` or
/// `CTV: physical Dmean <= 25 Gy`.
enum GoalLine {
    static func read(_ element: YAMLElement) -> ClinicalGoal? {
        guard let (name, value) = element.onlyMember
        else {
            element.report("expected one goal such as ‘CTV: D95 >= 57.76’, found \(element.kind)")
            return nil
        }
        guard let text = value.readText() else { return nil }
        return parse(text, structure: name, at: value)
    }

    private static func parse(_ text: String, structure: String, at element: YAMLElement)
        -> ClinicalGoal?
    {
        var words = text.split(separator: " ").map(String.init)
        var quantity = DoseQuantity.rbeWeighted
        if let first = words.first, let named = DoseQuantity(rawValue: first) {
            quantity = named
            words.removeFirst()
        }
        guard words.count >= 3 else {
            element.report("‘\(text)’ is not a goal; write metric, >= or <=, and value, as in ‘D95 >= 57.76’")
            return nil
        }
        guard let metric = DoseVolumeMetric(parsing: words[0]) else {
            element.report(
                "‘\(words[0])’ is not a metric; known are D95 (per cent), D0.1cc, V20Gy, Dmean, Dmax, Dmin, "
                    + "HI, CI, LETd")
            return nil
        }
        guard let comparison = GoalComparison(rawValue: words[1]) else {
            element.report("‘\(words[1])’ is not a comparison; write >= or <=")
            return nil
        }
        let rest = words.dropFirst(2).joined(separator: " ")
        guard let value = value(rest, for: metric, at: element) else { return nil }
        return ClinicalGoal(
            structureName: structure, metric: metric, comparison: comparison, value: value,
            quantity: quantity)
    }

    /// The value in the unit of the metric; `%` for volumes, optional unit for the others.
    private static func value(_ text: String, for metric: DoseVolumeMetric, at element: YAMLElement)
        -> Double?
    {
        let digits = text.prefix { $0.isNumber || "+-.eE".contains($0) }
        let unit = String(text.dropFirst(digits.count)).trimmingASCIISpaces
        guard let number = YAMLElement.number(String(digits)), number >= 0 else {
            element.report("‘\(text)’ is not a value (a number that is not negative is wanted)")
            return nil
        }
        let allowed: [String] =
            switch metric.unit {
            case "Gy": ["", "Gy", "Gy(RBE)", "GyRBE"]
            case "%": ["%", ""]
            case "keV/µm": ["", "keV/µm", "keV/um"]
            default: [""]
            }
        guard allowed.contains(unit) else {
            element.report(
                "‘\(unit)’ is not the unit of \(metric) (it is \(metric.unit.isEmpty ? "a plain number" : metric.unit))"
            )
            return nil
        }
        guard case .volumeAtDose = metric else { return number }
        let share = unit == "%" ? number / 100 : number
        guard share <= 1 else {
            element.report(
                "\(text) is more than the whole structure; write a per cent such as ‘30 %’ or a share to 1")
            return nil
        }
        return share
    }
}
