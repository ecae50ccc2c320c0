import PlanModel

/// Everything a report of a delivered fraction shows, as plain values; `DeliveryPage` turns it into a page.
public struct DeliveryReport: Sendable {
    /// Where the time of a field went.
    public struct TimeShare: Sendable, Hashable {
        /// For example `energy steps`.
        public var name: String
        public var seconds: Double

        public init(name: String, seconds: Double) {
            self.name = name
            self.seconds = seconds
        }
    }

    /// Beam and gate against time, in bins of equal length.
    public struct Trace: Sendable {
        /// Time of one bin, s.
        public var binS: Double
        /// Ions per second in each bin.
        public var rateIonsPerS: [Double]
        /// Share of each bin with the gate open; empty without gating.
        public var gateOpen: [Double]
        /// Energy in each bin, MeV/u; not a number before the first layer.
        public var energyMeVPerNucleon: [Double]
        /// Amplitude of breathing in each bin; empty without breathing.
        public var breathing: [Double]

        public init(
            binS: Double, rateIonsPerS: [Double], gateOpen: [Double], energyMeVPerNucleon: [Double],
            breathing: [Double]
        ) {
            self.binS = binS
            self.rateIonsPerS = rateIonsPerS
            self.gateOpen = gateOpen
            self.energyMeVPerNucleon = energyMeVPerNucleon
            self.breathing = breathing
        }
    }

    /// One field.
    public struct DeliveredField: Sendable {
        public var number: Int
        public var name: String
        /// For example `completed`.
        public var state: String
        public var sessions: Int
        public var visits: Int
        /// Ions by the plan, and by each monitor.
        public var plannedIons: Double
        public var primaryIons: Double
        public var secondaryIons: Double
        public var durationS: Double
        public var times: [TimeShare]
        public var fills: Int
        /// In order, with the time, s.
        public var interlocks: [(name: String, timeS: Double)]
        /// Measured less planned position of each visit, mm, x and y.
        public var positionErrorsMM: [SIMD2<Double>]
        /// Booked over planned ions of each spot.
        public var spotRatios: [Double]
        public var trace: Trace

        public init(
            number: Int, name: String, state: String, sessions: Int, visits: Int, plannedIons: Double,
            primaryIons: Double, secondaryIons: Double, durationS: Double, times: [TimeShare], fills: Int,
            interlocks: [(name: String, timeS: Double)], positionErrorsMM: [SIMD2<Double>],
            spotRatios: [Double],
            trace: Trace
        ) {
            self.number = number
            self.name = name
            self.state = state
            self.sessions = sessions
            self.visits = visits
            self.plannedIons = plannedIons
            self.primaryIons = primaryIons
            self.secondaryIons = secondaryIons
            self.durationS = durationS
            self.times = times
            self.fills = fills
            self.interlocks = interlocks
            self.positionErrorsMM = positionErrorsMM
            self.spotRatios = spotRatios
            self.trace = trace
        }
    }

    /// Planned and delivered dose of one structure.
    public struct StructurePair: Sendable {
        public var planned: StructureEvaluation
        public var delivered: StructureEvaluation
        public var isTarget: Bool

        public init(planned: StructureEvaluation, delivered: StructureEvaluation, isTarget: Bool) {
            self.planned = planned
            self.delivered = delivered
            self.isTarget = isTarget
        }
    }

    /// Gamma of one quantity and pair of criteria.
    public struct GammaRow: Sendable, Hashable {
        /// For example `absorbed, 1 %/1 mm`.
        public var criteria: String
        /// Share of points with γ ≤ 1.
        public var passRate: Double
        public var points: Int

        public init(criteria: String, passRate: Double, points: Int) {
            self.criteria = criteria
            self.passRate = passRate
            self.points = points
        }
    }

    /// The delivered dose beside the planned one.
    public struct DoseComparisonFacts: Sendable {
        public var gamma: [GammaRow]
        public var structures: [StructurePair]
        /// Total dose that is prescribed, Gy (RBE).
        public var prescribedDose: Double
        /// Goals that the plan meets and the delivered dose does not, in words.
        public var lostGoals: [String]
        /// What was computed, for people: 3D or 4D, from log or truth.
        public var method: String

        public init(
            gamma: [GammaRow], structures: [StructurePair], prescribedDose: Double, lostGoals: [String] = [],
            method: String
        ) {
            self.gamma = gamma
            self.structures = structures
            self.prescribedDose = prescribedDose
            self.lostGoals = lostGoals
            self.method = method
        }
    }

    public var patientID: String
    /// Series of the CT and instance of the structure set.
    public var ctUID: String
    public var structureSetUID: String
    public var plan: Plan
    public var fraction: Int
    public var facility: String
    /// What must be said wherever the machine is shown; nil for nothing.
    public var machineNotice: String?
    public var fields: [DeliveredField]
    /// Nil if no dose was computed.
    public var dose: DoseComparisonFacts?
    /// Pictures of the doses, made by the caller.
    public var washes: [Picture]
    /// How it was delivered: paintings, gating, seed.
    public var options: [ReportFact]
    public var provenance: ReportProvenance
    public var date: String

    public init(
        patientID: String, ctUID: String, structureSetUID: String, plan: Plan, fraction: Int,
        facility: String, machineNotice: String?,
        fields: [DeliveredField], dose: DoseComparisonFacts?, washes: [Picture], options: [ReportFact],
        provenance: ReportProvenance, date: String
    ) {
        self.patientID = patientID
        self.ctUID = ctUID
        self.structureSetUID = structureSetUID
        self.plan = plan
        self.fraction = fraction
        self.facility = facility
        self.machineNotice = machineNotice
        self.fields = fields
        self.dose = dose
        self.washes = washes
        self.options = options
        self.provenance = provenance
        self.date = date
    }

    /// Whether every field was delivered whole.
    public var isComplete: Bool { fields.allSatisfy { $0.state == "completed" } }
}
