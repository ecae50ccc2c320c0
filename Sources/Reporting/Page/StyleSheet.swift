/// The look of the page on screen and on paper.
package enum StyleSheet {
    /// - Parameters:
    ///   - paper: Size of a printed page.
    ///   - runningText: Shown at the top of each printed page.
    static func css(paper: ReportAppearance.Paper, runningText: String) -> String {
        """
        @page { size: \(paper.rawValue); margin: 18mm 15mm 18mm;
          @top-left { content: \(string(runningText)); font: 8pt \(Picture.fontFamily); color: #5b6470; }
          @bottom-left { content: \(string(TreatmentReport.notice)); font: 600 8pt \(Picture.fontFamily); color: #9a3412; }
          @bottom-right { content: "Page " counter(page) " of " counter(pages);
            font: 8pt \(Picture.fontFamily); color: #5b6470; } }
        :root { color: #1b1f24; background: #ffffff; font-family: \(Picture.fontFamily); font-size: 15px;
          line-height: 1.45; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
        body { max-width: 1000px; margin: 0 auto; padding: 28px 20px 60px; }
        h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 2px; letter-spacing: -0.01em; }
        h2 { font-size: 1.2rem; margin: 42px 0 10px; padding-bottom: 5px; border-bottom: 1.5px solid #1b1f24; }
        h3 { font-size: 1rem; margin: 24px 0 6px; }
        p { margin: 6px 0 10px; }
        .notice { display: inline-block; margin: 10px 0 4px; padding: 5px 12px; border: 1px solid #9a3412;
          border-radius: 4px; color: #9a3412; font-weight: 600; font-size: 0.9rem; }
        .subtitle, .quiet, figcaption { color: #5b6470; }
        .subtitle { margin: 0; }
        dl.titleblock { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0 32px; margin: 18px 0 0; }
        dl.titleblock div { display: grid; grid-template-columns: 7.6em minmax(0, 1fr); gap: 10px; padding: 4px 0;
          border-bottom: 1px solid #e3e6ea; }
        dl.titleblock dt { color: #5b6470; }
        dl.titleblock dd { margin: 0; overflow-wrap: anywhere; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(116px, 1fr)); gap: 12px; margin: 18px 0; }
        .tile { border: 1px solid #d5dae0; border-radius: 6px; padding: 9px 13px; }
        .tile b { display: block; font-size: 1.32rem; font-weight: 650; line-height: 1.3; white-space: nowrap; }
        .tile span { color: #5b6470; font-size: 0.84rem; }
        table { border-collapse: collapse; width: 100%; font-size: 0.88rem; margin: 8px 0 14px;
          font-variant-numeric: tabular-nums; }
        caption { text-align: left; font-weight: 600; padding: 0 0 5px; }
        th { text-align: left; vertical-align: bottom; font-weight: 600; border-bottom: 1.2px solid #1b1f24;
          padding: 4px 8px; }
        th .unit { display: block; font-weight: 400; color: #5b6470; font-size: 0.82em; }
        td { border-bottom: 1px solid #e3e6ea; padding: 3.5px 8px; vertical-align: top; }
        th.number, td.number { text-align: right; white-space: nowrap; }
        th.number + th.text, td.number + td.text { padding-left: 18px; }
        table.dense { font-size: 0.8rem; } table.dense th, table.dense td { padding-left: 5px; padding-right: 5px; }
        table.dense th.number + th.text, table.dense td.number + td.text { padding-left: 18px; }
        .name { white-space: nowrap; } .long { overflow-wrap: anywhere; }
        .met { color: #05603a; font-weight: 600; white-space: nowrap; }
        .missed { color: #b42318; font-weight: 600; white-space: nowrap; }
        .missed-long { color: #b42318; }
        .warning { color: #93370d; font-weight: 600; white-space: nowrap; }
        .verdict { margin: 14px 0 4px; padding: 12px 18px; border-radius: 6px; border: 1.5px solid; }
        .verdict b { display: block; font-size: 1.5rem; line-height: 1.25; }
        .verdict.passed { color: #05603a; border-color: #05603a; background: #f0f9f4; }
        .verdict.failed { color: #b42318; border-color: #b42318; background: #fef4f2; }
        .swatch { display: inline-block; width: 11px; height: 11px; border-radius: 2px; margin-right: 7px;
          border: 0.5px solid #5b6470; }
        .code { font-family: ui-monospace, 'DejaVu Sans Mono', monospace; font-size: 0.86em; overflow-wrap: anywhere; }
        figure { margin: 14px 0 20px; break-inside: avoid; }
        figcaption { font-size: 0.86rem; margin-top: 6px; }
        .tight figure { margin: 8px 0 10px; } .tight figcaption { margin-top: 3px; }
        .tight svg.picture { width: 92%; }
        svg.picture { display: block; width: 100%; height: auto; }
        .definitions { position: absolute; width: 0; height: 0; overflow: hidden; }
        .layers { columns: 3; column-gap: 26px; }
        .layers table { font-size: 0.76rem; margin-top: 0; }
        .layers tr { break-inside: avoid; }
        .switches { font-size: 0.88rem; color: #5b6470; }
        .switches label { margin-right: 16px; }
        body:has(#show-wash:not(:checked)) .wash, body:has(#show-contours:not(:checked)) .contours,
        body:has(#show-isodoses:not(:checked)) .isodoses { visibility: hidden; }
        .scroll { overflow-x: auto; }
        @media (max-width: 640px) { dl.titleblock { grid-template-columns: 1fr; } .layers { columns: 1; } }
        @media print {
          :root { font-size: 9.6pt; }
          body { max-width: none; padding: 0; }
          h2 { margin-top: 22px; break-after: avoid; } h3 { break-after: avoid; }
          tr, .tile, dl.titleblock div { break-inside: avoid; }
          caption { break-after: avoid; }
          thead { display: table-header-group; break-inside: avoid; break-after: avoid; }
          .switches { display: none; }
          .scroll { overflow: visible; }
          section.own-page { break-before: page; }
        }
        """
    }

    /// A CSS string that is safe in a style sheet inside XML: all but letters and digits of ASCII as escapes.
    package static func string(_ text: String) -> String {
        let body = text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", " ": result.unicodeScalars.append(scalar)
            case "\u{0}": result += "\\fffd "
            default: result += "\\\(String(scalar.value, radix: 16)) "
            }
        }
        return "\"\(body)\""
    }
}
