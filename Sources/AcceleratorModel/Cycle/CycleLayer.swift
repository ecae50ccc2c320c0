import Quantities

/// What one energy layer needs from the ring.
public struct CycleLayer: Hashable, Sendable {
    public var energy: EnergyPerNucleon
    /// Ions to deliver.
    public var ions: Double
    /// Extraction rate while the beam is on, ions/s.
    public var rateIonsPerS: Double
    /// Time within the layer in which the ring waits without extraction (scanning between spots, gating), s.
    public var pausesS: Double

    public init(energy: EnergyPerNucleon, ions: Double, rateIonsPerS: Double, pausesS: Double = 0) {
        self.energy = energy
        self.ions = ions
        self.rateIonsPerS = rateIonsPerS
        self.pausesS = pausesS
    }

    /// A layer of spots whose rate is chosen for a mean dwell time, and kept inside what the ring can give.
    ///
    /// rate = ions/(visits · dwell), at least the lower and at most the upper limit of the ring: this is the rule by which the
    /// intensity of a layer is set, so that few ions do not pass too fast and many do not take long.
    ///
    /// - Parameters:
    ///   - energy: Of the layer.
    ///   - ions: To deliver.
    ///   - visits: Spots times paintings; at least 1.
    ///   - meanDwellS: Mean time on a spot that is aimed at, s.
    ///   - rates: Extraction rates that the ring can give, ions/s.
    ///   - pausesS: Time of the moves between spots, s.
    public init(
        energy: EnergyPerNucleon, ions: Double, visits: Int, meanDwellS: Double, rates: ClosedRange<Double>,
        pausesS: Double = 0
    ) {
        let wished = ions / (Double(max(1, visits)) * meanDwellS)
        self.init(
            energy: energy, ions: ions, rateIonsPerS: min(max(wished, rates.lowerBound), rates.upperBound),
            pausesS: pausesS)
    }
}
