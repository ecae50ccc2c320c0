import BeamOptics
import Foundation

/// Reads a ring or line out of a MAD-X input.
///
/// Understood are variables, element definitions (also by other elements), `name->attribute`, and sequences; `BEAM`, `USE`, `TWISS` and other commands are passed over and
/// listed. An element that would act and is not understood is refused, as is a variable without a value.
///
/// ## Checked by
/// `MADXSequenceTests`: the ring of PIMMS.
public enum MADXSequence {
    /// What was read.
    public struct Result: Sendable {
        public var lattice: Lattice
        /// Commands that were passed over.
        public var ignored: [String]
        /// Sequences of the file, in order.
        public var sequences: [String]
    }

    /// Reads one sequence.
    ///
    /// - Parameters:
    ///   - text: The MAD-X input.
    ///   - file: Its name, for messages.
    ///   - sequence: Which one; nil for the only or last one.
    ///   - strengths: Values of variables, over those of the file.
    ///   - reference: Particle that the lattice is set for.
    /// - Throws: `InvalidFile` with everything that is wrong.
    public static func read(
        _ text: String, file: String, sequence: String? = nil, strengths: [String: Double] = [:],
        reference: ReferenceParticle
    ) throws(InvalidFile) -> Result {
        var reader = MADXReader(file: file)
        for statement in MADXText(text).statements { reader.take(statement) }
        for (name, value) in strengths { reader.expression.variables[name.lowercased()] = "\(value)" }
        guard let chosen = reader.sequence(sequence) else {
            let names = reader.sequences.map(\.name).joined(separator: ", ")
            throw InvalidFile(
                file: file,
                names.isEmpty
                    ? "no SEQUENCE was found (a lattice is one); check that it is a MAD-X file"
                    : "there is no sequence ‘\(sequence ?? "")’; the file has \(names)")
        }
        var findings = reader.findings
        var placements: [Lattice.Placement] = []
        for place in chosen.places {
            do {
                let element = try reader.element(place.element, name: place.label)
                var centre = try reader.number(place.at)
                switch chosen.refer {
                case "entry": centre += 0.5 * element.lengthM
                case "exit": centre -= 0.5 * element.lengthM
                default: break
                }
                placements.append(.init(element: element, centreM: centre))
            } catch {
                findings.append(
                    FileFinding(line: place.line, path: place.label, message: MADXReader.words(error)))
            }
        }
        var length = 0.0
        do { length = try reader.number(chosen.length) } catch {
            findings.append(
                FileFinding(line: chosen.line, path: chosen.name, message: MADXReader.words(error)))
        }
        guard findings.isEmpty else { throw InvalidFile(file: file, findings: findings) }
        do {
            let lattice = try Lattice(
                name: chosen.name, reference: reference, lengthM: length, placements: placements)
            return Result(lattice: lattice, ignored: reader.ignored, sequences: reader.sequences.map(\.name))
        } catch { throw InvalidFile(file: file, line: chosen.line, path: chosen.name, "\(error)") }
    }
}
