import Volumes

/// A dose along one ray around the distal end of the target.
struct RayProfile {
    /// Dose at each sample; nil outside its grid.
    let values: [Double?]
    /// Depth of the first sample, mm from the isocentre plane.
    let firstMM: Double
    let settings: RangeComparison.Settings

    /// Where a dose has its shoulder and its edges.
    struct Edges {
        /// Running mean at the shoulder.
        var shoulder: Double
        /// Depth of the middle of its window, mm.
        var shoulderMM: Double
        /// Depths of the levels, in the order of `RangeComparison.Level`, mm.
        var depthsMM: [Double?]
        /// Distance over which the dose falls from 85 % to 75 % of the shoulder, mm; nil if it does not.
        var widthMM: Double?
    }

    init(
        of dose: Volume<Float>, on ray: TargetRays.Ray, _ rays: TargetRays,
        settings: RangeComparison.Settings
    ) {
        self.settings = settings
        let step = settings.stepMM
        // Room for a window whose middle is moved upstream by as much as edges may differ.
        let first = ray.exitMM - settings.shoulderMM - settings.reachMM / 2 - settings.smoothingMM
        let length = ray.exitMM + settings.reachMM - first
        firstMM = first
        values = (0...Int((length / step).rounded())).map { k in
            dose.interpolated(at: rays.point(ray.positionMM, depthMM: first + Double(k) * step))
        }
    }

    private var half: Int { max(0, Int((settings.smoothingMM / 2 / settings.stepMM).rounded())) }

    private func place(ofDepth depth: Double) -> Double { (depth - firstMM) / settings.stepMM }

    /// Running mean around a sample; nil if a part of the window is not known.
    private func mean(around index: Int) -> Double? {
        guard index - half >= 0, index + half < values.count else { return nil }
        var sum = 0.0
        for k in index - half...index + half {
            guard let value = values[k] else { return nil }
            sum += value
        }
        return sum / Double(2 * half + 1)
    }

    /// Running mean at a depth between the samples.
    private func mean(atDepth depth: Double) -> Double? {
        let at = place(ofDepth: depth)
        guard at >= 0 else { return nil }
        let lower = Int(at)
        let t = at - Double(lower)
        guard let a = mean(around: lower) else { return nil }
        guard t > 0 else { return a }
        return mean(around: lower + 1).map { a + t * ($0 - a) }
    }

    /// The edges with the greatest running mean between two depths as shoulder.
    private func edges(from: Double, to: Double) -> Edges? {
        var best: (mean: Double, index: Int)?
        let (first, last) = (Int(place(ofDepth: from).rounded()), Int(place(ofDepth: to).rounded()))
        guard first <= last else { return nil }
        for k in first...last {
            guard let mean = mean(around: k) else { continue }
            if mean >= best?.mean ?? -1 { best = (mean, k) }
        }
        return best.map {
            edges(shoulder: $0.mean, atDepth: firstMM + Double($0.index) * settings.stepMM)
        }
    }

    /// The edges behind the end of the target; nil if the dose is not known there.
    ///
    /// The shoulder is sought twice: near the end of the target, and then before the edge that was found, so that its place goes with
    /// the dose and not with the target.
    func edges(exitMM: Double) -> Edges? {
        guard
            let rough = edges(from: exitMM - settings.shoulderMM, to: exitMM + settings.beyondMM),
            let edge = rough.depthsMM[0]
        else { return edges(from: exitMM - settings.shoulderMM, to: exitMM + settings.beyondMM) }
        return edges(from: edge - settings.shoulderMM, to: edge - settings.smoothingMM / 2) ?? rough
    }

    /// The edges with the shoulder at the same distance before the edge as in another dose.
    ///
    /// The greatest mean of a noisy dose is too high, because it is sought; a mean at a given place is not. Starts from the dose's own
    /// edge and follows it until it stays.
    func edges(exitMM: Double, like other: Edges) -> Edges? {
        guard var found = edges(exitMM: exitMM), let edge = other.depthsMM[0] else {
            return edges(exitMM: exitMM)
        }
        let distance = edge - other.shoulderMM
        for _ in 0..<20 {
            guard let own = found.depthsMM[0], let mean = mean(atDepth: own - distance) else { return found }
            found = edges(shoulder: mean, atDepth: own - distance)
            guard let moved = found.depthsMM[0], abs(moved - own) > 1e-4 else { return found }
        }
        return found
    }

    private func edges(shoulder: Double, atDepth depth: Double) -> Edges {
        let start = max(0, Int(place(ofDepth: depth)))
        func crossing(_ level: Double) -> Double? {
            self.crossing(below: level * shoulder, from: start).map { firstMM + $0 * settings.stepMM }
        }
        var depths = RangeComparison.Level.allCases.map { crossing($0.rawValue) }
        // A later fall, behind a plateau, is not that of this edge.
        if let first = depths[0], let second = depths[1], second - first > settings.sharpnessMM {
            depths[1] = nil
        }
        var width: Double?
        if let near = crossing(0.85), let far = crossing(0.75) { width = far - near }
        return Edges(shoulder: shoulder, shoulderMM: depth, depthsMM: depths, widthMM: width)
    }

    /// First place behind `start` where the values fall below `level`, in samples.
    private func crossing(below level: Double, from start: Int) -> Double? {
        guard level > 0, start + 1 < values.count else { return nil }
        for k in start + 1..<values.count {
            guard let before = values[k - 1], let here = values[k] else { return nil }
            if here < level, before >= level {
                return Double(k - 1) + (before - level) / (before - here)
            }
        }
        return nil
    }
}
