import IonPhysics

/// Why optics could not be computed.
public enum BeamOpticsError: Error, Hashable, Sendable {
    case energy(Double)
    /// The ion is not known, or cannot have the charge.
    case ion(IonPhysicsError)
    case emptyLattice
    case element(String, String)
    case unknownElement(String)
    case unknownFamily(String)
    /// The closed orbit was not found: greatest residual, m or rad.
    case noClosedOrbit(delta: Double, residual: Double)
    /// Motion in a plane is not stable: half the trace of the one-turn matrix.
    case unstable(plane: String, halfTrace: Double)
    /// The planes are coupled: greatest coupling term of the one-turn matrix.
    case coupled(Double)
    case matching(String)
    case lost(turn: Int)
}

extension BeamOpticsError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .energy(let value): "kinetic energy \(value) MeV/u is not positive"
        case .ion(let error): "\(error)"
        case .emptyLattice: "the lattice has no element"
        case .element(let name, let why): "element \(name): \(why)"
        case .unknownElement(let name): "the lattice has no element \(name)"
        case .unknownFamily(let name): "the lattice has no strength \(name)"
        case .noClosedOrbit(let delta, let residual):
            "no closed orbit at dp/p \(delta): what comes back differs by \(residual); check strengths and misalignments"
        case .unstable(let plane, let trace):
            "motion in \(plane) is not stable: half the trace of one turn is \(trace), beyond ±1; check the quadrupoles"
        case .coupled(let value):
            "the planes are coupled (\(value) in the one-turn matrix); uncoupled optics cannot describe that"
        case .matching(let why): "matching failed: \(why)"
        case .lost(let turn): "the particle was lost in turn \(turn)"
        }
    }
}
