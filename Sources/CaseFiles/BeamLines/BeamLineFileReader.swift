import BeamOptics
import BeamTransport
import Foundation
import IonPhysics
import Quantities

/// The sections of a beam-line file.
struct BeamLineFileReader {
    let top: YAMLMapping
    let files: [String]

    func file() -> BeamLineFile? {
        let name = top["name"]?.readText()
        let summary = top["summary"]?.readText()
        let source = top["source"]?.readText()
        let entry = readReference().flatMap(readEntry)
        let scheme = top["matching-scheme"].flatMap { $0.readWord(RotatingGantry.Matching.self) }
        let isocentreX = top["isocentre-x"]?.readWord(TransferLine.Plane.self)
        let strengths = readStrengths()
        let elements = BeamLineElementReader(strengths: strengths).read(top["elements"])
        let sections = elements.flatMap(readSections)
        let matching = readMatching(strengths: strengths)
        guard let name, let summary, let source, let entry, let isocentreX, let sections, let matching,
            top["matching-scheme"] == nil || scheme != nil
        else { return nil }
        do {
            let line = try TransferLine(
                name: name, entry: entry, matching: scheme, isocentreX: isocentreX, sections: sections)
            let names = Set(line.sections.flatMap { $0.parts.map(\.name) })
            for place in matching.steps.flatMap(\.goals).compactMap(\.place) where !names.contains(place) {
                top["matching"]?.report(
                    "no part of the line is called ‘\(place)’"
                        + YAMLElement.suggestion(place, among: names.sorted()))
            }
            return BeamLineFile(
                line: line, matching: matching, summary: summary, source: source, files: files)
        } catch {
            top["sections"]?.report("\(error)")
            return nil
        }
    }

    private func readReference() -> ReferenceParticle? {
        guard let element = top["ion"], let text = element.readText() else { return nil }
        guard let isotope = Isotope(parsing: text) else {
            element.report("‘\(text)’ is not an ion; write mass and symbol, for example 12C")
            return nil
        }
        guard let energy = top["energy"]?.readPositive("an energy", unit: "MeV/u", atMost: 1000) else {
            return nil
        }
        do { return try ReferenceParticle(isotope: isotope, energyMeVPerNucleon: energy) } catch {
            element.report("\(error)")
            return nil
        }
    }

    private func readEntry(_ reference: ReferenceParticle) -> EntryBeam? {
        let keys = ["beta", "alpha", "emittance", "emittance-scaling", "momentum-spread"]
        guard
            let map = top["entry"]?.readMapping(keys + ["dispersion", "dispersion-slope"], required: keys)
        else { return nil }
        func positive(_ key: String, unit: String) -> SIMD2<Double>? {
            guard let values = map[key]?.readNumbers(count: 2, unit: unit) else { return nil }
            guard values.allSatisfy({ $0 > 0 }) else {
                map[key]?.report("\(values) \(unit) are not possible (both are greater than 0); correct them")
                return nil
            }
            return SIMD2(values[0], values[1])
        }
        let beta = positive("beta", unit: "m")
        let emittance = positive("emittance", unit: "um rad")
        let alpha = map["alpha"]?.readNumbers(count: 2)
        let scaling = map["emittance-scaling"]?.readList(count: 2...2).flatMap {
            all($0.map { $0.readWord(EntryBeam.Scaling.self) })
        }
        let spread = map["momentum-spread"]?.readNumber("a spread", in: 0...0.1)
        let dispersion = map["dispersion"].map { $0.readNumbers(count: 2, unit: "m") } ?? [0, 0]
        let slope = map["dispersion-slope"].map { $0.readNumbers(count: 2) } ?? [0, 0]
        guard let beta, let emittance, let alpha, let scaling, let spread, let dispersion, let slope else {
            return nil
        }
        do {
            return try EntryBeam(
                reference: reference,
                optics: OpticsPoint(
                    betaM: beta, alpha: SIMD2(alpha[0], alpha[1]),
                    dispersionM: SIMD2(dispersion[0], dispersion[1]),
                    dispersionSlope: SIMD2(slope[0], slope[1])), emittanceMRad: emittance * 1e-6,
                scaling: scaling, momentumSpread: spread)
        } catch {
            top["entry"]?.report("\(error)")
            return nil
        }
    }

    private func readStrengths() -> [String: Double] {
        var strengths: [String: Double] = [:]
        for (key, element) in top["strengths"]?.readOpenMapping() ?? [] {
            strengths[key] = element.readNumber("a strength", in: -1e6...1e6)
        }
        return strengths
    }

    // MARK: Sections

    private func readSections(_ elements: [String: TransferLine.Part]) -> [TransferLine.Section]? {
        guard let items = top["sections"]?.readList(count: 1...100) else { return nil }
        var used: Set<String> = []
        let sections = items.map { item -> TransferLine.Section? in
            guard let map = item.readMapping(["name", "turn", "sequence"], required: ["name", "sequence"])
            else { return nil }
            let name = map["name"]?.readText()
            let turn = map["turn"].map(readTurn) ?? .fixed(0)
            let parts = map["sequence"]?.readList(count: 1...1000).map { list in
                list.map { readPart($0, elements, used: &used) }
            }
            guard let name, let turn, let parts, let found = all(parts) else { return nil }
            return TransferLine.Section(name: name, turn: turn, parts: found)
        }
        guard let good = all(sections) else { return nil }
        for name in elements.keys.sorted() where !used.contains(name) {
            top["elements"]?.report("the element ‘\(name)’ stands in no section; use it or delete it")
        }
        return good
    }

    private func readTurn(_ element: YAMLElement) -> TransferLine.Turn? {
        if element.scalarText == "gantry" { return .gantry }
        return element.readNumber("an angle or the word gantry", in: -360...360, unit: "deg").map {
            .fixed($0 * .pi / 180)
        }
    }

    private func readPart(
        _ item: YAMLElement, _ elements: [String: TransferLine.Part], used: inout Set<String>
    ) -> TransferLine.Part? {
        if item.scalarText != nil {
            guard let name = item.readText() else { return nil }
            guard let found = elements[name] else {
                item.report(
                    "‘\(name)’ is not one of the file's elements"
                        + YAMLElement.suggestion(name, among: elements.keys.sorted()))
                return nil
            }
            used.insert(name)
            return found
        }
        guard let (key, value) = item.onlyMember, key == "drift" || key == "air" else {
            item.report(
                "expected the name of an element, ‘drift: length’ or ‘air: length’, found \(item.kind)")
            return nil
        }
        guard let length = value.readPositive("a length", unit: "m", atMost: 1000) else { return nil }
        return key == "air"
            ? .gas(name: "air", material: .air, lengthM: length)
            : .element(LatticeElement(name: "drift", kind: .drift, lengthM: length))
    }

    // MARK: Matching

    private func readMatching(strengths: [String: Double]) -> LineMatching? {
        guard let element = top["matching"] else { return LineMatching(steps: []) }
        guard let items = element.readList(count: 1...50) else { return nil }
        let steps = items.map { item -> LineMatching.Step? in
            guard let map = item.readMapping(["vary", "goals"], required: ["vary", "goals"]) else {
                return nil
            }
            let knobs = map["vary"]?.readList(count: 1...50).flatMap { list in
                all(
                    list.map { knob -> String? in
                        guard let name = knob.readText() else { return nil }
                        guard strengths[name] != nil else {
                            knob.report(
                                "the file has no strength ‘\(name)’"
                                    + YAMLElement.suggestion(name, among: strengths.keys.sorted()))
                            return nil
                        }
                        return name
                    })
            }
            let goals = map["goals"]?.readList(count: 1...20).flatMap { list in all(list.map(readGoals)) }
            guard let knobs, let goals else { return nil }
            return LineMatching.Step(knobs: knobs, goals: goals.flatMap { $0 })
        }
        return all(steps).map(LineMatching.init(steps:))
    }

    private func readGoals(_ element: YAMLElement) -> [LineMatching.Goal]? {
        let words = LineMatching.Quantity.allCases
        guard let map = element.readMapping(["at"] + words.map(\.rawValue), required: []) else { return nil }
        let place = map["at"].map { $0.readText() }
        if let place, place == nil { return nil }
        var goals: [LineMatching.Goal] = []
        for word in words {
            guard let member = map[word.rawValue] else { continue }
            guard let pair = member.readNumbers(count: 2) else { return nil }
            if word == .beta || word == .sourceDistance, pair.contains(where: { $0 <= 0 }) {
                member.report("\(pair) m are not possible (both are greater than 0); correct them")
                return nil
            }
            for plane in 0..<2 {
                goals.append(.init(place: place ?? nil, quantity: word, plane: plane, wanted: pair[plane]))
            }
        }
        guard !goals.isEmpty else {
            element.report(
                "nothing is wanted here; give one of \(words.map(\.rawValue).joined(separator: ", "))")
            return nil
        }
        return goals
    }
}
