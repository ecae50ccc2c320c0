import Foundation

/// Reading of small files that people write.
public enum TextFile {
    /// The text of a UTF-8 file.
    ///
    /// - Throws: `InvalidFile` if it cannot be opened, is no file, is too large or is not UTF-8.
    public static func read(_ path: String) throws(InvalidFile) -> String {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw InvalidFile(
                file: path,
                "there is no such file (looked in \(FileManager.default.currentDirectoryPath)); "
                    + "check the path")
        }
        guard !isDirectory.boolValue else {
            throw InvalidFile(file: path, "this is a folder (a file is wanted); give the file in it")
        }
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw InvalidFile(
                file: path, "the file cannot be read (\(error.localizedDescription)); check its permissions")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw InvalidFile(
                file: path, "the file is not UTF-8 text (\(data.count) bytes); save it as UTF-8")
        }
        return text
    }
}
