import FacilityModel
import Quantities

/// Reader of machine files (`format: kasane-machine`); the format is described in `docs/formats/machine.md`.
///
/// ## Checked by
/// `MachineFileTests`, `BrokenMachineFileTests`.
public enum MachineFile {
    public static let format = "kasane-machine"
    public static let version = 1

    /// Reads a machine file.
    ///
    /// - Throws: `InvalidFile` with everything that is wrong in it.
    public static func read(path: String) throws(InvalidFile) -> MachineDescription {
        try read(text: TextFile.read(path), file: path)
    }

    /// Reads the text of a machine file; `file` is its name for messages.
    public static func read(text: String, file: String) throws(InvalidFile) -> MachineDescription {
        let keys = [
            "format", "version", "name", "facility", "summary", "ion", "sources", "synchrotron",
            "energies", "ports",
        ]
        return try YAMLDocument(
            format: format, version: version, keys: keys + ["nozzles", "passive-nozzles"], required: keys
        )
        .read(text, file: file) { MachineFileReader(top: $0).description() }
    }
}

/// The sections of a machine file, each read to its end even if another failed.
private struct MachineFileReader {
    let top: YAMLMapping
    let figures: FigureReader

    init(top: YAMLMapping) {
        self.top = top
        var sources: [String: String] = [:]
        for member in top["sources"]?.readOpenMapping() ?? [] {
            sources[member.key] = member.value.readText()
        }
        figures = FigureReader(sources: sources)
    }

    func description() -> MachineDescription? {
        let name = readName()
        let facility = top["facility"]?.readText()
        let summary = top["summary"]?.readText()
        let ion = readIon()
        let synchrotron = top["synchrotron"].flatMap(readSynchrotron)
        let energies = readEnergies(ion: ion)
        let nozzles = top["nozzles"].map { readNozzles($0, energies: energies) } ?? [:]
        let passive = top["passive-nozzles"].map(readPassiveNozzles) ?? [:]
        let ports = top["ports"].flatMap { readPorts($0, nozzles: nozzles, passive: passive) }
        figures.reportUnusedSources(at: top["sources"])
        guard let name, let facility, let summary, let ion, let synchrotron, let energies,
            nozzles != nil, passive != nil, let ports
        else { return nil }
        return MachineDescription(
            machine: Machine(
                name: name, facility: facility, ion: ion, energies: energies, ports: ports.scanned,
                passivePorts: ports.passive),
            synchrotron: synchrotron, summary: summary, figures: figures.figures)
    }

    private func readName() -> String? {
        guard let element = top["name"], let text = element.readText() else { return nil }
        guard text.count <= 16, text.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
        else {
            element.report(
                "‘\(text)’ is no name for a machine (DICOM's Treatment Machine Name takes 16 characters); use "
                    + "letters, digits and hyphens")
            return nil
        }
        return text
    }

    private func readIon() -> Isotope? {
        guard let element = top["ion"], let text = element.readText() else { return nil }
        guard let ion = Isotope(parsing: text), ion.atomicNumber >= 1 else {
            element.report("‘\(text)’ is not an ion; write mass and symbol such as 12C")
            return nil
        }
        return ion
    }

    private func readSynchrotron(_ element: YAMLElement) -> Synchrotron? {
        let keys = [
            "circumference", "cycle-period", "ions-per-fill", "extraction-rate", "energy-change-time",
            "beam-off-time",
        ]
        guard let map = element.readMapping(keys, required: keys) else { return nil }
        let circumference = figures.number(map["circumference"], unit: "m", in: 5...2000)
        let cycle = figures.number(map["cycle-period"], unit: "s", in: 0.01...100)
        let ions = figures.number(map["ions-per-fill"], unit: "ions", in: 1e5...1e14)
        let rate = figures.limits(map["extraction-rate"], unit: "ions/s", in: 1...1e13)
        let change = figures.number(map["energy-change-time"], unit: "s", in: 0...100)
        let off = figures.number(map["beam-off-time"], unit: "s", in: 0...1)
        guard let circumference, let cycle, let ions, let rate, let change, let off else {
            return nil
        }
        return Synchrotron(
            circumferenceM: circumference, cyclePeriodS: cycle, ionsPerFill: ions,
            extractionRateIonsPerS: rate, energyChangeTimeS: change, beamOffTimeS: off)
    }

    private func readEnergies(ion: Isotope?) -> [EnergyPerNucleon]? {
        guard let element = top["energies"],
            let map = element.readMapping(
                ["highest", "lowest", "range-steps", "list"], required: [])
        else { return nil }
        if map["list"] != nil {
            guard map.keys == ["list"] else {
                element.report(
                    "‘list’ stands alone (it is the whole of the energies); delete the rule or the list")
                return nil
            }
            return readEnergyList(map["list"])
        }
        guard map["highest"] != nil, map["range-steps"] != nil else {
            element.report("give ‘list’, or ‘highest’ and ‘range-steps’ (and ‘lowest’)")
            return nil
        }
        let highest = figures.number(map["highest"], unit: "MeV/u", in: 10...1000)
        let lowest = figures.number(map["lowest"], unit: "MeV/u", in: 5...1000)
        let steps = figures.steps(map["range-steps"], unit: "mm")
        guard let ion, let highest, let steps, map["lowest"] == nil || lowest != nil else { return nil }
        let rule = EnergyRule(
            highestMeVPerNucleon: highest, lowestMeVPerNucleon: lowest,
            segments: steps.map { EnergyRule.Segment(count: $0.count, pitchMM: $0.pitch) })
        switch rule.energies(ion) {
        case .success(let energies): return energies
        case .failure(let error):
            map["range-steps"]?.report(error.message)
            return nil
        }
    }

    private func readEnergyList(_ element: YAMLElement?) -> [EnergyPerNucleon]? {
        guard let element, let values = figures.list(element, unit: "MeV/u", count: 1...10_000) else {
            return nil
        }
        for (index, pair) in zip(values, values.dropFirst()).enumerated() where pair.1 >= pair.0 {
            element.report(
                "energy \(index + 2) (\(YAMLElement.text(pair.1)) MeV/u) is not below the one before "
                    + "(\(YAMLElement.text(pair.0))); list them from the highest down")
            return nil
        }
        guard let first = values.first, first <= 1000, let last = values.last, last >= 5 else {
            element.report("energies must lie within 5 and 1000 MeV/u; correct the list")
            return nil
        }
        return values.map { EnergyPerNucleon($0) }
    }

    private func readNozzles(_ element: YAMLElement, energies: [EnergyPerNucleon]?)
        -> [String: Nozzle]?
    {
        guard let members = element.readOpenMapping() else { return nil }
        var nozzles: [String: Nozzle] = [:]
        var complete = true
        for member in members {
            let reader = NozzleReader(figures: figures, energies: energies)
            if let nozzle = reader.read(member.value) {
                nozzles[member.key] = nozzle
            } else {
                complete = false
            }
        }
        return complete ? nozzles : nil
    }

    private func readPassiveNozzles(_ element: YAMLElement) -> [String: PassiveNozzle]? {
        guard let members = element.readOpenMapping() else { return nil }
        var nozzles: [String: PassiveNozzle] = [:]
        var complete = true
        for member in members {
            if let nozzle = PassiveNozzleReader(figures: figures).read(member.value) {
                nozzles[member.key] = nozzle
            } else {
                complete = false
            }
        }
        return complete ? nozzles : nil
    }

    /// A port with one of the two kinds of nozzle.
    private enum AnyPort {
        case scanned(Port)
        case passive(PassivePort)

        var id: String {
            switch self {
            case .scanned(let port): port.id
            case .passive(let port): port.id
            }
        }
    }

    private func readPorts(
        _ element: YAMLElement, nozzles: [String: Nozzle]?, passive: [String: PassiveNozzle]?
    ) -> (scanned: [Port], passive: [PassivePort])? {
        guard let items = element.readList(count: 1...100) else { return nil }
        var ids: Set<String> = []
        let ports = items.map { item -> AnyPort? in
            guard let port = readPort(item, nozzles: nozzles, passive: passive) else { return nil }
            guard ids.insert(port.id).inserted else {
                item.report("the id ‘\(port.id)’ occurs twice (plans name ports by it); rename one")
                return nil
            }
            return port
        }
        guard let found = all(ports) else { return nil }
        return (
            found.compactMap { if case .scanned(let port) = $0 { port } else { nil } },
            found.compactMap { if case .passive(let port) = $0 { port } else { nil } }
        )
    }

    private func readPort(
        _ element: YAMLElement, nozzles: [String: Nozzle]?, passive: [String: PassiveNozzle]?
    ) -> AnyPort? {
        let keys = ["id", "room", "gantry-angle", "couch-angle"]
        guard let map = element.readMapping(keys + ["nozzle", "passive-nozzle"], required: keys) else {
            return nil
        }
        let id = map["id"]?.readText()
        let room = map["room"]?.readText()
        let gantry = figures.numberOrLimits(map["gantry-angle"], unit: "deg", in: -360...360)
        let couch = figures.limits(map["couch-angle"], unit: "deg", in: -360...360)
        guard (map["nozzle"] == nil) != (map["passive-nozzle"] == nil) else {
            element.report("a port has one nozzle; give either ‘nozzle’ or ‘passive-nozzle’")
            return nil
        }
        let scanning = map["nozzle"].flatMap { named($0, in: nozzles, section: "nozzles") }
        let broad = map["passive-nozzle"].flatMap { named($0, in: passive, section: "passive-nozzles") }
        guard let id, let room, let gantry, let couch else { return nil }
        let lower = AngleDegrees(gantry.lower)
        let direction: Port.Direction =
            gantry.upper.map { .rotating(lower...AngleDegrees($0)) } ?? .fixed(lower)
        let couchAngles = AngleDegrees(couch.lowerBound)...AngleDegrees(couch.upperBound)
        if let scanning {
            return .scanned(
                Port(
                    id: id, room: room, direction: direction, patientSupportAngles: couchAngles,
                    nozzle: scanning))
        }
        return broad.map {
            .passive(
                PassivePort(
                    id: id, room: room, direction: direction, patientSupportAngles: couchAngles, nozzle: $0))
        }
    }

    /// The nozzle that a port names.
    private func named<Kind>(_ element: YAMLElement, in nozzles: [String: Kind]?, section: String) -> Kind? {
        guard let nozzles, let name = element.readText() else { return nil }
        guard let nozzle = nozzles[name] else {
            element.report(
                "there is no nozzle ‘\(name)’ under ‘\(section)’"
                    + YAMLElement.suggestion(name, among: nozzles.keys.sorted()))
            return nil
        }
        return nozzle
    }
}
