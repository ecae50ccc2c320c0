import Foundation

/// A raster image that several pictures of one page may show; embedded once.
struct SharedRaster: Hashable, Sendable {
    /// Identifier in the page.
    let id: String
    /// The whole PNG file.
    let png: [UInt8]
    /// Where it is placed, in the coordinates of the drawing that uses it.
    let size: SIMD2<Double>

    /// The `<image>` element with the file inside.
    var definition: String {
        let data = Data(png).base64EncodedString()
        return "<image id=\"\(Markup.escaped(id))\" width=\"\(Markup.coordinate(size.x))\" "
            + "height=\"\(Markup.coordinate(size.y))\" preserveAspectRatio=\"none\" "
            + "href=\"data:image/png;base64,\(data)\"/>"
    }
}

/// A finished drawing: SVG that stands in a page or in a file of its own.
public struct Picture: Sendable {
    /// Stem of its file name and prefix of its identifiers: letters, digits and hyphens.
    public let name: String
    /// Natural size, CSS pixels (1/96 inch).
    public let size: SIMD2<Double>
    /// Short heading.
    public let title: String
    /// What a reader who cannot see the picture should know.
    public let alternativeText: String
    let body: String
    let rasters: [SharedRaster]

    init(
        name: String, size: SIMD2<Double>, title: String, alternativeText: String, canvas: SVGCanvas,
        rasters: [SharedRaster] = []
    ) {
        self.name = name
        self.size = size
        self.title = title
        self.alternativeText = alternativeText
        self.body = canvas.markup
        self.rasters = rasters
    }

    /// Width of a picture that fills a page, pixels: with this, type of 11 pixels prints at about 8 points.
    public static let width = 760.0

    /// Type faces asked for, best first; the last ones are on any Linux machine.
    static let fontFamily =
        "Inter, 'Source Sans 3', 'Helvetica Neue', 'Liberation Sans', Arial, 'DejaVu Sans', sans-serif"

    private var openingTag: String {
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" "
            + "viewBox=\"0 0 \(Markup.coordinate(size.x)) \(Markup.coordinate(size.y))\" "
            + "aria-label=\"\(Markup.escaped(alternativeText))\" "
            + "font-family=\"\(Self.fontFamily)\" font-size=\"12\" fill=\"\(Colour.ink.css)\""
    }

    /// The drawing for a page that defines `rasters` elsewhere; fills the width it is given.
    var inlineMarkup: String { "\(openingTag) class=\"picture\">\n\(body)</svg>\n" }

    /// The drawing as a file of its own.
    public var fileContents: String {
        let definitions = rasters.map(\.definition).joined(separator: "\n")
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\(openingTag) "
            + "width=\"\(Markup.coordinate(size.x))\" height=\"\(Markup.coordinate(size.y))\">\n"
            + "<title>\(Markup.escaped(title))</title>\n"
            + (rasters.isEmpty ? "" : "<defs>\(definitions)</defs>\n")
            + "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n\(body)</svg>\n"
    }
}
