import DeliveryControl

/// How long a field takes, from sums over fills, layers and spots, without simulating each event.
///
///     t = Σ fills t_fill + Σ layers (t_step + t_start) + Σ moves (max(|Δx|/v_x, |Δy|/v_y) + t_settle + t_verify)
///       + Σ pulses (t_on + N/I + loss by the rise + t_stop) + waits for the gate
///
/// A pulse is the stretch of visits that are painted with beam on. While beam rises as 1 − exp(−t/τ) a pulse of N counts lasts the t of
/// t − τ (1 − exp(−t/τ)) = N/I. What comes after beam off, I·t_over, is missing in the next pulse. A fill is made when the ring is empty, the
/// fill is too old, has given its number of energies, or a higher energy is wanted. Speeds rise as the inverse of the rigidity.
///
/// Counts are the unit of charge, whatever stands behind one: ions, monitor units.
///
/// ## Source
/// Shen et al., Med. Phys. 44 (2017) (times of switch, spots, moves and charge per acceleration of a synchrotron); Front. Oncol. 12 (2022) 1036139
/// (several energies per fill, recapture).
/// ## Checked by
/// `DeliveryTimeTests` (hand sums, published parameters), `DeliveryTimeAgainstSimulationTests` (5 %, with a gate 10 %).
public struct DeliveryTimeModel: Hashable, Sendable {
    /// The ring as a source of beam.
    public struct Ring: Hashable, Sendable {
        /// Counts that one fill can give.
        public var countsPerFill: Double
        /// From the end of extraction of one fill to beam of the next: ramps, injection, acceleration, s.
        public var fillS: Double
        /// Longest time that a fill is kept, s.
        public var longestFlatTopS: Double
        /// To a lower energy within a fill, s.
        public var energyStepS: Double
        /// Energies that one fill may give; 1 for a fill per layer; nil for no limit.
        public var energiesPerFill: Int?
        /// Share of the ions left in the ring that survives a step to another energy.
        public var recapture: Double

        /// - Parameters:
        ///   - countsPerFill: Counts that one fill can give.
        ///   - fillS: From the end of extraction to beam of the next fill, s.
        ///   - longestFlatTopS: Longest time that a fill is kept, s.
        ///   - energyStepS: To a lower energy within a fill, s.
        ///   - energiesPerFill: Energies that one fill may give; nil for no limit.
        ///   - recapture: Share of the ions that survives a step, 0 to 1.
        public init(
            countsPerFill: Double, fillS: Double, longestFlatTopS: Double = .infinity, energyStepS: Double,
            energiesPerFill: Int? = nil, recapture: Double = 1
        ) {
            self.countsPerFill = countsPerFill
            self.fillS = fillS
            self.longestFlatTopS = longestFlatTopS
            self.energyStepS = energyStepS
            self.energiesPerFill = energiesPerFill
            self.recapture = recapture
        }
    }

    /// Scanning magnets, and what is done at each spot that is reached with beam off.
    public struct Scanning: Hashable, Sendable {
        /// Speed at the isocentre at the reference rigidity, x and y, mm/s.
        public var speedMMPerS: SIMD2<Double>
        /// Rigidity of those speeds, T m; nil where the speed is the same for all energies.
        public var referenceRigidityTM: Double?
        /// After a move until the position holds, s.
        public var settleS: Double
        /// Preparing the spot and verifying the one before, s.
        public var verifyS: Double

        /// - Parameters:
        ///   - speedMMPerS: Speed at the isocentre, x and y, mm/s.
        ///   - referenceRigidityTM: Rigidity of those speeds, T m; nil for one speed at all energies.
        ///   - settleS: After a move until the position holds, s.
        ///   - verifyS: Preparation and verification of each spot reached with beam off, s.
        public init(
            speedMMPerS: SIMD2<Double>, referenceRigidityTM: Double? = nil, settleS: Double = 0,
            verifyS: Double = 0
        ) {
            self.speedMMPerS = speedMMPerS
            self.referenceRigidityTM = referenceRigidityTM
            self.settleS = settleS
            self.verifyS = verifyS
        }
    }

    /// How beam goes on and off.
    public struct Switch: Hashable, Sendable {
        /// From the command to the first ions, and time constant of the rise, s.
        public var onS: Double
        public var riseS: Double
        /// From the command until beam is seen to be off, s.
        public var stopS: Double
        /// Time of full rate that comes after the command, s.
        public var overshootS: Double

        /// - Parameters:
        ///   - onS: From the command to the first ions, s.
        ///   - riseS: Time constant of the rise, s.
        ///   - stopS: From the command until beam is seen to be off, s.
        ///   - overshootS: Time of full rate that comes after the command, s.
        public init(onS: Double = 0, riseS: Double = 0, stopS: Double = 0, overshootS: Double = 0) {
            self.onS = onS
            self.riseS = riseS
            self.stopS = stopS
            self.overshootS = overshootS
        }
    }

    public var ring: Ring
    public var scanning: Scanning
    public var beam: Switch
    /// From a layer's energy until its first beam may come: verification, log on disk, s; runs beside the first move.
    public var layerStartS: Double

    /// - Parameters:
    ///   - ring: Fills and energies.
    ///   - scanning: Moves.
    ///   - beam: How beam goes on and off.
    ///   - layerStartS: Verification and log of a layer, s.
    public init(ring: Ring, scanning: Scanning, beam: Switch = Switch(), layerStartS: Double = 0) {
        self.ring = ring
        self.scanning = scanning
        self.beam = beam
        self.layerStartS = layerStartS
    }

    /// What the simulated plant does, as sums.
    ///
    /// Beam that falls in a straight line gives half the rate on average; the chamber says 20 µs later that it is off.
    ///
    /// - Parameter figures: Of the plant.
    public init(_ figures: PlantFigures) {
        let spill = figures.spill
        let seconds = { (nanoseconds: Int64) in Double(nanoseconds) * 1e-9 }
        self.init(
            ring: Ring(
                countsPerFill: figures.supply.ionsPerFill / figures.monitors.ionsPerCount,
                fillS: figures.supply.refillS, longestFlatTopS: figures.supply.longestFlatTopS,
                energyStepS: figures.supply.energyStepS),
            scanning: Scanning(
                speedMMPerS: figures.scanning.speedMMPerS,
                referenceRigidityTM: figures.scanning.highestRigidityTM,
                settleS: seconds(figures.scanning.settleNS)),
            beam: Switch(
                onS: seconds(spill.onDelayNS), riseS: seconds(spill.riseNS),
                stopS: seconds(figures.monitors.latencyNS + spill.offDelayNS + spill.fallNS) + 20e-6,
                overshootS: figures.overshootS),
            layerStartS: seconds(figures.collectNS + figures.commitNS))
    }

    /// Time of a field from the start to the end of its last layer.
    ///
    /// With a gate it is the mean over starts spread evenly over the gate's cycle, since nobody knows at which moment of a breath a field
    /// starts.
    ///
    /// - Parameters:
    ///   - layers: Visits, presets and rates, in order of delivery.
    ///   - gate: When beam may be on; nil for always.
    ///   - starts: Number of starts that are averaged with a gate, at least 1.
    /// - Returns: Mean time, its parts and its spread.
    /// - Throws: For figures that are impossible, a rate that is not above 0, or a gate that never lets a pulse begin.
    public func time(of layers: [LayerSequence], gate: GateIntervals? = nil, starts: Int = 16)
        throws(DeliveryTimeError) -> DeliveryTime
    {
        try check()
        for (index, layer) in layers.enumerated() where !(layer.countsPerS > 0) {
            throw .rate(layer: index + 1, countsPerS: layer.countsPerS)
        }
        guard let gate else { return DeliveryTime(runs: [try run(layers, gate: nil, fromS: 0)]) }
        var runs: [DeliveryTimeWalk] = []
        for start in 0..<max(1, starts) {
            let moment = gate.lengthS * (Double(start) + 0.5) / Double(max(1, starts))
            runs.append(try run(layers, gate: gate, fromS: moment))
        }
        return DeliveryTime(runs: runs)
    }

    private func run(_ layers: [LayerSequence], gate: GateIntervals?, fromS start: Double)
        throws(DeliveryTimeError) -> DeliveryTimeWalk
    {
        var walk = DeliveryTimeWalk(model: self, gate: gate, clock: start)
        for layer in layers where !layer.visits.isEmpty { try walk.deliver(layer) }
        return walk
    }

    private func check() throws(DeliveryTimeError) {
        for (name, value) in [
            ("counts per fill", ring.countsPerFill), ("longest flat top (s)", ring.longestFlatTopS),
            ("scanning speed in x (mm/s)", scanning.speedMMPerS.x),
            ("scanning speed in y (mm/s)", scanning.speedMMPerS.y),
            ("reference rigidity (T m)", scanning.referenceRigidityTM ?? 1),
            ("energies per fill", Double(ring.energiesPerFill ?? 1)),
        ] where !(value > 0) {
            throw .figure(name, value, mustBe: "above 0")
        }
        for (name, value) in [
            ("time of a fill (s)", ring.fillS), ("energy step (s)", ring.energyStepS),
            ("settling time (s)", scanning.settleS), ("verification of a spot (s)", scanning.verifyS),
            ("beam-on delay (s)", beam.onS), ("rise of the beam (s)", beam.riseS),
            ("beam-off time (s)", beam.stopS), ("overshoot (s)", beam.overshootS),
            ("start of a layer (s)", layerStartS),
        ] where !(value >= 0 && value.isFinite) {
            throw .figure(name, value, mustBe: "a finite time from 0")
        }
        guard (0...1).contains(ring.recapture) else {
            throw .figure("recapture", ring.recapture, mustBe: "0 to 1")
        }
        guard ring.longestFlatTopS > beam.onS else {
            throw .figure(
                "longest flat top (s)", ring.longestFlatTopS, mustBe: "longer than the beam-on delay")
        }
    }
}
