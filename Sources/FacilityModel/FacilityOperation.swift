/// How a facility is run: days, hours, patients, and how rooms share the beam.
public struct FacilityOperation: Hashable, Sendable {
    /// A group of patients with one course of treatment.
    public struct PatientGroup: Hashable, Sendable {
        /// For example `prostate`.
        public var name: String
        /// Share of all patients, 0 to 1.
        public var share: Double
        public var fractions: Int
        /// Time that a fraction holds the beam, gating included.
        public var beamTime: TreatmentRoom.Duration

        public init(name: String, share: Double, fractions: Int, beamTime: TreatmentRoom.Duration) {
            self.name = name
            self.share = share
            self.fractions = fractions
            self.beamTime = beamTime
        }
    }

    /// Which room gets the beam next.
    public enum QueueRule: String, Hashable, Sendable, CaseIterable {
        /// In the order of the requests.
        case firstCome = "first-come"
        /// In the order of the requests, but a request that would wait longer than the limit goes to the head.
        case promoteLate = "promote-late"
    }

    /// Shares of the patients may miss 1 by this much: they are printed with two digits.
    public static let shareTolerance = 0.005

    public var treatmentDaysPerWeek: Double
    public var treatmentDaysPerYear: Double
    /// Hours of a day in which patients are treated.
    public var hoursPerDay: Double
    public var queueRule: QueueRule
    /// Longest time a room shall wait for beam, minutes.
    public var greatestWaitMin: Double
    /// Time to lead the beam to another room, s.
    public var roomSwitchTimeS: Double
    /// Shortest time that a fraction takes a room, minutes; nil if the file does not tell.
    public var leastStayMin: Double?
    /// Shares add up to 1.
    public var patientMix: [PatientGroup]

    public init(
        treatmentDaysPerWeek: Double, treatmentDaysPerYear: Double, hoursPerDay: Double,
        queueRule: QueueRule, greatestWaitMin: Double, roomSwitchTimeS: Double, patientMix: [PatientGroup],
        leastStayMin: Double? = nil
    ) {
        self.treatmentDaysPerWeek = treatmentDaysPerWeek
        self.treatmentDaysPerYear = treatmentDaysPerYear
        self.hoursPerDay = hoursPerDay
        self.queueRule = queueRule
        self.greatestWaitMin = greatestWaitMin
        self.roomSwitchTimeS = roomSwitchTimeS
        self.patientMix = patientMix
        self.leastStayMin = leastStayMin
    }

    /// Mean number of fractions of a course.
    public var meanFractions: Double { patientMix.reduce(0) { $0 + $1.share * Double($1.fractions) } }

    /// Mean time that a fraction holds the beam, minutes: each group counts with its fractions.
    public var meanBeamTimeMin: Double {
        patientMix.reduce(0) { $0 + $1.share * Double($1.fractions) * $1.beamTime.meanMin } / meanFractions
    }
}
