import PlanModel

/// Visits of a layer.
extension SequenceRules {
    /// All visits of a layer, one volume painting after the other. Presets are rounded as running sums, so that the layer's sum is right to
    /// half a count and every spot to one count per visit. Every second painting runs backwards, so that none begins with a long way.
    ///
    /// A spot is visited in every painting, unless its visits would have fewer counts than `leastVisitCounts`, or be shorter than the shortest
    /// stay at the rate that the rule wishes; where beam is switched off behind it, it must be on for as long before that is commanded.
    ///
    /// - Parameter layer: Of the plan; spots in order of delivery.
    /// - Returns: Visits with rising presets; empty if the layer has less than half a count.
    public func visits(_ layer: EnergyLayer) -> [SpotVisit] {
        let rounds = max(1, volumePaintings) * max(1, paintings ?? layer.paintings)
        let counts = layer.spots.map { $0.particles / ionsPerCount }
        let path = path(layer.spots)
        var times = times(counts, rounds: rounds)
        var found = visits(layer.spots, path: path, counts: counts, times: times, rounds: rounds)
        for _ in 0..<6 where beamOffLeadS > 0 {
            let changed = lengthenEnds(
                of: found, rounds: max(1, paintings ?? layer.paintings), counts: counts, &times)
            guard changed else { break }
            found = visits(layer.spots, path: path, counts: counts, times: times, rounds: rounds)
        }
        return found
    }

    private func visits(
        _ spots: [Spot], path: [Int], counts: [Double], times: [Int], rounds: Int
    ) -> [SpotVisit] {
        var visits: [SpotVisit] = []
        var (sum, preset) = (0.0, Int64(0))
        for painting in 0..<rounds {
            for step in path.indices {
                let spot = path[painting % 2 == 0 ? step : path.count - 1 - step]
                // Spread over the paintings as evenly as whole numbers can be.
                guard (painting + 1) * times[spot] / rounds > painting * times[spot] / rounds else {
                    continue
                }
                sum += counts[spot] / Double(times[spot])
                let next = Int64(sum.rounded())
                guard next > preset else { continue }
                preset = next
                let position = spots[spot].positionMM
                visits.append(
                    SpotVisit(
                        spot: Int32(spot), painting: Int32(painting), positionMM: position,
                        presetCounts: preset,
                        beamOffBefore: isFar(position, from: visits.last?.positionMM)))
            }
        }
        return visits
    }

    /// How often each spot is visited. The rate that the rule wishes rises as there are fewer visits, so it is repeated.
    private func times(_ counts: [Double], rounds: Int) -> [Int] {
        var least = Double(max(1, leastVisitCounts))
        var times = counts.map { max(1, min(rounds, Int($0 / least))) }
        for _ in 0..<4 {
            let wished: Double
            switch rate {
            case .meanDwell(let dwell):
                wished = counts.reduce(0, +) / (Double(max(1, times.reduce(0, +))) * dwell)
            case .fixed(let ions): wished = ions / ionsPerCount
            case .gate: return times
            }
            let possible = min(
                max(wished, ratesIonsPerS.lowerBound / ionsPerCount), ratesIonsPerS.upperBound / ionsPerCount)
            least = max(Double(max(1, leastVisitCounts)), (possible * shortestDwellS).rounded(.up) + 1)
            times = counts.map { max(1, min(rounds, Int($0 / least))) }
        }
        return times
    }

    /// Visits spots less often behind which beam is switched off too early for their counts.
    ///
    /// - Parameters:
    ///   - visits: Of all volume paintings.
    ///   - rounds: Layer paintings in each of them.
    ///   - counts: Of each spot.
    ///   - times: How often each spot is visited.
    /// - Returns: Whether any changed.
    private func lengthenEnds(
        of visits: [SpotVisit], rounds: Int, counts: [Double], _ times: inout [Int]
    ) -> Bool {
        var changed = false
        for volume in 0..<max(1, volumePaintings) {
            let part = part(visits, volume: volume, rounds: rounds)
            guard !part.isEmpty else { continue }
            let needed = countsPerS(part) * (beamOffLeadS + shortestDwellS)
            for index in part.indices where index + 1 == part.count || part[index + 1].beamOffBefore {
                let spot = Int(part[index].spot)
                guard times[spot] > 1, counts[spot] / Double(times[spot]) < needed else { continue }
                times[spot] = max(1, min(times[spot] - 1, Int(counts[spot] / needed)))
                changed = true
            }
        }
        return changed
    }

    /// Presets at which beam is switched off, less what still comes after that; each visit keeps a count.
    ///
    /// - Parameters:
    ///   - visits: Of a layer with presets as planned.
    ///   - countsPerS: Its rate.
    func led(_ visits: [SpotVisit], countsPerS: Double) -> [SpotVisit] {
        let lead = Int64((beamOffLeadS * countsPerS).rounded())
        guard lead > 0 else { return visits }
        var led = visits
        for index in visits.indices where index + 1 == visits.count || visits[index + 1].beamOffBefore {
            let before = index == 0 ? 0 : led[index - 1].presetCounts
            led[index].presetCounts = max(before + 1, visits[index].presetCounts - lead)
        }
        return led
    }

    /// Indices of the spots in the order of the first painting.
    private func path(_ spots: [Spot]) -> [Int] {
        switch order {
        case .planned: return Array(spots.indices)
        case .optimised(let speed, let pause):
            let costs = ScanPath.Costs(speedMMPerS: speed, rasterStepMM: rasterStepMM, pauseS: pause)
            return ScanPath(spots.map(\.positionMM), costs: costs).optimised.order
        }
    }

    private func isFar(_ position: SIMD2<Double>, from last: SIMD2<Double>?) -> Bool {
        guard let last else { return true }
        let way = position - last
        return (way * way).sum().squareRoot() > rasterStepMM
    }
}
