import CaseFiles
import DeliverySimulation
import FacilityModel
import Foundation
import PlanModel

/// `fraction.json`: what a fraction was asked for. A begun fraction goes on only if it is asked for in the same way.
struct FractionManifest: Codable, Equatable {
    static let format = "kasane-fraction"
    static let version = 2

    var format = FractionManifest.format
    var version = FractionManifest.version
    var notice: String
    var program: String
    var plan: String
    var planSHA256: String
    var machine: String
    var fraction: Int
    var seed: UInt64
    var paintings: Int?
    var volumePaintings: Int
    var order: String
    var rasterStepMM: Double
    var rate: String
    /// Breathing, gate and motion in words; nil for a patient at rest.
    var breathing: String?
    var faults: [String]
    /// Where the spill's shape comes from; nil for assumed noise and lines.
    var spill: String?

    init(_ request: FractionRequest, plan: FractionPlan, digest: String, notice: String, program: String) {
        self.notice = notice
        self.program = program
        self.plan = plan.plan.label
        planSHA256 = digest
        machine = plan.description.machine.name
        fraction = request.fraction
        seed = request.seed
        paintings = request.paintings
        volumePaintings = request.volumePaintings
        order = request.isOrderOptimised ? "optimised" : "planned"
        rasterStepMM = request.rasterStepMM
        rate = request.rateText
        breathing = request.breathing?.description
        faults = request.faultTexts
        spill = request.spill?.text
    }

    /// What differs from another one, for people; empty if nothing does.
    func differences(from other: FractionManifest) -> [String] {
        func text(_ value: Int?) -> String { value.map(String.init) ?? "as planned" }
        return [
            ("plan", planSHA256, other.planSHA256), ("machine", machine, other.machine),
            ("fraction", "\(fraction)", "\(other.fraction)"), ("seed", "\(seed)", "\(other.seed)"),
            ("paintings", text(paintings), text(other.paintings)),
            ("volume paintings", "\(volumePaintings)", "\(other.volumePaintings)"),
            ("order", order, other.order), ("raster step", "\(rasterStepMM) mm", "\(other.rasterStepMM) mm"),
            ("rate", rate, other.rate), ("breathing", breathing ?? "none", other.breathing ?? "none"),
            ("faults", faults.joined(separator: ", "), other.faults.joined(separator: ", ")),
            ("spill", spill ?? "assumed", other.spill ?? "assumed"), ("program", program, other.program),
        ].filter { $0.1 != $0.2 }.map { "\($0.0): \($0.2) then, \($0.1) now" }
    }

    /// Reads the manifest of a folder; nil if there is none.
    ///
    /// - Throws: `InvalidFile`.
    static func read(_ folder: String) throws(InvalidFile) -> FractionManifest? {
        let path = "\(folder)/fraction.json"
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        struct Head: Decodable {
            var format: String
            var version: Int
        }
        guard let head = try? JSONDecoder().decode(Head.self, from: data), head.format == format else {
            throw InvalidFile(file: path, "this is no fraction; choose another folder")
        }
        guard head.version == version else {
            throw InvalidFile(
                file: path, path: "version",
                "version \(head.version) is not known (this program reads \(version)); deliver the fraction anew, in another folder"
            )
        }
        do {
            return try JSONDecoder().decode(FractionManifest.self, from: data)
        } catch {
            throw InvalidFile(
                file: path, "the file is damaged (\(error)); restore it, or choose another folder")
        }
    }

    /// Begins a fraction in a folder, or checks that the one there was begun in this way.
    ///
    /// - Throws: `InvalidFile`.
    func begin(in folder: String) throws {
        if let found = try FractionManifest.read(folder) {
            guard found == self else {
                throw InvalidFile(
                    file: "\(folder)/fraction.json",
                    "this fraction was begun in another way (\(differences(from: found).joined(separator: "; "))); give the same options, or "
                        + "choose another folder")
            }
            return
        }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        guard try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty else {
            throw InvalidFile(
                file: folder, "the folder is not empty and holds no fraction; choose another one")
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(self).write(to: URL(fileURLWithPath: "\(folder)/fraction.json"), options: .atomic)
    }
}

extension FractionRequest {
    /// The rule of the extraction rate, for people.
    var rateText: String {
        switch rate {
        case .meanDwell(let seconds): "\((seconds * 1e7).rounded() / 10) µs mean stay"
        case .fixed(let ions): "\(ions) ions/s"
        case .phaseControlled: "phase-controlled"
        }
    }

    /// Faults with their fields.
    var faultTexts: [String] {
        faults.map { fault in
            "\(fault.scenario.rawValue) \(fault.scenario.title)" + (fault.field.map { ", field \($0)" } ?? "")
        }
    }
}
