import BeamData
import Foundation
import Quantities

/// Beam data in the data folder: one folder per ion, `beam/carbon/water.kbd` with a `manifest.json` beside it.
///
/// ## Checked by
/// `BeamDataStoreTests`.
public enum BeamDataStore {
    /// Name of the file in the folder of its ion.
    public static let fileName = "water.kbd"

    /// Folder of an ion below `beam`: the element's English name.
    public static func folder(of ion: Isotope) -> String {
        let names = [
            "neutron", "hydrogen", "helium", "lithium", "beryllium", "boron", "carbon", "nitrogen", "oxygen",
            "fluorine", "neon",
        ]
        let name = names.indices.contains(ion.atomicNumber) ? names[ion.atomicNumber] : ion.symbol
        return ion == .proton ? "proton" : name
    }

    /// Path of an ion's beam data below the data folder.
    public static func relativePath(of ion: Isotope) -> String { "beam/\(folder(of: ion))/\(fileName)" }

    /// Reads a beam data file.
    ///
    /// - Throws: `BeamDataFileError` with the path and the reason.
    public static func read(path: String) throws(BeamDataFileError) -> BeamDataSet {
        let bytes: Data
        do {
            bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw .unreadable(path: path, reason: error.localizedDescription)
        }
        do {
            return try BeamDataSet(bytes: Array(bytes))
        } catch {
            throw .invalid(path: path, error)
        }
    }

    /// Writes a set and its manifest into a folder; both appear complete or not at all.
    ///
    /// - Parameters:
    ///   - command: The command that makes the file again.
    ///   - folder: Is made if it does not exist.
    public static func write(
        _ set: BeamDataSet, command: String, folder: String
    ) throws(BeamDataFileError) {
        let bytes = set.encoded()
        let manifest = """
            {
              "name": "beam data of \(set.ion) in water",
              "version": \(BeamDataSet.formatVersion),
              "source": "own Monte Carlo transport (module IonTransport)",
              "licence": "Apache-2.0",
              "provenance": "\(set.provenance)",
              "command": "\(command)",
              "format": "docs/formats/beam-data.md",
              "units": "mm, MeV/u, Gy mm2, Gy2 mm2, Gy mm2 keV/um",
              "files": [
                { "name": "\(fileName)", "bytes": \(bytes.count), "sha256": "\(SHA256.digest(bytes))" }
              ]
            }

            """
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + fileName), options: .atomic)
            try Data(manifest.utf8).write(
                to: URL(fileURLWithPath: folder + "/manifest.json"), options: .atomic)
        } catch {
            throw .unwritable(path: folder, reason: error.localizedDescription)
        }
    }
}

/// Why a beam data file could not be read or written.
public enum BeamDataFileError: Error, Equatable, Sendable {
    case unreadable(path: String, reason: String)
    case unwritable(path: String, reason: String)
    case invalid(path: String, BeamDataError)
}

extension BeamDataFileError: CustomStringConvertible {
    /// The problem, why it is one, and what to do.
    public var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "beam data \(path) cannot be read (\(reason)); build them with `kasane beam-data build` or give "
                + "another data folder with --data"
        case .unwritable(let path, let reason):
            "beam data cannot be written to \(path) (\(reason)); choose another folder with --output"
        case .invalid(let path, let error): "\(path): \(error)"
        }
    }
}
