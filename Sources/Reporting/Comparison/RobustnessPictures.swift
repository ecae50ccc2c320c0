import PlanEvaluation
import PlanModel
import Quantities

/// Pictures of several plans under errors.
///
/// ## Checked by
/// `ComparisonPageTests`.
enum RobustnessPictures {
    /// One plan.
    typealias Entry = (name: String, colour: Colour, robustness: RobustnessEvaluation)

    private static let left = 150.0

    /// D95 of the target in every scenario: a row for each plan, a dot for each scenario.
    static func target(_ entries: [Entry], prescription: Prescription, name: String) -> Picture {
        let outcomes = entries.flatMap { [$0.robustness.nominal] + $0.robustness.outcomes }
        let limit = 0.95 * prescription.totalDose.value
        let values = outcomes.map(\.targetD95) + [limit]
        let (low, high) = (values.min() ?? 0, values.max() ?? 1)
        let margin = max(0.06 * (high - low), 0.01 * prescription.totalDose.value)
        let range = (low - margin)...(high + margin)
        let width = Picture.width - left - 20
        func x(_ value: Double) -> Double {
            left + (value - range.lowerBound) / (range.upperBound - range.lowerBound) * width
        }
        let (top, row) = (38.0, 34.0)
        let bottom = top + row * Double(entries.count)
        var canvas = SVGCanvas()
        drawAxis(
            range, top: top, bottom: bottom, x: x, title: "D95 of \(prescription.targetName) (Gy (RBE))",
            &canvas)
        canvas.line([x(limit), top], [x(limit), bottom], .init(colour: .ink, width: 1.2, dash: [5, 3]))
        canvas.text(
            "95 % of the prescription", at: [x(limit), top - 6],
            anchor: x(limit) > Picture.width - 90 ? .end : .middle, size: 10.5, colour: .quietInk)
        for (index, entry) in entries.enumerated() {
            let y = top + row * (Double(index) + 0.5)
            canvas.text(entry.name, at: [left - 10, y + 4], anchor: .end, size: 11.5)
            let all = [entry.robustness.nominal] + entry.robustness.outcomes
            let ends = all.map(\.targetD95)
            canvas.line(
                [x(ends.min() ?? 0), y], [x(ends.max() ?? 0), y],
                .init(colour: entry.colour, width: 5, opacity: 0.3))
            for outcome in entry.robustness.outcomes {
                let at = SIMD2(x(outcome.targetD95), y)
                if outcome.scenario.rangeError == 0 {
                    canvas.circle(at, radius: 3.4, fill: entry.colour)
                } else {
                    canvas.path(
                        [[at + SIMD2(0, -5), at + SIMD2(5, 0), at + SIMD2(0, 5), at + SIMD2(-5, 0)]],
                        closed: true, stroke: .init(colour: entry.colour, width: 1.6), fill: .white)
                }
            }
            let nominal = x(entry.robustness.nominal.targetD95)
            canvas.line([nominal, y - 11], [nominal, y + 11], .init(colour: .ink, width: 2.4))
        }
        drawKey(&canvas)
        return Picture(
            name: name, size: SIMD2(Picture.width, bottom + 46), title: "Target under errors",
            alternativeText: "D95 of \(prescription.targetName) as planned and in each scenario: "
                + entries.map {
                    "\($0.name) \(NumberText.fixed($0.robustness.nominal.targetD95, 2)), worst "
                        + NumberText.fixed($0.robustness.worstTargetD95.targetD95, 2)
                }.joined(separator: "; "), canvas: canvas)
    }

    private static func drawKey(_ canvas: inout SVGCanvas) {
        canvas.line([left, 4], [left, 20], .init(colour: .ink, width: 2.4))
        canvas.text("as planned", at: [left + 8, 16], size: 11)
        canvas.circle([left + 96, 12], radius: 3.4, fill: .quietInk)
        canvas.text("set-up error", at: [left + 106, 16], size: 11)
        let at = SIMD2(left + 200, 12.0)
        canvas.path(
            [[at + SIMD2(0, -5), at + SIMD2(5, 0), at + SIMD2(0, 5), at + SIMD2(-5, 0)]], closed: true,
            stroke: .init(colour: .quietInk, width: 1.6), fill: .white)
        canvas.text("range error", at: at + SIMD2(11, 4), size: 11)
    }

    private static func drawAxis(
        _ range: ClosedRange<Double>, top: Double, bottom: Double, x: (Double) -> Double, title: String,
        _ canvas: inout SVGCanvas
    ) {
        let ticks = AxisTicks(range, count: 8)
        for (value, label) in zip(ticks.values, ticks.labels) {
            canvas.line([x(value), top], [x(value), bottom], .init(colour: .grid))
            canvas.text(label, at: [x(value), bottom + 16], anchor: .middle, size: 11)
        }
        canvas.text(
            title, at: [(x(range.lowerBound) + x(range.upperBound)) / 2, bottom + 36], anchor: .middle,
            size: 12)
    }

    /// Every goal as planned (bar) and at its worst (whisker), in per cent of its limit; nil without goals.
    static func goals(_ entries: [Entry], name: String) -> Picture? {
        guard let goals = entries.first?.robustness.nominal.goals, !goals.isEmpty else { return nil }
        let bar = 8.0
        let (top, groupGap) = (26.0, 12.0)
        let group = bar * Double(entries.count) + groupGap
        let bottom = top + group * Double(goals.count)
        func share(_ result: GoalResult) -> Double? {
            guard let value = result.value, result.goal.value > 0 else { return nil }
            return 100 * value / result.goal.value
        }
        let shares = entries.flatMap { entry in
            goals.indices.flatMap { index in
                [
                    share(entry.robustness.nominal.goals[index]),
                    share(entry.robustness.worst(goal: index).result),
                ]
                .compactMap { $0 }
            }
        }
        let range = 0...min(250, max(110, 1.05 * (shares.max() ?? 100)))
        let longest =
            goals.map {
                "\($0.goal.structureName) \(GoalText.metric($0.goal)) \(GoalText.limit($0.goal))".count
            }.max() ?? 0
        let left = min(300, 16 + 5.7 * Double(longest))
        let width = Picture.width - left - 20
        func x(_ value: Double) -> Double { left + min(value, range.upperBound) / range.upperBound * width }
        var canvas = SVGCanvas()
        drawAxis(range, top: top, bottom: bottom, x: x, title: "Share of the limit (%)", &canvas)
        var at = left
        for entry in entries {
            canvas.rectangle([at, 4], [13, 10], fill: entry.colour)
            canvas.text(entry.name, at: [at + 18, 13], size: 11)
            at += 36 + 6.6 * Double(entry.name.count)
        }
        for (index, goal) in goals.enumerated() {
            let y = top + group * Double(index) + groupGap / 2
            let words =
                "\(goal.goal.structureName) \(GoalText.metric(goal.goal)) \(GoalText.limit(goal.goal))"
            canvas.text(words, at: [left - 8, y + (group - groupGap) / 2 + 4], anchor: .end, size: 10.5)
            for (row, entry) in entries.enumerated() {
                let middle = y + bar * (Double(row) + 0.5)
                guard let nominal = share(entry.robustness.nominal.goals[index]) else { continue }
                canvas.rectangle(
                    [x(0), middle - bar / 2 + 0.5], [x(nominal) - x(0), bar - 1], fill: entry.colour,
                    opacity: 0.55)
                guard let worst = share(entry.robustness.worst(goal: index).result) else { continue }
                canvas.line([x(nominal), middle], [x(worst), middle], .init(colour: .ink, width: 1.2))
                canvas.line(
                    [x(worst), middle - 3], [x(worst), middle + 3], .init(colour: .ink, width: 1.2))
            }
        }
        canvas.line([x(100), top], [x(100), bottom], .init(colour: .ink, width: 1.2, dash: [5, 3]))
        return Picture(
            name: name, size: SIMD2(Picture.width, bottom + 46), title: "Goals under errors",
            alternativeText: "Each goal as planned and at its worst, in per cent of its limit.",
            canvas: canvas)
    }
}
