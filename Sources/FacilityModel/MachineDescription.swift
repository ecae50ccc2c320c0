import Quantities

/// Another machine file that a file was made from.
public struct MachineBase: Hashable, Sendable {
    /// Name of the machine, for example `yamagata`.
    public var name: String
    /// Path of its file, and of the files it was made from itself.
    public var files: [String]
    /// Why its figures are all taken as assumed here; nil if they keep their confidence.
    public var assumption: String?

    public init(name: String, files: [String], assumption: String? = nil) {
        self.name = name
        self.files = files
        self.assumption = assumption
    }
}

/// A machine with the provenance of its figures.
public struct MachineDescription: Sendable, Equatable {
    /// What planning and delivery use.
    public var machine: Machine
    /// What must be said wherever the machine is shown, for example that it has not been contracted; nil for nothing.
    public var notice: String?
    /// What the machine file is and is not, for people.
    public var summary: String
    /// The file it was made from; nil for a file that stands alone.
    public var base: MachineBase?
    public var synchrotron: Synchrotron
    /// Nil if the file does not tell.
    public var injector: Injector?
    /// All lists of energies; one of them is that of `machine`.
    public var energyModes: [EnergyMode]
    /// Name of the mode whose energies `machine` has.
    public var defaultEnergyMode: String
    /// By ID of the port; empty if the file does not tell.
    public var beamLines: [String: BeamLine]
    /// Empty if the file does not tell.
    public var rooms: [TreatmentRoom]
    /// Nil if the file does not tell.
    public var operation: FacilityOperation?
    /// Every figure in the order of the file.
    public var figures: [AnnotatedFigure]

    public init(
        machine: Machine, synchrotron: Synchrotron, summary: String, figures: [AnnotatedFigure],
        notice: String? = nil, base: MachineBase? = nil, injector: Injector? = nil,
        energyModes: [EnergyMode]? = nil, defaultEnergyMode: String = "standard",
        beamLines: [String: BeamLine] = [:], rooms: [TreatmentRoom] = [], operation: FacilityOperation? = nil
    ) {
        self.machine = machine
        self.notice = notice
        self.summary = summary
        self.base = base
        self.synchrotron = synchrotron
        self.injector = injector
        self.energyModes =
            energyModes ?? [EnergyMode(name: defaultEnergyMode, energies: machine.energies)]
        self.defaultEnergyMode = defaultEnergyMode
        self.beamLines = beamLines
        self.rooms = rooms
        self.operation = operation
        self.figures = figures
    }

    /// The figures that nobody has published: what must be replaced before a plan means anything at that facility.
    public var assumptions: [AnnotatedFigure] { figures.filter { $0.confidence == .assumed } }

    /// The figures that stand in the file itself in place of those of its base.
    public var overrides: [AnnotatedFigure] { figures.filter { $0.overridden != nil } }

    /// Patients a year that are published for the facility, a fact of the file itself; nil if it tells none.
    public var publishedPatientsPerYear: AnnotatedFigure? {
        figures.first { $0.path == "facts.patients-per-year" }
    }

    /// The mode of that name; nil if the facility has none.
    public func energyMode(_ name: String) -> EnergyMode? { energyModes.first { $0.name == name } }

    /// The machine with the energies of another mode; nil if the facility has no such mode.
    public func machine(energyMode name: String) -> Machine? {
        guard let mode = energyMode(name) else { return nil }
        var machine = machine
        machine.energies = mode.energies
        return machine
    }
}
