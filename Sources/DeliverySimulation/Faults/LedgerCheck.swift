import DeliveryControl

/// I3: compares what was recorded of a session with what came.
package struct LedgerCheck {
    /// Recorded less true ions of the session.
    package private(set) var errorIons = 0.0
    package private(set) var wrong: [String] = []

    /// - Parameters:
    ///   - ledger: From the entries that are left, salvaged with the counters where the control died.
    ///   - outcome: What came.
    ///   - start: Where the session started.
    ///   - bound: What the injected faults may let through.
    ///   - figures: Of the plant.
    ///   - isLatched: Whether the hardware's latches said where the last counts belong, of a control that died without having hung.
    package init(
        _ ledger: DeliveryLedger, _ outcome: FieldOutcome, from start: FieldStart, bound: ReactionBound,
        figures: PlantFigures, isLatched: Bool = false
    ) {
        if isLatched, ledger.isEstimated { wrong.append("latches did not reach back to the last entry") }
        let total = ledger.total
        if total != (outcome.registers.primary, outcome.registers.secondary) {
            wrong.append("ledger has \(total), counters \(outcome.registers)")
        }
        var (recorded, came) = (0.0, 0.0)
        for (index, layer) in ledger.field.layers.enumerated() {
            checkPartial(ledger, index, start: start, bound: bound, figures: figures)
            for visit in layer.visits.indices {
                let counts = Double(ledger.delivered(layer: index, visit: visit))
                let ions = outcome.ions[index][visit]
                recorded += counts * figures.monitors.ionsPerCount
                came += ions
                let allowed =
                    Self.allowed(
                        visit, layer, max(ions, counts * figures.monitors.ionsPerCount), bound, figures,
                        isLatched: isLatched)
                    + (ledger.isPrimaryDoubted(layer: index) ? Self.noise(ions, figures) : 0)
                if abs(counts * figures.monitors.ionsPerCount - ions) > allowed {
                    wrong.append(
                        "layer \(index) visit \(visit): recorded \(counts) counts, came \(ions) ions")
                }
            }
        }
        errorIons = recorded - came
        let gain = 5 * figures.monitors.gainError + bound.recordShare
        let allowed =
            gain * came + Double(bound.recordCounts) * figures.monitors.ionsPerCount + 1e-6
            + (ledger.field.layers.indices.contains { ledger.isPrimaryDoubted(layer: $0) }
                ? Self.noise(came, figures) : 0)
            + (bound.recordShare > 0 || bound.detectionNS > 2_000
                ? bound.ions(visit: 0, of: ledger.field.layers[0], figures: figures) : 0)
        if abs(errorIons) > allowed {
            wrong.append("recorded \(recorded) ions, \(came) came, \(allowed) allowed")
        }
    }

    /// What the record of a visit may be off, ions: gain, whole counts, what comes until the fault is found. A control that hung writes late
    /// what it missed, and a reaction's quantum may be booked to a neighbour. One that died writes nothing, and the latches are exact: what
    /// the second protection needs to end the beam is counted where it came.
    private static func allowed(
        _ visit: Int, _ layer: LayerSequence, _ ions: Double, _ bound: ReactionBound, _ figures: PlantFigures,
        isLatched: Bool
    ) -> Double {
        if bound.silenceNS > 0, !isLatched {
            return 2 * bound.ions(visit: visit, of: layer, figures: figures)
        }
        let preset = Double(layer.visits[visit].presetCounts)
        let counted =
            bound.silenceNS > 0 ? ReactionBound.secondProtection(figures: figures).detectionNS : 0
        let detectionNS = max(0, bound.detectionNS - counted)
        var until = bound.rateFactor * layer.countsPerS * Double(2 * detectionNS) * 1e-9
        if bound.isTableDamaged {
            for near in max(0, visit - 1)...min(visit + 1, layer.visits.count - 1) {
                until += Double(layer.counts(ofVisit: near))
            }
        }
        return 5 * figures.monitors.gainError * ions
            + (bound.recordShare * preset + Double(bound.recordCounts) + until)
            * figures.monitors.ionsPerCount
    }

    /// Noise of the second monitor, five standard deviations, ions.
    private static func noise(_ ions: Double, _ figures: PlantFigures) -> Double {
        5 * figures.monitors.countNoise * (ions * figures.monitors.ionsPerCount).squareRoot()
    }

    /// max(start, min(specified, end)) of DICOM PS3.3 C.8.8.21.2.2 for every visit's running sum.
    private mutating func checkPartial(
        _ ledger: DeliveryLedger, _ index: Int, start: FieldStart, bound: ReactionBound, figures: PlantFigures
    ) {
        let layer = ledger.field.layers[index]
        let begin = index == start.layer ? start.counts : 0
        let end = begin + ledger.bookings[index].reduce(0) { $0 + $1.primary }
        guard end > begin else { return }
        var sum = begin
        for visit in layer.visits.indices {
            sum += ledger.bookings[index][visit].primary
            let rule = max(begin, min(layer.visits[visit].presetCounts, end))
            let quantum =
                bound.ions(visit: visit, of: layer, figures: figures) / figures.monitors.ionsPerCount
            if Double(abs(sum - rule)) > quantum {
                wrong.append("layer \(index) visit \(visit): running sum \(sum), by the rule \(rule)")
            }
        }
    }
}
