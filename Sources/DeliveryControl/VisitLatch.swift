/// What the hardware latched when the magnets were sent to a visit: from these counts on, what is counted belongs there.
///
/// The counters' electronics keep such latches in a memory of their own, so that they outlive the program: where entries of the log are
/// missing after a crash, they say exactly how the counts divide among visits.
///
/// ## Checked by
/// `DeliveryLedgerTests`, `CrashTests`.
public struct VisitLatch: Hashable, Sendable {
    /// Index in the field's layers, and in the layer's visits.
    public var layer: Int
    public var visit: Int
    /// Counters at that moment.
    public var primary: Int64
    public var secondary: Int64

    /// - Parameters:
    ///   - layer: Index in the field's layers.
    ///   - visit: Index in the layer's visits.
    ///   - primary: Counter of the primary monitor.
    ///   - secondary: Counter of the secondary monitor.
    public init(layer: Int, visit: Int, primary: Int64, secondary: Int64) {
        self.layer = layer
        self.visit = visit
        self.primary = primary
        self.secondary = secondary
    }
}
