import NumericKernels

#if canImport(Glibc)
    import Glibc
#endif

/// Multi-turn injection: the turns of the injector's beam are painted side by side into the ring's horizontal acceptance.
///
/// In normalised coordinates X = x/√β, P = (α x + β x′)/√β a turn is a rotation by 2πQ, and X² + P² is the emittance of
/// a particle. A bump moves the closed orbit to the septum and decays over `bumpTurns` turns, linearly:
///
///     X(n) = u(n) + b(n),   u(n + 1) = R(2πQ) u(n)                                    (1)
///
/// with u relative to the bumped orbit b. What is injected in turn k therefore keeps the amplitude |X_inj − b(k)|: the
/// beam is painted from the middle of the acceptance outwards. A particle whose X lies beyond the septum when it comes round
/// is lost on it; one whose amplitude exceeds the acceptance is lost in the ring.
///
/// See docs/theory/accelerator.md.
/// Space charge and momentum spread are left out.
///
/// ## Source
/// Painting with a decaying bump: Rees, CERN 94-01 (1994) 731; rotation in normalised phase space: Courant & Snyder, Ann. Phys. 3
/// (1958) 1.
/// ## Checked by
/// `MultiTurnInjectionTests`: conservation, Liouville's limit, first turn in closed form, integer tune, published turns.
public struct MultiTurnInjection: Hashable, Sendable {
    /// Horizontal acceptance of the ring, µm (the area is π times this).
    public var acceptanceUM: Double
    /// β of the ring at the septum, m.
    public var betaAtSeptumM: Double
    /// Horizontal tune at injection.
    public var tune: Double
    /// Thickness of the septum, mm; its inner side limits the acceptance.
    public var septumThicknessMM: Double
    /// Emittance of the injected beam that holds 4 σ² (86 % of a Gaussian beam), µm.
    public var injectedEmittanceUM: Double
    /// β of the injected beam over that of the ring; below 1 the beam is narrow and fits more turns.
    public var betaRatio: Double
    /// Distance of the injected beam's axis from the septum, in σ of its width.
    public var clearanceSigmas: Double
    /// Turns over which the beam is injected.
    public var injectedTurns: Int
    /// Turns over which the bump decays to zero.
    public var bumpTurns: Int
    /// Orbit at the first turn inside the septum's inner side, in σ of the injected beam's width.
    public var startSigmas: Double

    public init(
        acceptanceUM: Double, betaAtSeptumM: Double, tune: Double, septumThicknessMM: Double,
        injectedEmittanceUM: Double, betaRatio: Double, clearanceSigmas: Double = 2, injectedTurns: Int,
        bumpTurns: Int, startSigmas: Double = 2
    ) {
        self.acceptanceUM = acceptanceUM
        self.betaAtSeptumM = betaAtSeptumM
        self.tune = tune
        self.septumThicknessMM = septumThicknessMM
        self.injectedEmittanceUM = injectedEmittanceUM
        self.betaRatio = betaRatio
        self.clearanceSigmas = clearanceSigmas
        self.injectedTurns = injectedTurns
        self.bumpTurns = bumpTurns
        self.startSigmas = startSigmas
    }

    /// Turns that Liouville's theorem allows: acceptance over emittance of the injected beam.
    public var liouvilleTurns: Double { acceptanceUM / injectedEmittanceUM }
}

/// What multi-turn injection makes of a pulse.
public struct MultiTurnInjectionResult: Hashable, Sendable {
    /// Particles simulated.
    public let injected: Int
    /// Of these, cut by the outer side of the septum on their way in.
    public let lostEntering: Int
    /// Lost on the septum when they came round.
    public let lostOnSeptum: Int
    /// Lost on the ring's aperture.
    public let lostOnAperture: Int
    /// Normalised coordinates (X, P) of the stored particles about the closed orbit, √µm.
    public let stored: [SIMD2<Double>]
    /// Number of turns that were injected.
    public let turns: Int
    /// Stored particles of each injected turn over those injected in it.
    public let storedShareOfTurn: [Double]

    /// Share of the particles that is stored.
    public var efficiency: Double { Double(stored.count) / Double(injected) }
    /// Stored beam in units of one turn of the injector's beam.
    public var effectiveTurns: Double { efficiency * Double(turns) }
    /// Emittance of the stored beam that holds 4 σ², µm.
    public var emittanceUM: Double {
        guard !stored.isEmpty else { return 0 }
        var (xx, xp, pp) = (0.0, 0.0, 0.0)
        for v in stored {
            xx += v.x * v.x
            xp += v.x * v.y
            pp += v.y * v.y
        }
        return 4 * (xx * pp - xp * xp).squareRoot() / Double(stored.count)
    }
    /// Emittance (X² + P²) below which 95 % of the stored particles lie, µm.
    public var emittance95UM: Double {
        let sorted = stored.map { $0.x * $0.x + $0.y * $0.y }.sorted()
        return sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(0.95 * Double(sorted.count)))]
    }
}

extension MultiTurnInjection {
    /// Tracks a pulse until the bump has gone and a hundred turns more.
    ///
    /// - Parameters:
    ///   - particlesPerTurn: Particles simulated per injected turn.
    ///   - seed: Seed; the result depends on it and on the figures alone.
    /// - Throws: If a figure is impossible.
    public func track(particlesPerTurn: Int, seed: UInt64) throws(AcceleratorError)
        -> MultiTurnInjectionResult
    {
        try check(particlesPerTurn: particlesPerTurn)
        // x in mm over √(β in m) is X in √µm.
        let septum = acceptanceUM.squareRoot()
        let thickness = septumThicknessMM / betaAtSeptumM.squareRoot()
        let width = (injectedEmittanceUM / 4 * betaRatio).squareRoot()
        let slope = (injectedEmittanceUM / 4 / betaRatio).squareRoot()
        let axis = septum + thickness + clearanceSigmas * width
        let start = septum - startSigmas * width
        func orbit(_ turn: Int) -> Double {
            turn >= bumpTurns ? 0 : start * (1 - Double(turn) / Double(bumpTurns))
        }
        let angle = 2 * Double.pi * tune
        let (c, s) = (cos(angle), sin(angle))
        let lastTurn = max(bumpTurns, injectedTurns) + 100
        var (entering, onSeptum, onAperture) = (0, 0, 0)
        var stored: [SIMD2<Double>] = []
        var shares: [Double] = []
        for turn in 0..<injectedTurns {
            let before = stored.count
            var random = SeededRandom(seed: seed, stream: UInt64(turn))
            for _ in 0..<particlesPerTurn {
                let x = axis + width * random.normal(within: 4)
                let p = slope * random.normal(within: 4)
                guard x > septum + thickness else {
                    entering += 1
                    continue
                }
                var u = SIMD2(x - orbit(turn), p)
                // Amplitudes do not change, so the aperture is asked once, and about the bumped orbit.
                guard u.x * u.x + u.y * u.y <= acceptanceUM else {
                    onAperture += 1
                    continue
                }
                var isLost = false
                for n in (turn + 1)...lastTurn {
                    u = SIMD2(c * u.x + s * u.y, c * u.y - s * u.x)
                    if u.x + orbit(n) > septum {
                        isLost = true
                        break
                    }
                }
                if isLost { onSeptum += 1 } else { stored.append(u) }
            }
            shares.append(Double(stored.count - before) / Double(particlesPerTurn))
        }
        return MultiTurnInjectionResult(
            injected: injectedTurns * particlesPerTurn, lostEntering: entering, lostOnSeptum: onSeptum,
            lostOnAperture: onAperture, stored: stored, turns: injectedTurns, storedShareOfTurn: shares)
    }

    private func check(particlesPerTurn: Int) throws(AcceleratorError) {
        try requirePositive(acceptanceUM, "horizontal acceptance (µm)")
        try requirePositive(betaAtSeptumM, "beta at the septum (m)")
        try requirePositive(tune, "horizontal tune")
        try requirePositive(injectedEmittanceUM, "emittance of the injected beam (µm)")
        try requirePositive(betaRatio, "beta of the injected beam over that of the ring")
        guard septumThicknessMM >= 0, septumThicknessMM.isFinite else {
            throw .figure("thickness of the septum (mm)", septumThicknessMM, mustBe: "not negative")
        }
        guard injectedTurns >= 1 else {
            throw .figure("injected turns", Double(injectedTurns), mustBe: "at least 1")
        }
        guard bumpTurns >= 1 else {
            throw .figure("turns of the bump", Double(bumpTurns), mustBe: "at least 1")
        }
        guard particlesPerTurn >= 1 else {
            throw .figure("particles per turn", Double(particlesPerTurn), mustBe: "at least 1")
        }
    }
}
