import Foundation

/// Prints a page to PDF with the headless browser `chromium`, as a process of its own.
///
/// ## Checked by
/// `PDFPrinterTests`.
public enum PDFPrinter {
    /// Prints `html` (a file) to `pdf`; paper and margins come from the page's own style sheet.
    ///
    /// - Throws: `PrintError`. Nothing is left at `pdf` if it fails.
    public static func print(html: URL, to pdf: URL, timeoutSeconds: Double = 120) throws(PrintError) {
        guard FileManager.default.isReadableFile(atPath: html.path) else {
            throw .file(path: html.path, reason: "there is no such page to print")
        }
        try Chromium().write(html, to: pdf, timeoutSeconds: timeoutSeconds) { path in
            ["--no-pdf-header-footer", "--print-to-pdf=\(path)"]
        }
    }
}
