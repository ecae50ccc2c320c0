import BeamOptics
import NumericKernels
import Quantities

#if canImport(Glibc)
    import Glibc
#endif

/// One fill of the ring on an extended flat top: energies one below the other, a slow extraction at each.
///
/// Between two energies the knock-out is off and the field falls. Amplitudes and momentum spread follow the momentum,
///
///     ε ∝ 1/Bρ,   x, x′ ∝ √(Bρ₁/Bρ₂),   δ − ⟨δ⟩ ∝ Bρ₁/Bρ₂
///
/// (normalised emittance, and momentum spread of a coasting beam that is captured and released without dilution); tune, sextupoles and septum are scaled with the field, so the stable triangle stays and
/// what grows out of it leaks through the septum, tracked. Before the first layer the beam is brought to the edge of the triangle. Behind a step the beam fills the triangle to its edge again and answers to less: without a pattern a layer starts with half the last amplitude (ours). Each layer is a spill of its own with feedback, or with the patterns of an earlier fill of the same kind (`patterns`).
///
/// ```
/// var fill = try FillSimulation(lattice, settings: settings, ions: 1e9, seed: 1)
/// let layer = try await fill.next(LayerRequest(energy: EnergyPerNucleon(290), ions: 2e7, rateIonsPerS: 5e8), from: 0)
/// if let reason = layer.newFill { … }      // fill the ring, then ask for layer.missingIons
/// ```
///
/// ## Source
/// Iwata et al., Nucl. Instrum. Methods A 624 (2010) 33 (multiple-energy operation with extended flat tops); Sato et al., ibid. 574 (2007) 226.
/// ## Checked by
/// `FillSimulationTests`.
public struct FillSimulation: Sendable {
    public let lattice: Lattice
    public let settings: FillSettings
    /// Ions at the start of the first flat top.
    public let storedIons: Double
    /// What an earlier fill of the same layers has shown, by layer; layers beyond it are held by feedback alone.
    public let patterns: [KnockOutPattern?]
    /// Layers so far.
    public private(set) var layers: [FilledLayer] = []
    private var tracker: ExtractionTracker
    private var reference: ReferenceParticle
    private var isBegun = false
    private var lastAmplitude: Double
    private var random: SeededRandom
    private var ionsPerParticle: Double { storedIons / Double(settings.macroparticles) }

    /// A ring that has just been filled.
    ///
    /// - Parameters:
    ///   - lattice: Ring with sextupole, exciter and septum.
    ///   - settings: Beam and knock-out.
    ///   - ions: Ions at the start of the first flat top.
    ///   - seed: Seed of beam and capture.
    ///   - patterns: What an earlier fill of the same layers has shown.
    ///   - threads: Threads; the result does not depend on it.
    /// - Throws: `BeamOpticsError` if the ring cannot extract or a setting is impossible.
    public init(
        _ lattice: Lattice, settings: FillSettings, ions: Double, seed: UInt64,
        patterns: [KnockOutPattern?] = [], threads: Int = 1
    ) throws(BeamOpticsError) {
        try settings.check()
        guard ions > 0, ions.isFinite else {
            throw .element("fill", "\(ions) ions in the ring are not possible; give a positive number")
        }
        self.lattice = lattice
        self.settings = settings
        self.patterns = patterns
        storedIons = ions
        reference = lattice.reference
        lastAmplitude = settings.firstAmplitudeRad
        random = SeededRandom(seed: seed ^ 0x9E37_79B9_7F4A_7C15)
        tracker = ExtractionTracker(
            ring: try ReducedRing(lattice),
            beam: ExtractionBeam(
                count: settings.macroparticles, emittanceMRad: settings.emittanceMRad,
                momentumSpread: settings.momentumSpread, momentumOffset: settings.momentumOffset, cutoff: 3,
                seed: seed), signal: settings.signal, ripple: settings.ripple, threads: threads)
    }

    /// Ions in the ring.
    public var ringIons: Double { Double(tracker.beam.aliveCount) * ionsPerParticle }
    /// Energy at which the ring stands; that of the lattice before the first layer.
    public var energy: EnergyPerNucleon { EnergyPerNucleon(reference.energyMeVPerNucleon) }
    /// Patterns of all layers so far, for the next fill of the same kind: the mean of what drove the layer and of what it has shown, so that chance dies out from fill to fill; nil where too few
    /// ions came.
    public var learnedPatterns: [KnockOutPattern?] {
        layers.indices.map { index in
            let layer = layers[index]
            let shown = layer.spill.flatMap {
                KnockOutPattern(
                    learningFrom: $0, atStart: Int((layer.ringIons / ionsPerParticle).rounded()))
            }
            let used = index < patterns.count ? patterns[index] : nil
            guard let shown, let used else { return shown ?? used }
            return .mean([shown, used])
        }
    }

    /// Delivers a layer.
    ///
    /// - Parameters:
    ///   - request: What the layer shall give.
    ///   - time: When it is asked for, s from the start of the first flat top; not before the end of the layer before.
    ///   - progress: Called with the share that is done.
    /// - Returns: The layer; with `newFill` and without a spill if it could not be begun.
    /// - Throws: `BeamOpticsError` if the request is impossible, or `CancellationError`.
    public mutating func next(
        _ request: LayerRequest, from time: Double, progress: (Double) -> Void = { _ in }
    ) async throws -> FilledLayer {
        try check(request, from: time)
        var layer = FilledLayer(
            request: request, stepStartS: time, startS: time, endS: time, ringIons: ringIons, leakedIons: 0,
            capturedLossIons: 0, spill: nil, beamOffS: 0, newFill: nil)
        layer.newFill = refusal(request, at: time)
        if layer.newFill == nil {
            try await step(to: request.energy, &layer)
            layer.newFill = refusal(request, at: layer.startS)
        }
        if layer.newFill == nil { try await extract(&layer, progress: progress) }
        layers.append(layer)
        return layer
    }

    private var turnsPerInterval: Int {
        max(1, Int((settings.feedback.intervalS * tracker.ring.revolutionFrequencyHz).rounded()))
    }

    private func check(_ request: LayerRequest, from time: Double) throws(BeamOpticsError) {
        let name = "layer \(layers.count + 1)"
        let earliest = layers.last?.endS ?? 0
        guard time >= earliest - 1e-9 else {
            throw .element(
                name, "it is asked for at \(time) s, but the one before ends at \(earliest) s; ask later")
        }
        guard !request.segments.isEmpty, request.ions > 0 else {
            throw .element(name, "no ions are asked for; leave it out")
        }
        for segment in request.segments
        where !(segment.durationS > 0 && segment.durationS.isFinite)
            || !(segment.rateIonsPerS >= 0 && segment.rateIonsPerS.isFinite)
        {
            throw .element(
                name,
                "a stretch of \(segment.durationS) s at \(segment.rateIonsPerS) ions/s is not possible")
        }
    }

    private func refusal(_ request: LayerRequest, at time: Double) -> FilledLayer.NewFill? {
        if isBegun, request.energy > energy { return .higherEnergy }
        if time >= settings.longestFlatTopS { return .flatTopOver }
        return ringIons <= settings.leastShare * storedIons ? .usedUp : nil
    }

    /// Takes the ring to another energy; the first energy is where it was accelerated to.
    private mutating func step(to energy: EnergyPerNucleon, _ layer: inout FilledLayer) async throws {
        let wanted = try reference.at(energyMeVPerNucleon: energy.value)
        if !isBegun {
            isBegun = true
            reference = wanted
            tracker.ring = try ReducedRing(lattice.at(energyMeVPerNucleon: energy.value))
            let prepared = try await tracker.prepare(
                share: settings.preparationShare, firstKick: settings.firstAmplitudeRad,
                greatestKick: settings.greatestAmplitudeRad, turns: turnsPerInterval)
            layer.leakedIons = Double(prepared.particles) * ionsPerParticle
            layer.startS += Double(prepared.turns) / tracker.ring.revolutionFrequencyHz
            layer.ringIons = ringIons
            return
        }
        guard energy < self.energy else { return }
        let step = settings.energyStep
        let ratio = pow(reference.momentumMeV / wanted.momentumMeV, 1 / Double(step.parts))
        tracker.ring = try ReducedRing(lattice.at(energyMeVPerNucleon: energy.value))
        for part in 0..<step.parts {
            tracker.beam.scale(amplitude: ratio.squareRoot(), delta: ratio, mean: settings.momentumOffset)
            let out = try await tracker.advance(
                from: part * step.turnsPerPart, count: step.turnsPerPart, kick: 0)
            layer.leakedIons += Double(out.count) * ionsPerParticle
        }
        if step.captureLoss > 0 {
            let lost = tracker.beam.remove(share: step.captureLoss, random: &random)
            layer.capturedLossIons = Double(lost) * ionsPerParticle
        }
        reference = wanted
        layer.startS += step.durationS
        layer.ringIons = ringIons
    }

    private mutating func extract(_ layer: inout FilledLayer, progress: (Double) -> Void) async throws {
        let frequency = tracker.ring.revolutionFrequencyHz
        let turns = turnsPerInterval
        let interval = Double(turns) / frequency
        let segments = layer.request.segments
        let asked = segments.reduce(0) { $0 + $1.durationS }
        let allowed = min(asked, settings.longestFlatTopS - layer.startS)
        let pattern = layers.count < patterns.count ? patterns[layers.count] : nil
        var control = RateControl(
            feedback: settings.feedback, greatestAmplitudeRad: settings.greatestAmplitudeRad,
            firstAmplitudeRad: layers.isEmpty ? lastAmplitude : 0.5 * lastAmplitude, pattern: pattern,
            storedIons: layer.ringIons)
        var spill = Spill(
            binS: interval, ions: [], requested: [], amplitudeRad: [], particles: [],
            ionsPerParticle: ionsPerParticle, remaining: 0, revolutionFrequencyHz: frequency)
        var (count, index) = (0.0, 0)
        let least = settings.leastShare * storedIons
        while Double(index) * interval < allowed - 1e-9 {
            if let stop = layer.request.stopIons, count >= stop { break }
            guard ringIons > least else {
                layer.newFill = .usedUp
                break
            }
            let wanted = SpillRequest.rate(segments, at: (Double(index) + 0.5) * interval)
            let kick = control.amplitude(wanted: wanted, interval: interval)
            let out = try await tracker.advance(from: index * turns, count: turns, kick: kick)
            let ions = Double(out.count) * ionsPerParticle
            spill.append(ions: ions, requested: wanted * interval, kick: kick, particles: out)
            control.take(ions: ions, wanted: wanted, interval: interval)
            count += ions
            index += 1
            progress(min(1, max(count / layer.request.ions, Double(index) * interval / asked)))
        }
        layer.beamOffS = Double(index) * interval
        lastAmplitude = min(settings.greatestAmplitudeRad, control.amplitudeRad)
        for tail in 0..<Int((settings.tailS / interval).rounded()) {
            let out = try await tracker.advance(from: (index + tail) * turns, count: turns, kick: 0)
            spill.append(
                ions: Double(out.count) * ionsPerParticle, requested: 0, kick: 0, particles: out)
        }
        spill.remaining = tracker.beam.aliveCount
        layer.spill = spill
        layer.endS = layer.startS + Double(spill.ions.count) * interval
        if layer.newFill == nil, allowed < asked, !layer.isComplete { layer.newFill = .flatTopOver }
    }
}
