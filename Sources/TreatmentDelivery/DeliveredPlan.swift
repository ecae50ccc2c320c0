import DeliveryControl
import DeliveryLog
import PlanModel
import Quantities

extension FractionPlan {
    /// The plan as it was delivered: one spot for each visit that got ions, where the beam was measured (where it was sent, if nothing was
    /// measured), with the ions that the primary monitor counted.
    ///
    /// - Parameter histories: Of the fields that had beam, by field number; a field without one is delivered with nothing.
    public func delivered(_ histories: [Int: FieldHistory]) -> Plan {
        var delivered = plan
        delivered.fields = fields.map { prepared in
            var field = prepared.field
            let bookings = histories[field.number]?.bookings ?? []
            field.layers = prepared.sequence.layers.enumerated().compactMap { index, layer in
                guard bookings.indices.contains(index) else { return nil }
                let spots = layer.visits.indices.compactMap { visit -> Spot? in
                    let booking = bookings[index][visit]
                    guard booking.primary > 0 else { return nil }
                    return Spot(
                        positionMM: booking.positionMM ?? layer.visits[visit].positionMM,
                        particles: Double(booking.primary) * rules.ionsPerCount)
                }
                return spots.isEmpty ? nil : EnergyLayer(energy: layer.energy, spots: spots)
            }
            return field
        }
        delivered.fields.removeAll { $0.layers.isEmpty }
        return delivered
    }
}
