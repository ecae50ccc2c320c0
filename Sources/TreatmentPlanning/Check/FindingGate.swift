import FacilityModel
import PlanEvaluation
import PlanModel

/// Collects findings and stops at failures that nobody accepted.
struct FindingGate {
    let accepted: Set<String>
    var findings: [Finding] = []

    init(accepted: Set<String>) { self.accepted = accepted }

    mutating func add(_ new: [Finding]) {
        findings += new.map { finding in
            guard finding.severity == .failure, accepted.contains(finding.code) else { return finding }
            var lowered = finding
            lowered.severity = .warning
            lowered.message += " (accepted)"
            return lowered
        }
    }

    /// - Throws: `DoseCheckError.inconsistent` with everything that was found so far.
    func check() throws(DoseCheckError) {
        if findings.contains(where: { $0.severity == .failure }) { throw .inconsistent(findings) }
    }
}

/// What a plan check finds, as far as it matters for the dose: limits of delivery are warnings, and a code is listed once
/// with its number.
enum DeliveryFindings {
    /// Without these, the dose cannot be computed, or that of another beam would be.
    private static let essential: Set<String> = [
        "PLAN-0003", "PLAN-0005", "PLAN-0010", "PLAN-0011", "PLAN-0012", "PLAN-0013", "PLAN-0014",
        "PLAN-0021",
        "PLAN-0022",
    ]
    /// Says nothing about dose: a label may be longer than what DICOM asks of a writer.
    private static let leftOut: Set<String> = ["PLAN-0004"]

    static func of(_ plan: Plan, machine: Machine) -> [Finding] {
        let all = PlanCheck.check(plan, machine: machine)
        var codes: [String] = []
        for finding in all where !codes.contains(finding.code) && !leftOut.contains(finding.code) {
            codes.append(finding.code)
        }
        return codes.compactMap { code in
            let group = all.filter { $0.code == code }
            guard var finding = group.first else { return nil }
            if !essential.contains(code) { finding.severity = .warning }
            finding.message = "\(finding.path): \(finding.message)"
            if group.count > 1 { finding.message += " (and \(group.count - 1) more like this)" }
            return finding
        }
    }
}
