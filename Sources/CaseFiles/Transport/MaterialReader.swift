import Foundation
import IonPhysics
import PatientModel

/// Reads `materials` of a transport file and finds materials by name.
///
/// A class because it remembers which of the user's materials were used.
final class MaterialReader {
    private let own: [String: Material]
    private let elements: [(name: String, element: YAMLElement)]
    private var used: Set<String> = []
    /// False if one of the user's materials could not be read.
    let isGood: Bool

    init(own element: YAMLElement?) {
        elements = (element?.readOpenMapping() ?? []).map { ($0.key, $0.value) }
        var materials: [String: Material] = [:]
        var isGood = true
        for (name, element) in elements {
            guard let material = Self.read(element, name: name) else {
                isGood = false
                continue
            }
            materials[name] = material
        }
        own = materials
        self.isGood = isGood
    }

    /// Keys that name a material.
    static let keys = ["material", "hounsfield", "density"]

    /// The material that a mapping names: by name, or as the tissue of a CT number, with another density if it gives one.
    func material(_ map: YAMLMapping) -> Material? {
        let density = map["density"]
        let given = density?.readNumber(in: 1e-6...30, unit: "g/cm3")
        let found: Material?
        switch (map["material"], map["hounsfield"]) {
        case (let name?, nil): found = named(name)
        case (nil, let number?):
            found = number.readInteger(in: -1024...3000).map { SchneiderTissues.material(hounsfield: $0) }
        default:
            map.element.report("give either ‘material’ or ‘hounsfield’ (what fills it is one thing)")
            found = nil
        }
        guard let found, density == nil || given != nil else { return nil }
        guard let given else { return found }
        do { return try found.withDensity(gPerCM3: given) } catch {
            density?.report("\(error)")
            return nil
        }
    }

    private func named(_ element: YAMLElement) -> Material? {
        guard let name = element.readText() else { return nil }
        used.insert(name)
        if let material = own[name] { return material }
        // Its own finding tells enough.
        if elements.contains(where: { $0.name == name }) { return nil }
        do { return try Material.named(name) } catch {
            element.report(
                "there is no material ‘\(name)’"
                    + YAMLElement.suggestion(name, among: own.keys.sorted() + Material.named.map(\.name)))
            return nil
        }
    }

    /// Own materials that nothing uses: findings, because a solid may have lost its material.
    func reportUnused() {
        for (name, element) in elements where !used.contains(name) {
            element.report("no solid is of this material (nothing would read it); use it or delete it")
        }
    }

    private static func read(_ element: YAMLElement, name: String) -> Material? {
        guard
            let map = element.readMapping(
                ["density", "composition", "excitation-energy"], required: ["density", "composition"])
        else { return nil }
        let density = map["density"]?.readNumber(in: 1e-6...30, unit: "g/cm3")
        let excitation = map["excitation-energy"]
        let excitationEV = excitation?.readNumber(in: 10...1500, unit: "eV")
        let fractions = map["composition"].flatMap(readComposition)
        guard let density, let fractions, excitation == nil || excitationEV != nil else { return nil }
        guard !Material.named.contains(where: { $0.name == name.lowercased() }) else {
            element.report(
                "‘\(name)’ is a material of the program (two of one name would be mistaken); choose another name"
            )
            return nil
        }
        do {
            let material = try Material(name: name, densityGPerCM3: density, massFractions: fractions)
            guard let excitationEV else { return material }
            return try material.withMeanExcitationEnergy(eV: excitationEV)
        } catch .massFractionsDoNotAddUp(_, let sum) {
            map["composition"]?.report(
                "the mass fractions add up to \(String(format: "%.4g", sum)) (they must add up to 1 within 0.005); "
                    + "correct them")
            return nil
        } catch {
            map["composition"]?.report("\(error)")
            return nil
        }
    }

    /// Mass fractions by atomic number.
    private static func readComposition(_ element: YAMLElement) -> [Int: Double]? {
        guard let members = element.readOpenMapping() else { return nil }
        var fractions: [Int: Double] = [:]
        var isGood = true
        for (symbol, value) in members {
            guard let known = Element.with(symbol: symbol) else {
                value.report(
                    "there is no element ‘\(symbol)’ (known: \(Element.all.map(\.symbol).joined(separator: " "))); "
                        + "write its symbol")
                isGood = false
                continue
            }
            guard let fraction = value.readShare(atMost: 1) else {
                isGood = false
                continue
            }
            fractions[known.atomicNumber] = fraction
        }
        return isGood ? fractions : nil
    }
}
