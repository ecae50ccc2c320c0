import BeamOptics
import Foundation
import Quantities

/// A ring or beam line from a lattice file (`format: kasane-lattice`); the format is described in `docs/formats/lattice.md`.
///
/// ## Checked by
/// `LatticeFileTests`.
public struct LatticeFile: Sendable {
    /// Ring or line.
    public enum Shape: String, CaseIterable, Sendable, Hashable {
        case ring
        case line
    }
    public static let format = "kasane-lattice"
    public static let version = 1

    public var shape: Shape
    public var lattice: Lattice
    /// What the lattice is and where its figures come from, for people.
    public var summary: String
    public var source: String
    /// Resonant tune of the slow extraction; nil if the ring has none.
    public var resonance: Double?
    /// Functions at the start of a line; nil for a ring.
    public var start: OpticsPoint?

    /// - Parameters:
    ///   - shape: Ring or line.
    ///   - lattice: The lattice.
    ///   - summary: What it is.
    ///   - source: Where its figures come from.
    ///   - resonance: Resonant tune of the slow extraction; nil for none.
    ///   - start: Functions at the start of a line; nil for a ring.
    public init(
        shape: Shape, lattice: Lattice, summary: String, source: String, resonance: Double? = nil,
        start: OpticsPoint? = nil
    ) {
        self.shape = shape
        self.lattice = lattice
        self.summary = summary
        self.source = source
        self.resonance = resonance
        self.start = start
    }

    /// Reads a lattice file.
    ///
    /// - Parameters:
    ///   - path: Path of the file.
    ///   - strengths: Values of knobs, over those of the file.
    /// - Throws: `InvalidFile` with everything that is wrong in it.
    public static func read(path: String, strengths: [String: Double] = [:]) throws(InvalidFile)
        -> LatticeFile
    {
        try read(text: TextFile.read(path), file: path, strengths: strengths)
    }

    /// Reads the text of a lattice file.
    ///
    /// - Parameters:
    ///   - text: Its text.
    ///   - file: Its name, for messages.
    ///   - strengths: Values of knobs, over those of the file.
    /// - Throws: `InvalidFile` with everything that is wrong in it.
    public static func read(
        text: String, file: String, strengths: [String: Double] = [:]
    ) throws(InvalidFile) -> LatticeFile {
        let required = [
            "format", "version", "name", "shape", "summary", "source", "ion", "energy", "elements",
            "sequence",
        ]
        return try YAMLDocument(
            format: format, version: version,
            keys: required + ["strengths", "length", "resonance", "start"], required: required
        ).read(text, file: file) { LatticeReader(top: $0, given: strengths).file() }
    }
}

/// The sections of a lattice file.
private struct LatticeReader {
    let top: YAMLMapping
    let given: [String: Double]

    func file() -> LatticeFile? {
        let name = top["name"]?.readText()
        let shape = top["shape"]?.readWord(LatticeFile.Shape.self)
        let summary = top["summary"]?.readText()
        let source = top["source"]?.readText()
        let reference = readReference()
        let strengths = readStrengths()
        let elements = LatticeElementReader(strengths: strengths).read(top["elements"])
        let resonance = top["resonance"].flatMap { $0.readNumber("a tune", in: 0.1...100) }
        let start = top["start"].flatMap(readStart)
        if shape == .line, top["start"] == nil {
            top.element.report("a line needs ‘start’: the beam's functions at its entrance")
        }
        guard let elements, let items = top["sequence"]?.readList(count: 1...20_000) else { return nil }
        let lattice = readSequence(items, elements: elements, name: name ?? "", reference: reference)
        guard let shape, let summary, let source, let lattice,
            (top["resonance"] == nil) == (resonance == nil),
            (shape == .line) == (start != nil)
        else { return nil }
        return LatticeFile(
            shape: shape, lattice: lattice, summary: summary, source: source, resonance: resonance,
            start: start)
    }

    private func readReference() -> ReferenceParticle? {
        guard let element = top["ion"], let text = element.readText() else { return nil }
        guard let isotope = Isotope(parsing: text) else {
            element.report("‘\(text)’ is not an ion; write mass and symbol, for example 12C")
            return nil
        }
        guard let energy = top["energy"]?.readPositive("an energy", unit: "MeV/u", atMost: 10_000) else {
            return nil
        }
        do { return try ReferenceParticle(isotope: isotope, energyMeVPerNucleon: energy) } catch {
            element.report("\(error)")
            return nil
        }
    }

    private func readStrengths() -> [String: Double] {
        var strengths: [String: Double] = [:]
        for (key, element) in top["strengths"]?.readOpenMapping() ?? [] {
            strengths[key] = element.readNumber("a strength", in: -1e6...1e6)
        }
        for (key, value) in given {
            if strengths[key] == nil {
                top.element.report("the lattice has no strength ‘\(key)’ that could be set")
            }
            strengths[key] = value
        }
        return strengths
    }

    private func readStart(_ element: YAMLElement) -> OpticsPoint? {
        guard
            let map = element.readMapping(
                ["beta", "alpha", "dispersion", "dispersion-slope"], required: ["beta", "alpha"])
        else { return nil }
        let beta = map["beta"]?.readNumbers(count: 2, unit: "m")
        let alpha = map["alpha"]?.readNumbers(count: 2)
        let dispersion = map["dispersion"].map { $0.readNumbers(count: 2, unit: "m") } ?? [0, 0]
        let slope = map["dispersion-slope"].map { $0.readNumbers(count: 2) } ?? [0, 0]
        guard let beta, let alpha, let dispersion, let slope else { return nil }
        guard beta.allSatisfy({ $0 > 0 }) else {
            map["beta"]?.report("\(beta) m are not possible (β is positive)")
            return nil
        }
        return OpticsPoint(
            positionM: 0, betaM: SIMD2(beta[0], beta[1]), alpha: SIMD2(alpha[0], alpha[1]), phase: .zero,
            dispersionM: SIMD2(dispersion[0], dispersion[1]), dispersionSlope: SIMD2(slope[0], slope[1]),
            orbitM: .zero)
    }

    /// The sequence as places (with `length`) or one element after the other.
    private func readSequence(
        _ items: [YAMLElement], elements: [String: LatticeElement], name: String,
        reference: ReferenceParticle?
    ) -> Lattice? {
        let before = top.element.findings.findings.count
        let length = top["length"].map { $0.readPositive("a length", unit: "m", atMost: 1e5) }
        var placements: [Lattice.Placement] = []
        var chain: [LatticeElement] = []
        if length != nil {
            placements = items.compactMap { place($0, elements) }
        } else {
            chain = items.flatMap { self.chain($0, elements, depth: 0) }
        }
        guard top.element.findings.findings.count == before, let reference else { return nil }
        do {
            if let length {
                guard let length else { return nil }
                return try Lattice(name: name, reference: reference, lengthM: length, placements: placements)
            }
            return try Lattice(name: name, reference: reference, elements: chain)
        } catch {
            top["sequence"]?.report("\(error)")
            return nil
        }
    }

    private func find(_ element: YAMLElement, _ name: String, _ elements: [String: LatticeElement])
        -> LatticeElement?
    {
        guard let found = elements[name] else {
            element.report(
                "‘\(name)’ is not one of the file's elements"
                    + YAMLElement.suggestion(name, among: elements.keys.sorted()))
            return nil
        }
        return found
    }

    private func place(_ element: YAMLElement, _ elements: [String: LatticeElement]) -> Lattice.Placement? {
        guard let parts = element.readList(count: 2...2), let name = parts[0].readText(),
            let centre = parts[1].readNumber("a place", in: 0...1e5, unit: "m"),
            let found = find(parts[0], name, elements)
        else { return nil }
        return Lattice.Placement(element: found, centreM: centre)
    }

    private func chain(_ item: YAMLElement, _ elements: [String: LatticeElement], depth: Int)
        -> [LatticeElement]
    {
        guard depth < 8 else {
            item.report("repetitions are nested too deeply (at most 8)")
            return []
        }
        if item.scalarText != nil {
            guard let name = item.readText(), let found = find(item, name, elements) else { return [] }
            return [found]
        }
        if let (key, value) = item.onlyMember, key == "drift" {
            guard let length = value.readPositive("a length", unit: "m", atMost: 1e4) else { return [] }
            return [LatticeElement(name: "drift", kind: .drift, lengthM: length)]
        }
        guard let map = item.readMapping(["repeat", "of"], required: ["repeat", "of"]),
            let count = map["repeat"]?.readInteger(in: 1...1000),
            let inner = map["of"]?.readList(count: 1...10_000)
        else { return [] }
        let once = inner.flatMap { chain($0, elements, depth: depth + 1) }
        return (0..<count).flatMap { _ in once }
    }
}
