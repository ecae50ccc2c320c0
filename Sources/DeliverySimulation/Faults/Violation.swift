import DeliveryControl

/// The seven invariants of delivery, each against what really happened in the plant.
public enum Invariant: Int, CaseIterable, Sendable, Hashable {
    /// Ions come only while every permit is true, and no later than the stated reaction after one was lost.
    case permits = 1
    /// No visit gets more than prescribed and one reaction-time quantum, over all sessions.
    case dose
    /// What is recorded is what came, over all sessions.
    case record
    /// Ready and beam only with the approved plan, the right patient and set-up, and the right beam.
    case setup
    /// What fired stays latched until somebody who may resets it, and is in the log.
    case latch
    /// Nothing starts by itself.
    case start
    /// What is displayed is what is measured.
    case display

    /// As documents name it.
    public var name: String { "I\(rawValue)" }
}

/// An invariant that did not hold.
public struct Violation: Sendable, Hashable {
    public var invariant: Invariant
    /// Session of the fraction, from 1, and time in it, s.
    public var session: Int
    public var timeS: Double
    /// What was, with its numbers.
    public var text: String

    public var description: String {
        "\(invariant.name), session \(session), \(timeS) s: \(text)"
    }
}
