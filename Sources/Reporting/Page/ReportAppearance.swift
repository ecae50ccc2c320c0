/// How a report looks; the defaults suit most plans.
public struct ReportAppearance: Sendable, Hashable {
    /// Paper of the PDF.
    public enum Paper: String, Sendable, CaseIterable {
        case a4 = "A4"
        case letter = "Letter"
    }

    public var paper: Paper
    /// What the report is about, in a few words; nil for none.
    public var title: String?
    public var window: CTWindow
    /// Least share of the prescription at which dose, LETd and RBE are shown in colour.
    public var threshold: Double
    /// Isodose lines, as shares of the prescription.
    public var isodoses: [Double]
    /// Size of a pixel of the pictures, mm.
    public var pixelMM: Double
    /// Indices of the layers in the spot maps by field number; for other fields three telling ones are chosen.
    public var spotMapLayers: [Int: [Int]]
    /// Structures that are not drawn, by name.
    public var hiddenStructures: Set<String>
    /// Whether the tables of all energy layers are added.
    public var listsLayers: Bool

    public init(
        paper: Paper = .a4, window: CTWindow = .softTissue, threshold: Double = 0.1,
        isodoses: [Double] = [0.95, 0.5], pixelMM: Double = 0.5, spotMapLayers: [Int: [Int]] = [:],
        hiddenStructures: Set<String> = [], listsLayers: Bool = true
    ) {
        self.paper = paper
        self.window = window
        self.threshold = threshold
        self.isodoses = isodoses
        self.pixelMM = pixelMM
        self.spotMapLayers = spotMapLayers
        self.hiddenStructures = hiddenStructures
        self.listsLayers = listsLayers
    }
}
