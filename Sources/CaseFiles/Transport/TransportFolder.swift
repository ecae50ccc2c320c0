import Foundation
import IonPhysics
import IonTransport
import PhantomTransport
import Quantities

/// What a finished run leaves in its folder; the files are described in `docs/formats/transport.md`.
///
/// ## Checked by
/// `TransportCommandTests`.
public struct TransportFolder: Sendable {
    public static let summaryName = "summary.yaml"
    public static let requestName = "request.yaml"
    public static let summaryFormat = "kasane-transport-summary"
    public static let summaryVersion = 1

    /// What the results do not say themselves.
    public struct Circumstances: Sendable {
        public var label: String
        /// The transport file, word for word.
        public var requestText: String
        public var provenance: Provenance
        public var threads: Int
        public var seconds: Double

        public init(
            label: String, requestText: String, provenance: Provenance, threads: Int, seconds: Double
        ) {
            self.label = label
            self.requestText = requestText
            self.provenance = provenance
            self.threads = threads
            self.seconds = seconds
        }
    }

    /// Content by file name.
    public private(set) var files: [String: Data] = [:]

    public init(
        _ outcome: PhantomTransport.Outcome, of run: PhantomTransport, circumstances: Circumstances
    ) {
        let request = SHA256.digest(Array(circumstances.requestText.utf8))
        let origin = [
            "\(circumstances.label); request SHA-256 \(request)",
            "\(circumstances.provenance.programVersion); seed \(circumstances.provenance.seed); "
                + "\(outcome.result.histories) primary ions of \(run.beam.ion)",
        ]
        let scores = ScoreTables(outcome, of: run)
        var contents: [(name: String, what: String)] = []
        for table in scores.tables {
            let name = table.name + ".csv"
            files[name] = Data(table.csv(provenance: origin).utf8)
            contents.append((name, table.remarks.first ?? ""))
        }
        for volume in scores.volumes {
            let name = volume.name + ".mha"
            let what = "\(volume.quantity), \(volume.unit)" + (volume.unit == "Gy" ? " per primary ion" : "")
            files[name] = MetaImageFile.data(
                volume.volume, comment: ([what] + origin).joined(separator: "; ").replacing("\n", with: " "))
            contents.append((name, what))
        }
        let summary = TransportSummary(
            outcome: outcome, run: run, circumstances: circumstances, requestDigest: request,
            files: contents.map { ($0.name, $0.what, SHA256.digest(files[$0.name] ?? Data())) })
        files[Self.summaryName] = Data(summary.text.utf8)
        files[Self.requestName] = Data(circumstances.requestText.utf8)
    }

    /// Refuses a place where something else than an older result or an empty folder is, before any work is done for it.
    ///
    /// - Throws: `InvalidFile`.
    public static func checkPlace(_ path: String) throws(InvalidFile) {
        let manager = FileManager.default
        guard manager.fileExists(atPath: path) else { return }
        var first = ""
        do {
            first = try String(contentsOfFile: path + "/" + summaryName, encoding: .utf8)
        } catch {
            // No summary: only an empty folder may be replaced.
        }
        if first.hasPrefix("format: \(summaryFormat)\n") { return }
        var content = [""]
        do { content = try manager.contentsOfDirectory(atPath: path) } catch {
            // A file, or a folder that cannot be read: not ours.
        }
        guard content.isEmpty else {
            throw InvalidFile(
                file: path,
                "this is there already and is not a transport result (it would be lost); choose another place"
            )
        }
    }

    /// Writes the folder: it appears whole or not at all; an older result at its place is replaced.
    ///
    /// - Throws: `InvalidFile`.
    public func write(to path: String) throws(InvalidFile) {
        try Self.checkPlace(path)
        let manager = FileManager.default
        let place = URL(fileURLWithPath: path)
        let mark = UUID().uuidString
        let parent = place.deletingLastPathComponent()
        let partial = parent.appendingPathComponent(".\(place.lastPathComponent).partial-\(mark)")
        let old = parent.appendingPathComponent(".\(place.lastPathComponent).old-\(mark)")
        do {
            try manager.createDirectory(at: partial, withIntermediateDirectories: true)
            for (name, data) in files { try data.write(to: partial.appendingPathComponent(name)) }
            let replaces = manager.fileExists(atPath: path)
            if replaces { try manager.moveItem(at: place, to: old) }
            do {
                try manager.moveItem(at: partial, to: place)
            } catch {
                if replaces { try manager.moveItem(at: old, to: place) }
                throw error
            }
            if replaces { try manager.removeItem(at: old) }
        } catch {
            do { try manager.removeItem(at: partial) } catch {
                // The scratch folder is gone already, or the disk refuses everything: the first error tells more.
            }
            throw InvalidFile(
                file: path,
                "the result cannot be written (\(error.localizedDescription)); check the folder and the free space"
            )
        }
    }
}
