import IonPhysics
import Quantities

#if canImport(Glibc)
    import Glibc
#endif

/// Samples complete final states of nuclear collisions; charge, nucleons, energy and momentum are conserved in every
/// one (nuclei are made in their ground states).
///
/// The equations (T8)...(T12) are those of docs/theory/transport.md.
///
/// ## Source
/// Momenta of fragments: Goldhaber, Phys. Lett. B 53 (1974) 306; participants as quasi-free nucleon-nucleon
/// scattering: Serber, Phys. Rev. 72 (1947) 1114.
/// ## Checked by
/// `CollisionSamplerTests`.
package struct CollisionSampler: Sendable {
    /// Most parts of one nucleus.
    package static let greatestParts = 20
    /// Ejectiles that `sample` may write.
    package static let scratchCapacity = 2 * greatestParts + 1

    let data: NuclearData
    let model: CollisionModel

    /// A sampler with the shipped channel table.
    package init(model: CollisionModel = .standard) throws(WaterTransportError) {
        self.init(data: try NuclearData(), model: model)
    }

    init(data: NuclearData, model: CollisionModel) {
        self.data = data
        self.model = model
    }

    /// Samples one collision into `out`, at least `scratchCapacity` long.
    ///
    /// - Parameters:
    ///   - species: Projectile.
    ///   - target: Species of the nucleus at rest.
    /// - Returns: Number of ejectiles; 0 if the energy is too low for every channel tried, then nothing happens.
    package func sample(
        species: Int, energyMeVPerNucleon: Double, target: Int, random: inout RandomStream,
        out: UnsafeMutablePointer<Ejectile>
    ) -> Int {
        let (_, projectileA) = data.chargeAndMass(species)
        let projectileMass = data.restEnergyMeV(species)
        let targetMass = data.restEnergyMeV(target)
        let targetA = data.chargeAndMass(target).mass
        let kinetic = energyMeVPerNucleon * Double(projectileA)
        let beam = FourVector(
            energy: kinetic + projectileMass, z: (kinetic * (kinetic + 2 * projectileMass)).squareRoot())
        let rest = FourVector(energy: targetMass)
        for _ in 0..<30 {
            let count: Int
            switch (projectileA, targetA) {
            case (1, 1):
                count = nucleonOnProton(species, beam: beam, target, rest: rest, out: out, random: &random)
            case (1, _)
            where isElastic(energyMeVPerNucleon: energyMeVPerNucleon, species, target, random: &random):
                count = nucleonOnNucleus(species, beam: beam, target, rest: rest, out: out, random: &random)
            case (1, _):
                count = breakUpOnNucleon(
                    nucleus: target, at: rest, nucleon: species, with: beam, nucleusIsProjectile: false,
                    energyMeVPerNucleon: energyMeVPerNucleon, out: out, random: &random)
            case (_, 1):
                count = breakUpOnNucleon(
                    nucleus: species, at: beam, nucleon: target, with: rest, nucleusIsProjectile: true,
                    energyMeVPerNucleon: energyMeVPerNucleon, out: out, random: &random)
            default:
                count = twoNuclei(
                    species, at: beam, target, at: rest, energyMeVPerNucleon: energyMeVPerNucleon, out: out,
                    random: &random)
            }
            if count > 0 { return count }
        }
        return 0
    }

    // MARK: Channel and momenta in the nucleus

    /// Channel of a species at quantile `u` of its list; between energy nodes one of the two neighbours is taken with
    /// the weight of linear interpolation in ln E.
    private func pickChannel(
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

    /// Writes the parts of a channel with Goldhaber momenta that add up to zero in the nucleus (T8); returns their
    /// number and total energy.
    private func drawParts(
        channel: Int, of species: Int, widths: CollisionModel.Widths, energyMeVPerNucleon energy: Double,
        isProjectile: Bool,
        out: UnsafeMutablePointer<Ejectile>, random: inout RandomStream
    ) -> (count: Int, energy: Double) {
        let start = Int(data.channelStart[channel])
        let count = Int(data.channelStart[channel + 1]) - start
        let a = Double(data.chargeAndMass(species).mass)
        let common = (a / (a - 1)).squareRoot()
        // All helium of one collision is narrow or wide together.
        let heliumIsNarrow = random.uniform() < widths.helium.narrowShare
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
            case (2, _): reduced = heliumIsNarrow ? widths.helium.narrow : widths.helium.wide
            default: reduced = widths.heavy.wide
            }
            let width = reduced * common * Double(m).squareRoot()
            var p = FourVector(
                energy: 0, x: width * random.normal(), y: width * random.normal(), z: width * random.normal())
            sum = sum + p
            variances += width * width
            // Until the momenta are complete the energy holds the variance, negative where there is a kick.
            if isWide && kick > 0 {
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
                restEnergyMeV: data.restEnergyMeV(part), momentum: p)
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

    // MARK: Collisions

    /// Free nucleon-proton scattering, isotropic in the centre of mass.
    private func nucleonOnProton(
        _ nucleon: Int, beam: FourVector, _ proton: Int, rest: FourVector,
        out: UnsafeMutablePointer<Ejectile>,
        random: inout RandomStream
    ) -> Int {
        let masses = (data.restEnergyMeV(nucleon), data.restEnergyMeV(proton))
        guard let pair = scatter(beam, rest, restEnergies: masses, slope: 0, random: &random) else {
            return 0
        }
        out[0] = Ejectile(
            chargeNumber: Int32(data.chargeAndMass(nucleon).charge), massNumber: 1, isProjectileLike: true,
            restEnergyMeV: masses.0, momentum: pair.0)
        out[1] = Ejectile(
            chargeNumber: 1, massNumber: 1, isProjectileLike: false, restEnergyMeV: masses.1,
            momentum: pair.1)
        return 2
    }

    /// Whether a collision of a nucleon with a nucleus is an elastic one.
    private func isElastic(
        energyMeVPerNucleon energy: Double, _ nucleon: Int, _ nucleus: Int, random: inout RandomStream
    ) -> Bool {
        guard energy >= NuclearData.lowestReactionMeVPerNucleon else { return true }
        let target = data.isotope(nucleus)
        let elastic = ReactionCrossSection.elasticNucleonMB(target: target, energyMeV: energy)
        let reaction = ReactionCrossSection.reactionMB(
            projectile: data.isotope(nucleon), target: target, energyMeVPerNucleon: energy)
        return random.uniform() * (elastic + reaction) < elastic
    }

    /// Elastic scattering of a nucleon on a nucleus.
    private func nucleonOnNucleus(
        _ nucleon: Int, beam: FourVector, _ nucleus: Int, rest: FourVector,
        out: UnsafeMutablePointer<Ejectile>, random: inout RandomStream
    ) -> Int {
        let masses = (data.restEnergyMeV(nucleon), data.restEnergyMeV(nucleus))
        guard
            let pair = scatter(
                beam, rest, restEnergies: masses,
                slope: ReactionCrossSection.elasticSlopePerMeV2(target: data.isotope(nucleus)),
                random: &random)
        else { return 0 }
        for (i, index, momentum) in [(0, nucleon, pair.0), (1, nucleus, pair.1)] {
            let (z, a) = data.chargeAndMass(index)
            out[i] = Ejectile(
                chargeNumber: Int32(z), massNumber: Int32(a), isProjectileLike: i == 0,
                restEnergyMeV: data.restEnergyMeV(index), momentum: momentum)
        }
        return 2
    }

    /// A nucleus breaks up on a nucleon: a hard collision of one free nucleon with the participant probability,
    /// otherwise, or if there is too little energy for it, a soft one of the whole nucleus.
    ///
    /// Serves break-up on hydrogen (moving nucleus) and nucleons on nuclei (nucleus at rest).
    private func breakUpOnNucleon(
        nucleus: Int, at nucleusMomentum: FourVector, nucleon: Int, with nucleonMomentum: FourVector,
        nucleusIsProjectile: Bool, energyMeVPerNucleon: Double, out: UnsafeMutablePointer<Ejectile>,
        random: inout RandomStream
    ) -> Int {
        let channel = pickChannel(
            nucleus, quantile: random.uniform(), energyMeVPerNucleon: energyMeVPerNucleon, onHydrogen: true,
            random: &random)
        let (count, energy) = drawParts(
            channel: channel, of: nucleus, widths: model.onHydrogen, energyMeVPerNucleon: energyMeVPerNucleon,
            isProjectile: nucleusIsProjectile, out: out, random: &random)
        let nucleonMass = data.restEnergyMeV(nucleon)
        out[count] = Ejectile(
            chargeNumber: Int32(data.chargeAndMass(nucleon).charge), massNumber: 1,
            isProjectileLike: !nucleusIsProjectile, restEnergyMeV: nucleonMass, momentum: nucleonMomentum)
        if random.uniform() < model.participantShare(energyMeVPerNucleon: energyMeVPerNucleon),
            hardCollision(
                nucleus: nucleus, at: nucleusMomentum, with: nucleonMomentum, count: count, out: out,
                random: &random)
        {
            return count + 1
        }
        guard
            let pair = scatter(
                nucleusMomentum, nucleonMomentum, restEnergies: (energy, nucleonMass),
                slope: model.slopePerMeV2(
                    deflection: model.deflectionOnHydrogen, energyMeVPerNucleon: energyMeVPerNucleon),
                random: &random)
        else { return 0 }
        for i in 0..<count { out[i].momentum = out[i].momentum.boosted(by: pair.0, frameMass: energy) }
        out[count].momentum = pair.1
        return count + 1
    }

    /// Impulse approximation (T9): one free nucleon of the nucleus scatters off its shell on the nucleon behind the
    /// parts; the other parts go on with the velocity of the nucleus. Changes nothing if it is impossible.
    private func hardCollision(
        nucleus: Int, at nucleusMomentum: FourVector, with nucleonMomentum: FourVector, count: Int,
        out: UnsafeMutablePointer<Ejectile>, random: inout RandomStream
    ) -> Bool {
        var nucleons = 0
        for i in 0..<count where out[i].massNumber == 1 { nucleons += 1 }
        guard nucleons > 0 else { return false }
        var struck = 0
        var skip = min(Int(random.uniform() * Double(nucleons)), nucleons - 1)
        for i in 0..<count where out[i].massNumber == 1 {
            if skip == 0 { struck = i }
            skip -= 1
        }
        let nucleusMass = data.restEnergyMeV(nucleus)
        var virtual = nucleusMomentum
        for i in 0..<count where i != struck {
            virtual = virtual - out[i].momentum.boosted(by: nucleusMomentum, frameMass: nucleusMass)
        }
        guard
            let pair = scatter(
                virtual, nucleonMomentum, restEnergies: (out[struck].restEnergyMeV, out[count].restEnergyMeV),
                slope: 0, random: &random)
        else { return false }
        for i in 0..<count where i != struck {
            out[i].momentum = out[i].momentum.boosted(by: nucleusMomentum, frameMass: nucleusMass)
        }
        out[struck].momentum = pair.0
        out[count].momentum = pair.1
        return true
    }

    /// Two nuclei (T10)...(T12): both break up, the target's channel at a quantile near the projectile's; the two excited
    /// systems scatter by a small momentum transfer, which pays for binding and Fermi motion; then free
    /// nucleons of one scatter on free nucleons of the other.
    private func twoNuclei(
        _ projectile: Int, at beam: FourVector, _ target: Int, at rest: FourVector,
        energyMeVPerNucleon: Double,
        out: UnsafeMutablePointer<Ejectile>, random: inout RandomStream
    ) -> Int {
        let quantile = random.uniform()
        // Reflected at the ends, so that the target's quantile is uniform too.
        var other = quantile + model.correlationWidth * random.normal()
        other -= 2 * (other / 2).rounded(.down)
        if other > 1 { other = 2 - other }
        let first = drawParts(
            channel: pickChannel(
                projectile, quantile: quantile, energyMeVPerNucleon: energyMeVPerNucleon, onHydrogen: false,
                random: &random), of: projectile, widths: model.onNucleus,
            energyMeVPerNucleon: energyMeVPerNucleon, isProjectile: true, out: out, random: &random)
        let second = drawParts(
            channel: pickChannel(
                target, quantile: other, energyMeVPerNucleon: energyMeVPerNucleon, onHydrogen: false,
                random: &random), of: target, widths: model.onNucleus,
            energyMeVPerNucleon: energyMeVPerNucleon, isProjectile: false,
            out: out + first.count, random: &random)
        guard
            let pair = scatter(
                beam, rest, restEnergies: (first.energy, second.energy),
                slope: model.slopePerMeV2(
                    deflection: model.deflectionOnNucleus, energyMeVPerNucleon: energyMeVPerNucleon),
                random: &random)
        else { return 0 }
        let count = first.count + second.count
        for i in 0..<first.count {
            out[i].momentum = out[i].momentum.boosted(by: pair.0, frameMass: first.energy)
        }
        for i in first.count..<count {
            out[i].momentum = out[i].momentum.boosted(by: pair.1, frameMass: second.energy)
        }
        let share = model.participantShare(energyMeVPerNucleon: energyMeVPerNucleon)
        var partner = first.count
        for i in 0..<first.count where out[i].massNumber <= 3 {
            guard random.uniform() < (out[i].massNumber == 1 ? share : model.clusterParticipantShare)
            else { continue }
            while partner < count && out[partner].massNumber > 1 { partner += 1 }
            guard partner < count else { break }
            guard
                let scattered = scatter(
                    out[i].momentum, out[partner].momentum,
                    restEnergies: (out[i].restEnergyMeV, out[partner].restEnergyMeV), slope: 0,
                    random: &random)
            else { continue }
            out[i].momentum = scattered.0
            out[partner].momentum = scattered.1
            partner += 1
        }
        return count
    }

    /// Two-body final state of two colliding four-vectors: isotropic in the centre of mass, or exp(−slope |t|) about
    /// the first one's direction; nil below threshold.
    private func scatter(
        _ a: FourVector, _ b: FourVector, restEnergies: (Double, Double), slope: Double,
        random: inout RandomStream
    ) -> (FourVector, FourVector)? {
        let total = a + b
        let s = total.massSquared
        let (m1, m2) = restEnergies
        guard total.energy > 0, s > (m1 + m2) * (m1 + m2) else { return nil }
        let w = s.squareRoot()
        let e1 = (s + m1 * m1 - m2 * m2) / (2 * w)
        let p = max(e1 * e1 - m1 * m1, 0).squareRoot()
        let angles = random.isotropic()
        var cosine = angles.cosine
        if slope > 0 {
            // t = −2p²(1 − cos θ), exponential, cut at the backward end.
            let widest = 4 * p * p * slope
            let t = -log(1 - random.uniform() * (1 - exp(-widest))) / slope
            cosine = max(-1, 1 - t / (2 * p * p))
        }
        let back = FourVector(energy: total.energy, x: -total.x, y: -total.y, z: -total.z)
        let d = Direction(a.boosted(by: back, frameMass: w)).turned(
            cosine: cosine, sine: max(0, 1 - cosine * cosine).squareRoot(), cosAzimuth: angles.cosAzimuth,
            sinAzimuth: angles.sinAzimuth)
        let first = FourVector(energy: e1, x: p * d.x, y: p * d.y, z: p * d.z)
        let second = FourVector(energy: w - e1, x: -first.x, y: -first.y, z: -first.z)
        return (first.boosted(by: total, frameMass: w), second.boosted(by: total, frameMass: w))
    }
}
