import BeamOptics
import BeamTransport
import Foundation
import IonPhysics

/// Reads `elements` of a beam-line file: those of a lattice, and matter and scanning magnets.
struct BeamLineElementReader {
    let strengths: [String: Double]

    private enum OwnKind: String, CaseIterable {
        case plate, gas, scatterer
        case scanner = "scanning-magnet"
    }

    /// The parts by name; nil if the section is missing or something in it is wrong.
    func read(_ section: YAMLElement?) -> [String: TransferLine.Part]? {
        guard let section, let members = section.readOpenMapping() else { return nil }
        let reader = LatticeElementReader(strengths: strengths)
        var parts: [String: TransferLine.Part] = [:]
        var used: Set<String> = []
        var isGood = true
        for (name, element) in members {
            let part: TransferLine.Part?
            if let kind = element.member("kind")?.scalarText.flatMap(OwnKind.init(rawValue:)) {
                part = own(kind, name, element)
            } else if let kind = element.member("kind")?.scalarText,
                LatticeElementReader.Kind(rawValue: kind) == nil
            {
                let known =
                    LatticeElementReader.Kind.allCases.map(\.rawValue) + OwnKind.allCases.map(\.rawValue)
                element.member("kind")?.report(
                    "‘\(kind)’ is not a kind of element" + YAMLElement.suggestion(kind, among: known))
                part = nil
            } else {
                part = reader.one(name, element, used: &used).map { .element($0) }
            }
            guard let part else {
                isGood = false
                continue
            }
            parts[name] = part
        }
        for key in strengths.keys.sorted() where !used.contains(key) && isGood {
            section.report("the strength ‘\(key)’ is used by no element; delete it")
            isGood = false
        }
        return isGood ? parts : nil
    }

    private func own(_ kind: OwnKind, _ name: String, _ element: YAMLElement) -> TransferLine.Part? {
        switch kind {
        case .plate:
            guard
                let map = element.readMapping(
                    ["kind", "material", "thickness"], required: ["material", "thickness"]),
                let material = material(map["material"]),
                let thickness = map["thickness"]?.readPositive("a thickness", unit: "mm", atMost: 500)
            else { return nil }
            return .plate(name: name, material: material, thicknessMM: thickness)
        case .gas:
            guard
                let map = element.readMapping(
                    ["kind", "material", "length"], required: ["material", "length"]),
                let material = material(map["material"]),
                let length = map["length"]?.readPositive("a length", unit: "m", atMost: 1000)
            else { return nil }
            return .gas(name: name, material: material, lengthM: length)
        case .scatterer:
            guard
                let map = element.readMapping(
                    ["kind", "material", "thicknesses"], required: ["material", "thicknesses"]),
                let material = material(map["material"]),
                let foils = map["thicknesses"]?.readList(count: 1...500).flatMap({ list in
                    all(list.map { $0.readPositive("a thickness", unit: "mm", atMost: 100) })
                })
            else { return nil }
            return .scatterer(name: name, material: material, thicknessesMM: foils)
        case .scanner:
            let keys = ["axis", "length", "field", "rate"]
            guard let map = element.readMapping(["kind"] + keys, required: keys),
                let axis = map["axis"]?.readWord(ScanningMagnet.Axis.self),
                let length = map["length"]?.readPositive("a length", unit: "m", atMost: 10),
                let field = map["field"]?.readPositive("a field", unit: "T", atMost: 20),
                let rate = map["rate"]?.readPositive("a rate", unit: "T/s", atMost: 1e6)
            else { return nil }
            return .scanner(
                ScanningMagnet(
                    name: name, axis: axis, lengthM: length, greatestFieldT: field, greatestRateTPerS: rate))
        }
    }

    private func material(_ element: YAMLElement?) -> Material? {
        guard let element, let name = element.readText() else { return nil }
        do { return try Material.named(name) } catch {
            element.report(
                "there is no material ‘\(name)’"
                    + YAMLElement.suggestion(name, among: Material.named.map(\.name)))
            return nil
        }
    }
}
