import ArgumentParser
import CaseFiles
import Foundation
import Frames
import PatientModel
import TreatmentPlanning
import Volumes

/// What moves with breathing, from the command line: a vector, or displacement fields.
enum MotionOption {
    /// - Parameters:
    ///   - texts: Values of `--motion`.
    ///   - moving: Structure that moves by the vector; nil for everything.
    ///   - planner: Of the case.
    /// - Returns: The motion, and what it is in words; nil without one.
    /// - Throws: `ValidationError`, `InvalidFile`, `AnatomyMotionError`.
    static func read(
        _ texts: [String], moving: String?, planner: Planner
    ) throws -> (motion: AnatomyMotion, text: String)? {
        guard let first = texts.first else { return nil }
        guard let vector = vector(first) else { return try fields(texts, planner: planner) }
        guard texts.count == 1 else {
            throw ValidationError("--motion \(first) and others (one vector moves all); leave the others out")
        }
        guard let moving else {
            return (AnatomyMotion(everywhere: vector), "everything moves by \(first) mm")
        }
        guard let mask = planner.masks.byName[moving], let centre = planner.centre(of: moving) else {
            throw ValidationError(
                "--moving \(moving) (no such structure on the dose grid); there are "
                    + planner.masks.byName.keys.sorted().joined(separator: ", "))
        }
        let radius = mask.indices.reduce(0.0) { greatest, index in
            let v = mask.geometry.voxel(at: Int(index))
            return max(greatest, (mask.geometry.centre(v.x, v.y, v.z) - centre).lengthMM)
        }
        // Twice what keeps tissue from folding.
        let fallOff = Double.pi * vector.lengthMM
        return (
            try AnatomyMotion(ball: vector, centre: centre, radiusMM: radius, fallOffMM: fallOff),
            "\(moving) moves by \(first) mm, over \(Int(fallOff.rounded())) mm around it less and less"
        )
    }

    private static func vector(_ text: String) -> Vector3<DICOMPatient>? {
        let words = text.split(separator: ",", omittingEmptySubsequences: false)
        let values = words.compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }
        guard words.count == 3, values.count == 3, values.allSatisfy({ $0.isFinite && abs($0) <= 100 }) else {
            return nil
        }
        return Vector3(values[0], values[1], values[2])
    }

    private static func fields(
        _ texts: [String], planner: Planner
    ) throws -> (motion: AnatomyMotion, text: String) {
        var sampled: [AnatomyMotion.Displacements] = []
        var words: [String] = []
        for text in texts {
            guard let equals = text.lastIndex(of: "="),
                let amplitude = Double(text[text.index(after: equals)...]),
                amplitude.isFinite
            else {
                throw ValidationError(
                    "--motion \(text) (must be x,y,z in mm, none over 100, or FILE.mha=AMPLITUDE)")
            }
            let file = String(text[..<equals])
            let data = try FileBytes.read(file)
            let parts = try MetaImageFile.vectors(
                data, file: file,
                frameOfReferenceUID: planner.input.patient.ct.geometry.frameOfReferenceUID)
            sampled.append(.init(amplitude: amplitude, xMM: parts.x, yMM: parts.y, zMM: parts.z))
            let name = URL(fileURLWithPath: file).lastPathComponent
            words.append("\(name) at \(amplitude) (SHA-256 \(SHA256.digest(data).prefix(12))…)")
        }
        return (try AnatomyMotion(sampled: sampled), "displacements \(words.joined(separator: ", "))")
    }
}
