/// Collects the elements of one drawing, in CSS pixels, y down.
struct SVGCanvas {
    /// Where a text is held.
    enum Anchor: String {
        case start, middle, end
    }

    /// How a line is drawn.
    struct Stroke {
        var colour: Colour
        var width: Double = 1
        /// Lengths of dash and gap; empty for a solid line.
        var dash: [Double] = []
        var opacity: Double = 1

        var attributes: [(String, String)] {
            var list = [("stroke", colour.css), ("stroke-width", Markup.coordinate(width))]
            if !dash.isEmpty {
                list.append(("stroke-dasharray", dash.map(Markup.coordinate).joined(separator: " ")))
            }
            if opacity < 1 { list.append(("stroke-opacity", Markup.coordinate(opacity))) }
            return list
        }
    }

    private(set) var markup = ""

    /// An element without content.
    mutating func element(_ name: String, _ attributes: [(String, String)]) {
        markup += "<\(name)\(Markup.attributes(attributes))/>\n"
    }

    /// Elements drawn by `content` inside a group.
    mutating func group(_ attributes: [(String, String)], _ content: (inout SVGCanvas) -> Void) {
        markup += "<g\(Markup.attributes(attributes))>\n"
        content(&self)
        markup += "</g>\n"
    }

    /// Elements moved by `offset` and clipped to the rectangle of that size; `id` must be unique in the page.
    mutating func clippedGroup(
        id: String, offset: SIMD2<Double>, size: SIMD2<Double>, _ content: (inout SVGCanvas) -> Void
    ) {
        let (w, h) = (Markup.coordinate(size.x), Markup.coordinate(size.y))
        markup += "<clipPath id=\"\(Markup.escaped(id))\"><rect width=\"\(w)\" height=\"\(h)\"/></clipPath>\n"
        let move = "translate(\(Markup.coordinate(offset.x)) \(Markup.coordinate(offset.y)))"
        group([("transform", move)]) { outer in
            outer.group([("clip-path", "url(#\(id))")], content)
        }
    }

    mutating func line(_ a: SIMD2<Double>, _ b: SIMD2<Double>, _ stroke: Stroke) {
        element(
            "line",
            [
                ("x1", Markup.coordinate(a.x)), ("y1", Markup.coordinate(a.y)),
                ("x2", Markup.coordinate(b.x)),
                ("y2", Markup.coordinate(b.y)),
            ] + stroke.attributes)
    }

    mutating func rectangle(
        _ origin: SIMD2<Double>, _ size: SIMD2<Double>, fill: Colour?, opacity: Double = 1,
        stroke: Stroke? = nil,
        radius: Double = 0
    ) {
        var attributes = [
            ("x", Markup.coordinate(origin.x)), ("y", Markup.coordinate(origin.y)),
            ("width", Markup.coordinate(max(0, size.x))), ("height", Markup.coordinate(max(0, size.y))),
            ("fill", fill?.css ?? "none"),
        ]
        if opacity < 1 { attributes.append(("fill-opacity", Markup.coordinate(opacity))) }
        if radius > 0 { attributes.append(("rx", Markup.coordinate(radius))) }
        element("rect", attributes + (stroke?.attributes ?? []))
    }

    /// A rectangle of equidistant colours from top to bottom; `id` must be unique in the page.
    mutating func gradient(id: String, _ origin: SIMD2<Double>, _ size: SIMD2<Double>, colours: [Colour]) {
        let stops = colours.enumerated().map { index, colour in
            let share = Double(index) / Double(max(colours.count - 1, 1))
            return "<stop offset=\"\(Markup.coordinate(100 * share))%\" stop-color=\"\(colour.css)\"/>"
        }
        markup +=
            "<linearGradient id=\"\(Markup.escaped(id))\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"1\">"
            + stops.joined() + "</linearGradient>\n"
        element(
            "rect",
            [
                ("x", Markup.coordinate(origin.x)), ("y", Markup.coordinate(origin.y)),
                ("width", Markup.coordinate(size.x)), ("height", Markup.coordinate(size.y)),
                ("fill", "url(#\(id))"),
            ])
    }

    mutating func circle(
        _ centre: SIMD2<Double>, radius: Double, fill: Colour?, opacity: Double = 1, stroke: Stroke? = nil
    ) {
        var attributes = [
            ("cx", Markup.coordinate(centre.x)), ("cy", Markup.coordinate(centre.y)),
            ("r", Markup.coordinate(radius)), ("fill", fill?.css ?? "none"),
        ]
        if opacity < 1 { attributes.append(("fill-opacity", Markup.coordinate(opacity))) }
        element("circle", attributes + (stroke?.attributes ?? []))
    }

    /// A path of one or several pieces, `closed` or open; filled by the even-odd rule if `fill` is given.
    mutating func path(
        _ pieces: [[SIMD2<Double>]], closed: Bool, stroke: Stroke?, fill: Colour? = nil,
        fillOpacity: Double = 1
    ) {
        let data = Self.pathData(pieces, closed: closed)
        guard !data.isEmpty else { return }
        var attributes = [("d", data), ("fill", fill?.css ?? "none")]
        if fill != nil {
            attributes.append(("fill-rule", "evenodd"))
            if fillOpacity < 1 { attributes.append(("fill-opacity", Markup.coordinate(fillOpacity))) }
        }
        element("path", attributes + (stroke?.attributes ?? []) + [("stroke-linejoin", "round")])
    }

    /// A text; `y` is its base line.
    mutating func text(
        _ text: String, at position: SIMD2<Double>, anchor: Anchor = .start, size: Double = 12,
        colour: Colour = .ink, bold: Bool = false, turned: Bool = false, halo: Colour? = nil
    ) {
        var attributes = [
            ("x", Markup.coordinate(position.x)), ("y", Markup.coordinate(position.y)),
            ("font-size", Markup.coordinate(size)), ("fill", colour.css),
        ]
        if anchor != .start { attributes.append(("text-anchor", anchor.rawValue)) }
        if bold { attributes.append(("font-weight", "600")) }
        if turned {
            let (x, y) = (Markup.coordinate(position.x), Markup.coordinate(position.y))
            attributes.append(("transform", "rotate(-90 \(x) \(y))"))
        }
        if let halo {
            attributes += [
                ("stroke", halo.css), ("stroke-width", "3"), ("stroke-opacity", "0.55"),
                ("paint-order", "stroke"),
                ("stroke-linejoin", "round"),
            ]
        }
        markup += "<text\(Markup.attributes(attributes))>\(Markup.escaped(text))</text>\n"
    }

    private static func pathData(_ pieces: [[SIMD2<Double>]], closed: Bool) -> String {
        var data = ""
        for piece in pieces where piece.count > 1 {
            var command = "M"
            for point in piece {
                data += command
                data += Markup.coordinate(point.x)
                data += " "
                data += Markup.coordinate(point.y)
                command = "L"
            }
            if closed { data += "Z" }
        }
        return data
    }
}
