import CaseFiles
import Foundation
import PlanModel
import Reporting
import Volumes

/// A plan as it was made, with its dose and what it was made from: the content of a case folder.
public struct PlanCase: Sendable {
    /// Wall time of one step.
    public struct Timing: Codable, Hashable, Sendable {
        public var step: String
        public var seconds: Double

        public init(step: String, seconds: Double) {
            self.step = step
            self.seconds = seconds
        }
    }
    /// The plan file's text as it was used.
    public var requestText: String
    /// Absolute path of the plan file: where relative paths in it start.
    public var requestFile: String
    /// Absolute path of the DICOM folder.
    public var dicomFolder: String
    /// Seed of the run.
    public var seed: UInt64
    public var plan: Plan
    /// Dose of one fraction by field number.
    public var fieldDoses: [Int: DoseDistribution]
    /// Standard error of the absorbed dose of one fraction of all fields, Gy; nil where the dose has none.
    public var standardError: Volume<Float>?
    public var findings: [Finding]
    /// Files and folders that went in, with their SHA-256.
    public var sources: [Provenance.Source]
    /// Numbers of the run that a report shows: matrix size, iterations, objective.
    public var facts: [ReportFact]
    public var timings: [Timing]
    /// Name and version of the program that made it.
    public var program: String

    /// Dose of one fraction of all fields, in the order of the plan's fields; nil without dose.
    public var fractionDose: DoseDistribution? {
        DoseDistribution.sum(plan.fields.compactMap { fieldDoses[$0.number] })
    }

    /// Takes the place of an older dose: one of the pencil beam.
    public mutating func take(fieldDoses: [Int: DoseDistribution]) {
        self.fieldDoses = fieldDoses
        standardError = nil
        facts.removeAll { $0.name == Planner.doseEngineFact }
    }

    /// Takes the place of an older dose: one by Monte Carlo.
    public mutating func take(_ result: MonteCarloResult) {
        take(fieldDoses: result.fieldDoses)
        standardError = result.standardError
        facts += result.facts
    }
}
