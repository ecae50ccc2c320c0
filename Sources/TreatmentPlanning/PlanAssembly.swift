import FacilityModel
import PlanModel

/// From optimised weights back to fields that a machine can deliver.
enum PlanAssembly {
    /// Puts the weights on the spots, takes out spots and layers without ions, and sets the paintings so that no visit
    /// of a spot needs more ions than the nozzle can give.
    ///
    /// - Parameters:
    ///   - fields: The fields as placed; their spots in order are the weights.
    ///   - weights: Ions per spot and fraction, field after field.
    static func fields(_ fields: [Field], weights: [Double], machine: Machine) -> [Field] {
        var next = 0
        return fields.map { field in
            var result = field
            let limit = machine.port(field.portID)?.nozzle.maximumSpotParticles ?? .infinity
            result.layers = field.layers.compactMap { layer in
                var spots: [Spot] = []
                for spot in layer.spots {
                    let particles = weights[next]
                    next += 1
                    if particles > 0 { spots.append(Spot(positionMM: spot.positionMM, particles: particles)) }
                }
                guard let greatest = spots.map(\.particles).max() else { return nil }
                let paintings = max(1, Int((greatest / limit).rounded(.up)))
                return EnergyLayer(energy: layer.energy, spots: spots, paintings: paintings)
            }
            return result
        }
    }
}
