import DeliveryControl
import NumericKernels
import PlanModel
import Quantities

/// A small field and its machine, drawn from a seed: three layers of 20 to 60 spots, some far from their neighbours.
///
/// Waiting (fills, steps of energy, people) is shortened, so that a run is short; rates, delays, noise and tolerances are those of a machine.
package struct FaultField: Sendable {
    package let field: FieldSequence
    package let figures: PlantFigures
    package let limits: DeliveryLimits
    package let gate: BreathingGate?
    package let people: OperatorPolicy
    /// Ions of the whole field.
    package let ions: Double

    /// - Parameters:
    ///   - random: Draws.
    ///   - isGated: Whether the field waits for breathing; nil lets one field in four.
    ///   - slowness: Factor by which the rate is lower, so that the field lasts over several breaths.
    package init(random: inout SeededRandom, isGated: Bool? = nil, slowness: Double = 1) {
        var plant = PlantFigures(
            supply: .init(ionsPerFill: 2e10, energyStepS: 0.02, refillS: 0.05, longestFlatTopS: 60),
            scanning: .init(speedMMPerS: SIMD2(100_000, 50_000), highestRigidityTM: 6.624))
        let rules = SequenceRules(
            paintings: random.uniform() < 0.3 ? 2 : 1, leastVisitCounts: 50,
            ratesIonsPerS: plant.safeRates(1e7...1e9))
        var layers: [LayerSequence] = []
        for index in 0..<3 {
            let energy = EnergyPerNucleon(290 - 6 * Double(index))
            let spots = Self.spots(&random)
            let visits = rules.visits(EnergyLayer(energy: energy, spots: spots, paintings: 1))
            layers.append(
                LayerSequence(
                    planLayer: index, energy: energy, rigidityTM: 5.27 - 0.06 * Double(index),
                    countsPerS: rules.countsPerS(visits) / slowness, visits: visits))
        }
        let gated = isGated ?? (random.uniform() < 0.25)
        field = FieldSequence(
            fieldNumber: 1, planHash: "approved", ion: .carbon12, layers: layers,
            setup: FieldSetup(
                patientID: "patient", gantryDegrees: 90, couchMM: SIMD3(10, 20, 30), couchDegrees: .zero,
                snoutMM: 300, rangeShifter: "RS3", ridgeFilter: "R1"),
            isGated: gated)
        ions = Double(field.counts) * rules.ionsPerCount
        // One ring in four is so weak that fills end within layers.
        if random.uniform() < 0.25 { plant.supply.ionsPerFill = ions * (0.15 + 0.3 * random.uniform()) }
        figures = plant
        var limits = DeliveryLimits()
        limits.gateOpenNS = 1_000_000_000
        self.limits = limits
        let breathing = BreathingTrace(
            periodS: 0.8 + 0.4 * random.uniform(), irregularity: 0.1, durationS: 30, seed: random.next())
        gate = gated ? BreathingGate(trace: breathing) : nil
        people = OperatorPolicy(
            startNS: 20_000_000, resetNS: 350_000_000, patienceNS: 3_000_000_000, resumes: 8)
    }

    /// A field of a plan on its machine.
    ///
    /// - Parameters:
    ///   - field: As it is delivered.
    ///   - figures: Of the machine.
    ///   - gate: Of breathing; nil for none.
    package init(_ field: FieldSequence, figures: PlantFigures, gate: BreathingGate?) {
        self.field = field
        self.figures = figures
        self.gate = gate
        limits = DeliveryLimits()
        people = OperatorPolicy()
        ions = Double(field.counts) * figures.monitors.ionsPerCount
    }

    /// Rows of a meander, 3 mm apart, with gaps.
    private static func spots(_ random: inout SeededRandom) -> [Spot] {
        let count = 20 + Int(random.uniform() * 41)
        let particles = 1e4 + 6e4 * random.uniform()
        var spots: [Spot] = []
        var place = 0
        while spots.count < count {
            // Every tenth time some places stay empty: far neighbours.
            place += random.uniform() < 0.1 ? 4 : 1
            let (row, column) = (place / 8, place % 8)
            let x = Double(row % 2 == 0 ? column : 7 - column)
            spots.append(
                Spot(
                    positionMM: SIMD2(3 * x - 10.5, 3 * Double(row) - 9),
                    particles: particles * (0.3 + random.uniform())))
        }
        return spots
    }
}
