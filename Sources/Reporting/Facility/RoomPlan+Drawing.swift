import FacilityModel
import Foundation
import Quantities

extension RoomPlan {
    /// Where things stand on the floor, m, x to the right and y down.
    package struct Layout {
        package var ringCentre: SIMD2<Double>
        /// Rooms as rectangles, in the order of the plan.
        package var rooms: [(origin: SIMD2<Double>, size: SIMD2<Double>, column: Int)]
        /// Line along the rooms of each column: x, and y of its ends.
        package var trunks: [(x: Double, from: Double, to: Double)]
        package var lower: SIMD2<Double>
        package var upper: SIMD2<Double>
    }

    /// Radius that the ring takes, m.
    var ringRadiusM: Double {
        guard let ring else { return circumference.metres / (2 * .pi) }
        return 0.5 * max(ring.size.x, ring.size.y)
    }

    /// Height of the orbit above the middle of the ring, m.
    private var ringTopM: Double { ring.map { 0.5 * $0.size.y } ?? ringRadiusM }

    private static let labelM = 19.0

    /// Rooms of at most four in a column, to the right of the ring.
    package var layout: Layout {
        let radius = ringRadiusM
        let perColumn = rooms.count <= 4 ? max(rooms.count, 1) : (rooms.count + 1) / 2
        var placed: [(origin: SIMD2<Double>, size: SIMD2<Double>, column: Int)] = []
        var trunks: [(x: Double, from: Double, to: Double)] = []
        var (left, bottom) = (radius + 3, 0.0)
        for start in stride(from: 0, to: rooms.count, by: perColumn) {
            let column = rooms[start..<min(start + perColumn, rooms.count)]
            let sizes = column.map { room in
                room.hasGantry
                    ? SIMD2(gantryLength.metres + 2, gantryDiameter.metres + 2)
                    : SIMD2(repeating: Self.roomM)
            }
            var y = 0.0
            for size in sizes {
                placed.append((SIMD2(left + 3, y), size, trunks.count))
                y += size.y + 2
            }
            trunks.append((left, 0.5 * (sizes.first?.y ?? 0), y - 2 - 0.5 * (sizes.last?.y ?? 0)))
            // Names of room and ports stand at its right.
            left += 3 + (sizes.map(\.x).max() ?? 0) + Self.labelM
            bottom = max(bottom, y - 2)
        }
        // The ring stands beside the middle of the rooms, or the rooms beside the middle of the ring.
        let height = max(bottom, 2 * radius)
        let shift = 0.5 * (height - bottom)
        for index in placed.indices { placed[index].origin.y += shift }
        let centre = SIMD2(0, 0.5 * height)
        for index in trunks.indices {
            // From the line out of the ring, or from the first room where that stands higher.
            trunks[index].from = min(centre.y - ringTopM, trunks[index].from + shift)
            trunks[index].to = max(centre.y - ringTopM, trunks[index].to + shift)
        }
        return Layout(
            ringCentre: centre, rooms: placed, trunks: trunks,
            lower: SIMD2(-radius - 1, min(0, centre.y - ringTopM - 5)),
            upper: SIMD2(left - Self.labelM, height))
    }

    /// Draws the plan.
    ///
    /// - Parameter name: Stem of the file's name.
    public func picture(name: String = "rooms") -> Picture {
        let layout = layout
        var (lower, upper) = (layout.lower, layout.upper)
        if let building {
            let middle = 0.5 * (lower + upper)
            lower = pointwiseMin(lower, middle - 0.5 * building)
            upper = pointwiseMax(upper, middle + 0.5 * building)
        }
        upper.x = max(upper.x, layout.upper.x + Self.labelM)
        let extent = upper - lower
        let scale = min((Picture.width - 24) / extent.x, 560 / extent.y)
        let offset = SIMD2(0.5 * (Picture.width - extent.x * scale), 34.0)
        func px(_ point: SIMD2<Double>) -> SIMD2<Double> { offset + (point - lower) * scale }
        var canvas = SVGCanvas()
        let planBottom = offset.y + extent.y * scale
        if let building {
            let middle = 0.5 * (layout.lower + layout.upper)
            let corner = px(middle - 0.5 * building)
            canvas.rectangle(
                corner, building * scale, fill: Colour(hex: 0xF7F8FA),
                stroke: .init(colour: .quietInk, width: 1.6))
            canvas.text(
                "building \(NumberText.short(building.x)) × \(NumberText.short(building.y)) m",
                at: corner + SIMD2(6, building.y * scale - 7), size: 11, colour: .quietInk)
        }
        drawLines(layout, px, &canvas)
        drawRing(layout, scale, px, &canvas)
        for (room, place) in zip(rooms, layout.rooms) {
            drawRoom(room, place.origin, place.size, trunk: layout.trunks[place.column].x, scale, px, &canvas)
        }
        drawLegend(scale, &canvas)
        let bottom = drawHeads(top: planBottom + 30, scale, &canvas)
        return Picture(
            name: name, size: SIMD2(Picture.width, bottom), title: "Rooms of \(machine)",
            alternativeText:
                "Plan view of \(machine): ring of \(NumberText.short(circumference.metres)) m, rooms "
                + rooms.map { "\($0.id) (\($0.ports.map(\.id).joined(separator: ", ")))" }.joined(
                    separator: ", ") + ". Places are a scheme.", canvas: canvas)
    }

    private static let dash: [Double] = [6, 4]
    private static let beam = Colour(hex: 0xD55E00)
    private static let magnet = Colour(hex: 0x0072B2)

    private func drawRing(
        _ layout: Layout, _ scale: Double, _ px: (SIMD2<Double>) -> SIMD2<Double>, _ canvas: inout SVGCanvas
    ) {
        let centre = layout.ringCentre
        let dash = circumference.isKnown ? [] : Self.dash
        if let ring {
            canvas.path(
                [ring.orbit.map { px(centre + $0) }], closed: true,
                stroke: .init(colour: .ink, width: 1.6, dash: dash))
            canvas.path(
                ring.bends.map { $0.map { px(centre + $0) } }, closed: false,
                stroke: .init(colour: Self.magnet, width: 5, opacity: 0.75))
        } else {
            canvas.circle(
                px(centre), radius: ringRadiusM * scale, fill: nil,
                stroke: .init(colour: .ink, width: 1.6, dash: dash))
        }
        let middle = px(centre)
        canvas.text("synchrotron", at: middle - SIMD2(0, 4), anchor: .middle, size: 12, bold: true)
        canvas.text(
            "\(NumberText.short(circumference.metres)) m around" + (circumference.isKnown ? "" : ", assumed"),
            at: middle + SIMD2(0, 11), anchor: .middle, size: 11)
        if ringCount > 1 {
            canvas.text(
                "\(ringCount) above each other", at: middle + SIMD2(0, 26), anchor: .middle, size: 11,
                colour: .quietInk)
        }
    }

    /// Injector and beam lines: a scheme.
    private func drawLines(
        _ layout: Layout, _ px: (SIMD2<Double>) -> SIMD2<Double>, _ canvas: inout SVGCanvas
    ) {
        let top = layout.ringCentre - SIMD2(0, ringTopM)
        let stroke = SVGCanvas.Stroke(colour: Self.beam, width: 1.6, dash: Self.dash)
        let source = SIMD2(-ringRadiusM, top.y - 4)
        canvas.path(
            [
                [
                    px(source), px(SIMD2(top.x - 0.4 * ringRadiusM, source.y)),
                    px(top - SIMD2(0.15 * ringRadiusM, 0)),
                ]
            ],
            closed: false, stroke: stroke)
        canvas.circle(px(source), radius: 4, fill: Self.beam)
        canvas.text("ion source, RFQ, linac", at: px(source) + SIMD2(2, -8), size: 11)
        guard let last = layout.trunks.last else { return }
        canvas.path([[px(top), px(SIMD2(last.x, top.y))]], closed: false, stroke: stroke)
        canvas.text(
            "beam lines", at: px(SIMD2(0.6 * layout.trunks[0].x, top.y)) + SIMD2(0, -6), anchor: .middle,
            size: 11)
        for trunk in layout.trunks {
            canvas.path(
                [
                    [
                        px(SIMD2(trunk.x, min(trunk.from, trunk.to))),
                        px(SIMD2(trunk.x, max(trunk.from, trunk.to))),
                    ]
                ],
                closed: false, stroke: stroke)
        }
    }

    private func drawRoom(
        _ room: Room, _ origin: SIMD2<Double>, _ size: SIMD2<Double>, trunk: Double, _ scale: Double,
        _ px: (SIMD2<Double>) -> SIMD2<Double>, _ canvas: inout SVGCanvas
    ) {
        canvas.rectangle(
            px(origin), size * scale, fill: .white,
            stroke: .init(colour: .quietInk, width: 1.2, dash: Self.dash), radius: 3)
        let middle = origin + 0.5 * size
        let isocentre = room.hasGantry ? SIMD2(origin.x + 1 + 0.75 * gantryLength.metres, middle.y) : middle
        let stroke = SVGCanvas.Stroke(colour: Self.beam, width: 1.6, dash: Self.dash)
        if room.hasGantry {
            let known = gantryDiameter.isKnown && gantryLength.isKnown
            canvas.rectangle(
                px(SIMD2(origin.x + 1, middle.y - 0.5 * gantryDiameter.metres)),
                SIMD2(gantryLength.metres, gantryDiameter.metres) * scale, fill: Colour(hex: 0xE8F1F8),
                stroke: .init(colour: Self.magnet, width: 1.6, dash: known ? [] : Self.dash), radius: 2)
            canvas.text(
                "gantry",
                at: px(SIMD2(origin.x + 1.4, middle.y - 0.5 * gantryDiameter.metres)) + SIMD2(0, 13),
                size: 10.5, colour: Self.magnet)
        }
        // Every port with its own line, the level one straight.
        let others = room.ports.filter { !isLevel($0) && !$0.isGantry }
        if others.count < room.ports.count {
            canvas.line(px(SIMD2(trunk, middle.y)), px(isocentre), stroke)
            arrow(to: px(isocentre), &canvas)
        }
        for index in others.indices {
            let y = middle.y - 2.2 - 1.2 * Double(index)
            canvas.path(
                [[px(SIMD2(trunk, y)), px(SIMD2(isocentre.x, y)), px(isocentre)]], closed: false,
                stroke: stroke)
            let eye = px(SIMD2(isocentre.x, y))
            canvas.circle(eye, radius: 5, fill: .white, stroke: .init(colour: Self.beam, width: 1.4))
            canvas.circle(eye, radius: 1.6, fill: Self.beam)
        }
        canvas.circle(px(isocentre), radius: 3, fill: .ink)
        let label = px(origin + SIMD2(size.x, 0)) + SIMD2(6, 11)
        let isPassive = !room.ports.isEmpty && room.ports.allSatisfy(\.isPassive)
        canvas.text(
            "room \(room.id)" + (isPassive ? ", passive" : ""), at: label, size: 11.5, bold: true,
            halo: .white)
        for (index, port) in room.ports.enumerated() {
            let words =
                "\(port.id) \(Self.angles(port.direction))"
                + (port.isPassive && !isPassive ? ", passive" : "")
            canvas.text(words, at: label + SIMD2(0, 14 + 13 * Double(index)), size: 10, halo: .white)
        }
    }

    private func arrow(to tip: SIMD2<Double>, _ canvas: inout SVGCanvas) {
        canvas.path(
            [[tip + SIMD2(-10, -4), tip + SIMD2(-3, 0), tip + SIMD2(-10, 4)]], closed: false,
            stroke: .init(colour: Self.beam, width: 1.8))
    }

    private func isLevel(_ port: Place) -> Bool {
        guard case .fixed(let angle) = port.direction else { return false }
        return abs(cos(angle.value * .pi / 180)) < 0.02
    }

    static func angles(_ direction: FacilityModel.Port.Direction) -> String {
        switch direction {
        case .fixed(let angle): "\(NumberText.short(angle.value))°"
        case .rotating(let range):
            "\(NumberText.short(range.lowerBound.value)) to \(NumberText.short(range.upperBound.value))°"
        }
    }

    private func drawLegend(_ scale: Double, _ canvas: inout SVGCanvas) {
        canvas.line([12, 14], [12 + 10 * scale, 14], .init(colour: .ink, width: 2.4))
        canvas.text("10 m", at: [18 + 10 * scale, 18], size: 11)
        var at = 80 + 10 * scale
        canvas.line([at, 14], [at + 28, 14], .init(colour: .ink, width: 1.6))
        canvas.text("size known", at: [at + 34, 18], size: 11)
        at += 116
        canvas.line([at, 14], [at + 28, 14], .init(colour: .ink, width: 1.6, dash: Self.dash))
        canvas.text("scheme or assumed", at: [at + 34, 18], size: 11)
        at += 162
        canvas.line([at, 14], [at + 28, 14], .init(colour: Self.magnet, width: 5, opacity: 0.75))
        canvas.text("dipoles", at: [at + 34, 18], size: 11)
        at += 92
        canvas.circle([at + 8, 14], radius: 5, fill: .white, stroke: .init(colour: Self.beam, width: 1.4))
        canvas.circle([at + 8, 14], radius: 1.6, fill: Self.beam)
        canvas.text("beam from above", at: [at + 20, 18], size: 11)
    }

    /// Each room seen from the couch towards the gantry: where the beam comes from, IEC angles.
    private func drawHeads(top: Double, _ scale: Double, _ canvas: inout SVGCanvas) -> Double {
        guard !rooms.isEmpty else { return top }
        let cell = Picture.width / Double(max(rooms.count, 3))
        let limit = min(0.42 * cell, 78)
        func radius(_ room: Room) -> Double {
            room.hasGantry
                ? min(limit, 0.5 * gantryDiameter.metres * scale) : min(limit, 0.5 * Self.roomM * scale)
        }
        let greatest = rooms.map(radius).max() ?? 0
        canvas.text(
            "Where the beam comes from, seen towards the gantry (IEC angles)", at: [12, top], size: 12,
            bold: true)
        let middleY = top + 26 + greatest
        for (index, room) in rooms.enumerated() {
            let middle = SIMD2(cell * (Double(index) + 0.5), middleY)
            let r = radius(room)
            let known = room.hasGantry && gantryDiameter.isKnown
            canvas.circle(
                middle, radius: r, fill: room.hasGantry ? Colour(hex: 0xE8F1F8) : .white,
                stroke: .init(
                    colour: room.hasGantry ? Self.magnet : .quietInk, width: 1.4, dash: known ? [] : Self.dash
                ))
            canvas.rectangle(middle + SIMD2(-13, 3), [26, 4], fill: .quietInk, radius: 2)
            canvas.circle(middle - SIMD2(0, 1), radius: 5, fill: .quietInk)
            for port in room.ports {
                switch port.direction {
                case .fixed(let angle): ray(angle.value, from: middle, radius: r, &canvas)
                case .rotating(let range):
                    let steps = stride(from: range.lowerBound.value, through: range.upperBound.value, by: 5)
                    let ring = steps.map { middle + (r - 6) * Self.direction($0) }
                    canvas.path([ring], closed: false, stroke: .init(colour: Self.beam, width: 2))
                    ray(
                        max(range.lowerBound.value, min(40, range.upperBound.value)), from: middle,
                        radius: r - 6, isNamed: false, &canvas)
                }
            }
            var words = "room \(room.id)"
            if room.hasGantry {
                words +=
                    ", \(NumberText.short(gantryDiameter.metres)) m\(gantryDiameter.isKnown ? "" : ", not known")"
            }
            canvas.text(words, at: [middle.x, middleY + greatest + 18], anchor: .middle, size: 11)
        }
        return middleY + greatest + 32
    }

    /// Towards the source at an IEC gantry angle: 0° from above, 90° from the right of the picture.
    private static func direction(_ degrees: Double) -> SIMD2<Double> {
        SIMD2(sin(degrees * .pi / 180), -cos(degrees * .pi / 180))
    }

    private func ray(
        _ degrees: Double, from middle: SIMD2<Double>, radius: Double, isNamed: Bool = true,
        _ canvas: inout SVGCanvas
    ) {
        let d = Self.direction(degrees)
        let side = SIMD2(-d.y, d.x)
        let tip = middle + 11 * d
        canvas.line(middle + radius * d, tip, .init(colour: Self.beam, width: 1.8))
        canvas.path(
            [[tip + 7 * d + 4 * side, tip, tip + 7 * d - 4 * side]], closed: false,
            stroke: .init(colour: Self.beam, width: 1.8))
        guard isNamed, radius > 22 else { return }
        canvas.text(
            "\(NumberText.short(degrees))°", at: middle + (radius - 16) * d + 11 * side + SIMD2(0, 4),
            anchor: .middle, size: 9.5)
    }
}
