import CaseFiles
import Foundation
import PlanEvaluation
import PlanModel
import Quantities
import Reporting
import TreatmentPlanning
import Volumes

/// The dose of the fractions of a plan that were delivered so far, added up in the anatomy of the planning CT.
///
/// D, D · z* and D · LET add up over fractions; RBE-weighted doses follow from the mean fraction and the number of fractions
/// (`CumulativeDose`). Beside it stands what the plan would have given with as many fractions, and a course that goes on like these.
///
/// ## Checked by
/// `DeliverTotalTests`.
public struct DeliveredCourse {
    public let opened: OpenedCase
    /// Fractions, in rising order.
    public let fractions: [Int]
    /// Mean delivered fraction by field number.
    public let meanDoses: [Int: DoseDistribution]
    /// Dose so far: delivered, and as it was planned for as many fractions.
    public let delivered: TreatmentEvaluation
    public let planned: TreatmentEvaluation
    /// A whole course of fractions like the mean one: to be held against the goals of the plan.
    public let projected: TreatmentEvaluation

    /// Adds fractions up.
    ///
    /// - Parameters:
    ///   - opened: The case of the plan.
    ///   - caseFolder: Its folder.
    ///   - folders: Of the fractions, each with its delivered dose.
    /// - Throws: `InvalidFile` for a folder that holds no delivered dose, belongs to another plan, or a fraction that comes twice.
    public init(opened: OpenedCase, caseFolder: String, folders: [String]) throws {
        let digest = try Provenance.Source.digesting(role: "plan", path: "\(caseFolder)/plan.json").sha256
        var sums: [Int: CumulativeDose] = [:]
        var numbers: [Int: String] = [:]
        for folder in folders {
            guard let manifest = try FractionManifest.read(folder) else {
                throw InvalidFile(
                    file: folder,
                    "there is no fraction here (no fraction.json); name folders of kasane deliver")
            }
            guard manifest.planSHA256 == digest else {
                throw InvalidFile(
                    file: "\(folder)/fraction.json", path: "planSHA256",
                    "the fraction belongs to another plan (‘\(manifest.plan)’); doses of different plans are not added up here"
                )
            }
            if let twice = numbers.updateValue(folder, forKey: manifest.fraction) {
                throw InvalidFile(
                    file: "\(folder)/fraction.json", path: "fraction",
                    "fraction \(manifest.fraction) is in \(twice) too (a fraction is given once); leave one out"
                )
            }
            guard FileManager.default.fileExists(atPath: "\(folder)/delivered/case.json") else {
                throw InvalidFile(
                    file: folder,
                    "the fraction has no delivered dose; make it with kasane deliver … --resume, without --no-dose"
                )
            }
            for (number, dose) in try PlanCase(folder: "\(folder)/delivered").fieldDoses {
                sums[number, default: CumulativeDose()].add(dose)
            }
        }
        let count = numbers.count
        guard count > 0 else {
            throw InvalidFile(file: caseFolder, "no fraction was named; name their folders")
        }
        fractions = numbers.keys.sorted()
        meanDoses = sums.compactMapValues(\.mean)
        self.opened = opened
        let planner = opened.planner
        let plan = opened.planCase.plan
        var soFar = plan.prescription
        soFar.fractions = count
        soFar.totalDose = RBEWeightedDose(
            plan.prescription.totalDose.value * Double(count) / Double(plan.prescription.fractions))
        let mean = DoseDistribution.sum(plan.fields.compactMap { [meanDoses] in meanDoses[$0.number] })
        let single = opened.planCase.fractionDose
        guard let mean, let single else {
            throw InvalidFile(file: caseFolder, "the plan has no dose to compare with; plan again")
        }
        delivered = planner.evaluation(of: mean, prescription: soFar, goals: [])
        planned = planner.evaluation(of: single, prescription: soFar, goals: [])
        projected = planner.evaluation(
            of: mean, prescription: plan.prescription, goals: planner.input.request.goals)
    }

    /// Writes the mean fraction as a case, for a whole course like it.
    ///
    /// - Parameters:
    ///   - path: Of the folder.
    ///   - created: ISO 8601.
    public func write(to path: String, created: String) throws {
        var course = opened.planCase
        course.take(fieldDoses: meanDoses)
        let names = fractions.map { "\($0)" }.joined(separator: ", ")
        course.facts.append(ReportFact("Dose", "mean of the delivered fractions \(names)"))
        try course.write(to: path, evaluation: projected, created: created)
    }
}
