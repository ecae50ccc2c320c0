import Frames
import IonTransport
import PhantomTransport
import Radiobiology
import Volumes

/// Reads `scores` of a transport file.
struct TransportScoreReader {
    let models: [BiologicalModelDescription]
    /// Nil if it could not be read.
    let phantom: PhantomChoice?

    private static let kinds = ["depth-dose", "lateral", "radial", "mesh", "region", "spectrum", "planes"]

    func read(_ element: YAMLElement) -> [ScoreDescription]? {
        guard let items = element.readList(count: 1...200) else { return nil }
        var names: [String: Int] = [:]
        return all(
            items.enumerated().map { index, item -> ScoreDescription? in
                guard let score = readScore(item) else { return nil }
                if let first = names[score.name] {
                    item.report(
                        "the name ‘\(score.name)’ is that of scores[\(first)] too (files are named by it); add a ‘name’"
                    )
                    return nil
                }
                names[score.name] = index
                return score
            })
    }

    /// The element of a key of a score, or the score itself.
    static func place(of key: String, in item: YAMLElement) -> YAMLElement {
        for kind in kinds {
            guard let body = item.member(kind) else { continue }
            return body.member(key) ?? body
        }
        return item
    }

    private func readScore(_ element: YAMLElement) -> ScoreDescription? {
        guard let map = element.readMapping(["name"] + Self.kinds, required: []) else { return nil }
        let given = Self.kinds.filter { map[$0] != nil }
        guard given.count == 1, let body = map[given[0]] else {
            element.report("give one of \(Self.kinds.joined(separator: ", ")) (each score is one line)")
            return nil
        }
        let name = map["name"].map { readName($0) } ?? given[0]
        guard let name else { return nil }
        return switch given[0] {
        case "depth-dose": readDepthDose(body, name)
        case "lateral": readProfiles(body, name, isRadial: false)
        case "radial": readProfiles(body, name, isRadial: true)
        case "mesh": readMesh(body, name)
        case "region": readRegion(body, name)
        case "spectrum": readSpectrum(body, name)
        default: readPlanes(body, name)
        }
    }

    private func readName(_ element: YAMLElement) -> String? {
        guard let name = element.readText() else { return nil }
        guard name.count <= 60,
            name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) })
        else {
            element.report("‘\(name)’ cannot begin a file name; use letters, digits, - and _")
            return nil
        }
        return name
    }

    // MARK: Kinds

    private func readDepthDose(_ element: YAMLElement, _ name: String) -> ScoreDescription? {
        guard
            let map = element.readMapping(
                ["from", "to", "step", "core-radius", "averages"], required: ["to", "step"])
        else { return nil }
        let from = map["from"].map { $0.readNumber(in: -1e5...1e5, unit: "mm") } ?? 0
        let to = map["to"]?.readNumber(in: -1e5...1e5, unit: "mm")
        let step = map["step"]?.readNumber(in: 0.005...1000, unit: "mm")
        let radius = map["core-radius"]
        let radiusMM = radius?.readPositive(unit: "mm", atMost: 1e4)
        let averages = readAverages(map["averages"])
        guard let from, let to, let step, let averages, radius == nil || radiusMM != nil else { return nil }
        guard Self.divides(from: from, to: to, step: step, at: map["step"], most: 200_000) else { return nil }
        return ScoreDescription(
            name: name,
            kind: .depthDose(fromMM: from, toMM: to, stepMM: step, coreRadiusMM: radiusMM),
            averages: averages)
    }

    /// Lateral and radial profiles.
    private func readProfiles(_ element: YAMLElement, _ name: String, isRadial: Bool) -> ScoreDescription? {
        let (extent, width) = isRadial ? ("radius", "ring") : ("half-width", "bin")
        let required = ["depths", "thickness", extent, width]
        guard let map = element.readMapping(required + ["averages"], required: required) else { return nil }
        let depths = map["depths"].flatMap { Self.readDepths($0) }
        let thickness = map["thickness"]?.readNumber(in: 0.01...1000, unit: "mm")
        let reach = map[extent]?.readNumber(in: 0.01...5000, unit: "mm")
        let bin = map[width]?.readNumber(in: 0.01...1000, unit: "mm")
        let averages = readAverages(map["averages"])
        guard let depths, let thickness, let reach, let bin, let averages else { return nil }
        guard
            Self.divides(
                from: isRadial ? 0 : -reach, to: reach, step: bin, at: map[width], most: 20_000)
        else { return nil }
        return ScoreDescription(
            name: name,
            kind: isRadial
                ? .radial(depthsMM: depths, thicknessMM: thickness, radiusMM: reach, ringMM: bin)
                : .lateral(depthsMM: depths, thicknessMM: thickness, halfWidthMM: reach, binMM: bin),
            averages: averages)
    }

    private func readMesh(_ element: YAMLElement, _ name: String) -> ScoreDescription? {
        guard
            let map = element.readMapping(
                ["from", "to", "spacing", "quantities", "averages"], required: ["quantities"])
        else { return nil }
        let grid = readGrid(map)
        let quantities = map["quantities"].flatMap { list in
            list.readList(count: 0...10).flatMap { items in
                all(items.map { $0.readWord(ScoreDescription.MeshQuantity.self) })
            }
        }
        let averages = readAverages(map["averages"])
        guard let grid, let quantities, let averages else { return nil }
        guard !quantities.isEmpty || !averages.isEmpty else {
            element.report("the mesh has no quantity and no average (nothing would be written); add one")
            return nil
        }
        return ScoreDescription(name: name, kind: .mesh(grid, quantities: quantities), averages: averages)
    }

    private func readRegion(_ element: YAMLElement, _ name: String) -> ScoreDescription? {
        guard let map = element.readMapping(["solid", "averages"], required: ["solid"]) else { return nil }
        let solid = map["solid"].flatMap { readSolid($0) }
        let averages = readAverages(map["averages"])
        guard let solid, let averages else { return nil }
        return ScoreDescription(name: name, kind: .region(solid: solid), averages: averages)
    }

    private func readSpectrum(_ element: YAMLElement, _ name: String) -> ScoreDescription? {
        guard
            let map = element.readMapping(
                ["solid", "from", "to", "spacing", "energy-step", "energy-to"],
                required: ["energy-step", "energy-to"])
        else { return nil }
        let energies = readEnergies(map)
        if map["solid"] != nil && map["spacing"] == nil && map["from"] == nil {
            let solid = map["solid"].flatMap { readSolid($0) }
            guard let solid, let energies else { return nil }
            return ScoreDescription(
                name: name,
                kind: .regionSpectrum(
                    solid: solid, stepMeVPerNucleon: energies.step, toMeVPerNucleon: energies.to))
        }
        guard map["solid"] == nil else {
            element.report("give either ‘solid’ or a grid (from, to, spacing)")
            return nil
        }
        guard let grid = readGrid(map), let energies else { return nil }
        return ScoreDescription(
            name: name,
            kind: .meshSpectrum(
                grid, stepMeVPerNucleon: energies.step, toMeVPerNucleon: energies.to))
    }

    private func readPlanes(_ element: YAMLElement, _ name: String) -> ScoreDescription? {
        let required = ["depths", "angles", "energy-step", "energy-to"]
        guard let map = element.readMapping(required + ["radius"], required: required) else { return nil }
        let depths = map["depths"].flatMap { Self.readDepths($0) }
        let angles = map["angles"].flatMap { Self.readIncreasing($0, in: 0.01...90, unit: "degrees") }
        let radius = map["radius"]
        let radiusMM = radius?.readPositive(unit: "mm", atMost: 1e4)
        let energies = readEnergies(map)
        guard let depths, let angles, let energies, radius == nil || radiusMM != nil else { return nil }
        return ScoreDescription(
            name: name,
            kind: .planes(
                depthsMM: depths, radiusMM: radiusMM, angleEdgesDegrees: angles,
                stepMeVPerNucleon: energies.step, toMeVPerNucleon: energies.to))
    }

    // MARK: Parts

    private func readEnergies(_ map: YAMLMapping) -> (step: Double, to: Double)? {
        let step = map["energy-step"]?.readNumber(in: 0.01...1000, unit: "MeV/u")
        let to = map["energy-to"]?.readNumber(in: 0.1...1000, unit: "MeV/u")
        guard let step, let to else { return nil }
        return Self.divides(from: 0, to: to, step: step, at: map["energy-step"], most: 10_000)
            ? (step, to) : nil
    }

    /// Whether a span holds a whole number of steps, at most `most`.
    private static func divides(
        from: Double, to: Double, step: Double, at element: YAMLElement?, most: Int
    ) -> Bool {
        let count = (to - from) / step
        guard count >= 0.5, count <= Double(most), abs(count - count.rounded()) < 1e-6 * max(1, count) else {
            element?.report(
                "\(YAMLElement.text(from)) to \(YAMLElement.text(to)) in steps of \(YAMLElement.text(step)) are "
                    + "\(count) bins (a whole number from 1 to \(most) is needed); change one of the three")
            return false
        }
        return true
    }

    private static func readDepths(_ element: YAMLElement) -> [Double]? {
        readIncreasing(element, in: -1e5...1e5, unit: "mm")
    }

    /// A list of increasing numbers, or `{from, to, step}`.
    private static func readIncreasing(
        _ element: YAMLElement, in range: ClosedRange<Double>, unit: String
    ) -> [Double]? {
        if !element.isList {
            let keys = ["from", "to", "step"]
            guard let map = element.readMapping(keys, required: keys) else { return nil }
            let from = map["from"]?.readNumber(in: range, unit: unit)
            let to = map["to"]?.readNumber(in: range, unit: unit)
            let step = map["step"]?.readPositive(unit: unit)
            guard let from, let to, let step,
                divides(from: from, to: to, step: step, at: map["step"], most: 500)
            else { return nil }
            return (0...Int(((to - from) / step).rounded())).map { from + Double($0) * step }
        }
        guard let items = element.readList(count: 1...500),
            let values = all(items.map { $0.readNumber(in: range, unit: unit) })
        else { return nil }
        for i in values.indices.dropFirst() where values[i] <= values[i - 1] {
            items[i].report(
                "\(YAMLElement.text(values[i])) does not exceed the number before it; list them increasing")
            return nil
        }
        return values
    }

    /// A solid's name; nil inside for `world`.
    private func readSolid(_ element: YAMLElement) -> String?? {
        guard let name = element.readText() else { return nil }
        if name == "world" { return .some(nil) }
        switch phantom {
        case nil: return name
        case .ct:
            element.report("a CT has no solids (only ‘world’, all of it); use a mesh")
            return nil
        case .solids(let solids):
            let names = solids.solids.map(\.name)
            guard names.contains(name) else {
                element.report(
                    "there is no solid ‘\(name)’" + YAMLElement.suggestion(name, among: names + ["world"]))
                return nil
            }
            return name
        }
    }

    /// `from`, `to` and `spacing`; without them the voxels of a CT.
    private func readGrid(_ map: YAMLMapping) -> ScoreDescription.Grid? {
        let given = ["from", "to", "spacing"].filter { map[$0] != nil }
        if given.isEmpty {
            if case .solids = phantom {
                map.element.report(
                    "‘from’, ‘to’ and ‘spacing’ are missing (only a CT has voxels of its own); add them")
                return nil
            }
            return .phantom
        }
        guard given.count == 3 else {
            map.element.report("‘from’, ‘to’ and ‘spacing’ belong together; add what is missing")
            return nil
        }
        let corners = TransportPhantomReader.readCorners(map)
        let spacing = map["spacing"]?.readTriple(in: 0.01...10_000, unit: "mm")
        guard let corners, let spacing else { return nil }
        var counts = SIMD3<Int>(1, 1, 1)
        for axis in 0..<3 {
            let (low, high) = (corners.lower.mm[axis], corners.upper.mm[axis])
            guard Self.divides(from: low, to: high, step: spacing[axis], at: map["spacing"], most: 10_000)
            else {
                return nil
            }
            counts[axis] = Int(((high - low) / spacing[axis]).rounded())
        }
        let steps = SIMD3(spacing[0], spacing[1], spacing[2])
        return .box(
            VolumeGeometry(
                dimensions: counts, origin: Point3(corners.lower.mm + 0.5 * steps), spacingMM: steps,
                frameOfReferenceUID: ""))
    }

    // MARK: Averages

    private enum ResponseWord: String, CaseIterable {
        case letD = "let-d"
        case letT = "let-t"
        case zStar = "z-star"
        case alpha
        case sqrtBeta = "sqrt-beta"
    }

    private func readAverages(_ element: YAMLElement?) -> [AverageDescription]? {
        guard let element else { return [] }
        guard let items = element.readList(count: 0...30), let averages = all(items.map(readAverage)) else {
            return nil
        }
        for i in averages.indices where averages[..<i].contains(averages[i]) {
            items[i].report("this average occurs twice (its column would too); delete one")
            return nil
        }
        return averages
    }

    /// `let-d: all` or `alpha: {model: mkm-hsg, rule: all}`.
    private func readAverage(_ element: YAMLElement) -> AverageDescription? {
        guard let (key, value) = element.onlyMember else {
            element.report("expected one line such as ‘let-d: all’ or ‘alpha: {model: mkm-hsg, rule: all}’")
            return nil
        }
        guard let word = ResponseWord(rawValue: key) else {
            value.report(
                "‘\(key)’ is not an average"
                    + YAMLElement.suggestion(key, among: ResponseWord.allCases.map(\.rawValue)))
            return nil
        }
        switch word {
        case .letD: return value.readWord(InclusionRule.self).map { AverageDescription(.doseLET, $0) }
        case .letT: return value.readWord(InclusionRule.self).map { AverageDescription(.trackLET, $0) }
        case .zStar: return readResponse(value, .zStar)
        case .alpha: return readResponse(value, .alpha)
        case .sqrtBeta: return readResponse(value, .sqrtBeta)
        }
    }

    private func readResponse(
        _ element: YAMLElement, _ kind: BiologicalResponse.Kind
    ) -> AverageDescription? {
        guard let map = element.readMapping(["model", "rule"], required: ["model", "rule"]) else {
            return nil
        }
        let rule = map["rule"]?.readWord(InclusionRule.self)
        guard let name = map["model"]?.readText() else { return nil }
        guard let model = models.first(where: { $0.name == name }) else {
            map["model"]?.report(
                "there is no biological model ‘\(name)’"
                    + YAMLElement.suggestion(name, among: models.map(\.name)))
            return nil
        }
        return rule.map { AverageDescription(.response(BiologicalResponse(kind: kind, model: model)), $0) }
    }
}

/// Reads one model of `biology` of a transport file.
enum BiologyModelReader {
    static func read(_ element: YAMLElement, name: String) -> BiologicalModelDescription? {
        let keys = ["alpha0", "beta", "domain-radius", "nucleus-radius"]
        guard let map = element.readMapping(keys, required: keys) else { return nil }
        let alpha = map["alpha0"]?.readNumber(in: 0...10, unit: "1/Gy")
        let beta = map["beta"]?.readPositive(unit: "1/Gy2", atMost: 10)
        let domain = map["domain-radius"]?.readNumber(in: 0.05...2, unit: "um")
        let nucleus = map["nucleus-radius"]?.readNumber(in: 0.5...20, unit: "um")
        guard !BiologicalModelDescription.builtIn.contains(where: { $0.name == name }) else {
            element.report(
                "‘\(name)’ is a model of the program (two of one name would be mistaken); rename yours")
            return nil
        }
        guard let alpha, let beta, let domain, let nucleus else { return nil }
        return BiologicalModelDescription(
            name: name,
            parameters: MKMParameters(
                alpha0: alpha, beta: beta, domainRadiusUM: domain, nucleusRadiusUM: nucleus))
    }
}
