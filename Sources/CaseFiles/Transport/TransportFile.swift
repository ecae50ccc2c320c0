import Foundation
import Frames
import IonTransport
import PhantomTransport

/// Reader of transport files (`format: kasane-transport`); the format is described in `docs/formats/transport.md`.
///
/// ## Checked by
/// `TransportFileTests`, `BrokenTransportFileTests`.
public enum TransportFile {
    public static let format = "kasane-transport"
    public static let version = 1
    private static let requiredKeys = ["format", "version", "label", "beam", "phantom", "scores", "run"]

    /// Reads a transport file. Paths in it are relative to its folder and come back so that they hold from the working folder.
    ///
    /// - Throws: `InvalidFile` with everything that is wrong in it.
    public static func read(path: String) throws(InvalidFile) -> TransportRequest {
        var request = try read(text: TextFile.read(path), file: path)
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().relativePath
        func resolved(_ name: String) -> String {
            name.hasPrefix("/") || folder == "." ? name : folder + "/" + name
        }
        guard case .ct(var choice) = request.phantom else { return request }
        switch choice.source {
        case .dicom(let name, let series, let external, let set):
            choice.source = .dicom(
                folder: resolved(name), seriesUID: series, external: external, structureSetUID: set)
        case .metaImage(let name): choice.source = .metaImage(resolved(name))
        case .caseFolder(let name): choice.source = .caseFolder(resolved(name))
        }
        if case .file(let name) = choice.calibration { choice.calibration = .file(resolved(name)) }
        request.phantom = .ct(choice)
        return request
    }

    /// Reads the text of a transport file; `file` is its name for messages.
    public static func read(text: String, file: String) throws(InvalidFile) -> TransportRequest {
        try YAMLDocument(
            format: format, version: version, keys: requiredKeys + ["materials", "biology"],
            required: requiredKeys
        )
        .read(text, file: file) { TransportFileReader(top: $0).request() }
    }
}

/// The sections of a transport file, each read to its end even if another failed.
private struct TransportFileReader {
    let top: YAMLMapping

    func request() -> TransportRequest? {
        let label = top["label"]?.readText()
        let beam = top["beam"].flatMap { TransportBeamReader.read($0) }
        let materials = MaterialReader(own: top["materials"])
        let phantom = top["phantom"].flatMap { TransportPhantomReader(materials: materials).read($0) }
        let scores = top["scores"].flatMap {
            TransportScoreReader(models: readModels(top["biology"]), phantom: phantom).read($0)
        }
        let settings = top["run"].flatMap { TransportRunReader.read($0, scores: scores) }
        materials.reportUnused()
        guard let label, let beam, let phantom, materials.isGood else { return nil }
        // Also without scores or settings, so that all is found at once.
        let fits = checkPlaces(beam: beam, phantom: phantom, scores: scores)
        guard let scores, let settings, fits else { return nil }
        return TransportRequest(
            label: label, beam: beam, phantom: phantom, scores: scores, settings: settings)
    }

    /// Own biological models and the built-in ones by name.
    private func readModels(_ element: YAMLElement?) -> [BiologicalModelDescription] {
        let own = (element?.readOpenMapping() ?? []).compactMap { name, element in
            BiologyModelReader.read(element, name: name)
        }
        return BiologicalModelDescription.builtIn + own
    }

    /// Where the beam meets the phantom, and whether the scores lie in it; a CT is looked at when it has been read.
    private func checkPlaces(
        beam: BeamDescription, phantom: PhantomChoice, scores: [ScoreDescription]?
    ) -> Bool {
        guard case .solids(let solids) = phantom else { return true }
        let axes: ScoreAxes
        do { axes = try ScorePlan.axes(of: beam, in: .solids(solids)) } catch {
            top["beam"]?.report("\(error)")
            return false
        }
        guard let scores, let items = top["scores"]?.readList() else { return false }
        let depths = ScorePlan.depths(of: .solids(solids), along: axes)
        var isGood = true
        for (item, score) in zip(items, scores) {
            for (key, value) in score.depthsMM
            where value < depths.lowerBound - 1e-6 || value > depths.upperBound + 1e-6 {
                TransportScoreReader.place(of: key, in: item).report(
                    "\(YAMLElement.text(value)) mm is outside the phantom (along the beam it reaches from "
                        + "\(YAMLElement.text(depths.lowerBound)) to \(YAMLElement.text(depths.upperBound)) mm); "
                        + "correct it")
                isGood = false
            }
        }
        return isGood
    }
}

extension ScoreDescription {
    /// Depths that must lie in the phantom, with their keys.
    fileprivate var depthsMM: [(key: String, value: Double)] {
        switch kind {
        case .depthDose(let from, let to, _, _): [("from", from), ("to", to)]
        case .lateral(let depths, _, _, _), .radial(let depths, _, _, _), .planes(let depths, _, _, _, _):
            depths.map { ("depths", $0) }
        case .mesh, .region, .meshSpectrum, .regionSpectrum: []
        }
    }
}
