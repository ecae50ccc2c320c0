import FacilityModel
import PatientModel
import PlanEvaluation
import PlanModel

/// One treatment on several facilities, as plain values; `ComparisonPage` turns it into a page.
public struct ComparisonReport: Sendable {
    /// Time of the beam of one fraction.
    public struct BeamTime: Sendable, Hashable {
        /// Time that goes to one thing.
        public struct Part: Sendable, Hashable {
            public var name: String
            public var seconds: Double

            /// - Parameters:
            ///   - name: What it goes to.
            ///   - seconds: Of one fraction, s.
            public init(name: String, seconds: Double) {
                self.name = name
                self.seconds = seconds
            }
        }
        /// Fills of the ring.
        public var fills: Int
        /// What the time goes to, all fields together.
        public var parts: [Part]

        /// - Parameters:
        ///   - fills: Fills of the ring.
        ///   - parts: What the time goes to.
        public init(fills: Int, parts: [Part]) {
            self.fills = fills
            self.parts = parts
        }

        /// s
        public var totalS: Double { parts.reduce(0) { $0 + $1.seconds } }
    }

    /// The plan of one facility.
    public struct Result: Sendable {
        public var plan: Plan
        /// Dose of all fractions.
        public var dose: PlanDose
        public var structures: [StructureEvaluation]
        public var goals: [GoalResult]
        /// Nil where it was not asked for.
        public var robustness: RobustnessEvaluation?
        /// Nil where no model of the time is there.
        public var beam: BeamTime?
        /// Name of the plan's own report beside the page; nil for none.
        public var reportFile: String?

        /// - Parameters:
        ///   - plan: The plan.
        ///   - dose: Dose of all fractions.
        ///   - structures: Figures of the structures.
        ///   - goals: Results in the order of the goals, the same for all facilities.
        ///   - robustness: The plan under errors; nil where it was not asked for.
        ///   - beam: Time of the beam; nil where no model of it is there.
        ///   - reportFile: Name of the plan's own report beside the page.
        public init(
            plan: Plan, dose: PlanDose, structures: [StructureEvaluation], goals: [GoalResult],
            robustness: RobustnessEvaluation? = nil, beam: BeamTime? = nil, reportFile: String? = nil
        ) {
            self.plan = plan
            self.dose = dose
            self.structures = structures
            self.goals = goals
            self.robustness = robustness
            self.beam = beam
            self.reportFile = reportFile
        }

        /// Figures of the target; nil if it has none.
        var target: StructureEvaluation? {
            structures.first { $0.structureName == plan.prescription.targetName }
        }
    }

    /// One facility.
    public struct Entry: Sendable {
        /// As the user named it, for example `himac:passive`.
        public var name: String
        public var machine: MachineDescription
        /// Nil for a machine that cannot give the treatment.
        public var result: Result?
        /// Why there is no plan.
        public var reason: String?

        /// - Parameters:
        ///   - name: As the user named it.
        ///   - machine: The machine.
        ///   - result: Its plan; nil for none.
        ///   - reason: Why there is none.
        public init(name: String, machine: MachineDescription, result: Result?, reason: String? = nil) {
            self.name = name
            self.machine = machine
            self.result = result
            self.reason = reason
        }
    }

    public var title: String
    public var entries: [Entry]
    public var prescription: Prescription
    public var ct: CTImage
    public var structures: StructureSet
    /// Name and version of the program.
    public var program: String
    /// As it is to be printed.
    public var date: String
    public var appearance: ReportAppearance

    /// - Parameters:
    ///   - title: What the treatment is.
    ///   - entries: The facilities, in the order of columns and colours; differences are to the first that has a plan.
    ///   - prescription: Target and dose.
    ///   - ct: The images.
    ///   - structures: The contours.
    ///   - program: Name and version of the program.
    ///   - date: As it is to be printed.
    ///   - appearance: Window, isodose lines, hidden structures.
    public init(
        title: String, entries: [Entry], prescription: Prescription, ct: CTImage, structures: StructureSet,
        program: String, date: String, appearance: ReportAppearance = ReportAppearance()
    ) {
        self.title = title
        self.entries = entries
        self.prescription = prescription
        self.ct = ct
        self.structures = structures
        self.program = program
        self.date = date
        self.appearance = appearance
    }

    /// Facilities that have a plan, with its colour in every picture.
    var planned: [(name: String, colour: Colour, result: Result)] {
        entries.compactMap { entry in entry.result.map { (entry.name, $0) } }.enumerated().map {
            ($1.0, Colour.series[$0 % Colour.series.count], $1.1)
        }
    }
}
