import FacilityThroughput

/// A treatment day as bars: one row for each room and one for the beam.
///
/// ## Checked by
/// `FacilityPicturesTests`.
public enum DayGantt {
    private static let left = 92.0
    private static let top = 46.0
    private static let rowHeight = 42.0

    static func colour(_ phase: DayResult.Phase) -> Colour {
        switch phase {
        case .setUp: Colour.series[4]
        case .preparation: Colour.series[5]
        case .waiting: Colour.series[3]
        case .irradiation: Colour.series[1]
        case .leaving: Colour.series[2]
        }
    }

    public static func picture(_ day: DayResult, title: String) -> Picture {
        let rooms = day.rules.rooms
        let size = SIMD2(Picture.width, top + rowHeight * Double(rooms.count + 1) + 46)
        let start = (day.rules.openMin / 60).rounded(.down) * 60
        let end = (max(day.endMin, day.rules.closeMin) / 60).rounded(.up) * 60
        let width = size.x - left - 14
        func x(_ minute: Double) -> Double { left + (minute - start) / max(end - start, 1) * width }
        func y(_ row: Int) -> Double { top + rowHeight * Double(row) }
        var canvas = SVGCanvas()
        let bottom = y(rooms.count + 1)
        for hour in stride(from: start, through: end, by: 60) {
            canvas.line([x(hour), top], [x(hour), bottom], .init(colour: .grid))
            canvas.text("\(Int(hour) / 60):00", at: [x(hour), bottom + 17], anchor: .middle, size: 11)
        }
        canvas.line(
            [x(day.rules.closeMin), top], [x(day.rules.closeMin), bottom],
            .init(colour: .quietInk, width: 1, dash: [4, 3]))
        canvas.text("Time of day", at: [left + width / 2, bottom + 36], anchor: .middle, size: 12)
        for (index, room) in rooms.enumerated() {
            canvas.text(room.name, at: [left - 8, y(index) + 26], anchor: .end, size: 11)
        }
        canvas.text("beam", at: [left - 8, y(rooms.count) + 26], anchor: .end, size: 11)
        for segment in day.segments {
            let (from, to) = (x(segment.startMin), x(segment.endMin))
            canvas.rectangle(
                [from, y(segment.room) + 8], [to - from, rowHeight - 16], fill: colour(segment.phase))
            if segment.phase == .irradiation {
                canvas.rectangle(
                    [from, y(rooms.count) + 8], [to - from, rowHeight - 16], fill: colour(.irradiation))
            }
        }
        var at = left
        for phase in DayResult.Phase.allCases {
            canvas.rectangle([at, 14], [14, 14], fill: colour(phase))
            canvas.text(phase.rawValue, at: [at + 20, 26], size: 11)
            at += 34 + 6.6 * Double(phase.rawValue.count)
        }
        return Picture(
            name: "day", size: size, title: title,
            alternativeText: "What each room does and when beam is on, over a treatment day with "
                + "\(day.fractions) fractions.", canvas: canvas)
    }
}
