import FacilityModel
import Foundation

/// The folder of physics tables, biology tables and machine files that a program works with.
public struct DataStore: Sendable, Hashable {
    /// Absolute path of the folder.
    public let path: String

    /// Environment variable that names the folder.
    public static let environmentVariable = "KASANE_DATA"

    /// A folder that was found already.
    public init(path: String) { self.path = path }

    /// Finds the data folder.
    ///
    /// A folder given by the option or the environment is taken or refused, never passed over. Without them, `Data`
    /// is looked for beside the program and in the folders above it, then in the working folder and above it.
    ///
    /// - Parameters:
    ///   - option: The value of `--data`; nil if it was not given.
    ///   - environment: The environment of the process.
    ///   - program: Path of the running program.
    ///   - workingFolder: The current folder.
    /// - Throws: `DataStoreError` with all places looked at.
    ///
    /// ## Checked by
    /// `DataStoreTests`.
    public static func find(
        option: String? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment,
        program: String = DataStore.runningProgram,
        workingFolder: String = FileManager.default.currentDirectoryPath
    ) throws(DataStoreError) -> DataStore {
        for (origin, folder) in [("--data", option), (environmentVariable, environment[environmentVariable])]
        {
            guard let folder, !folder.isEmpty else { continue }
            let path = absolute(folder, in: workingFolder)
            guard isDataFolder(path) else { throw .notADataFolder(path, from: origin) }
            return DataStore(path: path)
        }
        var places: [String] = []
        let starts = [
            URL(fileURLWithPath: program).resolvingSymlinksInPath().deletingLastPathComponent().path,
            workingFolder,
        ]
        for start in starts {
            var folder = URL(fileURLWithPath: start).standardizedFileURL
            for _ in 0..<12 {
                let candidate = folder.appendingPathComponent("Data").path
                if isDataFolder(candidate) { return DataStore(path: candidate) }
                if !places.contains(candidate) { places.append(candidate) }
                if folder.path == "/" { break }
                folder = folder.deletingLastPathComponent()
            }
        }
        throw .notFound(places: places)
    }

    /// Path of the running program.
    public static var runningProgram: String {
        let link = "/proc/self/exe"
        do {
            return try FileManager.default.destinationOfSymbolicLink(atPath: link)
        } catch {
            return CommandLine.arguments.first ?? ""
        }
    }

    /// What makes a folder the data folder: the machine files.
    private static func isDataFolder(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path + "/machines", isDirectory: &isDirectory)
            && isDirectory.boolValue
    }

    private static func absolute(_ path: String, in folder: String) -> String {
        path.hasPrefix("/")
            ? path : URL(fileURLWithPath: folder).appendingPathComponent(path).standardizedFileURL.path
    }

    /// Path of a file or folder in the store.
    public func path(_ relative: String) -> String { path + "/" + relative }

    /// Path of a lattice file: a name of the store, or a path of its own (with `/` or ending in `.yaml`).
    public func latticePath(_ name: String) -> String {
        name.contains("/") || name.hasSuffix(".yaml") ? name : path("lattices/\(name).yaml")
    }

    /// Names of the machines, sorted.
    public func machineNames() throws(DataStoreError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: self.path("machines"))
                .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
        } catch {
            throw .unreadable(self.path("machines"), reason: error.localizedDescription)
        }
    }

    /// Path of a machine file: a name of the store, or a path of its own (with `/` or ending in `.yaml`).
    ///
    /// - Parameter folder: Where a relative path starts, usually that of the plan file.
    /// - Throws: `DataStoreError.noSuchMachine`.
    public func machinePath(_ name: String, relativeTo folder: String = ".") throws(DataStoreError) -> String
    {
        if name.contains("/") || name.hasSuffix(".yaml") {
            return name.hasPrefix("/") ? name : folder + "/" + name
        }
        let names = try machineNames()
        guard names.contains(name) else { throw .noSuchMachine(name, known: names) }
        return self.path("machines/\(name).yaml")
    }
}

/// Why no data folder, or nothing in it, could be used.
public enum DataStoreError: Error, Hashable, Sendable {
    case notADataFolder(String, from: String)
    case notFound(places: [String])
    case unreadable(String, reason: String)
    case noSuchMachine(String, known: [String])
    case noSuchBeamLine(String, known: [String])
}

extension DataStoreError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notADataFolder(let path, let origin):
            "\(path), given by \(origin), is not Kasane's data folder (there is no ‘machines’ in it); give the folder ‘Data’"
        case .notFound(let places):
            "Kasane's data folder was not found (looked for \(places.joined(separator: ", "))); "
                + "give it with --data or \(DataStore.environmentVariable)"
        case .unreadable(let path, let reason):
            "\(path) cannot be read (\(reason)); check its permissions"
        case .noSuchMachine(let name, let known):
            "there is no machine ‘\(name)’ (known: \(known.joined(separator: ", "))); "
                + "choose one of them or give the path of a machine file"
        case .noSuchBeamLine(let name, let known):
            "there is no beam line ‘\(name)’ (known: \(known.joined(separator: ", "))); "
                + "choose one of them or give the path of a beam-line file"
        }
    }
}
