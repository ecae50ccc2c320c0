import BeamOptics
import Foundation

/// MAD-X elements as ours.
extension MADXReader {
    /// Basic type and attributes of an element, those of the elements it is made after included.
    private func resolved(_ name: String) throws -> (type: String, attributes: [String: String]) {
        var type = name.lowercased()
        var attributes: [String: String] = [:]
        var seen: Set<String> = []
        while let definition = definitions[type], !definition.type.isEmpty {
            guard seen.insert(type).inserted else { throw MADXExpression.Failure.circular(name) }
            attributes.merge(definition.attributes) { own, _ in own }
            type = definition.type
        }
        return (type, attributes)
    }

    /// The element of a name.
    func element(_ name: String, name label: String) throws -> LatticeElement {
        let (type, attributes) = try resolved(name)
        func value(_ key: String) throws -> Double { try attributes[key].map { try number($0) } ?? 0 }
        func family(_ key: String) -> String? {
            guard let text = attributes[key]?.lowercased(),
                text.allSatisfy({ $0.isLetter || $0.isNumber || "_.".contains($0) }),
                text.first?.isLetter == true
            else { return nil }
            return text
        }
        let length = try value("l")
        func made(_ kind: LatticeElement.Kind, length: Double = length, family: String? = nil)
            -> LatticeElement
        {
            LatticeElement(name: label, kind: kind, lengthM: length, family: family)
        }
        switch type {
        case "drift", "marker", "monitor", "hmonitor", "vmonitor", "instrument", "collimator", "ecollimator",
            "rcollimator", "placeholder":
            return made(.drift)
        case "quadrupole":
            guard try value("k1s") == 0 else { throw unknown("a skew quadrupole") }
            return made(.quadrupole(k1: try value("k1")), family: family("k1"))
        case "sextupole":
            guard try value("k2s") == 0 else { throw unknown("a skew sextupole") }
            return made(.sextupole(k2: try value("k2")), family: family("k2"))
        case "sbend", "rbend":
            return try bend(type, value: value, made: { made($0, length: $1, family: family("k1")) })
        case "multipole":
            let normal = try list(attributes["knl"])
            guard try list(attributes["ksl"]).allSatisfy({ $0 == 0 }),
                normal.dropFirst(3).allSatisfy({ $0 == 0 }),
                (normal.first ?? 0) == 0
            else { throw unknown("a multipole other than normal quadrupole and sextupole") }
            return made(
                .multipole(k1l: normal.count > 1 ? normal[1] : 0, k2l: normal.count > 2 ? normal[2] : 0))
        case "rfcavity":
            // MAD-X: energy gain V sin(2π (lag − h f₀ t)).
            return made(
                .cavity(
                    voltageMV: try value("volt"), harmonic: max(1, Int(try value("harmon"))),
                    lagRad: 2 * .pi * (try value("lag"))))
        case "hkicker":
            return made(.kicker(horizontalRad: try value("kick") + value("hkick"), verticalRad: 0))
        case "vkicker":
            return made(.kicker(horizontalRad: 0, verticalRad: try value("kick") + value("vkick")))
        case "kicker", "tkicker":
            return made(.kicker(horizontalRad: try value("hkick"), verticalRad: try value("vkick")))
        case "solenoid":
            guard try value("ks") == 0 else { throw unknown("a solenoid") }
            return made(.drift)
        case "octupole":
            guard try value("k3") == 0 else { throw unknown("an octupole") }
            return made(.drift)
        case "elseparator":
            guard try value("ex") == 0, try value("ey") == 0 else {
                throw unknown("an electrostatic separator with a field")
            }
            return made(.drift)
        default: throw unknown("of type ‘\(type)’, which is not known")
        }
    }

    private func bend(
        _ type: String, value: (String) throws -> Double,
        made: (LatticeElement.Kind, Double) -> LatticeElement
    ) throws -> LatticeElement {
        let angle = try value("angle")
        let length = try value("l")
        for key in ["k2", "k3", "tilt", "k1s"] where try value(key) != 0 {
            throw unknown("a bend with \(key)")
        }
        guard angle != 0 else {
            let k1 = try value("k1")
            return made(k1 == 0 ? .drift : .quadrupole(k1: k1), length)
        }
        // L of an RBEND is the straight line between its ends.
        let half = 0.5 * angle
        let arc = type == "rbend" ? length * half / sin(half) : length
        let pole = type == "rbend" ? half : 0
        return made(
            .bend(
                .init(
                    angleRad: angle, entranceEdgeRad: try value("e1") + pole,
                    exitEdgeRad: try value("e2") + pole,
                    k1: try value("k1"), halfGapM: try value("hgap"), fringeIntegral: try value("fint"))), arc
        )
    }

    private func list(_ text: String?) throws -> [Double] {
        guard let text else { return [] }
        let inner = text.filter { $0 != "{" && $0 != "}" }
        return try MADXText.parts(inner).filter { !$0.isEmpty }.map { try number($0) }
    }

    private func unknown(_ what: String) -> BeamOpticsError {
        .element("in the sequence", "it is \(what): this optics does not have it")
    }
}
