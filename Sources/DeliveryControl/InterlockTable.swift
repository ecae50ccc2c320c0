/// What each interlock does: data, so that it can be read, printed and checked for completeness.
///
/// ## Checked by
/// `InterlockTableTests`: complete; agrees with docs/components/delivery-control.md; dose faults need two persons.
public struct InterlockTable: Sendable {
    /// One row.
    public struct Row: Hashable, Sendable {
        public var interlock: Interlock
        /// While beam is possible (from the request of a layer until the end).
        public var consequence: InterlockClass
        /// Least right that may reset it.
        public var reset: ResetRight
        /// Different persons needed for the reset.
        public var persons: Int
        /// Who may let a difference of the set-up stand; nil for nobody.
        public var override: OverrideRule?

        public init(
            _ interlock: Interlock, _ consequence: InterlockClass, reset: ResetRight, persons: Int = 1,
            override: OverrideRule? = nil
        ) {
            self.interlock = interlock
            self.consequence = consequence
            self.reset = reset
            self.persons = persons
            self.override = override
        }
    }

    /// Who may override.
    public struct OverrideRule: Hashable, Sendable {
        /// Least right.
        public var right: ResetRight
        /// Different persons with it; two at least.
        public var persons: Int

        public init(right: ResetRight, persons: Int) {
            self.right = right
            self.persons = persons
        }
    }

    private let rows: [Row]

    /// - Parameter rows: One for each interlock, in any order.
    /// - Returns: nil if one is missing or named twice, wants nobody for its reset, may be overridden by one person alone, or may be
    ///   overridden although it is not about patient and position: never ion, energy, range, monitors, plan or checksum.
    public init?(rows: [Row]) {
        let sorted = rows.sorted { $0.interlock.rawValue < $1.interlock.rawValue }
        guard sorted.map(\.interlock) == Interlock.allCases,
            sorted.allSatisfy({ (1...2).contains($0.persons) }),
            sorted.allSatisfy({ row in
                row.override.map { row.interlock.isOfPosition && $0.persons >= 2 } ?? true
            })
        else { return nil }
        self.rows = sorted
    }

    private init(complete rows: [Row]) { self.rows = rows }

    public subscript(_ interlock: Interlock) -> Row { rows[Int(interlock.rawValue)] }

    /// The gravest class of a set; nil for an empty one.
    public func gravest(_ set: InterlockSet) -> InterlockClass? {
        set.interlocks.map { self[$0].consequence }.max()
    }

    /// The table that Kasane uses. Faults after which more dose than planned may have been given end the field and want a physicist;
    /// beam that cannot be stopped latches the facility.
    public static let standard = InterlockTable(complete: [
        Row(.secondaryDoseLimit, .termination, reset: .physicist, persons: 2),
        Row(.monitorDisagreement, .termination, reset: .physicist, persons: 2),
        Row(.monitorHighVoltage, .interruption, reset: .physicist),
        Row(.darkCounts, .interruption, reset: .physicist),
        Row(.spotPosition, .interruption, reset: .physicist),
        Row(.spotSize, .interruption, reset: .physicist),
        Row(.scanMagnet, .interruption, reset: .physicist),
        Row(.intensityHigh, .interruption, reset: .physicist),
        Row(.spotTime, .interruption, reset: .therapist),
        Row(.beamOffFailure, .facilityLatch, reset: .facility, persons: 2),
        Row(.energyMismatch, .interruption, reset: .physicist),
        Row(.ionMismatch, .termination, reset: .facility, persons: 2),
        Row(.rangeShifter, .interruption, reset: .physicist),
        Row(.snout, .interruption, reset: .therapist),
        Row(.gantry, .interruption, reset: .therapist),
        Row(.couch, .interruption, reset: .therapist),
        Row(
            .imaging, .interruption, reset: .therapist,
            override: OverrideRule(right: .therapist, persons: 2)),
        Row(
            .patientIdentity, .termination, reset: .therapist, persons: 2,
            override: OverrideRule(right: .therapist, persons: 2)),
        Row(.planHash, .termination, reset: .physicist),
        Row(.sequenceChecksum, .termination, reset: .physicist),
        Row(.roomSafety, .interruption, reset: .therapist),
        Row(.emergencyStop, .termination, reset: .facility),
        Row(.watchdog, .interruption, reset: .physicist),
        Row(.recording, .interruption, reset: .physicist),
        Row(.gatingSignal, .interruption, reset: .therapist),
        Row(.gateOpenTooLong, .interruption, reset: .therapist),
        Row(.clock, .interruption, reset: .physicist),
        Row(.beamTime, .termination, reset: .physicist),
        Row(.unexpectedEvent, .interruption, reset: .physicist),
        Row(.operatorInterrupt, .interruption, reset: .therapist),
        Row(.operatorTerminate, .termination, reset: .therapist),
        Row(.permitLost, .interruption, reset: .therapist),
    ])
}
