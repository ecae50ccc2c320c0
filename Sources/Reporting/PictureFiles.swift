import Foundation

/// Pictures as files of their own, for talks and papers.
///
/// ## Checked by
/// `PDFPrinterTests`.
public enum PictureFiles {
    /// Writes `<name>.svg` of each picture into `folder`, which is made if needed.
    ///
    /// - Returns: The files, in the order of the pictures.
    /// - Throws: `PrintError.file`.
    @discardableResult
    public static func writeSVG(_ pictures: [Picture], to folder: URL) throws(PrintError) -> [URL] {
        var files: [URL] = []
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for picture in pictures {
                let file = folder.appendingPathComponent("\(picture.name).svg")
                try Data(picture.fileContents.utf8).write(to: file, options: .atomic)
                files.append(file)
            }
        } catch {
            throw .file(path: folder.path, reason: error.localizedDescription)
        }
        return files
    }

    /// Writes one picture as PNG through the headless browser.
    ///
    /// - Parameter pixelRatio: Image pixels per CSS pixel; 2 suits slides.
    /// - Throws: `PrintError`.
    public static func writePNG(
        _ picture: Picture, to file: URL, pixelRatio: Double = 2, timeoutSeconds: Double = 120
    ) throws(PrintError) {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "kasane-png-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }  // A left temporary folder harms nobody.
        let files = try writeSVG([picture], to: folder)
        let (width, height) = (Int(picture.size.x.rounded(.up)), Int(picture.size.y.rounded(.up)))
        for svg in files {
            try Chromium().write(svg, to: file, timeoutSeconds: timeoutSeconds) { path in
                [
                    "--force-device-scale-factor=\(pixelRatio)", "--window-size=\(width),\(height)",
                    "--screenshot=\(path)",
                ]
            }
        }
    }
}
