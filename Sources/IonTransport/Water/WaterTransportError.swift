import IonPhysics
import Quantities

/// Why a transport run was refused.
public enum WaterTransportError: Error, Equatable, Sendable {
    /// The projectile is not among `TransportedSpecies.all`.
    case projectileNotTransported(Isotope)
    /// A quantity of the request lies outside what the engine can do.
    case outsideLimits(quantity: String, value: Double, valid: ClosedRange<Double>)
    /// The physics data refused something.
    case physics(IonPhysicsError)
    /// The fragmentation table cannot be used.
    case fragmentationTable(FragmentationTableError)
    /// The run was stopped by its owner.
    case cancelled
}

extension WaterTransportError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .projectileNotTransported(let isotope):
            "\(isotope) cannot be transported (no channels for it); choose one of Z = 1...10 in TransportedSpecies"
        case .outsideLimits(let quantity, let value, let valid):
            "\(quantity) \(value) is outside \(valid.lowerBound)...\(valid.upperBound); change the request"
        case .physics(let error): "ion physics refused: \(error)"
        case .fragmentationTable(let error): "the fragmentation table is damaged (\(error)); rebuild it"
        case .cancelled: "the transport run was stopped before it was complete; start it again"
        }
    }
}
