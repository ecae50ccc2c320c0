/// What a turn does to every particle alike.
package struct TurnFigures {
    /// 2π h/T behind the cavity, rad/s.
    package var angularFrequency: Double
    package var synchronousPhase: Double
    package var sineOfPhase: Double
    /// q V, MeV.
    package var chargeVoltageMeV: Double
    /// Behind the cavity: total energy, MeV; 1/(p c), 1/MeV; revolution time, s.
    package var totalEnergyMeV: Double
    package var inverseMomentum: Double
    package var periodS: Double
    /// 1 over the greatest energy deviation that the aperture takes, 1/MeV.
    package var inverseAcceptance: Double

    package init(
        angularFrequency: Double, synchronousPhase: Double, sineOfPhase: Double, chargeVoltageMeV: Double,
        totalEnergyMeV: Double, inverseMomentum: Double, periodS: Double, inverseAcceptance: Double
    ) {
        self.angularFrequency = angularFrequency
        self.synchronousPhase = synchronousPhase
        self.sineOfPhase = sineOfPhase
        self.chargeVoltageMeV = chargeVoltageMeV
        self.totalEnergyMeV = totalEnergyMeV
        self.inverseMomentum = inverseMomentum
        self.periodS = periodS
        self.inverseAcceptance = inverseAcceptance
    }
}

/// Eight particles by time after the synchronous one, s, and energy above it, MeV.
package struct LongitudinalLanes {
    package var time: SIMD8<Double>
    package var energy: SIMD8<Double>
    /// Greatest |energy| over the acceptance since it was last set to zero.
    package var greatest: SIMD8<Double>

    package init(time: SIMD8<Double>, energy: SIMD8<Double>, greatest: SIMD8<Double> = .zero) {
        self.time = time
        self.energy = energy
        self.greatest = greatest
    }
}

/// The map of one turn in (Δt, ΔE): kick by the cavity, then drift round the ring.
///
///     ΔE ← ΔE + q V [sin(φ_s + ω Δt) − sin φ_s]
///     Δt ← Δt + (C/c)(1 + α_c δ) E/(p c) − T_s,   E = E_s + ΔE,  p² c² = E² − M²c⁴,  δ = p/p_s − 1        (8)
///
/// Energy and momentum are exact; the length of the orbit is linear in δ. In these variables the map keeps area, also when
/// the frequency changes from turn to turn.
package struct LongitudinalKernel {
    package let restEnergySquared: Double
    package let compaction: Double
    /// C/c, s.
    package let lightTimeS: Double

    package init(restEnergySquared: Double, compaction: Double, lightTimeS: Double) {
        self.restEnergySquared = restEnergySquared
        self.compaction = compaction
        self.lightTimeS = lightTimeS
    }

    package func advance(_ lanes: inout LongitudinalLanes, through turns: [TurnFigures]) {
        var (time, energy, greatest) = (lanes.time, lanes.energy, lanes.greatest)
        for turn in turns {
            let sine = Self.sine(turn.synchronousPhase + turn.angularFrequency * time)
            energy += turn.chargeVoltageMeV * (sine - turn.sineOfPhase)
            let total = turn.totalEnergyMeV + energy
            let momentum = (total * total - restEnergySquared).squareRoot()
            let delta = momentum * turn.inverseMomentum - 1
            time += lightTimeS * (1 + compaction * delta) * total / momentum - turn.periodS
            let share = energy * turn.inverseAcceptance
            greatest.replace(with: share, where: share .> greatest)
            greatest.replace(with: -share, where: -share .> greatest)
        }
        lanes = LongitudinalLanes(time: time, energy: energy, greatest: greatest)
    }

    /// Sine by reduction to ±π/2 and its series to x¹⁹; error below 10⁻¹⁴ for |x| < 100.
    package static func sine(_ x: SIMD8<Double>) -> SIMD8<Double> {
        let shifter = 0x1.8p52
        let half = (x * (1 / .pi) + shifter) - shifter
        // π in two parts: the first has 33 bits, so that its product with a small integer is exact.
        let high = Double(bitPattern: 0x4009_21FB_5440_0000)
        let r = (x - half * high) - half * (Double.pi - high)
        // Odd multiples of π change the sign.
        let quarter = half * 0.5
        let isOdd = ((quarter + shifter) - shifter) .!= quarter
        let square = r * r
        var sum = SIMD8<Double>(repeating: -1 / 121_645_100_408_832_000)
        sum = sum * square + 1 / 355_687_428_096_000
        sum = sum * square - 1 / 1_307_674_368_000
        sum = sum * square + 1 / 6_227_020_800
        sum = sum * square - 1 / 39_916_800
        sum = sum * square + 1 / 362_880
        sum = sum * square - 1 / 5040
        sum = sum * square + 1 / 120
        sum = sum * square - 1 / 6
        let value = r + r * square * sum
        return value.replacing(with: -value, where: isOdd)
    }
}
