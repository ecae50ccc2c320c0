/// Tolerances and times of the control. Lengths in mm, angles in degrees, times in nanoseconds, counts of the monitors.
public struct DeliveryLimits: Hashable, Sendable {
    /// Off the planned position: one spot further off than this stops the beam, mm.
    public var positionStopMM = 2.0
    /// Off the planned position: so many spots in a row further off than `positionWarnMM` stop it.
    public var positionWarnMM = 1.0
    public var positionWarnCount = 5
    /// Relative difference of the spot's width that stops the beam.
    public var sizeStop = 0.25
    /// Counts in a sample below which position and width are not judged.
    public var leastCountsForPosition: Int64 = 40
    /// Relative difference of the monitors over a layer: told; ends at the spot's end; ends at once.
    public var disagreementWarn = 0.02
    public var disagreementStopAfterSpot = 0.05
    public var disagreementStop = 0.10
    /// Difference that is never judged, counts: this many, or so many standard deviations of the two monitors' noise, whichever is more.
    public var disagreementFloor: Int64 = 60
    public var disagreementSigmas = 5.0
    /// RMS noise of each monitor's counts over the root of the counts.
    public var monitorNoise = 0.5
    /// Rate over the layer's request that stops the beam.
    public var intensityFactor = 5.0
    /// Time over which the rate is judged, and counts below which it is not.
    public var intensityWindowNS: Int64 = 80_000
    public var intensityFloor: Int64 = 60
    /// A spot may take `spotTimeFactor` times counts over rate and `spotTimeNS` more.
    public var spotTimeFactor = 5.0
    public var spotTimeNS: Int64 = 50_000_000
    /// Beam must be seen to be off so soon after it was switched off.
    public var beamOffNS: Int64 = 1_000_000
    /// Counts that may come after beam was seen to be off, before it is switched on again, and per second for noise.
    public var darkCounts: Int64 = 20
    public var darkCountsPerS = 50.0
    /// Age of the oldest record that is not on disk yet: beam waits; interlock.
    public var recordHoldNS: Int64 = 10_000_000
    public var recordStopNS: Int64 = 200_000_000
    /// How long after the gate's opening visits that fill a gate may begin.
    public var gateBeginNS: Int64 = 30_000_000
    /// Longest time that the gate may stay open.
    public var gateOpenNS: Int64 = 20_000_000_000
    /// Longest beam time of a field over what its ions and rates need.
    public var beamTimeFactor = 3.0
    public var beamTimeNS: Int64 = 5_000_000_000
    /// Set-up: each couch axis, couch angles, gantry angle, snout.
    public var couchMM = 1.0
    public var couchDegrees = 0.5
    public var gantryDegrees = 0.3
    public var snoutMM = 2.0
    /// Relative difference of rigidity between field reading and layer.
    public var rigidity = 0.0005

    public init() {}

    /// Difference of the monitors that noise alone explains after `counts`, counts:
    ///
    ///     max(floor, k · √2 · s · √N)
    ///
    /// with N counts of one monitor, s its noise over the root of the counts and k standard deviations (docs/components/delivery-control.md).
    ///
    /// - Parameter counts: N; what is below 0 is taken for 0.
    public func noiseOfDifference(counts: Int64) -> Int64 {
        let root = (2 * Double(max(counts, 0))).squareRoot()
        return max(disagreementFloor, Int64((disagreementSigmas * monitorNoise * root).rounded()))
    }
}
