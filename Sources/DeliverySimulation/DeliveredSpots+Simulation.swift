import DeliveryControl

extension DeliveredSpots {
    /// What a simulated field really delivered: true ions and true places, known to the simulation alone.
    ///
    /// - Parameters:
    ///   - outcome: Of the simulation.
    ///   - field: As it was delivered.
    ///   - offsetS: Begin of the simulation on the clock that all fields of the fraction share, s.
    public init(_ outcome: FieldOutcome, field: FieldSequence, offsetS: Double = 0) {
        var spots: [DeliveredSpot] = []
        for (index, layer) in field.layers.enumerated() {
            for (visit, stay) in layer.visits.enumerated() where outcome.ions[index][visit] > 0 {
                let ions = outcome.ions[index][visit]
                spots.append(
                    DeliveredSpot(
                        layer: layer.planLayer, spot: Int(stay.spot), painting: Int(stay.painting),
                        positionMM: outcome.ionPositionsMM[index][visit] / ions, ions: ions,
                        beginS: offsetS + outcome.firstIonS[index][visit],
                        endS: offsetS + outcome.lastIonS[index][visit]))
            }
        }
        self.init(fieldNumber: field.fieldNumber, spots: spots)
    }
}
