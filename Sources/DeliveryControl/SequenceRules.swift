import PlanModel
import Quantities

/// How a planned layer becomes visits: monitor units, order, paintings, beam off between far spots, extraction rate, lead of beam off.
///
/// A field is rescanned in layers (each layer is painted several times before the next), in volumes (all layers are gone through several
/// times, each time with a new fill that begins at the highest energy), or both: with M volume paintings of r layer paintings each, a
/// layer has M·r paintings, and visit r·m to r·(m + 1) − 1 belong to volume painting m.
///
/// ## Checked by
/// `SequenceRulesTests`, `RescanningTests`, `RescanDeliveryTests`.
public struct SequenceRules: Hashable, Sendable {
    /// In which order the spots of a layer are painted.
    public enum Order: Hashable, Sendable {
        /// As the plan has them; the only choice for a plan that forbids reordering (DICOM Scan Spot Reordering Allowed).
        case planned
        /// As `ScanPath` finds them for these scanning speeds, x and y, mm/s, with this time for beam off and on, s.
        case optimised(speedMMPerS: SIMD2<Double>, pauseS: Double)
    }

    /// Ions behind one count of the monitors.
    public var ionsPerCount: Double
    /// Paintings of each layer; nil for what the plan says.
    public var paintings: Int?
    /// How often the whole volume is painted; each time every layer has `paintings` paintings.
    public var volumePaintings: Int
    public var order: Order
    /// Least counts of a visit: a spot with fewer than paintings times this is visited less often.
    public var leastVisitCounts: Int64
    /// Neighbours further apart than this are reached with beam off, mm; 0 switches beam off between all spots (spot scanning).
    public var rasterStepMM: Double
    /// What the rate is chosen for.
    public var rate: RateRule
    /// The shortest stay at a spot that is planned, s (40 µs, so that noise seldom leaves less than the 30 µs of the machine): a spot with too
    /// few ions for it is visited less often, and where it still has too few the rate is lower.
    public var shortestDwellS: Double
    /// Time of full rate that still comes after beam was switched off, s: what it brings is taken off the preset at which it is switched off.
    public var beamOffLeadS: Double
    /// Extraction rates that the ring can give, ions/s.
    public var ratesIonsPerS: ClosedRange<Double>

    /// - Parameters:
    ///   - ionsPerCount: Ions behind one count.
    ///   - paintings: Paintings of each layer; nil for the plan's.
    ///   - volumePaintings: Paintings of the whole volume, at least 1.
    ///   - order: Order of the spots.
    ///   - leastVisitCounts: Least counts of a visit.
    ///   - rasterStepMM: Longest move with beam on, mm.
    ///   - rate: What the rate is chosen for.
    ///   - shortestDwellS: Shortest stay, s.
    ///   - beamOffLeadS: Time of full rate that comes after beam was switched off, s.
    ///   - ratesIonsPerS: Extraction rates of the ring, ions/s.
    public init(
        ionsPerCount: Double = 50, paintings: Int? = nil, volumePaintings: Int = 1, order: Order = .planned,
        leastVisitCounts: Int64 = 20, rasterStepMM: Double = 6, rate: RateRule = .meanDwell(154e-6),
        shortestDwellS: Double = 40e-6, beamOffLeadS: Double = 0, ratesIonsPerS: ClosedRange<Double>
    ) {
        self.ionsPerCount = ionsPerCount
        self.paintings = paintings
        self.volumePaintings = volumePaintings
        self.order = order
        self.leastVisitCounts = leastVisitCounts
        self.rasterStepMM = rasterStepMM
        self.rate = rate
        self.shortestDwellS = shortestDwellS
        self.beamOffLeadS = beamOffLeadS
        self.ratesIonsPerS = ratesIonsPerS
    }

    /// The visits of one volume painting, with presets from its start.
    ///
    /// - Parameters:
    ///   - visits: All visits of a layer.
    ///   - volume: Which volume painting, from 0.
    ///   - rounds: Layer paintings in each.
    func part(_ visits: [SpotVisit], volume: Int, rounds: Int) -> [SpotVisit] {
        let paintings = rounds * volume..<rounds * (volume + 1)
        guard let first = visits.firstIndex(where: { paintings.contains(Int($0.painting)) }) else {
            return []
        }
        let base = first == 0 ? 0 : visits[first - 1].presetCounts
        var part = visits[first...].prefix { paintings.contains(Int($0.painting)) }.map { visit in
            var visit = visit
            visit.presetCounts -= base
            return visit
        }
        part[0].beamOffBefore = true
        return part
    }

    /// The layers of a field, in order of delivery: with several volume paintings every layer of the plan occurs as often, and the energy
    /// goes up again at the start of each.
    ///
    /// - Parameters:
    ///   - field: Scanned, layers from the highest energy down.
    ///   - rigidityTM: Magnetic rigidity of an energy, T m.
    public func layers(_ field: Field, rigidityTM: (EnergyPerNucleon) -> Double) -> [LayerSequence] {
        let all = field.layers.map { visits($0) }
        var layers: [LayerSequence] = []
        for volume in 0..<max(1, volumePaintings) {
            for (index, layer) in field.layers.enumerated() {
                var visits = part(all[index], volume: volume, rounds: max(1, paintings ?? layer.paintings))
                guard !visits.isEmpty else { continue }
                if case .gate(let filling) = rate, let choice = gateChoice(visits) {
                    visits = filling.marked(visits, choice)
                }
                let rate = countsPerS(visits)
                layers.append(
                    LayerSequence(
                        planLayer: index, energy: layer.energy, rigidityTM: rigidityTM(layer.energy),
                        countsPerS: rate, visits: led(visits, countsPerS: rate)))
            }
        }
        return layers
    }
}
