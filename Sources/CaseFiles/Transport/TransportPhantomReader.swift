import Frames
import IonPhysics
import IonTransport
import PhantomTransport

/// Reads `phantom` of a transport file.
struct TransportPhantomReader {
    let materials: MaterialReader

    func read(_ element: YAMLElement) -> PhantomChoice? {
        guard let map = element.readMapping(["world", "solids", "ct"], required: []) else { return nil }
        switch (map["world"], map["ct"]) {
        case (let world?, nil): return readSolids(world, map["solids"]).map { .solids($0) }
        case (nil, let ct?):
            if let solids = map["solids"] {
                solids.report("solids are placed in a ‘world’, not in a CT; delete one of the two")
                return nil
            }
            return readCT(ct).map { .ct($0) }
        default:
            element.report("give either ‘world’ (with ‘solids’) or ‘ct’")
            return nil
        }
    }

    // MARK: Solids

    private func readSolids(_ world: YAMLElement, _ list: YAMLElement?) -> SolidPhantom? {
        let map = world.readMapping(["from", "to"] + MaterialReader.keys, required: ["from", "to"])
        let corners = map.flatMap { Self.readCorners($0) }
        let material = map.flatMap { materials.material($0) }
        var solids: [SolidPhantom.Solid]? = []
        var items: [YAMLElement] = []
        if let list {
            items = list.readList(count: 0...SolidPhantom.greatestCount) ?? []
            solids = list.isList ? readSolids(items) : nil
        }
        guard let corners, let material, let solids else { return nil }
        do {
            return try SolidPhantom(
                lower: corners.lower, upper: corners.upper, worldMaterial: material, solids: solids)
        } catch {
            if case .outsideWorld(let index, _) = error, index < items.count {
                items[index].report("\(error)")
            } else {
                world.report("\(error)")
            }
            return nil
        }
    }

    private func readSolids(_ items: [YAMLElement]) -> [SolidPhantom.Solid]? {
        var names: [String: Int] = [:]
        return all(
            items.enumerated().map { index, item -> SolidPhantom.Solid? in
                guard let solid = readSolid(item) else { return nil }
                if let first = names[solid.name] {
                    item.report(
                        "the name ‘\(solid.name)’ is that of solids[\(first)] too (scores name solids by it); rename one"
                    )
                    return nil
                }
                names[solid.name] = index
                return solid
            })
    }

    private static let shapes = ["box", "slab", "cylinder", "sphere"]

    private func readSolid(_ element: YAMLElement) -> SolidPhantom.Solid? {
        guard
            let map = element.readMapping(
                ["name"] + Self.shapes + MaterialReader.keys, required: ["name"])
        else { return nil }
        let name = map["name"]?.readText()
        let material = materials.material(map)
        let given = Self.shapes.filter { map[$0] != nil }
        guard given.count == 1, let value = map[given[0]] else {
            element.report("give one of \(Self.shapes.joined(separator: ", ")) (a solid has one shape)")
            return nil
        }
        let shape: SolidShape? =
            switch given[0] {
            case "box": Self.readBox(value)
            case "slab": Self.readSlab(value)
            case "cylinder": Self.readCylinder(value)
            default: Self.readSphere(value)
            }
        guard let name, let material, let shape else { return nil }
        return SolidPhantom.Solid(name: name, shape: shape, material: material)
    }

    /// `from` and `to` of a box, the lower corner first.
    static func readCorners(
        _ map: YAMLMapping
    ) -> (lower: Point3<DICOMPatient>, upper: Point3<DICOMPatient>)? {
        let from = map["from"]?.readNumbers(count: 3, unit: "mm")
        let to = map["to"]?.readNumbers(count: 3, unit: "mm")
        guard let from, let to else { return nil }
        for axis in 0..<3 where from[axis] >= to[axis] || to[axis] - from[axis] > 1e5 {
            map["to"]?.report(
                "along \(["x", "y", "z"][axis]) it reaches from \(YAMLElement.text(from[axis])) to "
                    + "\(YAMLElement.text(to[axis])) mm (it must have an extent of at most 100 m); give the lower "
                    + "corner first")
            return nil
        }
        return (Point3(from[0], from[1], from[2]), Point3(to[0], to[1], to[2]))
    }

    private static func readBox(_ element: YAMLElement) -> SolidShape? {
        guard let map = element.readMapping(["from", "to"], required: ["from", "to"]) else { return nil }
        return readCorners(map).map { .box(lower: $0.lower, upper: $0.upper) }
    }

    /// `x`, `y`, `z` or a vector.
    private static func readAxis(_ element: YAMLElement) -> Vector3<DICOMPatient>? {
        if element.isList { return TransportBeamReader.readDirection(element) }
        guard let word = element.readWord(AxisWord.self) else { return nil }
        return switch word {
        case .x: Vector3(1, 0, 0)
        case .y: Vector3(0, 1, 0)
        case .z: Vector3(0, 0, 1)
        }
    }

    private enum AxisWord: String, CaseIterable { case x, y, z }

    private static func readSlab(_ element: YAMLElement) -> SolidShape? {
        let keys = ["axis", "from", "to"]
        guard let map = element.readMapping(keys, required: keys) else { return nil }
        let axis = map["axis"].flatMap(readAxis)
        let from = map["from"]?.readNumber(in: -1e5...1e5, unit: "mm")
        let to = map["to"]?.readNumber(in: -1e5...1e5, unit: "mm")
        guard let axis, let from, let to else { return nil }
        guard from < to else {
            map["to"]?.report(
                "the slab ends at \(YAMLElement.text(to)) mm, before it begins at \(YAMLElement.text(from)) mm; "
                    + "exchange them")
            return nil
        }
        return .slab(normal: axis, fromMM: from, toMM: to)
    }

    private static func readCylinder(_ element: YAMLElement) -> SolidShape? {
        let keys = ["centre", "axis", "radius", "length"]
        guard let map = element.readMapping(keys, required: keys) else { return nil }
        let centre = map["centre"]?.readNumbers(count: 3, unit: "mm")
        let axis = map["axis"].flatMap(readAxis)
        let radius = map["radius"]?.readPositive(unit: "mm", atMost: 1e5)
        let length = map["length"]?.readPositive(unit: "mm", atMost: 1e5)
        guard let centre, let axis, let radius, let length else { return nil }
        return .cylinder(
            centre: Point3(centre[0], centre[1], centre[2]), axis: axis, radiusMM: radius, lengthMM: length)
    }

    private static func readSphere(_ element: YAMLElement) -> SolidShape? {
        guard let map = element.readMapping(["centre", "radius"], required: ["centre", "radius"]) else {
            return nil
        }
        let centre = map["centre"]?.readNumbers(count: 3, unit: "mm")
        let radius = map["radius"]?.readPositive(unit: "mm", atMost: 1e5)
        guard let centre, let radius else { return nil }
        return .sphere(centre: Point3(centre[0], centre[1], centre[2]), radiusMM: radius)
    }

    // MARK: CT

    private static let sources = ["folder", "metaimage", "case"]

    private func readCT(_ element: YAMLElement) -> CTPhantomChoice? {
        let keys = Self.sources + ["series", "structure-set", "external", "calibration", "spacing"]
        guard let map = element.readMapping(keys, required: []) else { return nil }
        let given = Self.sources.filter { map[$0] != nil }
        guard given.count == 1, let path = map[given[0]]?.readText() else {
            element.report("give one of \(Self.sources.joined(separator: ", ")) (a CT comes from one place)")
            return nil
        }
        for key in ["series", "structure-set", "external"] where given[0] != "folder" && map[key] != nil {
            map[key]?.report("‘\(key)’ belongs to ‘folder’ (nothing would read it here); delete it")
            return nil
        }
        let spacing = map["spacing"]
        let spacingMM = spacing?.readTriple(in: 0.1...50, unit: "mm")
        let calibration = readCalibration(map, isCase: given[0] == "case")
        let texts = ["series", "structure-set", "external"].map { key in map[key].map { $0.readText() } }
        guard let calibration, spacing == nil || spacingMM != nil, !texts.contains(.some(nil)) else {
            return nil
        }
        let words = texts.map { $0 ?? nil }
        if words[1] != nil && words[2] == nil {
            map["structure-set"]?.report(
                "a structure set is of use only for the contour ‘external’; name it or delete this")
            return nil
        }
        let source: CTPhantomChoice.Source =
            switch given[0] {
            case "folder":
                .dicom(folder: path, seriesUID: words[0], external: words[2], structureSetUID: words[1])
            case "metaimage": .metaImage(path)
            default: .caseFolder(path)
            }
        return CTPhantomChoice(
            source: source, calibration: calibration,
            spacingMM: spacingMM.map { Vector3($0[0], $0[1], $0[2]) })
    }

    /// The calibration, needed for a CT; none for a case, which has its own. The outer nil is an error.
    private func readCalibration(_ map: YAMLMapping, isCase: Bool) -> CalibrationChoice?? {
        guard let element = map["calibration"] else {
            if isCase { return .some(nil) }
            map.element.report("‘calibration’ is missing (CT numbers mean nothing without); add it")
            return nil
        }
        guard !isCase else {
            element.report("a case has its own calibration (in its plan file); delete this")
            return nil
        }
        return CalibrationChoice.read(element).map { .some($0) }
    }
}
