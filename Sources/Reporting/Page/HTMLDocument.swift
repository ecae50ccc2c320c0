/// The frame that all reports share: head with style, images once, title, notice, sections.
///
/// Well-formed XML (polyglot HTML), self-contained, no script.
struct HTMLDocument {
    /// Name and version of the program.
    var program: String
    /// Title of the window.
    var title: String
    var heading: String
    var subtitle: String
    /// At the top of each printed page.
    var runningText: String
    var paper: ReportAppearance.Paper
    /// Who, what, where and when, below the heading.
    var facts: [ReportFact]
    /// Markup between the notice and the facts.
    var banner = ""
    /// All pictures of the sections; the images they share are defined once.
    var pictures: [Picture]
    /// Markup in the order of the page.
    var sections: [String]

    var text: String {
        let notice = Markup.escaped(TreatmentReport.notice)
        return """
            <!DOCTYPE html>
            <html xmlns="http://www.w3.org/1999/xhtml" lang="en">
            <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <meta name="generator" content="\(Markup.escaped(program))" />
            <title>\(Markup.escaped(title))</title>
            <style>
            \(StyleSheet.css(paper: paper, runningText: runningText))
            </style>
            </head>
            <body>
            \(definitions)
            <header>
            <h1>\(Markup.escaped(heading))</h1>
            <p class="subtitle">\(Markup.escaped(subtitle))</p>
            <p class="notice">\(notice)</p>
            \(banner)\(factList)
            </header>
            <main>
            \(sections.joined(separator: "\n"))
            </main>
            <footer><p class="notice">\(notice)</p></footer>
            </body>
            </html>

            """
    }

    private var factList: String {
        let lines = facts.map {
            "<div><dt>\(Markup.escaped($0.name))</dt><dd>\(Markup.escaped($0.value))</dd></div>"
        }
        return "<dl class=\"titleblock\">\n\(lines.joined(separator: "\n"))\n</dl>"
    }

    private var definitions: String {
        var seen: Set<String> = []
        let images = pictures.flatMap(\.rasters).filter { seen.insert($0.id).inserted }
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"definitions\" aria-hidden=\"true\"><defs>\n"
            + images.map(\.definition).joined(separator: "\n") + "\n</defs></svg>"
    }

    /// A picture with its caption.
    static func figure(_ picture: Picture, _ caption: String) -> String {
        "<figure>\n\(picture.inlineMarkup)<figcaption>\(Markup.escaped(caption))</figcaption>\n</figure>\n"
    }

    /// Key figures side by side.
    static func tiles(_ facts: [ReportFact]) -> String {
        let tiles = facts.map {
            "<div class=\"tile\"><b>\(Markup.escaped($0.value))</b><span>\(Markup.escaped($0.name))</span></div>"
        }
        return "<div class=\"tiles\">\n\(tiles.joined(separator: "\n"))\n</div>"
    }
}
