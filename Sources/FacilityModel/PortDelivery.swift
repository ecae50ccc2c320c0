/// How a port spreads the beam over a target.
public enum PortDelivery: String, Hashable, Sendable, CaseIterable {
    /// A pencil beam is led over the target, energy by energy.
    case scanning
    /// A broad beam is shaped by wobbling, scatterer, ridge filter, collimator and bolus.
    case passive
}
