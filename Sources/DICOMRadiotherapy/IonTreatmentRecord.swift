import DeliveryControl

/// What one session of a field delivered, as it is written as an RT Ion Beams Treatment Record: one object for each session of each field.
public struct IonTreatmentRecord: Sendable {
    /// 128 bits that name the session for good; SOP Instance UID and Series Instance UID come from them.
    public var identifier: SIMD2<UInt64>
    /// SOP Instance UID of the exported plan; nil if it was not exported.
    public var planUID: String?
    /// Fraction, and session of the field in it, from 1.
    public var fraction: Int
    public var session: Int
    /// Calendar time of `MonotonicTime.start`, milliseconds since 1970-01-01 UTC.
    public var startedMS: Int64
    /// Particles behind one count of the monitors.
    public var particlesPerCount: Double
    /// Counts of the field in earlier sessions of this fraction, primary monitor.
    public var countsBefore: Int64
    public var delivered: DeliveredSession

    /// - Parameters:
    ///   - identifier: 128 bits of the session's log.
    ///   - planUID: SOP Instance UID of the exported plan.
    ///   - fraction: From 1.
    ///   - session: From 1.
    ///   - startedMS: Calendar time of the session's clock at zero, ms since 1970 UTC.
    ///   - particlesPerCount: Particles behind one count.
    ///   - countsBefore: Counts of earlier sessions of the field in this fraction.
    ///   - delivered: What the session delivered.
    public init(
        identifier: SIMD2<UInt64>, planUID: String?, fraction: Int, session: Int, startedMS: Int64,
        particlesPerCount: Double, countsBefore: Int64, delivered: DeliveredSession
    ) {
        self.identifier = identifier
        self.planUID = planUID
        self.fraction = fraction
        self.session = session
        self.startedMS = startedMS
        self.particlesPerCount = particlesPerCount
        self.countsBefore = countsBefore
        self.delivered = delivered
    }

    /// Treatment Termination Status (3008,002A).
    public enum Termination: String, CaseIterable, Sendable {
        case normal = "NORMAL"
        case byOperator = "OPERATOR"
        case machine = "MACHINE"
        case unknown = "UNKNOWN"
    }

    /// How the session ended, in DICOM's terms: `UNKNOWN` where the program died.
    public var termination: Termination {
        switch delivered.ending {
        case .completed: .normal
        case .brokenOff: .unknown
        case .terminated:
            delivered.events.last { !$0.isWarning }?.interlock == .operatorTerminate ? .byOperator : .machine
        }
    }

    /// The same in words, for Treatment Termination Description (300A,0730).
    var terminationText: String {
        var text =
            switch delivered.ending {
            case .completed: "The field is complete."
            case .terminated: "Ended before the field was complete."
            case .brokenOff: "The delivery program stopped before the field was complete."
            }
        if delivered.ledger.isSalvaged {
            text += " Counts after the last entry of the log were taken from the counters of the hardware"
            text += delivered.ledger.isEstimated ? " and divided by the presets." : " and its latches."
        }
        return text
    }
}

/// A delivered record that was read.
public struct ImportedTreatmentRecord: Sendable {
    public struct DeliveredSpot: Hashable, Sendable {
        /// Index of the spot in the plan's layer, from 0; several deliveries may share one.
        public var prescribedIndex: Int
        /// Where it was delivered, IEC gantry at the isocentre plane, mm.
        public var positionMM: SIMD2<Double>
        public var particles: Double
        /// From the control point's time to the begin of the delivery, s; nil if the record does not say.
        public var offsetS: Double?
    }

    public struct Layer: Hashable, Sendable {
        /// Control point of the plan, and the energy in MeV per nucleon.
        public var controlPoint: Int
        public var energyMeVPerNucleon: Double
        /// Cumulative meterset of the control point, as specified and as delivered, particles.
        public var specifiedMeterset: Double?
        public var deliveredMeterset: Double
        /// `YYYYMMDDHHMMSS.FFFFFF` of the control point, UTC.
        public var begin: String
        public var spots: [DeliveredSpot]
        public var particles: Double { spots.reduce(0) { $0 + $1.particles } }
    }

    public var file: String
    public var instanceUID: String
    public var planUID: String?
    public var patientID: String
    public var fraction: Int?
    public var fieldNumber: Int
    public var fieldName: String
    public var machineName: String?
    /// Particles that this session was to deliver and delivered, by the primary and the secondary monitor.
    public var specifiedParticles: Double?
    public var deliveredParticles: Double?
    public var deliveredBySecondary: Double?
    public var isContinuation: Bool
    public var termination: String
    public var verification: String?
    /// Interlock Description (300A,0742) of each interlock.
    public var interlocks: [String]
    /// Override Reason (3008,0066) of each override, in the order of the control points.
    public var overrides: [String]
    /// Layers in the order of their control points.
    public var layers: [Layer]
}
