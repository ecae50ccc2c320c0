import DeliveryControl
import DeliverySimulation
import Reporting

extension FaultPicture {
    /// - Parameters:
    ///   - history: Of the run.
    ///   - title: Above the picture.
    init(_ history: FaultHistory, title: String) {
        let window = history.windowS
        let zero = history.faultS ?? 0
        func ms(_ seconds: Double) -> Double { (seconds - zero) * 1e3 }
        let inside = history.points.filter { window.contains($0.timeS) }
        // What stands at the end of the session stands on, but for the state of a control that is dead.
        let isDead = history.points.last?.lost.contains("control") == true
        let end = isDead ? history.points.last?.timeS ?? 0 : window.upperBound
        var asked: [SIMD2<Double>] = []
        for point in inside {
            if let last = asked.last, last.y != point.askedIonsPerS {
                asked.append(SIMD2(ms(point.timeS), last.y))
            }
            asked.append(SIMD2(ms(point.timeS), point.askedIonsPerS))
        }

        /// Stretches in which a value stays the same.
        func bars(_ label: (FaultHistory.Point) -> String?) -> [Bar] {
            var bars: [Bar] = []
            var open: (label: String, from: Double)?
            for point in history.points {
                let now = label(point)
                guard now != open?.label else { continue }
                if let open { bars.append(Bar(rangeMS: ms(open.from)...ms(point.timeS), label: open.label)) }
                open = now.map { ($0, point.timeS) }
            }
            if let open {
                bars.append(Bar(rangeMS: ms(open.from)...ms(max(end, open.from)), label: open.label))
            }
            return bars
        }
        var rows = [Row(name: "state", bars: bars { $0.phase.rawValue })]
        var names: [String] = []
        for name in inside.flatMap(\.lost) where !names.contains(name) { names.append(name) }
        for name in names {
            rows.append(
                Row(name: "\(name) lost", bars: bars { $0.lost.contains(name) ? "lost" : nil }))
        }
        for span in history.interlocks where span.fromS <= window.upperBound {
            rows.append(
                Row(
                    name: "\(span.interlock)",
                    bars: [
                        Bar(
                            rangeMS: ms(span.fromS)...ms(max(span.toS ?? window.upperBound, span.fromS)),
                            label: "latched")
                    ]))
        }
        self.init(
            title: title, rangeMS: ms(window.lowerBound)...ms(window.upperBound),
            rate: history.rates(in: window, bins: 500).map { SIMD2(ms($0.x), $0.y) },
            askedRate: asked,
            counts: inside.compactMap { point in point.countsOverPreset.map { SIMD2(ms(point.timeS), $0) } },
            trueCounts: inside.compactMap { point in point.trueOverPreset.map { SIMD2(ms(point.timeS), $0) }
            },
            rows: rows)
    }
}
