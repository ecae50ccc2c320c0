import FacilityModel
import Quantities

/// Reader of machine files (`format: kasane-machine`); the format is described in `docs/formats/machine.md`.
///
/// Files of version 1 are read too; they tell nothing of injector, beam lines, rooms and operation.
///
/// ## Checked by
/// `MachineFileTests`, `BrokenMachineFileTests`, `MachineBaseTests`.
public enum MachineFile {
    public static let format = "kasane-machine"
    public static let version = 2

    /// Sections that are special to a machine file of any version.
    private static let required = [
        "format", "version", "name", "facility", "summary", "ion", "sources", "synchrotron",
        "energies", "ports",
    ]
    private static let optional = [
        "notice", "base", "without", "nozzles", "passive-nozzles", "injector", "beam-lines", "rooms",
        "operation", "facts",
    ]

    /// Reads a machine file.
    ///
    /// - Parameters:
    ///   - path: Path of the file.
    ///   - store: The data folder, where a base that is named is looked for; nil to find it if it is needed.
    /// - Throws: `InvalidFile` with everything that is wrong in it, or in the file that it is based on.
    public static func read(path: String, store: DataStore? = nil) throws(InvalidFile) -> MachineDescription {
        try read(text: TextFile.read(path), file: path, store: store)
    }

    /// Reads the text of a machine file.
    ///
    /// - Parameters:
    ///   - text: The whole file.
    ///   - file: Its path, for messages, and for a base that is given by a relative path.
    ///   - store: The data folder, where a base that is named is looked for; nil to find it if it is needed.
    /// - Throws: `InvalidFile` with everything that is wrong in it, or in the file that it is based on.
    public static func read(
        text: String, file: String, store: DataStore? = nil
    ) throws(InvalidFile) -> MachineDescription {
        try read(text: text, file: file, store: store, above: []).description
    }

    /// A file that was read, for files that are based on it.
    struct Content {
        let description: MachineDescription
        /// The root of the file laid over its base.
        let root: YAMLElement
        /// The file and its bases.
        let files: [String]
    }

    /// - Parameter above: Files that are based on this one, for finding circles.
    static func read(
        text: String, file: String, store: DataStore?, above: [String]
    ) throws(InvalidFile) -> Content {
        let own = try YAMLElement.parse(text, file: file, findings: FindingCollector())
        let loader = MachineBaseLoader(own: own, file: file, store: store, above: above)
        let laid = try loader.load()
        let document = YAMLDocument(
            format: format, version: version, oldestVersion: 1, keys: required + optional,
            required: required)
        do {
            let description = try document.read(laid.root, file: file) { top in
                MachineFileReader(
                    top: top, base: laid.base, inheritance: laid.inheritance, file: file, store: store
                ).description()
            }
            return Content(
                description: description, root: laid.root, files: [file] + (laid.base?.files ?? []))
        } catch {
            throw laid.base.map { namingBase($0.name, in: error) } ?? error
        }
    }

    /// What has no line in a file with a base is the base's.
    private static func namingBase(_ base: String, in error: InvalidFile) -> InvalidFile {
        var error = error
        for index in error.findings.indices
        where error.findings[index].line == nil && !error.findings[index].path.isEmpty {
            error.findings[index].message += " (this comes from the base ‘\(base)’)"
        }
        return error
    }
}
