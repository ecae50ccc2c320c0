/// A table of the page; all cells are text and are escaped here.
struct HTMLTable {
    enum Alignment: String {
        case text, number
    }

    struct Column {
        var title: String
        /// Second line of the heading, in smaller type.
        var unit = ""
        var alignment = Alignment.text
    }

    struct Cell: ExpressibleByStringInterpolation {
        var text: String
        var cssClass = ""
        /// Colour patch before the text.
        var swatch: Colour?

        init(stringLiteral text: String) { self.text = text }

        init(_ text: String, cssClass: String = "", swatch: Colour? = nil) {
            self.text = text
            self.cssClass = cssClass
            self.swatch = swatch
        }

        /// The name of a structure with its colour; only a very long name may be broken.
        static func structure(_ name: String, _ colour: Colour?) -> Cell {
            Cell(name, cssClass: name.count <= 24 ? "name" : "long", swatch: colour)
        }
    }

    var caption: String = ""
    var columns: [Column]
    var rows: [[Cell]]
    var cssClass = ""

    var markup: String {
        var html = "<table\(cssClass.isEmpty ? "" : " class=\"\(cssClass)\"")>\n"
        if !caption.isEmpty { html += "<caption>\(Markup.escaped(caption))</caption>\n" }
        html += "<thead><tr>"
        for column in columns {
            let unit = column.unit.isEmpty ? "" : "<span class=\"unit\">\(Markup.escaped(column.unit))</span>"
            html +=
                "<th scope=\"col\" class=\"\(column.alignment)\">\(Markup.escaped(column.title))\(unit)</th>"
        }
        html += "</tr></thead>\n<tbody>\n"
        for row in rows {
            html += "<tr>"
            for (column, cell) in zip(columns, row) {
                let classes =
                    cell.cssClass.isEmpty ? "\(column.alignment)" : "\(column.alignment) \(cell.cssClass)"
                let patch =
                    cell.swatch.map { "<span class=\"swatch\" style=\"background:\($0.css)\"></span>" } ?? ""
                html += "<td class=\"\(classes)\">\(patch)\(Markup.escaped(cell.text))</td>"
            }
            html += "</tr>\n"
        }
        return html + "</tbody>\n</table>\n"
    }

    /// A table of parameters with their sources.
    static func facts(_ facts: [ReportFact], caption: String = "") -> HTMLTable {
        let hasSource = facts.contains { !$0.source.isEmpty }
        return HTMLTable(
            caption: caption,
            columns: [Column(title: "Parameter"), Column(title: "Value")]
                + (hasSource ? [Column(title: "Source")] : []),
            rows: facts.map {
                [
                    Cell($0.name), Cell($0.value, cssClass: "long"),
                    // Names of documents stay whole; only long sources may be broken anywhere.
                    Cell($0.source, cssClass: $0.source.count <= 28 ? "quiet name" : "quiet long"),
                ]
            },
            cssClass: "facts")
    }
}
