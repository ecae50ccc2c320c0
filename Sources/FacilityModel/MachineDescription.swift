/// How well a figure of a machine is known.
public enum FigureConfidence: String, Hashable, Sendable, CaseIterable {
    /// Published by the facility or measured, and read in the source.
    case high
    /// Published, but second hand or for a sister machine.
    case medium
    /// One weak source, or remembered.
    case low
    /// Not known: a value chosen by us so that planning can be done.
    case assumed
}

/// One figure of a machine file with where it comes from.
public struct AnnotatedFigure: Hashable, Sendable {
    /// Place in the file, for example `nozzles.fixed.virtual-source-distance`.
    public var path: String
    /// The value as it is written, for example `9000, 8500`.
    public var value: String
    /// Unit; empty for pure numbers.
    public var unit: String
    /// Where the figure comes from, in full.
    public var source: String
    public var confidence: FigureConfidence
    /// A remark; nil for none.
    public var note: String?

    public init(
        path: String, value: String, unit: String, source: String, confidence: FigureConfidence,
        note: String? = nil
    ) {
        self.path = path
        self.value = value
        self.unit = unit
        self.source = source
        self.confidence = confidence
        self.note = note
    }
}

/// The ring that makes the beam, as far as delivery and reports need it.
public struct Synchrotron: Hashable, Sendable {
    /// Circumference of the design orbit, m.
    public var circumferenceM: Double
    /// Time from one injection to the next with one flat top, s.
    public var cyclePeriodS: Double
    /// Ions that can be extracted from one fill.
    public var ionsPerFill: Double
    /// Extraction rates that can be asked for, ions/s.
    public var extractionRateIonsPerS: ClosedRange<Double>
    /// Time to go to the next energy of the list within a fill, s.
    public var energyChangeTimeS: Double
    /// Time to stop the beam, s.
    public var beamOffTimeS: Double

    public init(
        circumferenceM: Double, cyclePeriodS: Double, ionsPerFill: Double,
        extractionRateIonsPerS: ClosedRange<Double>, energyChangeTimeS: Double, beamOffTimeS: Double
    ) {
        self.circumferenceM = circumferenceM
        self.cyclePeriodS = cyclePeriodS
        self.ionsPerFill = ionsPerFill
        self.extractionRateIonsPerS = extractionRateIonsPerS
        self.energyChangeTimeS = energyChangeTimeS
        self.beamOffTimeS = beamOffTimeS
    }
}

/// A machine with the provenance of its figures.
public struct MachineDescription: Sendable, Equatable {
    /// What planning and delivery use.
    public var machine: Machine
    public var synchrotron: Synchrotron
    /// What the machine file is and is not, for people.
    public var summary: String
    /// Every figure in the order of the file.
    public var figures: [AnnotatedFigure]

    public init(
        machine: Machine, synchrotron: Synchrotron, summary: String, figures: [AnnotatedFigure]
    ) {
        self.machine = machine
        self.synchrotron = synchrotron
        self.summary = summary
        self.figures = figures
    }

    /// The figures that nobody has published: what must be replaced before a plan means anything at that facility.
    public var assumptions: [AnnotatedFigure] { figures.filter { $0.confidence == .assumed } }
}
