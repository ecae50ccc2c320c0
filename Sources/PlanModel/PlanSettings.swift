/// How spots and layers are laid over the target.
public struct SpotGrid: Hashable, Sendable {
    /// Distance of spots at the isocentre plane, mm.
    public var lateralSpacingMM: Double
    /// Distance of layers in water, mm.
    public var layerSpacingMM: Double
    /// Spots reach this far beyond the target sideways, mm.
    public var lateralMarginMM: Double
    /// Layers reach this far before the target, mm of water.
    public var proximalMarginMM: Double
    /// Layers reach this far behind the target, mm of water.
    public var distalMarginMM: Double

    public init(
        lateralSpacingMM: Double, layerSpacingMM: Double, lateralMarginMM: Double,
        proximalMarginMM: Double, distalMarginMM: Double
    ) {
        self.lateralSpacingMM = lateralSpacingMM
        self.layerSpacingMM = layerSpacingMM
        self.lateralMarginMM = lateralMarginMM
        self.proximalMarginMM = proximalMarginMM
        self.distalMarginMM = distalMarginMM
    }
}

/// How the spot weights are found.
public struct OptimisationSettings: Hashable, Sendable {
    public enum Mode: String, Hashable, Sendable, CaseIterable {
        /// All fields together (intensity-modulated).
        case multiField = "multi-field"
        /// Each field gives a uniform dose of its own.
        case singleFieldUniform = "single-field-uniform"
    }
    public var mode: Mode
    /// Greatest number of iterations.
    public var iterations: Int
    /// Stops when the objective falls by less than this share over ten iterations.
    public var tolerance: Double

    public init(mode: Mode = .multiField, iterations: Int, tolerance: Double) {
        self.mode = mode
        self.iterations = iterations
        self.tolerance = tolerance
    }
}

/// What the report shows beyond its fixed parts.
public struct ReportOptions: Hashable, Sendable {
    /// Title of the report; nil for the plan's label.
    public var title: String?
    /// Structures drawn and listed, in this order; empty for all.
    public var structures: [String]
    /// Isodose levels, share of the prescription (0.95 for 95 %); empty for the usual ones.
    public var isodoses: [Double]

    public init(title: String? = nil, structures: [String] = [], isodoses: [Double] = []) {
        self.title = title
        self.structures = structures
        self.isodoses = isodoses
    }
}
