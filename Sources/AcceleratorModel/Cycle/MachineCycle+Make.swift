import Quantities

extension MachineCycle {
    /// The time line that delivers layers.
    ///
    /// A fill is taken down from energy to energy until it is empty, too old, or the next energy is higher; then the ring dumps what is
    /// left, decelerates, injects and accelerates straight to the energy that is wanted. A layer may need several fills. With a fixed
    /// period each cycle has one energy, and the beam can be extracted until the field must fall for the period to be kept.
    ///
    /// - Parameters:
    ///   - layers: In order of delivery; layers without ions are passed over.
    ///   - figures: Times and numbers of the ring.
    /// - Throws: `noLayers`, `layer` for an energy or a rate that the ring cannot give, or a figure that is impossible.
    public init(layers: [CycleLayer], figures: CycleFigures) throws(AcceleratorError) {
        try figures.check()
        guard layers.contains(where: { $0.ions > 0 }) else { throw .noLayers }
        for (index, layer) in layers.enumerated() { try Self.check(layer, index + 1, figures) }
        var maker = CycleMaker(figures: figures)
        for (index, layer) in layers.enumerated() where layer.ions > 0 {
            try maker.deliver(layer, index: index)
        }
        try maker.finish()
        self.init(layers: layers, figures: figures, events: maker.events, fills: maker.fills)
    }

    private static func check(
        _ layer: CycleLayer, _ number: Int, _ figures: CycleFigures
    ) throws(AcceleratorError) {
        guard layer.ions >= 0, layer.ions.isFinite else {
            throw .layer(number, "\(layer.ions) ions are impossible; give a number from 0")
        }
        guard layer.energy > figures.injectionEnergy, layer.energy.value.isFinite else {
            throw .layer(
                number,
                "\(layer.energy) is not above the injection energy \(figures.injectionEnergy); give a higher one"
            )
        }
        guard figures.ratesIonsPerS.contains(layer.rateIonsPerS) else {
            throw .layer(
                number,
                "\(layer.rateIonsPerS) ions/s cannot be extracted (the ring gives \(figures.ratesIonsPerS.lowerBound) to "
                    + "\(figures.ratesIonsPerS.upperBound)); choose another rate")
        }
        guard layer.pausesS >= 0, layer.pausesS.isFinite else {
            throw .layer(number, "pauses of \(layer.pausesS) s are impossible; give a time from 0")
        }
    }
}

/// The ring while a time line is made.
private struct CycleMaker {
    let figures: CycleFigures
    var events: [MachineCycle.Event] = []
    var fills: [MachineCycle.Fill] = []
    /// Ions that can still be extracted.
    private var ringIons = 0.0
    private var energy: EnergyPerNucleon
    private var isFilled = false
    private var fillStartS = 0.0
    private var flatTopStartS = 0.0

    init(figures: CycleFigures) {
        self.figures = figures
        energy = figures.injectionEnergy
    }

    private var now: Double { events.last?.endS ?? 0 }

    private mutating func add(
        _ phase: MachineCycle.Phase, _ duration: Double, layer: Int? = nil, ionsAfter: Double? = nil
    ) {
        let after = ionsAfter ?? ringIons
        if duration > 0 || after != ringIons {
            events.append(
                .init(
                    phase: phase, startS: now, durationS: duration, energy: energy, layer: layer,
                    fill: fills.count,
                    ringIonsBefore: ringIons, ringIonsAfter: after))
        }
        ringIons = after
    }

    mutating func deliver(_ layer: CycleLayer, index: Int) throws(AcceleratorError) {
        var left = layer.ions
        // Deeper than rounding: a remainder below this is none.
        let nothing = 1e-9 * layer.ions
        while left > nothing {
            try prepare(layer.energy, layer: index)
            let pausesPerIon = layer.pausesS / layer.ions
            let secondsPerIon = 1 / layer.rateIonsPerS + pausesPerIon
            let time = try extractionTimeLeft(at: layer.energy)
            var taken = min(left, ringIons)
            if taken * secondsPerIon > time { taken = time / secondsPerIon }
            guard taken > 0 else {
                throw .layer(
                    index + 1, "the flat top leaves no time for extraction; lengthen it or the period")
            }
            if left - taken <= nothing { taken = min(left, ringIons) }
            add(.spill, taken / layer.rateIonsPerS, layer: index, ionsAfter: ringIons - taken)
            add(.pause, taken * pausesPerIon + figures.beamOffS, layer: index)
            left -= taken
            if left > nothing { try empty() }
        }
        // In a fixed pattern the next energy needs another cycle.
        if case .fixedPeriod = figures.mode { try empty() }
    }

    mutating func finish() throws(AcceleratorError) { try empty() }

    /// Brings beam of an energy to the flat top.
    private mutating func prepare(_ wanted: EnergyPerNucleon, layer: Int) throws(AcceleratorError) {
        if isFilled, wanted > energy || ringIons <= 0 { try empty() }
        if isFilled, wanted < energy {
            let step = max(figures.energyStepS, try figures.rampS(from: energy, to: wanted))
            if now + step - flatTopStartS < figures.longestFlatTopS {
                energy = wanted
                add(.energyStep, step, layer: layer)
            } else {
                try empty()
            }
        }
        if isFilled, now - flatTopStartS >= figures.longestFlatTopS { try empty() }
        if !isFilled { try fill(wanted, layer: layer) }
    }

    private mutating func fill(_ wanted: EnergyPerNucleon, layer: Int) throws(AcceleratorError) {
        fillStartS = now
        isFilled = true
        add(.inject, figures.injectionS, layer: layer, ionsAfter: figures.ionsPerFill)
        let ramp = try figures.rampS(from: energy, to: wanted)
        energy = wanted
        add(.accelerate, ramp, layer: layer)
        add(.settle, figures.settlingS, layer: layer)
        flatTopStartS = now
    }

    /// Seconds in which beam may still be extracted from this fill.
    private func extractionTimeLeft(at energy: EnergyPerNucleon) throws(AcceleratorError) -> Double {
        let flatTop = figures.longestFlatTopS - (now - flatTopStartS)
        guard case .fixedPeriod(let period) = figures.mode else { return flatTop }
        let fall = try figures.rampS(from: energy, to: figures.injectionEnergy)
        return min(flatTop, fillStartS + period - fall - figures.beamOffS - now)
    }

    /// Dumps what is left and goes back to injection.
    private mutating func empty() throws(AcceleratorError) {
        guard isFilled else { return }
        let extracted = figures.ionsPerFill - ringIons
        let stored = figures.ionsPerFill / figures.extractionEfficiency
        let ramp = try figures.rampS(from: energy, to: figures.injectionEnergy)
        energy = figures.injectionEnergy
        let dumped = ringIons / figures.extractionEfficiency
        add(.decelerate, ramp, ionsAfter: 0)
        if case .fixedPeriod(let period) = figures.mode { add(.wait, fillStartS + period - now) }
        fills.append(
            .init(
                stored: stored, extracted: extracted,
                lost: extracted / figures.extractionEfficiency - extracted,
                dumped: dumped))
        isFilled = false
    }
}
