import BeamOptics

#if canImport(Glibc)
    import Glibc
#endif

/// Tracks blocks of macroparticles through a reduced ring for some turns.
struct ExtractionStep: Sendable {
    /// Constants of a block at a place: they depend on the particles' momenta.
    struct Rotation: Sendable {
        var cosine: SIMD8<Double>
        var sine: SIMD8<Double>
        /// D δ/√β.
        var shift: SIMD8<Double>
    }

    let ring: ReducedRing

    /// Tracks one block and returns what left the ring.
    ///
    /// - Parameters:
    ///   - block: Particles at the start of the ring.
    ///   - firstTurn: Number of the first turn.
    ///   - kicks: Kick of the exciter for each turn, rad.
    ///   - detuning: Change of the tune in each turn (ripple), applied at the end of it.
    func track(
        _ block: inout ExtractionBeam.Block, firstTurn: Int, kicks: [Double], detuning: [Double]
    ) -> [ExtractedParticle] {
        guard block.alive.sum() > 0 else { return [] }
        var out: [ExtractedParticle] = []
        let rotations = ring.places.map { rotation($0, block.delta) }
        var (x, slope) = (block.x, block.slope)
        rotations.withUnsafeBufferPointer { rotations in
            ring.places.withUnsafeBufferPointer { places in
                for turn in kicks.indices {
                    for index in places.indices {
                        let r = rotations[index]
                        (x, slope) = (r.cosine * x + r.sine * slope, r.cosine * slope - r.sine * x)
                        switch places[index].device {
                        case .sextupole(let strength):
                            let total = x + r.shift
                            slope -= strength * (total * total) * block.alive
                        case .exciter(let rootBeta): slope += (rootBeta * kicks[turn]) * block.alive
                        case .septum(let position, let thickness, _):
                            let metres = places[index].betaM.squareRoot() * (x + r.shift)
                            let beyond = position > 0 ? metres - position : position - metres
                            guard any(beyond .> 0) else { continue }
                            for lane in 0..<8 where beyond[lane] > 0 && block.alive[lane] > 0 {
                                out.append(
                                    extracted(
                                        places[index], turn: firstTurn + turn, positionM: metres[lane],
                                        x: x[lane],
                                        slope: slope[lane], delta: block.delta[lane],
                                        hitWall: beyond[lane] < thickness))
                                block.alive[lane] = 0
                                (x[lane], slope[lane]) = (0, 0)
                            }
                        case .end: break
                        }
                    }
                    // Ripple is small: the rotation to second order changes an amplitude by less than 10⁻¹² a turn.
                    let angle = 2 * .pi * detuning[turn]
                    let (c, s) = (1 - 0.5 * angle * angle, angle)
                    (x, slope) = (c * x + s * slope, c * slope - s * x)
                }
            }
        }
        (block.x, block.slope) = (x, slope)
        return out
    }

    private func extracted(
        _ place: ReducedRing.Place, turn: Int, positionM: Double, x: Double, slope: Double, delta: Double,
        hitWall: Bool
    ) -> ExtractedParticle {
        ExtractedParticle(
            turn: turn, positionM: positionM,
            angleRad: (slope - place.alpha * x) / place.betaM.squareRoot() + place.dispersionSlope * delta,
            delta: delta,
            hitWall: hitWall)
    }

    private func rotation(_ place: ReducedRing.Place, _ delta: SIMD8<Double>) -> Rotation {
        let stretch = SIMD8(repeating: 1) + ring.naturalChromaticity / ring.tune * delta
        var (cosine, sine) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
        for lane in 0..<8 {
            let angle = place.advanceRad * stretch[lane]
            (cosine[lane], sine[lane]) = (cos(angle), sin(angle))
        }
        return Rotation(
            cosine: cosine, sine: sine, shift: place.dispersionM / place.betaM.squareRoot() * delta)
    }
}
