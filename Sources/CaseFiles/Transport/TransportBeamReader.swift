import Frames
import IonTransport
import PhantomTransport
import Quantities

/// Reads `beam` of a transport file.
enum TransportBeamReader {
    private static let keys = [
        "ion", "energy", "spread", "energies", "shape", "source-distance", "position", "direction", "x-axis",
    ]

    static func read(_ element: YAMLElement) -> BeamDescription? {
        guard
            let map = element.readMapping(keys, required: ["ion", "shape", "position", "direction"])
        else { return nil }
        let ion = map["ion"].flatMap(readIon)
        let energies = readEnergies(map)
        let shape = map["shape"].flatMap(readShape)
        let distance = map["source-distance"]
        let distanceMM = distance?.readNumber(in: 1...1e7, unit: "mm")
        let position = map["position"]?.readNumbers(count: 3, unit: "mm")
        let direction = map["direction"].flatMap(readDirection)
        let xAxis = map["x-axis"].flatMap(readDirection)
        guard let ion, let energies, let shape, let position, let direction,
            distance == nil || distanceMM != nil, map["x-axis"] == nil || xAxis != nil
        else { return nil }
        if let xAxis, abs((xAxis.mm * direction.mm).sum()) > 0.999 {
            map["x-axis"]?.report(
                "the x axis is parallel to the direction (it must show across the beam); give another")
            return nil
        }
        return BeamDescription(
            ion: ion, energies: energies, shape: shape, sourceDistanceMM: distanceMM,
            position: Point3(position[0], position[1], position[2]), direction: direction, xAxis: xAxis)
    }

    private static func readIon(_ element: YAMLElement) -> Isotope? {
        guard let text = element.readText() else { return nil }
        guard let ion = Isotope(parsing: text), TransportedSpecies.index(of: ion) != nil else {
            element.report(
                "‘\(text)’ is not an ion that is transported; choose one of "
                    + TransportedSpecies.all.map(\.description).joined(separator: " "))
            return nil
        }
        return ion
    }

    private static func readEnergy(_ element: YAMLElement?) -> Double? {
        element?.readNumber(in: BeamDescription.validEnergies, unit: "MeV/u")
    }

    /// 0 if there is none; nil if it is wrong.
    private static func readSpread(_ element: YAMLElement?) -> Double? {
        guard let element else { return 0 }
        return element.readShare(atMost: BeamDescription.validSpreads.upperBound)
    }

    private static func readEnergies(_ map: YAMLMapping) -> [BeamDescription.Energy]? {
        switch (map["energy"], map["energies"]) {
        case (let energy?, nil):
            let mean = readEnergy(energy)
            let spread = readSpread(map["spread"])
            guard let mean, let spread else { return nil }
            return [BeamDescription.Energy(meanMeVPerNucleon: mean, relativeSpread: spread)]
        case (nil, let list?):
            if let spread = map["spread"] {
                spread.report("‘spread’ belongs to ‘energy’; write it into each line of ‘energies’")
            }
            guard let items = list.readList(count: 1...1000) else { return nil }
            return all(
                items.map { item -> BeamDescription.Energy? in
                    guard
                        let line = item.readMapping(
                            ["energy", "weight", "spread"], required: ["energy", "weight"])
                    else { return nil }
                    let mean = readEnergy(line["energy"])
                    let weight = line["weight"]?.readPositive(atMost: 1e15)
                    let spread = readSpread(line["spread"])
                    guard let mean, let weight, let spread else { return nil }
                    return BeamDescription.Energy(
                        meanMeVPerNucleon: mean, relativeSpread: spread, weight: weight)
                })
        default:
            map.element.report("give either ‘energy’ (with ‘spread’) or a list ‘energies’")
            return nil
        }
    }

    private enum ShapeWord: String, CaseIterable { case pencil }

    private static func readShape(_ element: YAMLElement) -> BeamDescription.Shape? {
        if element.scalarText != nil {
            return element.readWord(ShapeWord.self).map { _ in .pencil }
        }
        let kinds = ["gaussian", "twiss", "rectangle", "disc"]
        guard let map = element.readMapping(kinds, required: []) else { return nil }
        guard map.keys.count == 1, let kind = map.keys.first, let value = map[kind] else {
            element.report("give one of pencil, \(kinds.joined(separator: ", "))")
            return nil
        }
        switch kind {
        case "gaussian":
            guard
                let spot = value.readMapping(["sigma", "divergence", "correlation"], required: ["sigma"])
            else { return nil }
            let sigma = spot["sigma"]?.readPair(in: 0...500, unit: "mm")
            let divergence = spot["divergence"].map { $0.readPair(in: 0...200, unit: "mrad") } ?? [0, 0]
            let correlation = spot["correlation"].map { $0.readPair(in: -1...1, unit: "") } ?? [0, 0]
            guard let sigma, let divergence, let correlation else { return nil }
            let axes = (0..<2).map {
                BeamDescription.PhaseSpace(
                    sigmaMM: sigma[$0], divergenceMrad: divergence[$0], correlation: correlation[$0])
            }
            return .gaussian(x: axes[0], y: axes[1])
        case "twiss":
            let keys = ["emittance", "beta", "alpha"]
            guard let spot = value.readMapping(keys, required: keys) else { return nil }
            let emittance = spot["emittance"]?.readPair(in: 0...1e4, unit: "mm mrad")
            let beta = spot["beta"]?.readPair(in: 1e-6...1e6, unit: "m")
            let alpha = spot["alpha"]?.readPair(in: -1000...1000, unit: "")
            guard let emittance, let beta, let alpha else { return nil }
            let axes = (0..<2).map {
                BeamDescription.PhaseSpace(emittanceMMMrad: emittance[$0], betaM: beta[$0], alpha: alpha[$0])
            }
            return .gaussian(x: axes[0], y: axes[1])
        case "rectangle":
            return value.readPair(in: 0.001...2000, unit: "mm").map {
                .rectangle(widthXMM: $0[0], widthYMM: $0[1])
            }
        default:
            return value.readNumber(in: 0.001...1000, unit: "mm").map { .disc(radiusMM: $0) }
        }
    }

    /// A unit vector; the length does not matter but must not be zero.
    static func readDirection(_ element: YAMLElement) -> Vector3<DICOMPatient>? {
        guard let values = element.readNumbers(count: 3) else { return nil }
        let vector = Vector3<DICOMPatient>(values[0], values[1], values[2])
        guard vector.lengthMM > 1e-9, vector.lengthMM < 1e9 else {
            element.report("the vector has no length (it must show somewhere); give another")
            return nil
        }
        return vector.normalized
    }
}

extension YAMLElement {
    /// One number for both axes, or a list of two.
    func readPair(in range: ClosedRange<Double>, unit: String) -> [Double]? {
        if isList {
            guard let items = readList(count: 2...2) else { return nil }
            return all(items.map { $0.readNumber(in: range, unit: unit) })
        }
        return readNumber(in: range, unit: unit).map { [$0, $0] }
    }

    /// One number for all axes, or a list of three.
    func readTriple(in range: ClosedRange<Double>, unit: String) -> [Double]? {
        if isList {
            guard let items = readList(count: 3...3) else { return nil }
            return all(items.map { $0.readNumber(in: range, unit: unit) })
        }
        return readNumber(in: range, unit: unit).map { [$0, $0, $0] }
    }
}
