/// What each visit of a field got, from the entries of the log and, after a crash, from the counters that the hardware keeps.
///
/// Counts belong to the visit at which the beam stood: those that come between beam off and its being seen off to the visit before, those
/// on the way to a neighbour with beam on to the neighbour. Where entries are missing because they never reached the disk, the hardware's
/// latches divide what its counters say (`salvage`). The sum over visits is always what the counters counted.
///
/// ## Checked by
/// `DeliveryLedgerTests`; the rule for partial treatments of DICOM PS3.3 C.8.8.21.2.2, max(start, min(specified, end)).
public struct DeliveryLedger: Sendable {
    /// Counts of one visit.
    public struct Booking: Hashable, Sendable {
        public var primary: Int64 = 0
        public var secondary: Int64 = 0
        /// Counts-weighted sum of measured positions, mm, and its counts.
        public var positionSumMM = SIMD2<Double>.zero
        public var positionCounts: Int64 = 0

        public init() {}

        /// Measured position, mm; nil if none was measured.
        public var positionMM: SIMD2<Double>? {
            positionCounts > 0 ? positionSumMM / Double(positionCounts) : nil
        }
    }

    public let field: FieldSequence
    /// `[layer][visit]`.
    public private(set) var bookings: [[Booking]]
    /// Interlocks in order of their entries.
    public private(set) var interlocks: [Interlock] = []
    public private(set) var isComplete = false
    public private(set) var isTerminated = false
    /// Whether some counts came from the hardware's counters because entries were missing.
    public internal(set) var isSalvaged = false
    /// Whether such counts were divided among visits by their presets, because the hardware's latches did not say where they belong.
    public internal(set) var isEstimated = false
    var layer = 0
    var counts: Int64 = 0
    var stand = 0
    var last = (primary: Int64(0), secondary: Int64(0))
    var isRunning = false
    /// Whether the visit at which the beam stands has its entry already.
    private var isStandRecorded = false
    /// Whether an interlock fired since beam on: the beam moves on to no further visit.
    private var isStopping = false

    /// - Parameter field: As it was loaded.
    public init(field: FieldSequence) {
        self.field = field
        bookings = field.layers.map { [Booking](repeating: Booking(), count: $0.visits.count) }
    }

    /// Takes the next entry of the field.
    ///
    /// - Parameter entry: In the order of the log.
    public mutating func add(_ entry: FieldRecord) {
        switch entry {
        case .loaded(_, let start):
            (layer, counts) = (start.layer, start.counts)
            stand = field.layers[layer].visit(after: counts)
        case .layerStarted(let layer, let primaryBase, let secondaryBase):
            if layer != self.layer { counts = 0 }
            self.layer = layer
            last = (primaryBase + counts, secondaryBase + counts)
            isRunning = true
            stand = min(field.layers[layer].visit(after: counts), field.layers[layer].visits.count - 1)
        case .beamOn:
            let next = field.layers[layer].visit(after: counts)
            stand = min(next, field.layers[layer].visits.count - 1)
            isStandRecorded = false
            isStopping = false
        case .visit(_, let visit, let sample):
            stand = visit
            book(sample)
            bookPosition(sample)
            let visits = field.layers[layer].visits
            isStandRecorded = true
            // Beam that already reached the next preset is switched off where it stands.
            if !isStopping, visit + 1 < visits.count, !visits[visit + 1].beamOffBefore,
                counts < visits[visit + 1].presetCounts
            {
                stand = visit + 1
                isStandRecorded = false
            }
        case .beamOff(let sample):
            book(sample)
            if !isStandRecorded { bookPosition(sample) }
        case .layerEnded(_, let sample):
            book(sample)
            isRunning = false
            layer += 1
            counts = 0
            stand = 0
        case .interlock(let interlock):
            interlocks.append(interlock)
            isStopping = true
        case .completed: isComplete = true
        case .terminated: isTerminated = true
        case .ready, .warning, .reset, .overridden, .overridesVoid, .resumed, .interrupted: break
        }
    }

    /// Whether the secondary monitor counted so much more in a layer, over `DeliveryLimits`, that the primary cannot be believed.
    ///
    /// - Parameter layer: Index of the layer.
    public func isPrimaryDoubted(layer: Int) -> Bool { missed(layer: layer) > 0 }

    /// What a visit is taken to have got, counts: of the primary, or of the secondary where the primary is doubted and has less.
    ///
    /// - Parameters:
    ///   - layer: Index of the layer.
    ///   - visit: Index of the visit in the layer.
    public func delivered(layer: Int, visit: Int) -> Int64 {
        let booking = bookings[layer][visit]
        return isPrimaryDoubted(layer: layer) ? max(booking.primary, booking.secondary) : booking.primary
    }

    /// Counts of a layer that the primary missed; 0 where the monitors agree.
    private func missed(layer: Int) -> Int64 {
        guard bookings.indices.contains(layer) else { return 0 }
        let (primary, secondary) = bookings[layer].reduce(into: (Int64(0), Int64(0))) {
            $0.0 += $1.primary
            $0.1 += $1.secondary
        }
        let limits = DeliveryLimits()
        let allowed = max(
            limits.noiseOfDifference(counts: primary),
            Int64(limits.disagreementStopAfterSpot * Double(primary)))
        return secondary - primary > allowed ? secondary - primary : 0
    }

    /// Where delivery goes on; layer `layers.count` if nothing is left. What a doubted primary missed is not given again.
    public var rest: FieldStart {
        let counts = self.counts + missed(layer: layer)
        guard field.layers.indices.contains(layer), counts >= field.layers[layer].counts else {
            return FieldStart(layer: layer, counts: counts)
        }
        return FieldStart(layer: layer + 1, counts: 0)
    }

    /// Counts of all visits, primary and secondary.
    public var total: (primary: Int64, secondary: Int64) {
        bookings.joined().reduce(into: (0, 0)) {
            $0.0 += $1.primary
            $0.1 += $1.secondary
        }
    }

    mutating func book(_ sample: MonitorSample) {
        let primary = max(0, sample.primary - last.primary)
        let secondary = max(0, sample.secondary - last.secondary)
        counts += primary
        last = (max(last.primary, sample.primary), max(last.secondary, sample.secondary))
        bookings[layer][stand].primary += primary
        bookings[layer][stand].secondary += secondary
    }

    private mutating func bookPosition(_ sample: MonitorSample) {
        guard sample.positionCounts > 0 else { return }
        bookings[layer][stand].positionSumMM += Double(sample.positionCounts) * sample.positionMM
        bookings[layer][stand].positionCounts += sample.positionCounts
    }
}
