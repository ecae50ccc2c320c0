import PlanEvaluation
import PlanModel
import Quantities

/// All pictures of a comparison, drawn once; the page shows them and they can be written as files.
public struct ComparisonPictures: Sendable {
    /// Doses in the axial, coronal and sagittal plane; empty without plans.
    public var doses: [Picture]
    /// Axial differences to the first plan; nil for fewer than two plans.
    public var differences: Picture?
    /// Curves of the target; nil without plans.
    public var doseVolume: Picture?
    /// The same around the shoulder, where curves of good plans lie over each other.
    public var shoulder: Picture?
    /// Curves of the structures that have goals, six to a picture.
    public var organs: [Picture]
    public var beamTime: Picture?
    public var targetRobustness: Picture?
    public var goalRobustness: Picture?

    /// All of them, in the order of the page.
    public var all: [Picture] {
        doses + [differences, doseVolume, shoulder].compactMap { $0 } + organs
            + [beamTime, targetRobustness, goalRobustness].compactMap { $0 }
    }

    /// Draws all pictures.
    ///
    /// - Parameter report: The comparison.
    /// - Throws: `PNGError` if an image cannot be encoded.
    public init(_ report: ComparisonReport) throws {
        (doses, differences) = ([], nil)
        if let washes = try ComparisonWashes(report) {
            for plane in [AnatomicalPlane.axial, .coronal, .sagittal] {
                doses.append(try washes.doses(plane))
            }
            differences = try washes.differences(.axial)
        }
        let planned = report.planned
        let target = report.prescription.targetName
        func curves(_ structure: String) -> [(String, [SIMD2<Double>])] {
            planned.compactMap { entry in
                entry.result.structures.first { $0.structureName == structure }.map { (entry.name, $0.curve) }
            }
        }
        let own = curves(target)
        if !own.isEmpty {
            doseVolume = ComparisonPicture.doseVolume(own, structure: target, name: "dvh-target")
            let figures = planned.compactMap(\.result.target)
            let low = min(figures.map(\.d98).min() ?? 0, 0.95 * report.prescription.totalDose.value)
            let high = figures.map(\.d50).max() ?? 1
            let margin = 0.1 * max(high - low, 0.01 * high)
            shoulder = ComparisonPicture.doseVolume(
                own, structure: target, name: "dvh-target-shoulder",
                doses: (low - margin)...(high + margin), volumes: 80...100.5)
        }
        var names: [String] = []
        for goal in planned.first?.result.goals ?? []
        where goal.goal.structureName != target && !names.contains(goal.goal.structureName) {
            names.append(goal.goal.structureName)
        }
        let shown = names.map { ($0, curves($0)) }.filter { $0.1.count == planned.count }
        organs = stride(from: 0, to: shown.count, by: 6).compactMap { first in
            ComparisonPicture.grid(
                Array(shown[first..<min(first + 6, shown.count)]), name: "dvh-organs-\(first / 6 + 1)")
        }
        beamTime = Self.beamTime(report)
        let robust = planned.compactMap { entry in
            entry.result.robustness.map { (entry.name, entry.colour, $0) }
        }
        if !robust.isEmpty {
            targetRobustness = RobustnessPictures.target(
                robust, prescription: report.prescription, name: "robustness-target")
            goalRobustness = RobustnessPictures.goals(robust, name: "robustness-goals")
        }
    }

    /// Time of the beam by what it goes to; nil if no plan's is modelled.
    private static func beamTime(_ report: ComparisonReport) -> Picture? {
        var legend: [String] = []
        for part in report.planned.flatMap({ $0.result.beam?.parts ?? [] }) where !legend.contains(part.name)
        {
            legend.append(part.name)
        }
        guard !legend.isEmpty else { return nil }
        return StackedBars(
            bars: report.planned.map { entry in
                .init(
                    name: entry.name,
                    parts: entry.result.beam.map { beam in
                        legend.map { name in
                            beam.parts.reduce(0) { $0 + ($1.name == name ? $1.seconds : 0) }
                        }
                    })
            }, legend: legend, axis: "Time of the beam of one fraction (s)"
        ).picture(name: "beam-time", title: "Beam time")
    }
}
