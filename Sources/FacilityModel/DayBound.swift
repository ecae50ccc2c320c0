/// How many fractions a day can hold at most: rooms that never wait, and a beam that never rests.
///
///     rooms in use:  Σ_r H/(t_r + b),   beam:  H/(b + w)
///
/// H hours of treatment, t_r the time in room r without beam, b the mean time a fraction holds the beam, w the time to
/// lead the beam to another room. A real day, in which rooms wait for the beam and for people, has less.
///
/// ## Checked by
/// `DayBoundTests`.
public struct DayBound: Hashable, Sendable {
    /// What the rooms could do if none ever waited for beam.
    public var fractionsByRooms: Double
    /// What the beam could do if a room were always ready.
    public var fractionsByBeam: Double
    /// The lesser of both, over a year and a mean course.
    public var patientsPerYear: Double

    /// Nil if the description tells neither rooms nor operation.
    ///
    /// - Parameter description: A machine.
    public init?(_ description: MachineDescription) {
        let rooms = description.rooms.filter(\.isInUse)
        guard let operation = description.operation, !rooms.isEmpty else { return nil }
        let minutes = operation.hoursPerDay * 60
        let beam = operation.meanBeamTimeMin
        fractionsByRooms = rooms.reduce(0) { $0 + minutes / ($1.meanTimeWithoutBeamMin + beam) }
        fractionsByBeam = minutes / (beam + operation.roomSwitchTimeS / 60)
        patientsPerYear =
            min(fractionsByRooms, fractionsByBeam) * operation.treatmentDaysPerYear / operation.meanFractions
    }
}
