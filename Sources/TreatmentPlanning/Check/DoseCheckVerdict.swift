import PlanEvaluation
import PlanModel

/// What decides whether a check is passed.
enum DoseCheckVerdict {
    /// Refuses, before the long part, criteria that the doses cannot answer.
    ///
    /// - Throws: `DoseCheckVerdictError`.
    static func validate(_ setup: DoseCheckSetup) throws(DoseCheckVerdictError) {
        guard setup.request.rangeLimitMM != nil else { return }
        let without = setup.plan.fields.map(\.number).filter { number in
            !setup.doses.contains { $0.fieldNumbers == [number] }
        }
        guard without.isEmpty else { throw .noFieldDose(fields: without) }
    }

    /// Gamma of every judged dose in the patient and in the target, its mean where it is high, the noise, and the range of every
    /// field if there is a limit.
    static func criteria(
        setup: DoseCheckSetup, subjects: [DoseCheckResult.Subject], ranges: [DoseCheckResult.FieldRange],
        noise: Double?
    ) -> [DoseCheckResult.Criterion] {
        let limit = setup.request.passRate
        var list: [DoseCheckResult.Criterion] = []
        for subject in subjects {
            for (place, summary) in [("patient", subject.patient), (setup.targetName, subject.target)] {
                guard let summary else {
                    // A target without a point above the threshold gets no dose worth the name.
                    list.append(
                        .init(
                            kind: .gamma, name: "\(subject.title), \(place)", value: 0, limit: limit,
                            isMet: false))
                    continue
                }
                list.append(
                    .init(
                        kind: .gamma, name: "\(subject.title), \(place)", value: summary.passRate,
                        limit: limit, isMet: summary.passRate >= limit))
            }
            let departure = subject.comparison.agreement.meanRatio - 1
            list.append(
                .init(
                    kind: .meanDose, name: "\(subject.title), difference of the mean where it is high",
                    value: departure,
                    limit: setup.request.meanDoseLimit,
                    isMet: abs(departure) <= setup.request.meanDoseLimit))
        }
        if let noise {
            let greatest = setup.request.criteria.doseDifference
            list.append(
                .init(
                    kind: .noise,
                    name: "Standard error of a voxel of the recomputed dose, \(setup.targetName)",
                    value: noise,
                    limit: greatest, isMet: noise <= greatest))
        }
        guard let limit = setup.request.rangeLimitMM else { return list }
        for range in ranges {
            let median = range.comparison.statistics(.eighty)?.median
            list.append(
                .init(
                    kind: .range, name: "Range of field \(range.field.number) ‘\(range.field.name)’, median",
                    value: median ?? .infinity, limit: limit, isMet: median.map { abs($0) <= limit } ?? false
                ))
        }
        return list
    }
}

/// Why a criterion cannot be judged.
public enum DoseCheckVerdictError: Error, Equatable, Sendable, CustomStringConvertible {
    case noFieldDose(fields: [Int])

    public var description: String {
        switch self {
        case .noFieldDose(let fields):
            "--range-limit: no dose of field \(fields.map { "\($0)" }.joined(separator: ", ")) alone (the edge of a dose of several "
                + "fields is not the range of one) export doses of Dose Summation Type BEAM, or leave the limit out"
        }
    }
}
