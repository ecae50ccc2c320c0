import PlanModel
import Quantities

/// How a planned layer becomes visits: monitor units, paintings, beam off between far spots, extraction rate.
public struct SequenceRules: Hashable, Sendable {
    /// Ions behind one count of the monitors.
    public var ionsPerCount: Double
    /// Paintings of each layer; nil for what the plan says.
    public var paintings: Int?
    /// Least counts of a visit: a spot with fewer than paintings times this is visited less often.
    public var leastVisitCounts: Int64
    /// Neighbours further apart than this are reached with beam off, mm; 0 switches beam off between all spots (spot scanning).
    public var rasterStepMM: Double
    /// Mean stay at a spot that the rate is chosen for, and the shortest that may occur, s.
    public var meanDwellS: Double
    public var shortestDwellS: Double
    /// Extraction rates that the ring can give, ions/s.
    public var ratesIonsPerS: ClosedRange<Double>

    /// - Parameters:
    ///   - ionsPerCount: Ions behind one count.
    ///   - paintings: Paintings of each layer; nil for the plan's.
    ///   - leastVisitCounts: Least counts of a visit.
    ///   - rasterStepMM: Longest move with beam on, mm.
    ///   - meanDwellS: Mean stay at a spot, s.
    ///   - shortestDwellS: Shortest stay, s.
    ///   - ratesIonsPerS: Extraction rates of the ring, ions/s.
    public init(
        ionsPerCount: Double = 50, paintings: Int? = nil, leastVisitCounts: Int64 = 20,
        rasterStepMM: Double = 6,
        meanDwellS: Double = 154e-6, shortestDwellS: Double = 30e-6, ratesIonsPerS: ClosedRange<Double>
    ) {
        self.ionsPerCount = ionsPerCount
        self.paintings = paintings
        self.leastVisitCounts = leastVisitCounts
        self.rasterStepMM = rasterStepMM
        self.meanDwellS = meanDwellS
        self.shortestDwellS = shortestDwellS
        self.ratesIonsPerS = ratesIonsPerS
    }

    /// The visits of a layer. Presets are rounded as running sums, so that the layer's sum is right to half a count and every spot to one
    /// count per visit. Every second painting runs backwards, so that none begins with a long way.
    ///
    /// - Parameter layer: Of the plan; spots in order of delivery.
    /// - Returns: Visits with rising presets; empty if the layer has less than half a count.
    public func visits(_ layer: EnergyLayer) -> [SpotVisit] {
        let rounds = max(1, paintings ?? layer.paintings)
        let counts = layer.spots.map { $0.particles / ionsPerCount }
        let times = counts.map { max(1, min(rounds, Int($0 / Double(max(1, leastVisitCounts))))) }
        var visits: [SpotVisit] = []
        var (sum, preset) = (0.0, Int64(0))
        for painting in 0..<rounds {
            let forward = painting % 2 == 0
            for step in layer.spots.indices {
                let spot = forward ? step : layer.spots.count - 1 - step
                // Spread over the paintings as evenly as whole numbers can be.
                guard (painting + 1) * times[spot] / rounds > painting * times[spot] / rounds else {
                    continue
                }
                sum += counts[spot] / Double(times[spot])
                let next = Int64(sum.rounded())
                guard next > preset else { continue }
                preset = next
                let position = layer.spots[spot].positionMM
                visits.append(
                    SpotVisit(
                        spot: Int32(spot), painting: Int32(painting), positionMM: position,
                        presetCounts: preset,
                        beamOffBefore: isFar(position, from: visits.last?.positionMM)))
            }
        }
        return visits
    }

    private func isFar(_ position: SIMD2<Double>, from last: SIMD2<Double>?) -> Bool {
        guard let last else { return true }
        let way = position - last
        return (way * way).sum().squareRoot() > rasterStepMM
    }

    /// Counts per second for a layer: its counts over visits times the mean stay, so low that the shortest visit lasts long enough, within
    /// what the ring can give.
    ///
    /// - Parameter visits: Of the layer, not empty.
    public func countsPerS(_ visits: [SpotVisit]) -> Double {
        let counts = Double(visits.last?.presetCounts ?? 0)
        var (shortest, last) = (Int64.max, Int64(0))
        for visit in visits {
            shortest = min(shortest, visit.presetCounts - last)
            last = visit.presetCounts
        }
        let wished = min(counts / (Double(visits.count) * meanDwellS), Double(shortest) / shortestDwellS)
        let (low, high) = (ratesIonsPerS.lowerBound / ionsPerCount, ratesIonsPerS.upperBound / ionsPerCount)
        return min(max(wished, low), high)
    }

    /// The layers of a field.
    ///
    /// - Parameters:
    ///   - field: Scanned, layers from the highest energy down.
    ///   - rigidityTM: Magnetic rigidity of an energy, T m.
    public func layers(_ field: Field, rigidityTM: (EnergyPerNucleon) -> Double) -> [LayerSequence] {
        field.layers.enumerated().compactMap { index, layer in
            let visits = visits(layer)
            guard !visits.isEmpty else { return nil }
            return LayerSequence(
                planLayer: index, energy: layer.energy, rigidityTM: rigidityTM(layer.energy),
                countsPerS: countsPerS(visits), visits: visits)
        }
    }
}
