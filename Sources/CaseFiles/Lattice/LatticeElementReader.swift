import BeamOptics
import Foundation

/// Reads `elements` of a lattice file.
struct LatticeElementReader {
    /// Kinds of elements as they are written.
    enum Kind: String, CaseIterable {
        case marker, drift, bend, quadrupole, sextupole, multipole, cavity, kicker, septum, exciter
    }
    let strengths: [String: Double]

    /// The elements by name; nil if the section is missing or something in it is wrong.
    func read(_ section: YAMLElement?) -> [String: LatticeElement]? {
        guard let section, let members = section.readOpenMapping() else { return nil }
        var elements: [String: LatticeElement] = [:]
        var used: Set<String> = []
        var isGood = true
        for (name, element) in members {
            guard let made = one(name, element, used: &used) else {
                isGood = false
                continue
            }
            elements[name] = made
        }
        for key in strengths.keys.sorted() where !used.contains(key) {
            section.report("the strength ‘\(key)’ is used by no element; delete it")
            isGood = false
        }
        return isGood ? elements : nil
    }

    private static let keys: [Kind: (all: [String], required: [String])] = [
        .marker: ([], []), .drift: (["length"], ["length"]),
        .bend: (["length", "angle", "edges", "k1", "half-gap", "fringe-integral"], ["length", "angle"]),
        .quadrupole: (["length", "k1"], ["length", "k1"]), .sextupole: (["length", "k2"], ["length", "k2"]),
        .multipole: (["length", "k1l", "k2l"], []),
        .cavity: (["length", "voltage", "harmonic", "phase"], ["voltage", "harmonic"]),
        .kicker: (["length", "horizontal", "vertical"], []),
        .septum: (
            ["length", "field", "position", "thickness", "kick"], ["field", "position", "thickness", "kick"]
        ),
        .exciter: (["length"], []),
    ]

    /// One element; `used` receives the strengths that it names.
    func one(_ name: String, _ element: YAMLElement, used: inout Set<String>) -> LatticeElement? {
        guard let kind = element.member("kind")?.readWord(Kind.self) ?? missing(element) else { return nil }
        let keys = Self.keys[kind] ?? ([], [])
        guard let map = element.readMapping(["kind", "aperture"] + keys.all, required: keys.required),
            keys.required.allSatisfy({ map[$0] != nil })
        else { return nil }
        var isGood = true
        var family: String?
        func number(_ key: String, _ unit: String = "", in range: ClosedRange<Double> = -1e6...1e6) -> Double
        {
            guard let element = map[key] else { return 0 }
            if let text = element.scalarText, let value = strengths[text] {
                used.insert(text)
                family = text
                return value
            }
            guard let value = element.readNumber("a number or the name of a strength", in: range, unit: unit)
            else {
                isGood = false
                return 0
            }
            return value
        }
        let length = number("length", "m", in: 0...1e4)
        let made: LatticeElement.Kind
        switch kind {
        case .marker, .drift: made = .drift
        case .bend:
            var edges = [0.0, 0.0]
            if let element = map["edges"] {
                if let values = element.readNumbers(count: 2, unit: "deg") {
                    edges = values
                } else {
                    isGood = false
                }
            }
            made = .bend(
                .init(
                    angleRad: number("angle", "deg", in: -180...180) * .pi / 180,
                    entranceEdgeRad: edges[0] * .pi / 180,
                    exitEdgeRad: edges[1] * .pi / 180, k1: number("k1", "1/m2"),
                    halfGapM: number("half-gap", "m", in: 0...1),
                    fringeIntegral: number("fringe-integral", in: 0...2)))
        case .quadrupole: made = .quadrupole(k1: number("k1", "1/m2"))
        case .sextupole: made = .sextupole(k2: number("k2", "1/m3"))
        case .multipole: made = .multipole(k1l: number("k1l", "1/m"), k2l: number("k2l", "1/m2"))
        case .cavity:
            made = .cavity(
                voltageMV: number("voltage", "MV"), harmonic: map["harmonic"]?.readInteger(in: 1...1000) ?? 1,
                lagRad: number("phase", "deg") * .pi / 180)
        case .kicker:
            made = .kicker(
                horizontalRad: number("horizontal", "mrad") * 1e-3,
                verticalRad: number("vertical", "mrad") * 1e-3)
        case .septum:
            guard let field = map["field"]?.readWord(SeptumField.self) else { return nil }
            made = .septum(
                .init(
                    field: field == .electrostatic ? .electrostatic : .magnetic,
                    positionM: number("position", "mm") * 1e-3,
                    thicknessM: number("thickness", "mm", in: 0...100) * 1e-3,
                    kickRad: number("kick", "mrad") * 1e-3))
        case .exciter: made = .exciter
        }
        var result = LatticeElement(name: name, kind: made, lengthM: length, family: family)
        if let element = map["aperture"] {
            guard let aperture = readAperture(element) else { return nil }
            result.aperture = aperture
        }
        return isGood ? result : nil
    }

    private enum SeptumField: String, CaseIterable { case electrostatic, magnetic }
    private enum ApertureShape: String, CaseIterable { case ellipse, rectangle }

    private func missing(_ element: YAMLElement) -> Kind? {
        if element.member("kind") == nil {
            element.report(
                "‘kind’ is missing; write one of \(Kind.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return nil
    }

    private func readAperture(_ element: YAMLElement) -> LatticeElement.Aperture? {
        guard let map = element.readMapping(["shape", "half-axes"], required: ["shape", "half-axes"]),
            let shape = map["shape"]?.readWord(ApertureShape.self),
            let axes = map["half-axes"]?.readNumbers(count: 2, unit: "mm")
        else { return nil }
        guard axes.allSatisfy({ $0 > 0 }) else {
            map["half-axes"]?.report("\(axes) mm are not possible (half axes are positive)")
            return nil
        }
        return .init(
            shape: shape == .ellipse ? .ellipse : .rectangle, halfWidthM: axes[0] * 1e-3,
            halfHeightM: axes[1] * 1e-3)
    }
}
