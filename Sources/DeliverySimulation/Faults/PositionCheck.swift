import DeliveryControl

/// I2 and I3 for the place: how many ions landed beside their visits, and whether the record says where they really went.
///
/// ## Checked by
/// `PositionCheckTests`.
package struct PositionCheck {
    /// Ions of the session that landed beside their visits.
    package private(set) var misplacedIons = 0.0
    /// Too many ions beside a visit; a booked position at which no ion was.
    package private(set) var misplaced: [String] = []
    package private(set) var misbooked: [String] = []

    /// - Parameters:
    ///   - ledger: From the entries that are left.
    ///   - outcome: What came.
    ///   - bound: What the injected faults may let through.
    ///   - figures: Of the plant.
    ///   - limits: Of the control.
    package init(
        _ ledger: DeliveryLedger, _ outcome: FieldOutcome, bound: ReactionBound, figures: PlantFigures,
        limits: DeliveryLimits
    ) {
        let unjudged = bound.unjudgedIons(figures: figures, limits: limits)
        var (sum, greatest) = (0.0, 0.0)
        for (index, layer) in ledger.field.layers.enumerated() {
            for visit in layer.visits.indices {
                let places = outcome.places[index][visit]
                misplacedIons += places.misplaced
                let allowed = bound.misplacedIons(visit: visit, of: layer, figures: figures, limits: limits)
                greatest = max(greatest, allowed)
                if places.misplaced > 0 { sum += unjudged }
                if places.misplaced > allowed {
                    misplaced.append(
                        "layer \(index) visit \(visit): \(places.misplaced) ions beside it, \(allowed) allowed"
                    )
                }
                // Damage of the table books to neighbours, by design of the bound.
                guard !bound.isTableDamaged, places.leastMM.x.isFinite else { continue }
                let booking = ledger.bookings[index][visit]
                guard let booked = booking.positionMM else { continue }
                let noise = Self.noiseMM(booking.positionCounts, figures)
                // A control that stood still books what came meanwhile to the visits that it takes up late, with the mean of the places where it
                // was measured.
                let possible = bound.silenceNS > 0 ? IonPlaces(around: outcome.places[index]) : places
                if possible.offMM(booked) > noise {
                    misbooked.append(
                        "layer \(index) visit \(visit): booked at \(booked), ions from \(places.leastMM) to \(places.greatestMM) mm"
                    )
                }
            }
        }
        // Each fault is found at the first visit that can be judged.
        sum += Double(bound.beamMoves) * greatest
        if misplacedIons > sum {
            misplaced.append("\(misplacedIons) ions beside their visits, \(sum) allowed")
        }
    }

    /// Five standard deviations of a coordinate that rests on up to four readings, mm.
    private static func noiseMM(_ counts: Int64, _ figures: PlantFigures) -> Double {
        let perRoot = figures.monitors.positionNoisePerRootCountMM
        return 5 * (figures.monitors.positionNoiseMM + 2 * perRoot / Double(max(1, counts)).squareRoot())
            / 2.0.squareRoot()
    }
}

extension IonPlaces {
    /// The box around all places.
    fileprivate init(around places: [IonPlaces]) {
        self.init()
        for place in places {
            leastMM = pointwiseMin(leastMM, place.leastMM)
            greatestMM = pointwiseMax(greatestMM, place.greatestMM)
        }
    }

    /// How far a place is outside of those where ions came, in the worse coordinate, mm; infinite if none came.
    fileprivate func offMM(_ place: SIMD2<Double>) -> Double {
        max((leastMM - place).max(), (place - greatestMM).max())
    }
}
