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
    /// How such a folder is written and what it may replace.
    public static let results = ResultFolder(
        kind: "a transport result", markFile: summaryName, mark: "format: \(summaryFormat)\n")

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

    /// Writes the folder: it appears whole or not at all; an older result at its place is replaced.
    ///
    /// - Throws: `InvalidFile`.
    public func write(to path: String) throws(InvalidFile) {
        try Self.results.write(files, to: path)
    }
}
