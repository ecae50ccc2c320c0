import DeliveryControl
import DeliverySimulation

/// How a fraction is delivered.
public struct FractionRequest: Sendable {
    /// What the extraction rate of a layer is chosen for.
    public enum Rate: Hashable, Sendable {
        /// A mean stay at a spot, s.
        case meanDwell(Double)
        /// One rate, ions/s.
        case fixed(Double)
        /// Paintings that fill gates from their opening on: phase-controlled rescanning.
        case phaseControlled
    }

    /// A fault of the catalogue that strikes one field.
    public struct Fault: Hashable, Sendable {
        public var scenario: FaultScenario
        /// DICOM Beam Number; nil for the first field.
        public var field: Int?

        /// - Parameters:
        ///   - scenario: What goes wrong.
        ///   - field: DICOM Beam Number; nil for the first field.
        public init(_ scenario: FaultScenario, field: Int? = nil) {
            self.scenario = scenario
            self.field = field
        }
    }

    /// Fraction, from 1.
    public var fraction = 1
    /// Seed of the simulated machine; every field and session has a stream of its own.
    public var seed: UInt64 = 1
    /// Paintings of each layer; nil for the plan's.
    public var paintings: Int?
    /// Paintings of the whole volume.
    public var volumePaintings = 1
    /// Whether the order of the spots is found for the scanning magnets; the plan's order if not.
    public var isOrderOptimised = false
    /// Longest move with beam on, mm; 0 switches beam off between all spots.
    public var rasterStepMM = 6.0
    public var rate = Rate.meanDwell(154e-6)
    /// Breathing; nil for a patient at rest.
    public var breathing: Breathing?
    /// Shape of the spill, and where it comes from in words; nil for assumed noise and lines.
    public var spill: (shape: SpillShape, text: String)?
    /// Faults of the first session of their field.
    public var faults: [Fault] = []
    /// Time over which entries of the log are collected, s.
    public var commitS = 0.004

    public init() {}
}
