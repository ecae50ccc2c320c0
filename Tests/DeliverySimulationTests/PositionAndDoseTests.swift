import DeliveryControl
import DeliverySimulation
import NumericKernels
import Quantities
import Testing

/// A delivered field whose beam is moved by 3 mm from some ions on, with a control that does not look.
private func delivered(
    offsetMM: SIMD2<Double>?, stopMM: Double = 1000
) -> (FaultField, FieldOutcome, DeliveryLedger, DeliveryLimits) {
    var random = SeededRandom(seed: 11)
    let plan = FaultField(random: &random, isGated: false)
    var limits = plan.limits
    limits.positionStopMM = stopMM
    limits.positionWarnMM = stopMM
    var plant = FieldSimulation(
        field: plan.field, figures: plan.figures, limits: limits, people: plan.people, seed: 1, sink: NoSink()
    )
    if let offsetMM { plant.inject([FaultInjection(.magnetOffset(offsetMM), at: .ions(plan.ions / 2))]) }
    _ = plant.run()
    var ledger = DeliveryLedger(field: plan.field)
    for record in plant.outcome.records { ledger.add(record.entry) }
    return (plan, plant.outcome, ledger, limits)
}

struct PositionCheckTests {
    private func check(_ ledger: DeliveryLedger, _ outcome: FieldOutcome, isMoved: Bool) -> PositionCheck {
        var bound = ReactionBound()
        bound.beamMoves = isMoved ? 1 : 0
        var random = SeededRandom(seed: 11)
        let plan = FaultField(random: &random, isGated: false)
        return PositionCheck(
            ledger, outcome, bound: bound, figures: plan.figures, limits: DeliveryLimits())
    }

    /// On its way between neighbours the beam is not beside its spot.
    @Test func soundBeamIsNowhereElse() {
        let (_, outcome, ledger, _) = delivered(offsetMM: nil, stopMM: 2)
        let check = check(ledger, outcome, isMoved: false)
        #expect(check.misplacedIons == 0 && check.misplaced.isEmpty && check.misbooked.isEmpty)
    }

    /// A control that stops at 2 mm lets a part of one spot through; nothing of that is allowed where no fault moves the beam.
    @Test func movedBeamIsStopped() {
        let (_, outcome, ledger, _) = delivered(offsetMM: SIMD2(3, 0), stopMM: 2)
        #expect(outcome.records.contains { $0.entry == .interlock(.spotPosition) })
        let check = check(ledger, outcome, isMoved: true)
        #expect(check.misplacedIons > 1000 && check.misplaced.isEmpty && check.misbooked.isEmpty)
        #expect(!self.check(ledger, outcome, isMoved: false).misplaced.isEmpty)
    }

    /// Without the interlock half the field lands beside its spots, and the measure is where the beam was moved to.
    @Test func controlThatDoesNotLookIsFound() {
        let (plan, outcome, ledger, _) = delivered(offsetMM: SIMD2(60, 0))
        let check = check(ledger, outcome, isMoved: true)
        #expect(!check.misplaced.isEmpty)
        #expect(abs(check.misplacedIons / plan.ions - 0.5) < 0.05)
        // It is booked to the measured position all the same.
        #expect(check.misbooked.isEmpty)
        let moved = ledger.bookings[2][5]
        #expect(abs((moved.positionMM?.x ?? 0) - plan.field.layers[2].visits[5].positionMM.x - 60) < 1)
    }

    @Test func recordOfThePlannedPositionIsFound() {
        let (plan, outcome, _, _) = delivered(offsetMM: SIMD2(60, 0))
        var ledger = DeliveryLedger(field: plan.field)
        for (entry, _) in outcome.records {
            if case .visit(let layer, let visit, var sample) = entry {
                sample.positionMM = plan.field.layers[layer].visits[visit].positionMM
                ledger.add(.visit(layer: layer, visit: visit, sample))
            } else {
                ledger.add(entry)
            }
        }
        #expect(!check(ledger, outcome, isMoved: true).misbooked.isEmpty)
    }
}

struct ExtraLocalDoseTests {
    /// Peak of a 290 MeV/u beam behind the ridge filter: some 100 keV/µm, between the entrance (11) and the greatest of a single ion (950).
    @Test func dosePerIon() {
        let dose = ExtraLocalDose.perIonGy(EnergyPerNucleon(290))
        let peak = dose * 2 * .pi * ExtraLocalDose.sigmaMM * ExtraLocalDose.sigmaMM * 1e6 / 0.1602
        #expect((80...125).contains(peak), "\(peak)")
        // Less energy, less straggling, a higher peak.
        #expect(ExtraLocalDose.perIonGy(EnergyPerNucleon(200)) > dose)
        let middle = ExtraLocalDose.perIonGy(EnergyPerNucleon(290))
        let mean = (ExtraLocalDose.perIonGy(.init(280)) + ExtraLocalDose.perIonGy(.init(300))) / 2
        #expect(abs(middle / mean - 1) < 1e-12)
    }

    /// The plan itself is no extra dose but for noise; twice the field is one field's dose too much.
    @Test func twiceTheFieldIsFound() {
        let (plan, outcome, _, _) = delivered(offsetMM: nil)
        var dose = ExtraLocalDose(field: plan.field, ionsPerCount: plan.figures.monitors.ionsPerCount)
        #expect(dose.greatestGy == 0)
        dose.add(outcome)
        let noise = dose.greatestGy
        #expect(noise > 0 && noise < 0.04)
        dose.add(outcome)
        #expect(dose.greatestGy > 5 * noise)
        // One spot's ions at most, times the spots that overlap.
        let most =
            plan.field.layers.map { layer in
                layer.visits.indices.map { Double(layer.counts(ofVisit: $0)) }.max() ?? 0
            }.max() ?? 0
        #expect(dose.greatestGy < 10 * most * 50 * ExtraLocalDose.perIonGy(EnergyPerNucleon(278)))
    }
}
