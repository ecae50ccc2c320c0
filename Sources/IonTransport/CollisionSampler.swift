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
    /// Room that `sample` needs: the ejectiles of two nuclei, and as many places for momenta to work with.
    package static let scratchCapacity = 2 * (2 * greatestParts + 1)

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

    /// A nucleus breaks up on a nucleon: a hard collision of one light part with the knock-out probability,
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
            violence: random.uniform(), isProjectile: nucleusIsProjectile, out: out, random: &random)
        let nucleonMass = data.restEnergyMeV(nucleon)
        out[count] = Ejectile(
            chargeNumber: Int32(data.chargeAndMass(nucleon).charge), massNumber: 1,
            isProjectileLike: !nucleusIsProjectile, restEnergyMeV: nucleonMass, momentum: nucleonMomentum)
        if random.uniform() < model.knockOutShare(energyMeVPerNucleon: energyMeVPerNucleon),
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

    /// Impulse approximation (T9): one light part of the nucleus scatters off its shell on the nucleon behind the
    /// parts; the other parts go on with the velocity of the nucleus. Changes nothing if it is impossible.
    private func hardCollision(
        nucleus: Int, at nucleusMomentum: FourVector, with nucleonMomentum: FourVector, count: Int,
        out: UnsafeMutablePointer<Ejectile>, random: inout RandomStream
    ) -> Bool {
        var sum = 0.0
        for i in 0..<count { sum += model.knockOutWeight(massNumber: out[i].massNumber) }
        guard sum > 0 else { return false }
        var struck = 0
        var rest = random.uniform() * sum
        for i in 0..<count where rest >= 0 {
            let weight = model.knockOutWeight(massNumber: out[i].massNumber)
            if weight > 0 { struck = i }
            rest -= weight
        }
        let nucleusMass = data.restEnergyMeV(nucleus)
        var virtual = nucleusMomentum
        for i in 0..<count where i != struck {
            virtual = virtual - out[i].momentum.boosted(by: nucleusMomentum, frameMass: nucleusMass)
        }
        guard
            let pair = scatter(
                virtual, nucleonMomentum, restEnergies: (out[struck].restEnergyMeV, out[count].restEnergyMeV),
                slope: out[struck].massNumber == 1 ? 0 : model.clusterKnockOutSlopePerMeV2, random: &random)
        else { return false }
        for i in 0..<count where i != struck {
            out[i].momentum = out[i].momentum.boosted(by: nucleusMomentum, frameMass: nucleusMass)
        }
        out[struck].momentum = pair.0
        out[count].momentum = pair.1
        return true
    }

    /// Two nuclei (T10)...(T12): both break up, the target's channel at a quantile near the projectile's; the two excited
    /// systems scatter by a small momentum transfer, which pays for binding and Fermi motion; violently emitted parts of both
    /// stop each other; then free nucleons of one scatter on free nucleons of the other.
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
        let violence = random.uniform()
        let first = drawParts(
            channel: pickChannel(
                projectile, quantile: quantile, energyMeVPerNucleon: energyMeVPerNucleon, onHydrogen: false,
                random: &random), of: projectile, widths: model.onNucleus,
            energyMeVPerNucleon: energyMeVPerNucleon, violence: violence, isProjectile: true, out: out,
            random: &random)
        let second = drawParts(
            channel: pickChannel(
                target, quantile: other, energyMeVPerNucleon: energyMeVPerNucleon, onHydrogen: false,
                random: &random), of: target, widths: model.onNucleus,
            energyMeVPerNucleon: energyMeVPerNucleon, violence: violence, isProjectile: false,
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
        stop(
            energyMeVPerNucleon: energyMeVPerNucleon, projectileParts: first.count, count: count, out: out,
            random: &random)
        let share = model.participantRatio * model.knockOutShare(energyMeVPerNucleon: energyMeVPerNucleon)
        var partner = first.count
        for i in 0..<first.count where out[i].massNumber == 1 && random.uniform() < share {
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
    func scatter(
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
