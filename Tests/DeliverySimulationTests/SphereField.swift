import DeliveryControl
import DeliverySimulation
import PlanModel
import Quantities

/// A sphere of 60 mm at 290 MeV/u, 1 Gy: spots of 2 mm, layers of 3 mm; and a small field for many runs.
enum SphereField {
    static let setup = FieldSetup(
        patientID: "P", gantryDegrees: 90, couchMM: .zero, couchDegrees: .zero, snoutMM: 0, rangeShifter: nil,
        ridgeFilter: "R")

    /// The deepest layer has four times the ions of the others, 8e8 in all.
    static func layers(diameterMM: Double = 60, spotMM: Double = 2, layerMM: Double = 3) -> [EnergyLayer] {
        let count = Int(diameterMM / layerMM)
        let radius = diameterMM / 2
        return (0..<count).map { index in
            let z = (Double(index) + 0.5) * layerMM - radius
            let limit = radius * radius - z * z
            var spots: [Spot] = []
            let half = Int(radius / spotMM)
            for row in -half...half {
                let y = Double(row) * spotMM
                let columns = (-half...half).map { Double($0) * spotMM }.filter { $0 * $0 + y * y <= limit }
                for x in row % 2 == 0 ? columns : columns.reversed() {
                    spots.append(Spot(positionMM: SIMD2(x, y), particles: index == 0 ? 3.2e5 : 5e4))
                }
            }
            return EnergyLayer(energy: EnergyPerNucleon(290 - layerMM * Double(index)), spots: spots)
        }
    }

    static func field(_ layers: [EnergyLayer], rules: SequenceRules, isGated: Bool = false) -> FieldSequence {
        let sequences = layers.enumerated().map { index, layer in
            let visits = rules.visits(layer)
            return LayerSequence(
                planLayer: index, energy: layer.energy, rigidityTM: 5.27 - 0.03 * Double(index),
                countsPerS: rules.countsPerS(visits), visits: visits)
        }
        return FieldSequence(
            fieldNumber: 1, planHash: "hash", ion: .carbon12, layers: sequences, setup: setup,
            isGated: isGated)
    }

    /// NIRS scanning port: 100 and 50 mm/ms at 430 MeV/u (6.624 T m), 0.25 s to the next energy.
    static let figures = PlantFigures(
        supply: .init(ionsPerFill: 2e10, energyStepS: 0.25, refillS: 1.5, longestFlatTopS: 60),
        scanning: .init(speedMMPerS: SIMD2(100_000, 50_000), highestRigidityTM: 6.624))

    static let rates = 1e7...1e9
}
