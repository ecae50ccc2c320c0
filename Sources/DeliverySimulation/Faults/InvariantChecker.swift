import DeliveryControl

/// Looks at the plant after every event and every packet of ions, and says where an invariant does not hold.
///
/// It judges by what the plant is and what really came (`FieldOutcome`, `PlantTruth`), never by what the control believes.
///
/// ## Checked by
/// `InvariantCheckerTests`: for each invariant a planted violation that is found.
package struct InvariantChecker: Sendable {
    package private(set) var violations: [Violation] = []
    /// The most that a visit got over its prescription, ions.
    package private(set) var largestOvershoot = 0.0
    /// Longest time from the first fault to the last ion before beam was off, ns; nil if no ion came after it.
    package private(set) var beamOffNS: Int64?

    let field: FieldSequence
    let bound: ReactionBound
    let figures: PlantFigures
    /// Ions of each visit in the sessions before.
    let before: [[Double]]
    let session: Int
    private let reactions: [Int64]
    private var lostAt: [MonotonicTime?]
    private var reported: Set<Int> = []
    private var ionsSeen = 0.0
    private var strayIons = 0.0
    private var place = (layer: -1, visit: -1)
    /// Ions of the layer's visits before this one, and of this one without those of this session.
    private var layerBefore = 0.0
    private var beamOffWatch: MonotonicTime?
    private var isFirst = true
    var latches = LatchBook()
    var display = DisplayCheck()

    /// - Parameters:
    ///   - field: The field.
    ///   - bound: What the injected faults may let through.
    ///   - figures: Of the plant.
    ///   - limits: Of the control.
    ///   - gate: Of the field.
    ///   - before: Ions of each visit in earlier sessions.
    ///   - session: Number of the session, from 1.
    package init(
        field: FieldSequence, bound: ReactionBound, figures: PlantFigures, limits: DeliveryLimits,
        gate: BreathingGate?, before: [[Double]], session: Int
    ) {
        self.field = field
        self.bound = bound
        self.figures = figures
        self.before = before
        self.session = session
        // As planned, and a tenth for the noise of the spill.
        let visit = field.layers.reduce(0.0) { longest, layer in
            layer.visits.indices.reduce(longest) {
                max($0, 1.1 * Double(layer.counts(ofVisit: $1)) / layer.countsPerS)
            }
        }
        reactions = PlantTruth.allCases.map {
            $0.reactionNS(
                figures: figures, limits: limits, gate: gate, bound: bound, visitNS: Int64(visit * 1e9))
        }
        lostAt = PlantTruth.allCases.map { _ in nil }
    }

    /// Looks.
    ///
    /// - Parameter plant: After an event or a packet.
    package mutating func check<Sink>(_ plant: borrowing FieldSimulation<Sink>) {
        let ions = plant.ionsPassed - ionsSeen
        ionsSeen = plant.ionsPassed
        checkTruth(plant, hasIons: ions > 0)
        if ions > 0 { checkDose(plant) }
        for text in latches.check(plant) { add(.latch, text, plant.now) }
        checkStart(plant)
        for text in display.check(plant, bound: bound) { add(.display, text, plant.now) }
        isFirst = false
    }

    mutating func add(_ invariant: Invariant, _ text: String, _ time: MonotonicTime) {
        // One of a kind is enough to tell.
        guard reported.insert(invariant.rawValue).inserted else { return }
        violations.append(
            Violation(invariant: invariant, session: session, timeS: time.seconds, text: text))
    }

    private mutating func checkTruth<Sink>(_ plant: borrowing FieldSimulation<Sink>, hasIons: Bool) {
        for truth in PlantTruth.allCases {
            let index = truth.rawValue
            guard !truth.holds(in: plant) else {
                lostAt[index] = nil
                continue
            }
            // What was never there has no reaction time.
            if lostAt[index] == nil {
                lostAt[index] =
                    isFirst && truth.isOfSetup ? MonotonicTime(nanoseconds: -1 << 60) : plant.now
            }
            guard let lost = lostAt[index] else { continue }
            let latest = lost.after(reactions[index])
            if hasIons, plant.lastIonAt > latest {
                let late = Double(plant.lastIonAt.since(lost)) * 1e-6
                add(
                    truth.isOfSetup || truth == .beam ? .setup : .permits,
                    "ions \(late) ms after \(truth) was lost", plant.now)
            }
            if truth.isOfSetup, plant.control.phase == .ready, plant.now > latest {
                add(.setup, "ready without \(truth)", plant.now)
            }
        }
        watchBeamOff(plant, hasIons: hasIons)
    }

    /// From the first fault to the end of the beam that it found on.
    private mutating func watchBeamOff<Sink>(_ plant: borrowing FieldSimulation<Sink>, hasIons: Bool) {
        guard let fault = plant.faults.firstAt, beamOffWatch == nil || beamOffWatch == fault else { return }
        if beamOffWatch == nil, !plant.spill.isOn {
            beamOffWatch = MonotonicTime(nanoseconds: -1)
            return
        }
        // Only beam that the fault found on: not what came later.
        if beamOffWatch == nil, plant.lastIonAt < fault {
            beamOffWatch = MonotonicTime(nanoseconds: -1)
            return
        }
        beamOffWatch = fault
        if hasIons { beamOffNS = plant.lastIonAt.since(fault) }
        if !plant.spill.isOn { beamOffWatch = MonotonicTime(nanoseconds: -1) }
    }

    private mutating func checkDose<Sink>(_ plant: borrowing FieldSimulation<Sink>) {
        let (layer, visit) = (plant.layer, plant.visit)
        if place != (layer, visit) {
            place = (layer, visit)
            layerBefore = 0
            for index in 0..<visit { layerBefore += before[layer][index] + plant.outcome.ions[layer][index] }
        }
        let sequence = field.layers[layer]
        let here = before[layer][visit] + plant.outcome.ions[layer][visit] + plant.outcome.strayIons
        let perCount = figures.monitors.ionsPerCount
        let over = here - Double(sequence.counts(ofVisit: visit)) * perCount
        let layerOver = here + layerBefore - Double(sequence.visits[visit].presetCounts) * perCount
        largestOvershoot = max(largestOvershoot, over)
        let allowed = bound.ions(visit: visit, of: sequence, figures: figures)
        if over > allowed || layerOver > allowed {
            add(
                .dose,
                "layer \(layer) visit \(visit): \(max(over, layerOver)) ions too many, \(allowed) allowed",
                plant.now)
        }
    }

    private mutating func checkStart<Sink>(_ plant: borrowing FieldSimulation<Sink>) {
        let phase = plant.control.phase
        if isFirst, phase != .idle, phase != .loaded, phase != .terminated {
            add(.start, "a session began in \(phase)", plant.now)
        }
        if phase.isBeamPossible, plant.presses == 0 { add(.start, "\(phase) and nobody pressed", plant.now) }
        if plant.acceptedPresses > plant.offers {
            add(.start, "\(plant.acceptedPresses) starts with \(plant.offers) tokens", plant.now)
        }
    }
}
