import PlanModel

/// Findings by code, the most serious first.
struct FindingTable {
    private let findings: [Finding]
    private let caption: String

    init(_ findings: [Finding], caption: String) {
        self.findings = findings
        self.caption = caption
    }

    /// Findings shown of each code; a plan can have the same one for thousands of spots.
    private static let findingsPerCode = 5

    var table: HTMLTable {
        var rows: [[HTMLTable.Cell]] = []
        var codes: [String] = []
        for finding in findings where !codes.contains(finding.code) { codes.append(finding.code) }
        let groups = codes.map { code in findings.filter { $0.code == code } }
        for group in groups.sorted(by: {
            ($0.first?.severity ?? .information) > ($1.first?.severity ?? .information)
        }) {
            rows += group.prefix(Self.findingsPerCode).map(row)
            let rest = group.count - Self.findingsPerCode
            guard rest > 0, let code = group.first?.code else { continue }
            rows.append([
                .init(""), .init(code, cssClass: "code name"),
                .init("and \(NumberText.grouped(rest)) more of this kind", cssClass: "quiet"), .init(""),
            ])
        }
        return HTMLTable(
            caption: caption,
            columns: [
                .init(title: "Severity"), .init(title: "Code"), .init(title: "Finding"),
                .init(title: "Where"),
            ],
            rows: rows)
    }

    private func row(_ finding: Finding) -> [HTMLTable.Cell] {
        let severity: HTMLTable.Cell =
            switch finding.severity {
            case .failure: .init("✗ failure", cssClass: "missed")
            case .warning: .init("! warning", cssClass: "warning")
            case .information: .init("information", cssClass: "quiet")
            }
        return [
            severity, .init(finding.code, cssClass: "code name"), .init(finding.message, cssClass: "long"),
            .init(finding.path, cssClass: finding.path.count <= 24 ? "code quiet name" : "code quiet long"),
        ]
    }
}
