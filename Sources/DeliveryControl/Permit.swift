/// A condition that must be said to be true, again and again, for beam to be allowed. Silence is no.
public enum Permit: UInt8, CaseIterable, Sendable, Hashable {
    /// Door closed, search done, key turned.
    case roomSecured
    /// No emergency button pressed.
    case emergencyChain
    /// The ring and the beam line belong to this room.
    case beamLine
    /// Voltage of both monitors in its band.
    case monitorVoltage
    /// The second protection is armed and its own checks hold.
    case secondaryProtection
    /// The log can be written.
    case recorder
    /// The breathing gate is open, or the field needs none.
    case gate
}

/// Which permits hold until when.
///
/// A permit that was never given, or whose time has run out, is not there: nothing stays true because nobody spoke.
///
/// ## Checked by
/// `PermitBoardTests`.
public struct PermitBoard: Sendable, Hashable {
    private var until = [MonotonicTime](
        repeating: MonotonicTime(nanoseconds: .min), count: Permit.allCases.count)

    public init() {}

    /// - Parameters:
    ///   - permit: What is true.
    ///   - time: Last moment at which it holds.
    public mutating func grant(_ permit: Permit, until time: MonotonicTime) {
        until[Int(permit.rawValue)] = time
    }

    /// - Parameter permit: What is not true any more.
    public mutating func withdraw(_ permit: Permit) {
        until[Int(permit.rawValue)] = MonotonicTime(nanoseconds: .min)
    }

    /// Whether a permit holds.
    public func holds(_ permit: Permit, at time: MonotonicTime) -> Bool {
        until[Int(permit.rawValue)] >= time
    }

    /// Permits that do not hold.
    public func missing(at time: MonotonicTime) -> [Permit] {
        Permit.allCases.filter { !holds($0, at: time) }
    }

    /// Whether all hold.
    public func allHold(at time: MonotonicTime) -> Bool { until.allSatisfy { $0 >= time } }
}
