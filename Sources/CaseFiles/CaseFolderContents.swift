import Foundation
import PlanModel
import Volumes

/// The files of a case folder, from and to a `StoredCase`.
struct CaseFolderContents {
    /// Bytes by file name, the manifest included.
    let files: [String: Data]

    private static let planName = "plan.json"
    private static let requestName = "plan.yaml"
    private static let provenanceName = "provenance.json"

    init(_ stored: StoredCase) throws(InvalidFile) {
        var files: [String: Data] = [:]
        func put(_ name: String, _ data: Data) throws(InvalidFile) {
            guard CaseManifest.isPlainName(name), files[name] == nil, name != CaseFolder.manifestName else {
                throw InvalidFile(
                    file: name,
                    "the name cannot be used in a case (twice, reserved or not plain); choose another")
            }
            files[name] = data
        }
        try put(Self.planName, PlanJSON.data(stored.plan))
        try put(Self.requestName, Data(stored.planFileText.utf8))
        try put(Self.provenanceName, JSONRecord.encode(stored.provenance, pretty: true))
        var frames: Set<String> = []
        for (number, dose) in stored.fieldDoses.sorted(by: { $0.key < $1.key }) {
            frames.insert(dose.geometry.frameOfReferenceUID)
            for (name, volume) in zip(Self.doseNames(number), [dose.dose, dose.doseZStar, dose.doseLET]) {
                try put(name, MetaImageFile.data(volume))
            }
        }
        for (name, volume) in stored.volumes.sorted(by: { $0.key < $1.key }) {
            frames.insert(volume.geometry.frameOfReferenceUID)
            try put(name + ".mha", MetaImageFile.data(volume))
        }
        for (name, data) in stored.attachments.sorted(by: { $0.key < $1.key }) { try put(name, data) }
        guard frames.count <= 1 else {
            throw InvalidFile(
                file: CaseFolder.manifestName,
                "volumes of \(frames.count) frames of reference cannot stand in one case")
        }
        let manifest = CaseManifest(
            format: CaseFolder.format, version: CaseFolder.version, frameOfReferenceUID: frames.first ?? "",
            fieldNumbers: stored.fieldDoses.keys.sorted(), volumes: stored.volumes.keys.sorted(),
            attachments: stored.attachments.keys.sorted(),
            files: files.mapValues { CaseManifest.Entry(bytes: $0.count, sha256: SHA256.digest($0)) })
        files[CaseFolder.manifestName] = try JSONRecord.encode(manifest, pretty: true)
        self.files = files
    }

    /// Dose, dose times z*, dose times LET of one fraction of a field.
    private static func doseNames(_ number: Int) -> [String] {
        ["dose", "dose-zstar", "dose-let"].map { "field-\(number)-\($0).mha" }
    }

    static func stored(
        _ files: [String: Data], manifest: CaseManifest, path: String
    ) throws(InvalidFile) -> StoredCase {
        func get(_ name: String) throws(InvalidFile) -> Data {
            guard let data = files[name] else {
                throw InvalidFile(
                    file: path + "/" + CaseFolder.manifestName, path: "files",
                    "‘\(name)’ is not listed; the case is damaged, make it again")
            }
            return data
        }
        func volume(_ name: String) throws(InvalidFile) -> Volume<Float> {
            try MetaImageFile.volume(
                get(name), file: path + "/" + name, frameOfReferenceUID: manifest.frameOfReferenceUID)
        }
        let plan = try PlanJSON.plan(get(planName), file: path + "/" + planName)
        let provenance: Provenance = try JSONRecord.decode(
            get(provenanceName), file: path + "/" + provenanceName)
        var fieldDoses: [Int: DoseDistribution] = [:]
        for number in manifest.fieldNumbers {
            let names = doseNames(number)
            let parts = [try volume(names[0]), try volume(names[1]), try volume(names[2])]
            guard parts.allSatisfy({ $0.geometry == parts[0].geometry }) else {
                throw InvalidFile(
                    file: path + "/" + names[1],
                    "the grid differs from that of \(names[0]); make the case again")
            }
            fieldDoses[number] = DoseDistribution(
                dose: parts[0], doseZStar: parts[1], doseLET: parts[2])
        }
        var volumes: [String: Volume<Float>] = [:]
        for name in manifest.volumes { volumes[name] = try volume(name + ".mha") }
        var attachments: [String: Data] = [:]
        for name in manifest.attachments { attachments[name] = Data(try get(name)) }
        return StoredCase(
            plan: plan, planFileText: String(decoding: try get(requestName), as: UTF8.self),
            fieldDoses: fieldDoses, volumes: volumes, attachments: attachments, provenance: provenance)
    }
}
