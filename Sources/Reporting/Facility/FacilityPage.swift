import FacilityModel
import Quantities

/// A facility as one self-contained page: rooms, what models make of its figures, and every figure with source and confidence.
///
/// ## Checked by
/// `FacilityPageTests`.
public enum FacilityPage {
    /// The whole page.
    ///
    /// - Parameter report: The facility.
    public static func render(_ report: FacilityReport) -> String {
        let machine = report.machine.machine
        return HTMLDocument(
            program: report.program, title: "Facility \(machine.name)", heading: machine.facility,
            subtitle: "Machine file \(machine.name)", runningText: "Kasane · facility \(machine.name)",
            paper: report.paper, facts: facts(report), banner: banner(report), pictures: report.pictures,
            sections: [overview(report)] + report.sections.map(section) + [figures(report)]
        ).text
    }

    private static func banner(_ report: FacilityReport) -> String {
        var html = "<p>\(Markup.escaped(report.machine.summary))</p>\n"
        if let notice = report.machine.notice {
            html += "<p class=\"warning\">\(Markup.escaped(notice))</p>\n"
        }
        if let base = report.machine.base {
            let kind = base.assumption.map { ": \($0)" } ?? ""
            html += "<p>Made from \(Markup.escaped(base.name + kind)).</p>\n"
        }
        return html
    }

    private static func facts(_ report: FacilityReport) -> [ReportFact] {
        let description = report.machine
        let machine = description.machine
        let energies = machine.energies.map(\.value)
        let passive = machine.passivePorts.count
        return [
            ReportFact("Ion", NumberText.ion(machine.ion)),
            ReportFact(
                "Energies",
                "\(energies.count) from \(NumberText.fixed(energies.min() ?? .nan, 1)) to \(NumberText.fixed(energies.max() ?? .nan, 1)) MeV/u"
            ),
            ReportFact("Rooms", report.rooms.rooms.map(\.id).joined(separator: ", ")),
            ReportFact(
                "Ports", "\(machine.portIDs.count)" + (passive > 0 ? ", \(passive) of them passive" : "")),
            ReportFact(
                "Figures", "\(description.figures.count), \(description.assumptions.count) of them assumed"),
            ReportFact("Made", report.date),
        ]
    }

    private static func overview(_ report: FacilityReport) -> String {
        let notes = report.rooms.notes.map { "<li>\(Markup.escaped($0))</li>" }.joined(separator: "\n")
        return """
            <section>
            <h2>Ring, rooms and ports</h2>
            \(HTMLDocument.figure(report.rooms.picture(), "Plan view. Full lines have the size that is known; dashed ones are a scheme."))
            <ul class="quiet">
            \(notes)
            </ul>
            \(table(report.derived))
            </section>
            """
    }

    private static func section(_ section: FacilityReport.Section) -> String {
        let text = section.text.map { "<p>\(Markup.escaped($0))</p>" }.joined(separator: "\n")
        let pictures = section.pictures.map { HTMLDocument.figure($0.picture, $0.caption) }
        let grids = section.grids.map(table)
        return """
            <section class="own-page">
            <h2>\(Markup.escaped(section.title))</h2>
            \(text)
            \((pictures + grids).joined(separator: "\n"))
            </section>
            """
    }

    private static func table(_ grid: FacilityReport.Grid) -> String {
        HTMLTable(
            caption: grid.title,
            columns: grid.columns.enumerated().map { index, column in
                .init(
                    title: column.name, unit: column.unit,
                    alignment: grid.textColumns.contains(index) ? .text : .number)
            }, rows: grid.rows.map { $0.map { HTMLTable.Cell($0) } }, cssClass: "dense"
        ).markup
    }

    /// Every figure of the file, by its first word; sources by number, listed below.
    private static func figures(_ report: FacilityReport) -> String {
        var sources: [String] = []
        var groups: [(name: String, rows: [[HTMLTable.Cell]])] = []
        for figure in report.machine.figures {
            let number: Int
            if let known = sources.firstIndex(of: figure.source) {
                number = known + 1
            } else {
                sources.append(figure.source)
                number = sources.count
            }
            let group = String(figure.path.prefix { $0 != "." && $0 != "[" })
            let remark = [figure.note, figure.overridden.map { "instead of \($0)" }].compactMap { $0 }
            let row: [HTMLTable.Cell] = [
                .init(figure.path, cssClass: "long"), .init(FigureText.value(figure), cssClass: "long"),
                .init(
                    figure.confidence.rawValue, cssClass: figure.confidence == .assumed ? "warning" : "name"),
                .init("[\(number)]"), .init(remark.joined(separator: "; "), cssClass: "quiet long"),
            ]
            if groups.last?.name == group {
                groups[groups.count - 1].rows.append(row)
            } else {
                groups.append((group, [row]))
            }
        }
        let tables = groups.map { group in
            HTMLTable(
                caption: group.name,
                columns: [
                    .init(title: "Figure"), .init(title: "Value"), .init(title: "Confidence"),
                    .init(title: "Source"), .init(title: "Note"),
                ], rows: group.rows, cssClass: "dense"
            ).markup
        }
        let list = sources.enumerated().map {
            "<li value=\"\($0.offset + 1)\">\(Markup.escaped($0.element))</li>"
        }
        return """
            <section class="own-page">
            <h2>All figures</h2>
            <p>‘assumed’: nobody has published it, and the value was chosen so that planning and simulation can be done.</p>
            \(tables.joined(separator: "\n"))
            <h3>Sources</h3>
            <ol>
            \(list.joined(separator: "\n"))
            </ol>
            </section>
            """
    }
}
