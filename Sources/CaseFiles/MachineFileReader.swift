import FacilityModel
import Quantities

/// The sections of a machine file, each read to its end even if another failed.
struct MachineFileReader {
    let top: YAMLMapping
    let base: MachineBase?
    /// Path of the file.
    let file: String
    /// The data folder, where beam lines are looked for; nil to find it if it is needed.
    let store: DataStore?
    let figures: FigureReader

    init(
        top: YAMLMapping, base: MachineBase?, inheritance: MachineInheritance?, file: String,
        store: DataStore?
    ) {
        self.top = top
        self.file = file
        self.store = store
        self.base = base
        var sources: [String: String] = [:]
        for member in top["sources"]?.readOpenMapping() ?? [] {
            sources[member.key] = member.value.readText()
        }
        figures = FigureReader(sources: sources, inheritance: inheritance)
    }

    /// Sections that came with version 2.
    private static let newKeys = [
        "notice", "base", "without", "injector", "beam-lines", "rooms", "operation", "facts",
    ]

    func description() -> MachineDescription? {
        let version = top["version"]?.readInteger(in: 1...MachineFile.version) ?? MachineFile.version
        if version < 2 {
            for key in Self.newKeys {
                top[key]?.report("version \(version) of the format does not know this key; write version: 2")
            }
        }
        let name = readName()
        let facility = top["facility"]?.readText()
        let notice = top["notice"]?.readText()
        let summary = top["summary"]?.readText()
        let ion = readIon()
        let injector = top["injector"].flatMap { InjectorReader(figures: figures, ion: ion).read($0) }
        let synchrotron = top["synchrotron"].flatMap {
            SynchrotronReader(figures: figures, hasRing: version >= 2).read($0)
        }
        let energies = top["energies"].flatMap { EnergyReader(figures: figures, ion: ion).read($0) }
        let nozzles = top["nozzles"].map { readNozzles($0, modes: energies?.modes) } ?? [:]
        let passive = top["passive-nozzles"].map(readPassiveNozzles) ?? [:]
        let ports = top["ports"].flatMap {
            PortReader(
                figures: figures, nozzles: nozzles?.mapValues(\.nozzle), passiveNozzles: passive,
                tellsDelivery: version >= 2
            )
            .read($0)
        }
        let lines = top["beam-lines"].flatMap {
            BeamLineReader(figures: figures, ports: ports?.places).read($0)
        }
        var scanning = ports?.scanning
        if let ports, let energies {
            let derived = nozzles?.mapValues(\.fromLine) ?? [:]
            // A wrong line has its finding already.
            if top["beam-lines"] == nil || lines != nil {
                scanning = withBeamLines(
                    ports, lines: lines ?? [:], derived: derived, modes: energies.modes, ion: ion)
            }
        }
        let rooms = top["rooms"].flatMap { RoomReader(figures: figures, ports: ports?.places).read($0) }
        let operation = top["operation"].flatMap { OperationReader(figures: figures).read($0) }
        let facts = readFacts()
        figures.reportUnusedSources(at: top["sources"])
        guard let name, let facility, let summary, let ion, let synchrotron, let energies,
            nozzles != nil, passive != nil, let ports, let scanning, facts,
            top["notice"] == nil || notice != nil,
            top["injector"] == nil || injector != nil, top["beam-lines"] == nil || lines != nil,
            top["rooms"] == nil || rooms != nil, top["operation"] == nil || operation != nil
        else { return nil }
        let description = MachineDescription(
            machine: Machine(
                name: name, facility: facility, ion: ion, energies: energies.standard.energies,
                ports: scanning, passivePorts: ports.passive),
            synchrotron: synchrotron, summary: summary, figures: figures.figures, notice: notice,
            base: base, injector: injector, energyModes: energies.modes,
            defaultEnergyMode: energies.standard.name, beamLines: lines ?? [:], rooms: rooms ?? [],
            operation: operation)
        MachineConsistency(description: description, top: top).check()
        return description
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

    /// The nozzles must do for the energies of all modes.
    private func readNozzles(_ element: YAMLElement, modes: [EnergyMode]?)
        -> [String: (nozzle: Nozzle, fromLine: Set<NozzleLineFigure>)]?
    {
        guard let members = element.readOpenMapping() else { return nil }
        let energies = modes.map { $0.flatMap(\.energies).sorted(by: >) }
        var nozzles: [String: (nozzle: Nozzle, fromLine: Set<NozzleLineFigure>)] = [:]
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

    /// Figures that nothing computes with; false if one is wrong.
    private func readFacts() -> Bool {
        guard let element = top["facts"] else { return true }
        guard let members = element.readOpenMapping() else { return false }
        return members.map { figures.fact($0.value) }.allSatisfy { $0 }
    }
}
