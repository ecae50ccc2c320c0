import DeliveryControl

/// What the people at the console do.
public struct OperatorPolicy: Hashable, Sendable {
    /// From a token's offer to the press of the button.
    public var startNS: Int64
    /// From an interruption to the reset of its interlocks.
    public var resetNS: Int64
    /// How long a field may wait without an ion before somebody interrupts it.
    public var patienceNS: Int64
    /// How often a field is resumed before it is given up.
    public var resumes: Int
    /// Who is there.
    public var persons: [RightHolder]

    /// - Parameters:
    ///   - startNS: Reaction to a token.
    ///   - resetNS: Reaction to an interruption.
    ///   - patienceNS: Longest wait of a running field without an ion.
    ///   - resumes: How often a field is resumed.
    ///   - persons: Who is there.
    public init(
        startNS: Int64 = 1_000_000_000, resetNS: Int64 = 20_000_000_000,
        patienceNS: Int64 = 120_000_000_000, resumes: Int = 10,
        persons: [RightHolder] = [
            RightHolder(id: "therapist", right: .therapist), RightHolder(id: "physicist", right: .physicist),
            RightHolder(id: "facility", right: .facility), RightHolder(id: "facility-2", right: .facility),
        ]
    ) {
        self.startNS = startNS
        self.resetNS = resetNS
        self.patienceNS = patienceNS
        self.resumes = resumes
        self.persons = persons
    }
}
