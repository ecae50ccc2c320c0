/// A plot of curves over one common horizontal axis, in one panel or several above each other.
///
/// Every axis carries its quantity and unit; the legend stands at the right, outside the data.
///
/// ## Checked by
/// `LinePlotTests`.
public struct LinePlot: Sendable {
    /// One curve.
    public struct Series: Sendable {
        /// How the points are joined.
        public enum Style: Sendable {
            case line
            /// A vertical bar from zero to each point.
            case stems
            /// A dot of diameter `width` at each point.
            case dots
        }
        public var name: String
        public var colour: Colour
        /// Lengths of dash and gap, pixels; empty for a solid line.
        public var dash: [Double]
        public var width: Double
        public var style: Style
        /// (x, y) in axis units; a point that is not finite breaks the line.
        public var points: [SIMD2<Double>]
        /// Whether the legend names it.
        public var isListed: Bool

        public init(
            name: String, colour: Colour, dash: [Double] = [], width: Double = 1.8, style: Style = .line,
            points: [SIMD2<Double>], isListed: Bool = true
        ) {
            self.name = name
            self.colour = colour
            self.dash = dash
            self.width = width
            self.style = style
            self.points = points
            self.isListed = isListed
        }
    }

    /// An axis with its title, which names quantity and unit.
    public struct Axis: Sendable {
        public var title: String
        public var range: ClosedRange<Double>

        /// - Precondition: a range that is not empty.
        public init(title: String, range: ClosedRange<Double>) {
            precondition(range.upperBound > range.lowerBound, "empty axis")
            self.title = title
            self.range = range
        }
    }

    /// A shaded interval of the horizontal axis.
    public struct Band: Sendable {
        public var range: ClosedRange<Double>
        public var label: String
        public var colour: Colour

        public init(range: ClosedRange<Double>, label: String, colour: Colour) {
            self.range = range
            self.label = label
            self.colour = colour
        }
    }

    /// A labelled value of an axis, drawn as a thin line across the panel.
    public struct Mark: Sendable {
        public var value: Double
        public var label: String

        public init(value: Double, label: String) {
            self.value = value
            self.label = label
        }
    }

    /// One panel with its own vertical axis.
    public struct Panel: Sendable {
        public var vertical: Axis
        public var series: [Series]
        /// Marks of the vertical axis.
        public var marks: [Mark]
        /// Share of the height among the panels.
        public var weight: Double

        public init(vertical: Axis, series: [Series], marks: [Mark] = [], weight: Double = 1) {
            self.vertical = vertical
            self.series = series
            self.marks = marks
            self.weight = weight
        }
    }

    public var horizontal: Axis
    public var panels: [Panel]
    public var bands: [Band]
    /// Marks of the horizontal axis, through all panels.
    public var marks: [Mark]
    public var size: SIMD2<Double>
    public var showsLegend: Bool

    public init(
        horizontal: Axis, panels: [Panel], bands: [Band] = [], marks: [Mark] = [],
        size: SIMD2<Double> = SIMD2(Picture.width, 420), showsLegend: Bool = true
    ) {
        precondition(!panels.isEmpty)
        self.horizontal = horizontal
        self.panels = panels
        self.bands = bands
        self.marks = marks
        self.size = size
        self.showsLegend = showsLegend
    }

    /// Draws the plot.
    public func picture(name: String, title: String, alternativeText: String) -> Picture {
        var canvas = SVGCanvas()
        draw(into: &canvas, id: name)
        return Picture(name: name, size: size, title: title, alternativeText: alternativeText, canvas: canvas)
    }
}
