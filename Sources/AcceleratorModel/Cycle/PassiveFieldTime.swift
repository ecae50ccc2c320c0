import Quantities

/// How long a passive field takes: cycles of the ring, respiratory gating, moves of range shifter and leaves between slices.
///
/// Every slice is a layer of the ring's time line (`MachineCycle`) at the one energy of the field. With gating the beam is extracted for a share g of the flat top,
///
///     t_slice = N/r · 1/g
///
/// In a fixed pattern each slice begins with a cycle of its own; devices move while the ring ramps, and what they need beyond that costs whole periods. On an extended flat top the move is a pause.
///
/// ## Checked by
/// `PassiveFieldTimeTests`: hand sums.
public struct PassiveFieldTime: Hashable, Sendable {
    /// How the field is irradiated.
    public struct Rules: Hashable, Sendable {
        /// Intensity in front of the scatterer while beam is extracted, ions/s.
        public var rateIonsPerS: Double
        /// Share of the time in which the respiratory gate is open; 1 without gating.
        public var gatingShare: Double
        /// Time of range shifter and leaves from slice to slice, s.
        public var deviceChangeS: Double

        /// - Parameters:
        ///   - rateIonsPerS: Intensity in front of the scatterer, ions/s.
        ///   - gatingShare: Share of the time in which the gate is open; 1 without gating.
        ///   - deviceChangeS: Time of range shifter and leaves from slice to slice, s; 0.5 is assumed, none is published.
        public init(rateIonsPerS: Double, gatingShare: Double = 1, deviceChangeS: Double = 0.5) {
            self.rateIonsPerS = rateIonsPerS
            self.gatingShare = gatingShare
            self.deviceChangeS = deviceChangeS
        }
    }

    /// The ring's time line, without `waitsS`.
    public let cycle: MachineCycle
    /// What moving devices add to it, s.
    public let waitsS: Double

    /// From the first injection until the ring is back, s.
    public var durationS: Double { cycle.durationS + waitsS }
    /// Fills of the ring.
    public var cycles: Int { cycle.fills.count }

    /// The time of a field.
    ///
    /// - Parameters:
    ///   - energy: Energy in front of the scatterer.
    ///   - sliceIons: Ions of each slice in front of the scatterer; one value without layer stacking.
    ///   - rules: Intensity, gating and moves.
    ///   - figures: Times and numbers of the ring.
    /// - Throws: `AcceleratorError` for shares, times or rates that are impossible.
    public init(
        energy: EnergyPerNucleon, sliceIons: [Double], rules: Rules, figures: CycleFigures
    ) throws(AcceleratorError) {
        try requirePositive(rules.rateIonsPerS, "intensity of a passive field (ions/s)")
        try requireShare(rules.gatingShare, "share of the open gate")
        guard rules.deviceChangeS >= 0, rules.deviceChangeS.isFinite else {
            throw .figure("time of range shifter and leaves (s)", rules.deviceChangeS, mustBe: "not negative")
        }
        let isExtended = figures.mode == .extendedFlatTop
        let layers = sliceIons.enumerated().map { index, ions in
            let on = ions / rules.rateIonsPerS
            let move = isExtended && index > 0 ? rules.deviceChangeS : 0
            return CycleLayer(
                energy: energy, ions: ions, rateIonsPerS: rules.rateIonsPerS,
                pausesS: on * (1 / rules.gatingShare - 1) + move)
        }
        cycle = try MachineCycle(layers: layers, figures: figures)
        guard case .fixedPeriod(let period) = figures.mode else {
            waitsS = 0
            return
        }
        var waits = 0.0
        var before: (layer: Int, endS: Double)?
        for event in cycle.events where event.phase == .spill {
            guard let layer = event.layer else { continue }
            if let before, before.layer != layer {
                let missing = rules.deviceChangeS - (event.startS - before.endS)
                if missing > 0 { waits += (missing / period).rounded(.up) * period }
            }
            before = (layer, event.endS)
        }
        waitsS = waits
    }
}
