#if canImport(Glibc)
    import Glibc
#endif

/// Stopping of the violently emitted parts of two nuclei in each other.
extension CollisionSampler {
    /// Lets the violently emitted parts of both nuclei stop each other (T11).
    ///
    /// In the centre of mass of these parts every momentum is cut to (1 − λ) of itself, and the energy set free goes into
    /// random motion g with ⟨g²⟩ ∝ 1/m, so that it is mostly nucleons that get hot and clusters that get slow:
    ///
    ///     p′ = s ((1 − λ) p + h (g − (m/M) Σ g)),   λ uniform from 0 to `greatestStopping`
    ///
    /// with h from Σ p²/2m and s, close to 1, from the exact energy. Momentum and energy of the parts are conserved.
    ///
    /// - Parameters:
    ///   - energy: Kinetic energy of the projectile, MeV/u.
    ///   - projectileParts: Number of parts of the projectile, which come first.
    ///   - count: Number of parts of both nuclei.
    ///   - out: Parts, on their mass shells in the laboratory; as many places behind them are overwritten.
    ///   - random: Random numbers.
    func stop(
        energyMeVPerNucleon energy: Double, projectileParts: Int, count: Int,
        out: UnsafeMutablePointer<Ejectile>, random: inout RandomStream
    ) {
        var total = FourVector(energy: 0)
        var (clusters, projectiles, targets, mass) = (0, 0, 0, 0.0)
        for i in 0..<count where out[i].isViolent {
            if out[i].massNumber > 1 {
                clusters += 1
            } else if random.uniform() >= model.stoppedNucleonShare {
                out[i].isViolent = false
                continue
            }
            total = total + out[i].momentum
            mass += out[i].restEnergyMeV
            if i < projectileParts { projectiles += 1 } else { targets += 1 }
        }
        let squared = total.massSquared
        guard clusters > 0, projectiles > 0, targets > 0, squared > mass * mass else { return }
        let invariant = squared.squareRoot()
        heat(
            kept: 1 - random.uniform() * model.greatestStopping(energyMeVPerNucleon: energy),
            total: total, invariantMass: invariant, mass: mass, count: count, out: out, random: &random)
        let scale = scaleForEnergy(invariant, count: count, out: out)
        for i in 0..<count where out[i].isViolent {
            var p = out[i].momentum
            (p.x, p.y, p.z) = (scale * p.x, scale * p.y, scale * p.z)
            p.energy = (out[i].restEnergyMeV * out[i].restEnergyMeV + p.momentumSquared).squareRoot()
            out[i].momentum = p.boosted(by: total, frameMass: invariant)
        }
    }

    /// Cuts the momenta of the violent parts in their centre of mass to a share and adds random ones; momenta are left
    /// in the centre of mass, where they add up to zero.
    private func heat(
        kept: Double, total: FourVector, invariantMass: Double, mass: Double, count: Int,
        out: UnsafeMutablePointer<Ejectile>, random: inout RandomStream
    ) {
        let back = FourVector(energy: total.energy, x: -total.x, y: -total.y, z: -total.z)
        let noise = out + count
        var sum = FourVector(energy: 0)
        var kinetic = 0.0
        for i in 0..<count where out[i].isViolent {
            out[i].momentum = out[i].momentum.boosted(by: back, frameMass: invariantMass)
            kinetic += out[i].momentum.momentumSquared / out[i].restEnergyMeV
            let width = 1 / out[i].restEnergyMeV.squareRoot()
            noise[i].momentum = FourVector(
                energy: 0, x: width * random.normal(), y: width * random.normal(), z: width * random.normal())
            sum = sum + noise[i].momentum
        }
        var thermal = 0.0
        for i in 0..<count where out[i].isViolent {
            let share = out[i].restEnergyMeV / mass
            let g = noise[i].momentum
            noise[i].momentum = FourVector(
                energy: 0, x: g.x - share * sum.x, y: g.y - share * sum.y, z: g.z - share * sum.z)
            thermal += noise[i].momentum.momentumSquared / out[i].restEnergyMeV
        }
        let heat = (kinetic * (1 - kept * kept) / thermal).squareRoot()
        for i in 0..<count where out[i].isViolent {
            let (p, g) = (out[i].momentum, noise[i].momentum)
            out[i].momentum = FourVector(
                energy: 0, x: kept * p.x + heat * g.x, y: kept * p.y + heat * g.y, z: kept * p.z + heat * g.z)
        }
    }

    /// Factor on the momenta of the violent parts at which their energies add up to `invariantMass`, by Newton's method.
    ///
    /// The sum of energies is convex in the factor and the start lies within a few percent of the root, so that five
    /// steps reach rounding.
    private func scaleForEnergy(
        _ invariantMass: Double, count: Int, out: UnsafeMutablePointer<Ejectile>
    ) -> Double {
        var scale = 1.0
        for _ in 0..<20 {
            var (excess, slope) = (-invariantMass, 0.0)
            for i in 0..<count where out[i].isViolent {
                let squared = out[i].momentum.momentumSquared
                let energy =
                    (out[i].restEnergyMeV * out[i].restEnergyMeV + scale * scale * squared).squareRoot()
                excess += energy
                slope += scale * squared / energy
            }
            let step = excess / slope
            scale -= step
            if abs(step) < 1e-14 { break }
        }
        return scale
    }
}
