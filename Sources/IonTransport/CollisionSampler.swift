import IonPhysics
import Quantities

#if canImport(Glibc)
    import Glibc
#endif

/// Samples complete final states of nuclear collisions; charge, nucleons, energy and (with the target residue)
/// momentum are conserved in every one.
///
/// The equations (T8)...(T14) are those of docs/theory/transport.md.
///
/// ## Source
/// Channel idea: PHYSICS of exclusive projectile fragmentation with Goldhaber momenta, Goldhaber, Phys. Lett. B 53
/// (1974) 306; participants as quasi-free nucleon-nucleon scattering, Serber, Phys. Rev. 72 (1947) 1008.
/// ## Checked by
/// `CollisionSamplerTests`.
struct CollisionSampler {
    static let greatestParts = 20
    static let scratchCapacity = 96

    let data: NuclearData
    let model: CollisionModel

    private static let nucleonMass = 938.918

    @inline(__always) private func mass(_ z: Int, _ a: Int) -> Double {
        data.massTable[z * NuclearData.massColumns + a]
    }

    /// Samples one collision into `out`.
    ///
    /// - Parameters:
    ///   - target: Charge and mass number of the nucleus at rest.
    ///   - out: Room for `scratchCapacity` ejectiles.
    func sample(
        species: Int, energyMeVPerNucleon: Double, targetCharge: Int, targetMass: Int,
        random: inout RandomStream, out: UnsafeMutablePointer<Ejectile>
    ) -> CollisionOutcome {
        let isotope = data.chargeAndMass(species)
        let projectileMass = mass(isotope.charge, isotope.mass)
        let kinetic = energyMeVPerNucleon * Double(isotope.mass)
        let beam = FourVector(
            energy: kinetic + projectileMass, z: (kinetic * (kinetic + 2 * projectileMass)).squareRoot())
        for _ in 0..<30 {
            var outcome = CollisionOutcome(count: 0, gammaMeV: 0, bindingMeV: 0)
            let found: Bool
            if isotope.mass == 1 {
                found =
                    targetMass == 1
                    ? elastic(beam: beam, out: out, outcome: &outcome, random: &random)
                    : nucleonOnNucleus(
                        beam: beam, targetCharge: targetCharge, targetMass: targetMass, out: out,
                        outcome: &outcome, random: &random)
            } else {
                let channel = pickChannel(
                    species: species, energyMeVPerNucleon: energyMeVPerNucleon, onHydrogen: targetMass == 1,
                    random: &random)
                drawParts(
                    channel: channel, projectileMassNumber: isotope.mass, out: out, outcome: &outcome,
                    random: &random)
                found =
                    targetMass == 1
                    ? onHydrogen(
                        beam: beam, beamMass: projectileMass, out: out, outcome: &outcome, random: &random)
                    : onNucleus(
                        beam: beam, targetCharge: targetCharge, targetMass: targetMass, out: out,
                        outcome: &outcome, random: &random)
            }
            guard found else { continue }
            var restAfter = 0.0
            for i in 0..<outcome.count { restAfter += out[i].restEnergyMeV }
            outcome.bindingMeV = restAfter - projectileMass - mass(targetCharge, targetMass)
            return outcome
        }
        return CollisionOutcome(count: 0, gammaMeV: 0, bindingMeV: 0)
    }

    // MARK: Channel and momenta in the projectile

    /// Channel index; between energy nodes one of the two neighbours is taken with the weight of linear
    /// interpolation in ln E.
    private func pickChannel(
        species: Int, energyMeVPerNucleon: Double, onHydrogen: Bool, random: inout RandomStream
    ) -> Int {
        let nodes = NuclearData.nodeEnergiesMeVPerNucleon
        var node = 0
        while node < nodes.count - 1 && energyMeVPerNucleon >= nodes[node + 1] { node += 1 }
        if node < nodes.count - 1 && energyMeVPerNucleon > nodes[node] {
            let weight = log(energyMeVPerNucleon / nodes[node]) / log(nodes[node + 1] / nodes[node])
            if random.uniform() < weight { node += 1 }
        }
        let first = Int(data.speciesStart[species])
        let count = Int(data.speciesStart[species + 1]) - first
        let column = (onHydrogen ? 0 : nodes.count) + node
        let start = Int(data.cumulativeStart[species]) + column * count
        let u = random.uniform()
        var low = 0
        var high = count - 1
        while low < high {
            let middle = (low + high) / 2
            if data.cumulative[start + middle] > u { high = middle } else { low = middle + 1 }
        }
        return first + low
    }

    /// Parts with Goldhaber momenta in the projectile's rest frame that add up to zero (T8), (T9).
    private func drawParts(
        channel: Int, projectileMassNumber: Int, out: UnsafeMutablePointer<Ejectile>,
        outcome: inout CollisionOutcome, random: inout RandomStream
    ) {
        let start = Int(data.channelStart[channel])
        let count = Int(data.channelStart[channel + 1]) - start
        let a = Double(projectileMassNumber)
        let common = (a / max(a - 1, 1)).squareRoot()
        let heliumFactor =
            random.uniform() < model.narrowHeliumShare ? model.narrowHeliumFactor : model.wideHeliumFactor
        var sum = FourVector(energy: 0)
        for i in 0..<count {
            let species = Int(data.parts[start + i])
            let (z, m) = species < 0 ? (0, 1) : data.chargeAndMass(species)
            let reduced =
                m == 1
                ? model.goldhaberNucleonMeV
                : z == 1
                    ? model.goldhaberHydrogenMeV
                    : z == 2 ? model.goldhaberHeliumMeV * heliumFactor : model.goldhaberHeavyMeV
            let width = reduced * common * Double(m).squareRoot()
            let p = FourVector(
                energy: 0, x: width * random.normal(), y: width * random.normal(), z: width * random.normal())
            sum = sum + p
            out[i] = Ejectile(
                chargeNumber: Int32(z), massNumber: Int32(m), isProjectileLike: true,
                restEnergyMeV: mass(z, m), momentum: p)
        }
        for i in 0..<count {
            let share = Double(out[i].massNumber) / a
            var p = out[i].momentum
            p.x -= share * sum.x
            p.y -= share * sum.y
            p.z -= share * sum.z
            p.energy = (out[i].restEnergyMeV * out[i].restEnergyMeV + p.momentumSquared).squareRoot()
            out[i].momentum = p
        }
        outcome.count = count
    }

    // MARK: Hydrogen

    /// Break-up on hydrogen in impulse approximation (T10): the spectators keep the beam's velocity, one part (a free
    /// nucleon if there is one) scatters off its shell on the proton; energy and momentum exact.
    private func onHydrogen(
        beam: FourVector, beamMass: Double, out: UnsafeMutablePointer<Ejectile>,
        outcome: inout CollisionOutcome, random: inout RandomStream
    ) -> Bool {
        let count = outcome.count
        var nucleons = 0
        var lightest = 0
        for i in 0..<count {
            if out[i].massNumber == 1 { nucleons += 1 }
            if out[i].massNumber < out[lightest].massNumber { lightest = i }
        }
        var struck = lightest
        if nucleons > 0 {
            var skip = min(Int(random.uniform() * Double(nucleons)), nucleons - 1)
            for i in 0..<count where out[i].massNumber == 1 {
                if skip == 0 { struck = i }
                skip -= 1
            }
        }
        var rest = beam
        for i in 0..<count where i != struck {
            out[i].momentum = out[i].momentum.boosted(by: beam, frameMass: beamMass)
            rest = rest - out[i].momentum
        }
        let protonMass = mass(1, 1)
        let slope = out[struck].massNumber == 1 ? 0 : model.clusterSlopePerMeV2
        guard
            let pair = scatter(
                virtual: rest, onMass: protonMass, target: FourVector(energy: protonMass),
                restEnergies: (out[struck].restEnergyMeV, protonMass), slope: slope, random: &random)
        else { return false }
        out[struck].momentum = pair.0
        out[count] = Ejectile(
            chargeNumber: 1, massNumber: 1, isProjectileLike: false, restEnergyMeV: protonMass,
            momentum: pair.1)
        outcome.count = count + 1
        return true
    }

    /// Free proton-proton scattering, isotropic in the centre of mass.
    private func elastic(
        beam: FourVector, out: UnsafeMutablePointer<Ejectile>, outcome: inout CollisionOutcome,
        random: inout RandomStream
    ) -> Bool {
        let protonMass = mass(1, 1)
        guard
            let pair = scatter(
                virtual: beam, onMass: protonMass, target: FourVector(energy: protonMass),
                restEnergies: (protonMass, protonMass), slope: 0, random: &random)
        else { return false }
        out[0] = Ejectile(
            chargeNumber: 1, massNumber: 1, isProjectileLike: true, restEnergyMeV: protonMass,
            momentum: pair.0)
        out[1] = Ejectile(
            chargeNumber: 1, massNumber: 1, isProjectileLike: false, restEnergyMeV: protonMass,
            momentum: pair.1)
        outcome.count = 2
        return true
    }

    /// Two-body final state of two colliding four-vectors: isotropic in the centre of mass, or exp(−slope |t|)
    /// forward of the first one's direction; nil below threshold.
    private func scatter(
        virtual: FourVector, onMass: Double, target: FourVector, restEnergies: (Double, Double),
        slope: Double,
        random: inout RandomStream
    ) -> (FourVector, FourVector)? {
        let total = virtual + target
        let s = total.massSquared
        let (m1, m2) = restEnergies
        guard s > (m1 + m2) * (m1 + m2), total.energy > 0 else { return nil }
        let w = s.squareRoot()
        let e1 = (s + m1 * m1 - m2 * m2) / (2 * w)
        let p = max(e1 * e1 - m1 * m1, 0).squareRoot()
        let angles = random.isotropic()
        var cosine = angles.cosine
        if slope > 0 {
            // |t| = 2p²(1 − cos θ), exponential, cut at the backward end.
            let widest = 4 * p * p * slope
            let u = random.uniform()
            let t = -log(1 - u * (1 - exp(-widest))) / slope
            cosine = max(-1, 1 - t / (2 * p * p))
        }
        let sine = max(0, 1 - cosine * cosine).squareRoot()
        // Axis: the first particle's direction in the centre of mass.
        let back = FourVector(energy: total.energy, x: -total.x, y: -total.y, z: -total.z)
        let axis = Direction(virtual.boosted(by: back, frameMass: w))
        let d = axis.turned(
            cosine: cosine, sine: sine, cosAzimuth: angles.cosAzimuth, sinAzimuth: angles.sinAzimuth)
        let first = FourVector(energy: e1, x: p * d.x, y: p * d.y, z: p * d.z)
        let second = FourVector(energy: w - e1, x: -first.x, y: -first.y, z: -first.z)
        return (first.boosted(by: total, frameMass: w), second.boosted(by: total, frameMass: w))
    }

    // MARK: Heavier targets

    /// Break-up on a nucleus (T11)...(T13): free nucleons scatter quasi-free with the participant probability; what
    /// binding, Fermi motion and excitation cost is taken from the velocity of all projectile parts.
    private func onNucleus(
        beam: FourVector, targetCharge: Int, targetMass: Int, out: UnsafeMutablePointer<Ejectile>,
        outcome: inout CollisionOutcome, random: inout RandomStream
    ) -> Bool {
        let partCount = outcome.count
        var target = TargetNucleus(charge: targetCharge, mass: targetMass)
        var count = partCount
        // Struck nucleons stand behind the parts, partner i of part partner[i] encoded by order.
        var participants: UInt32 = 0
        for i in 0..<partCount where out[i].massNumber == 1 && target.mass > 4 {
            guard random.uniform() < model.participantShare else { continue }
            participants |= 1 << UInt32(i)
            strike(&target, at: count, out: out, random: &random)
            count += 1
        }
        let struckEnd = count
        let excitation =
            model.excitationMeV * random.exponential() + model.excitationPerNucleonMeV
            * Double(struckEnd - partCount) * 0.5 * (random.exponential() + random.exponential())
        target.excitationMeV = excitation
        evaporate(&target, count: &count, out: out, random: &random)

        // Energy and momentum that the target side needs.
        var used = FourVector(energy: 0)
        for i in partCount..<count { used = used + out[i].momentum }
        var invariant = 0.0
        for i in 0..<partCount { invariant += out[i].momentum.energy }
        let residueMass = mass(target.charge, target.mass) + target.excitationMeV
        let available = beam.energy + mass(targetCharge, targetMass) - used.energy
        // Rapidity of the projectile parts from energy conservation, residue recoil included (T12).
        var recoil = 0.0
        var residue = FourVector(energy: 0)
        var projectile = FourVector(energy: 0)
        for _ in 0..<4 {
            let energy = available - residueMass - recoil
            guard energy > invariant else { return false }
            let momentum = (energy * energy - invariant * invariant).squareRoot()
            projectile = FourVector(energy: energy, z: momentum)
            residue = FourVector(energy: 0, x: -used.x, y: -used.y, z: beam.z - used.z - momentum)
            recoil = (residueMass * residueMass + residue.momentumSquared).squareRoot() - residueMass
        }
        // Close the energy balance exactly with the last recoil.
        let energy = available - residueMass - recoil
        guard energy > invariant else { return false }
        projectile = FourVector(energy: energy, z: (energy * energy - invariant * invariant).squareRoot())
        for i in 0..<partCount {
            out[i].momentum = out[i].momentum.boosted(by: projectile, frameMass: invariant)
        }
        var partner = partCount
        for i in 0..<partCount where participants & (1 << UInt32(i)) != 0 {
            guard
                let pair = scatter(
                    virtual: out[i].momentum, onMass: Self.nucleonMass, target: out[partner].momentum,
                    restEnergies: (out[i].restEnergyMeV, out[partner].restEnergyMeV), slope: 0,
                    random: &random)
            else { return false }
            out[i].momentum = pair.0
            out[partner].momentum = pair.1
            partner += 1
        }
        addResidue(target, recoil: recoil, momentum: residue, count: &count, out: out)
        outcome.count = count
        outcome.gammaMeV = target.excitationMeV
        return true
    }

    /// A proton on a nucleus: quasi-free scattering on one bound nucleon in impulse approximation (T14), then
    /// evaporation; energy exact.
    private func nucleonOnNucleus(
        beam: FourVector, targetCharge: Int, targetMass: Int, out: UnsafeMutablePointer<Ejectile>,
        outcome: inout CollisionOutcome, random: inout RandomStream
    ) -> Bool {
        var target = TargetNucleus(charge: targetCharge, mass: targetMass)
        let protonMass = mass(1, 1)
        out[0] = Ejectile(
            chargeNumber: 1, massNumber: 1, isProjectileLike: true, restEnergyMeV: protonMass, momentum: beam)
        var count = 1
        strike(&target, at: count, out: out, random: &random)
        count += 1
        target.excitationMeV =
            (model.excitationMeV + model.excitationPerNucleonMeV) * random.exponential()
        evaporate(&target, count: &count, out: out, random: &random)
        var used = FourVector(energy: 0)
        for i in 2..<count { used = used + out[i].momentum }
        let residueMass = mass(target.charge, target.mass) + target.excitationMeV
        let fermi = out[1].momentum
        let residue = FourVector(energy: 0, x: -fermi.x - used.x, y: -fermi.y - used.y, z: -fermi.z - used.z)
        let recoil = (residueMass * residueMass + residue.momentumSquared).squareRoot() - residueMass
        let virtual = FourVector(
            energy: mass(targetCharge, targetMass) - used.energy - residueMass - recoil, x: fermi.x,
            y: fermi.y,
            z: fermi.z)
        guard
            let pair = scatter(
                virtual: beam, onMass: protonMass, target: virtual,
                restEnergies: (protonMass, out[1].restEnergyMeV), slope: 0, random: &random)
        else { return false }
        out[0].momentum = pair.0
        out[1].momentum = pair.1
        addResidue(target, recoil: recoil, momentum: residue, count: &count, out: out)
        outcome.count = count
        outcome.gammaMeV = target.excitationMeV
        return true
    }

    /// Takes a nucleon with Fermi momentum out of the target and writes it at `index`.
    private func strike(
        _ target: inout TargetNucleus, at index: Int, out: UnsafeMutablePointer<Ejectile>,
        random: inout RandomStream
    ) {
        let isProton = random.uniform() * Double(target.mass) < Double(target.charge)
        target.mass -= 1
        if isProton { target.charge -= 1 }
        let m = mass(isProton ? 1 : 0, 1)
        let w = model.targetFermiMeV
        var p = FourVector(energy: 0, x: w * random.normal(), y: w * random.normal(), z: w * random.normal())
        p.energy = (m * m + p.momentumSquared).squareRoot()
        out[index] = Ejectile(
            chargeNumber: isProton ? 1 : 0, massNumber: 1, isProjectileLike: false, restEnergyMeV: m,
            momentum: p)
    }

    /// Evaporates n, p, d, t, ³He and α while the excitation pays for separation, barrier and kinetic energy; what is
    /// left are gammas.
    private func evaporate(
        _ target: inout TargetNucleus, count: inout Int, out: UnsafeMutablePointer<Ejectile>,
        random: inout RandomStream
    ) {
        while count < Self.scratchCapacity - 2, target.mass > 4 {
            guard let candidate = pickEvaporated(target, random: &random) else { return }
            let (z, a, cost) = candidate
            let t = model.evaporationTemperatureMeV
            let kinetic =
                barrier(z, target) + t * (random.exponential() + random.exponential())
            guard cost + kinetic < target.excitationMeV else { return }
            target.excitationMeV -= cost + kinetic
            let m = mass(z, a)
            let p = (kinetic * (kinetic + 2 * m)).squareRoot()
            let d = random.isotropic()
            let sine = (1 - d.cosine * d.cosine).squareRoot()
            out[count] = Ejectile(
                chargeNumber: Int32(z), massNumber: Int32(a), isProjectileLike: false, restEnergyMeV: m,
                momentum: FourVector(
                    energy: kinetic + m, x: p * sine * d.cosAzimuth, y: p * sine * d.sinAzimuth,
                    z: p * d.cosine))
            count += 1
            target.charge -= z
            target.mass -= a
        }
    }

    /// Emitted particle by Weisskopf-like weights g m exp(−(S + V)/T) and its separation energy.
    private func pickEvaporated(
        _ target: TargetNucleus, random: inout RandomStream
    ) -> (charge: Int, mass: Int, cost: Double)? {
        let parent = mass(target.charge, target.mass)
        let t = model.evaporationTemperatureMeV
        var total = 0.0
        var chosen: (Int, Int, Double)?
        for kind in 0..<6 {
            let (z, a, g) = TargetNucleus.evaporated(kind)
            guard target.charge >= z + 1, target.mass - a > target.charge - z, target.mass - a >= 2 else {
                continue
            }
            let cost = mass(target.charge - z, target.mass - a) + mass(z, a) - parent
            guard cost + barrier(z, target) < target.excitationMeV else { continue }
            let weight = g * exp(-(cost + barrier(z, target)) / t)
            total += weight
            if random.uniform() * total < weight { chosen = (z, a, cost) }
        }
        return chosen.map { (charge: $0.0, mass: $0.1, cost: $0.2) }
    }

    /// Coulomb barrier of the target residue for charge z, MeV (half the touching-spheres value: light nuclei leak).
    private func barrier(_ z: Int, _ target: TargetNucleus) -> Double {
        guard z > 0 else { return 0 }
        return 0.5 * 1.44 * Double(z) * Double(target.charge - z) / 4.5
    }

    private func addResidue(
        _ target: TargetNucleus, recoil: Double, momentum: FourVector, count: inout Int,
        out: UnsafeMutablePointer<Ejectile>
    ) {
        let m = mass(target.charge, target.mass)
        var p = momentum
        p.energy = m + recoil
        out[count] = Ejectile(
            chargeNumber: Int32(target.charge), massNumber: Int32(target.mass), isProjectileLike: false,
            restEnergyMeV: m, momentum: p)
        count += 1
    }
}
