import IonPhysics
import Quantities

#if canImport(Glibc)
    import Glibc
#endif

/// How one nucleus breaks up: its channel, and the momenta of the parts in it.
extension CollisionSampler {
    /// Channel of a species at quantile `u` of its list; between energy nodes one of the two neighbours is taken with
    /// the weight of linear interpolation in ln E.
    func pickChannel(
        _ species: Int, quantile u: Double, energyMeVPerNucleon: Double, onHydrogen: Bool,
        random: inout RandomStream
    ) -> Int {
        let nodes = NuclearData.nodeCount
        var node = 0
        while node < nodes - 1 && energyMeVPerNucleon >= data.nodeEnergy(node + 1) { node += 1 }
        if node < nodes - 1 && energyMeVPerNucleon > data.nodeEnergy(node) {
            let weight =
                log(energyMeVPerNucleon / data.nodeEnergy(node))
                / log(data.nodeEnergy(node + 1) / data.nodeEnergy(node))
            if random.uniform() < weight { node += 1 }
        }
        let first = Int(data.speciesStart[species])
        let count = Int(data.speciesStart[species + 1]) - first
        let start = Int(data.cumulativeStart[species]) + ((onHydrogen ? 0 : nodes) + node) * count
        var low = 0
        var high = count - 1
        while low < high {
            let middle = (low + high) / 2
            if data.cumulative[start + middle] > u { high = middle } else { low = middle + 1 }
        }
        return first + low
    }

    /// Writes the parts of a channel with Goldhaber momenta that add up to zero in the nucleus (T8).
    ///
    /// - Parameters:
    ///   - channel: Channel of the species.
    ///   - species: Nucleus that breaks up.
    ///   - widths: Reduced widths.
    ///   - energy: Kinetic energy of the projectile, MeV/u.
    ///   - violence: Quantile of the collision from gentle to violent: helium is wide, and Li and Be are stopped, from
    ///     the violent end on.
    ///   - isProjectile: Whether the parts are the projectile's.
    ///   - out: Receives the parts, with their energies and momenta in the nucleus.
    ///   - random: Random numbers.
    /// - Returns: Number of parts and their total energy, MeV.
    func drawParts(
        channel: Int, of species: Int, widths: CollisionModel.Widths, energyMeVPerNucleon energy: Double,
        violence: Double, isProjectile: Bool,
        out: UnsafeMutablePointer<Ejectile>, random: inout RandomStream
    ) -> (count: Int, energy: Double) {
        let start = Int(data.channelStart[channel])
        let count = Int(data.channelStart[channel + 1]) - start
        let a = Double(data.chargeAndMass(species).mass)
        let common = (a / (a - 1)).squareRoot()
        // All helium of one collision is narrow or wide together.
        let heliumIsNarrow = violence < widths.helium.narrowShare
        let lightNucleiStop =
            violence > 1 - model.stoppedLightNucleusShare
            * model.greatestStopping(energyMeVPerNucleon: energy)
        let kick = model.participantKick(energyMeVPerNucleon: energy)
        var (sum, kicks) = (FourVector(energy: 0), FourVector(energy: 0))
        var (variances, kickedMass) = (0.0, 0.0)
        for i in 0..<count {
            let part = Int(data.parts[start + i])
            let (z, m) = data.chargeAndMass(part)
            var isWide = false
            let reduced: Double
            switch (z, m) {
            case (_, 1) where a <= 4, (1, 2) where a <= 4: reduced = model.lightNucleusWidth
            case (_, 1): reduced = widths.nucleon.drawn(&random, isWide: &isWide)
            case (1, 2): reduced = widths.deuteron.drawn(&random, isWide: &isWide)
            case (1, _): reduced = widths.triton.drawn(&random, isWide: &isWide)
            case (2, 3): reduced = widths.helium3.drawn(&random, isWide: &isWide)
            case (2, _):
                isWide = !heliumIsNarrow
                reduced = heliumIsNarrow ? widths.helium.narrow : widths.helium.wide
            default:
                isWide = m <= 7 && lightNucleiStop
                reduced = widths.heavy.wide
            }
            let width = reduced * common * Double(m).squareRoot()
            var p = FourVector(
                energy: 0, x: width * random.normal(), y: width * random.normal(), z: width * random.normal())
            sum = sum + p
            variances += width * width
            // Until the momenta are complete the energy holds the variance, negative where there is a kick.
            if isWide && m <= 3 && kick > 0 {
                let extra = FourVector(
                    energy: 0, x: kick * width * random.normal(), y: kick * width * random.normal(),
                    z: kick * width * random.normal())
                kicks = kicks + extra
                kickedMass += Double(m)
                p = p + extra
                p.energy = -width * width
            } else {
                p.energy = width * width
            }
            out[i] = Ejectile(
                chargeNumber: Int32(z), massNumber: Int32(m), isProjectileLike: isProjectile,
                isViolent: isWide, restEnergyMeV: data.restEnergyMeV(part), momentum: p)
        }
        var total = 0.0
        for i in 0..<count {
            var p = out[i].momentum
            // Gaussians on the condition that they add up to zero; kicks are balanced among the kicked.
            let share = abs(p.energy) / variances
            let kicked = p.energy < 0 ? Double(out[i].massNumber) / kickedMass : 0
            (p.x, p.y, p.z) = (
                p.x - share * sum.x - kicked * kicks.x, p.y - share * sum.y - kicked * kicks.y,
                p.z - share * sum.z - kicked * kicks.z
            )
            p.energy = (out[i].restEnergyMeV * out[i].restEnergyMeV + p.momentumSquared).squareRoot()
            total += p.energy
            out[i].momentum = p
        }
        return (count, total)
    }
}
