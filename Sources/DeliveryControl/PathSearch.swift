/// 2-opt and Or-opt on an open path; each place of the path looks at the spots nearest to its own.
struct PathSearch {
    private(set) var order: [Int]
    private var place: [Int]
    private let positions: [SIMD2<Double>]
    private let costs: ScanPath.Costs
    private let near: [[Int]]
    /// Smaller gains are rounding.
    private let leastGainS = 1e-12
    private static let neighbours = 10
    private static let longestMoved = 3

    init(order: [Int], positions: [SIMD2<Double>], costs: ScanPath.Costs) {
        self.order = order
        self.positions = positions
        self.costs = costs
        place = [Int](repeating: 0, count: order.count)
        for (index, spot) in order.enumerated() { place[spot] = index }
        near = Self.neighbours(of: positions, costs: costs)
    }

    /// Improves until nothing does.
    mutating func run() {
        var isBetter = true
        while isBetter {
            isBetter = false
            for spot in order.indices {
                while improve(spot) { isBetter = true }
            }
            for index in order.indices where improveEnds(index) { isBetter = true }
        }
    }

    /// Cost between two places; nothing beyond the ends.
    private func cost(_ a: Int, _ b: Int) -> Double {
        guard a >= 0, b < order.count else { return 0 }
        return costs.timeS(positions[order[b]] - positions[order[a]])
    }

    private mutating func improve(_ spot: Int) -> Bool {
        for other in near[spot] {
            let (i, j) = (min(place[spot], place[other]), max(place[spot], place[other]))
            guard j > i + 1 else { continue }
            // i and j become neighbours: what lies behind i, up to j, is reversed; or what lies from i to before j.
            if gain(i + 1, j) > leastGainS {
                reverse(i + 1, j)
                return true
            }
            if gain(i, j - 1) > leastGainS {
                reverse(i, j - 1)
                return true
            }
            if move(from: place[spot], to: place[other]) { return true }
        }
        return false
    }

    /// Reversing the beginning or the end of the path.
    private mutating func improveEnds(_ index: Int) -> Bool {
        let last = order.count - 1
        if index < last, gain(0, index) > leastGainS {
            reverse(0, index)
            return true
        }
        if index > 0, gain(index, last) > leastGainS {
            reverse(index, last)
            return true
        }
        return false
    }

    /// What reversing the places `first` to `last` saves, s.
    private func gain(_ first: Int, _ last: Int) -> Double {
        let before = cost(first - 1, first) + cost(last, last + 1)
        let left = first > 0 ? cost(first - 1, last) : 0
        let right = last + 1 < order.count ? cost(first, last + 1) : 0
        return before - left - right
    }

    /// Takes a stretch that starts or ends at `from` and puts it beside `to`, either way round.
    private mutating func move(from: Int, to: Int) -> Bool {
        for length in 1...Self.longestMoved {
            for first in Set([from, from - length + 1]).sorted() {
                let last = first + length - 1
                guard first >= 0, last < order.count, !(first...last).contains(to) else { continue }
                let freed = cost(first - 1, first) + cost(last, last + 1)
                let closed = first > 0 && last + 1 < order.count ? cost(first - 1, last + 1) : 0
                // Before or behind `to`.
                for left in [to - 1, to] where left != last && left != first - 1 {
                    let right = left + 1
                    guard !(first...last).contains(left), !(first...last).contains(right) else { continue }
                    let opened = left >= 0 && right < order.count ? cost(left, right) : 0
                    let straight =
                        (left >= 0 ? cost(left, first) : 0) + (right < order.count ? cost(last, right) : 0)
                    let turned =
                        (left >= 0 ? cost(left, last) : 0) + (right < order.count ? cost(first, right) : 0)
                    let saved = freed + opened - closed - min(straight, turned)
                    guard saved > leastGainS else { continue }
                    if turned < straight { reverse(first, last) }
                    // A stretch changes places with what lies between: three reversals.
                    if left > last {
                        rotate(first, last, left)
                    } else {
                        rotate(right, first - 1, last)
                    }
                    return true
                }
            }
        }
        return false
    }

    /// Exchanges the stretches first...middle and middle + 1...last.
    private mutating func rotate(_ first: Int, _ middle: Int, _ last: Int) {
        reverse(first, middle)
        reverse(middle + 1, last)
        reverse(first, last)
    }

    private mutating func reverse(_ first: Int, _ last: Int) {
        var (i, j) = (first, last)
        while i < j {
            order.swapAt(i, j)
            place[order[i]] = i
            place[order[j]] = j
            i += 1
            j -= 1
        }
        if i == j { place[order[i]] = i }
    }

    /// The cheapest neighbours of each spot, sorted by cost, then index.
    private static func neighbours(of positions: [SIMD2<Double>], costs: ScanPath.Costs) -> [[Int]] {
        let byX = positions.indices.sorted { (positions[$0].x, $0) < (positions[$1].x, $1) }
        return positions.indices.map { spot in
            var found: [(cost: Double, index: Int)] = []
            var worst: Double { found.count < neighbours ? .infinity : found[found.count - 1].cost }
            func consider(_ other: Int) -> Bool {
                let way = positions[other] - positions[spot]
                // Further along x than the worst takes: nothing beyond can be nearer.
                if abs(way.x) / costs.speedMMPerS.x > worst { return false }
                guard other != spot else { return true }
                let entry = (cost: costs.timeS(way), index: other)
                let at = found.firstIndex { entry < $0 } ?? found.count
                found.insert(entry, at: at)
                if found.count > neighbours { found.removeLast() }
                return true
            }
            var low = 0
            var high = byX.count
            while low < high {
                let middle = (low + high) / 2
                if positions[byX[middle]].x < positions[spot].x { low = middle + 1 } else { high = middle }
            }
            var (left, right) = (low - 1, low)
            while left >= 0, consider(byX[left]) { left -= 1 }
            while right < byX.count, consider(byX[right]) { right += 1 }
            return found.map(\.index)
        }
    }
}
