/// How well a figure of a machine is known.
public enum FigureConfidence: String, Hashable, Sendable, CaseIterable {
    /// Published or measured, and beyond doubt.
    case high
    /// Second hand, of a sister machine, or recalled from a publication and plausible.
    case medium
    /// One weak source, or dimly remembered.
    case low
    /// Not known: a value chosen so that planning and simulation can be done.
    case assumed
}

/// One figure of a machine file with where it comes from.
public struct AnnotatedFigure: Hashable, Sendable {
    /// Place in the file, for example `nozzles.fixed.virtual-source-distance`.
    public var path: String
    /// The value as it is written, for example `9000, 8500`.
    public var value: String
    /// Unit; empty for pure numbers and words.
    public var unit: String
    /// Where the figure comes from, in full.
    public var source: String
    public var confidence: FigureConfidence
    /// A remark; nil for none.
    public var note: String?
    /// What the base of the file says where the file says something else, for example `63 m`; nil for a figure that
    /// overrides none.
    public var overridden: String?

    public init(
        path: String, value: String, unit: String, source: String, confidence: FigureConfidence,
        note: String? = nil, overridden: String? = nil
    ) {
        self.path = path
        self.value = value
        self.unit = unit
        self.source = source
        self.confidence = confidence
        self.note = note
        self.overridden = overridden
    }
}
