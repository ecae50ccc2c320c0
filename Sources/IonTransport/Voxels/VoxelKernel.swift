#if canImport(Glibc)
    import Glibc
#endif

/// Follows ions through voxels: the physics of `SteppingKernel`, with the path in each voxel counted as water-equivalent
/// path of its material (`MediumTables`). Every voxel border ends a step.
///
/// Positions are in voxel units of the grid's lower corner times spacing: x, y, z from 0 to the extent, mm.
struct VoxelKernel {
    let lookup: RangeLookup
    let responses: UnsafePointer<Double>
    /// By species, the neutron last.
    let massNumbers: UnsafePointer<Double>
    let speciesOf: UnsafePointer<Int32>
    let stopping: UnsafePointer<Double>
    let heavier: UnsafePointer<Double>
    let scattering: UnsafePointer<Double>
    let straggling: UnsafePointer<Double>
    let hydrogen: UnsafePointer<Double>
    let targets: UnsafePointer<Double>
    let material: UnsafePointer<UInt8>
    let density: UnsafePointer<Float>
    let tally: UnsafeMutablePointer<Int64>
    let balance: UnsafeMutablePointer<Int64>
    let stack: UnsafeMutablePointer<TrackState>
    let ejectiles: UnsafeMutablePointer<Ejectile>
    let sampler: CollisionSampler
    let count: SIMD3<Int>
    let spacing: SIMD3<Double>
    let responseCount: Int
    let longestStepMM: Double
    let longestRangeShare: Double
    let stopRangeMM: Double
    let nuclear: Bool
    let protonSpecies: Int
    /// Takes what leaves the voxels, and how many there are; nil where that is lost.
    let exits: UnsafeMutablePointer<TrackState>?
    let exitCount: UnsafeMutablePointer<Int>?
    static let exitCapacity = 256

    private let shortStepMM = 0.1
    /// A point this far beyond a border is in the next voxel, mm.
    private let nudgeMM = 1e-6
    static let stackCapacity = 2048

    private struct Place {
        var voxel: Int
        var index: SIMD3<Int>
    }

    @inline(__always) private func place(_ p: TrackState) -> Place? {
        let (fx, fy, fz) = (p.x / spacing.x, p.y / spacing.y, p.z / spacing.z)
        guard fx >= 0, fy >= 0, fz >= 0, fx < Double(count.x), fy < Double(count.y), fz < Double(count.z)
        else { return nil }
        let (x, y, z) = (Int(fx), Int(fy), Int(fz))
        return Place(voxel: (z * count.y + y) * count.x + x, index: SIMD3(x, y, z))
    }

    /// Way along the direction to the border of a voxel, mm.
    @inline(__always) private func wayToBorder(_ p: TrackState, _ at: Place) -> Double {
        @inline(__always) func axis(_ x: Double, _ d: Double, _ i: Int, _ h: Double) -> Double {
            if d > 0 { return (Double(i + 1) * h - x) / d }
            if d < 0 { return (Double(i) * h - x) / d }
            return .infinity
        }
        return max(
            0,
            min(
                axis(p.x, p.direction.x, at.index.x, spacing.x),
                min(
                    axis(p.y, p.direction.y, at.index.y, spacing.y),
                    axis(p.z, p.direction.z, at.index.z, spacing.z)))) + nudgeMM
    }

    /// Moves a particle outside the voxels along its way to where it enters them; nil if it misses them.
    func entering(_ p: TrackState) -> TrackState? {
        var (near, far) = (0.0, Double.infinity)
        for (x, d, extent) in [
            (p.x, p.direction.x, Double(count.x) * spacing.x),
            (p.y, p.direction.y, Double(count.y) * spacing.y),
            (p.z, p.direction.z, Double(count.z) * spacing.z),
        ] {
            if d == 0 {
                if x < 0 || x >= extent { return nil }
                continue
            }
            let (a, b) = (-x / d, (extent - x) / d)
            near = max(near, min(a, b))
            far = min(far, max(a, b))
        }
        guard near < far else { return nil }
        var result = p
        if near > 0 {
            result.x += (near + nudgeMM) * p.direction.x
            result.y += (near + nudgeMM) * p.direction.y
            result.z += (near + nudgeMM) * p.direction.z
        }
        return result
    }

    /// Books kinetic energy that comes into the run.
    func bookIncoming(_ p: TrackState) { book(0, p.energyMeVPerNucleon * massNumbers[Int(p.species)]) }

    /// Books energy that misses the voxels.
    func bookLost(_ p: TrackState) {
        let isNeutron = Int(p.species) == TransportedSpecies.neutron
        book(isNeutron ? 3 : 2, p.energyMeVPerNucleon * massNumbers[Int(p.species)])
    }

    /// A particle leaves the voxels.
    private func leave(_ p: TrackState, energyMeVPerNucleon: Double) {
        var state = p
        state.energyMeVPerNucleon = energyMeVPerNucleon
        guard let exits, let exitCount, exitCount.pointee < Self.exitCapacity else { return bookLost(state) }
        exits[exitCount.pointee] = state
        exitCount.pointee += 1
    }

    /// Follows one particle and all that comes from it.
    func run(primary: TrackState, random: inout RandomStream) {
        stack[0] = primary
        var height = 1
        while height > 0 {
            height -= 1
            var particle = stack[height]
            height =
                Int(particle.species) == TransportedSpecies.neutron
                ? followNeutron(&particle, height: height, random: &random)
                : follow(&particle, height: height, random: &random)
        }
    }

    private func follow(_ p: inout TrackState, height: Int, random: inout RandomStream) -> Int {
        let species = Int(p.species)
        let table = lookup.table(species)
        let mass = massNumbers[species]
        let energy = p.energyMeVPerNucleon
        guard var at = place(p) else {
            leave(p, energyMeVPerNucleon: energy)
            return height
        }
        guard energy > TransportTables.lowestMeVPerNucleon else {
            deposit(energy * mass, voxel: at.voxel, species: -1, logEnergy: 0, ofRest: true)
            return height
        }
        var ion = lookup.state(table, energyMeVPerNucleon: energy)
        var opticalDepth = random.exponential()

        while ion.rangeMM > stopRangeMM {
            let m = Int(material[at.voxel])
            let rho = Double(density[at.voxel])
            let ratios = stopping + m * TransportTables.nodeCount + ion.node.index
            let ratio = ratios[0] + ion.node.fraction * (ratios[1] - ratios[0])
            let water = rho * ratio
            let longest = min(
                longestStepMM, max(longestRangeShare * ion.rangeMM, min(shortStepMM, 0.5 * ion.rangeMM)))
            var step = min(longest / water, wayToBorder(p, at))
            var hydrogenSigma = 0.0
            var crossSection = 0.0
            if nuclear {
                hydrogenSigma = rho * hydrogen[m] * lookup.linear(table, ion.node, 4)
                crossSection =
                    hydrogenSigma + rho
                    * heavier[m * (TransportedSpecies.neutron + 1) + species]
                    * lookup.linear(table, ion.node, 5)
            }
            var reacts = false
            if crossSection * step >= opticalDepth {
                step = opticalDepth / crossSection
                reacts = true
            }
            opticalDepth -= crossSection * step

            let (next, mean) = lookup.slowed(
                table, ion, pathMM: min(step * water, ion.rangeMM), straggling: straggling[m] / ratio,
                random: &random)
            let variance = lookup.scattering(table, from: ion.node, to: mean) * scattering[m] / ratio
            p.fly(step, turning: variance.squareRoot(), random: &random)
            deposit(
                (ion.energyMeVPerNucleon - next.energyMeVPerNucleon) * mass, voxel: at.voxel,
                species: species,
                logEnergy: 0.5 * (ion.logEnergy + next.logEnergy), ofRest: false)
            ion = next
            guard let here = place(p) else {
                leave(p, energyMeVPerNucleon: ion.energyMeVPerNucleon)
                return height
            }
            at = here
            if reacts {
                p.energyMeVPerNucleon = ion.energyMeVPerNucleon
                let ejected = collide(
                    p, material: m, isHydrogen: random.uniform() * crossSection < hydrogenSigma,
                    random: &random)
                if ejected > 0 { return emit(ejected, from: p, voxel: at.voxel, height: height) }
                opticalDepth = random.exponential()
            }
        }
        deposit(
            ion.energyMeVPerNucleon * mass, voxel: at.voxel, species: species, logEnergy: ion.logEnergy,
            ofRest: true)
        return height
    }

    /// Follows a neutron by free flights from voxel to voxel until it collides; it deposits nothing itself.
    private func followNeutron(_ p: inout TrackState, height: Int, random: inout RandomStream) -> Int {
        let species = TransportedSpecies.neutron
        let table = lookup.table(species)
        let energy = p.energyMeVPerNucleon
        let node = lookup.node(log(energy))
        let (onHydrogen, onHeavier) = (lookup.linear(table, node, 4), lookup.linear(table, node, 5))
        var opticalDepth = random.exponential()
        while let at = place(p) {
            let m = Int(material[at.voxel])
            let rho = Double(density[at.voxel])
            let hydrogenSigma = rho * hydrogen[m] * onHydrogen
            let crossSection =
                hydrogenSigma + rho * heavier[m * (TransportedSpecies.neutron + 1) + species] * onHeavier
            var step = wayToBorder(p, at)
            let reacts = crossSection * step >= opticalDepth
            if reacts { step = opticalDepth / crossSection }
            opticalDepth -= crossSection * step
            p.advance(step)
            if reacts {
                let ejected = collide(
                    p, material: m, isHydrogen: random.uniform() * crossSection < hydrogenSigma,
                    random: &random)
                if ejected > 0 {
                    return emit(ejected, from: p, voxel: at.voxel, height: height)
                }
                opticalDepth = random.exponential()
            }
        }
        leave(p, energyMeVPerNucleon: energy)
        return height
    }

    private func collide(
        _ p: TrackState, material m: Int, isHydrogen: Bool, random: inout RandomStream
    ) -> Int {
        var target = protonSpecies
        if !isHydrogen {
            let u = random.uniform()
            let shares = targets + 4 * m
            var k = 0
            while k < 3 && u > shares[k] { k += 1 }
            target = MediumTables.targetSpecies[k]
        }
        return sampler.sample(
            species: Int(p.species), energyMeVPerNucleon: p.energyMeVPerNucleon, target: target,
            random: &random, out: ejectiles)
    }

    /// Books a collision and pushes what is followed; heavy target fragments stop where they are made.
    private func emit(_ count: Int, from p: TrackState, voxel: Int, height start: Int) -> Int {
        var height = start
        var kineticSum = 0.0
        for i in 0..<count { kineticSum += ejectiles[i].kineticEnergyMeV }
        book(4, p.energyMeVPerNucleon * massNumbers[Int(p.species)] - kineticSum)
        balance[5] &+= 1
        let (first, second) = p.direction.perpendicular
        for i in 0..<count {
            let e = ejectiles[i]
            let kinetic = e.kineticEnergyMeV
            let (z, a) = (Int(e.chargeNumber), Int(e.massNumber))
            if z == 0 && (kinetic < NuclearData.lowestReactionMeVPerNucleon || height >= Self.stackCapacity) {
                book(3, kinetic)
                continue
            }
            let index = speciesOf[z * NuclearData.massColumns + a]
            let length = e.momentum.momentumSquared.squareRoot()
            if index < 0 || (z >= 3 && !e.isProjectileLike) || length <= 0 || height >= Self.stackCapacity {
                deposit(kinetic, voxel: voxel, species: -1, logEnergy: 0, ofRest: true)
                continue
            }
            let (x, y, w) = (e.momentum.x / length, e.momentum.y / length, e.momentum.z / length)
            stack[height] = TrackState(
                x: p.x, y: p.y, z: p.z,
                direction: Direction(
                    x: x * first.x + y * second.x + w * p.direction.x,
                    y: x * first.y + y * second.y + w * p.direction.y,
                    z: x * first.z + y * second.z + w * p.direction.z),
                energyMeVPerNucleon: kinetic / Double(a), species: index, component: 0)
            height += 1
        }
        return height
    }

    /// Adds energy to a voxel: of a step, of the rest of an ion's range (`ofRest`), or (species −1) of a recoil.
    @inline(__always) private func deposit(
        _ energyMeV: Double, voxel: Int, species: Int, logEnergy: Double, ofRest: Bool
    ) {
        book(1, energyMeV)
        let m = Int(material[voxel])
        let node = species < 0 ? RangeLookup.Node(index: 0, fraction: 0) : lookup.node(logEnergy)
        let ratios = stopping + m * TransportTables.nodeCount + node.index
        let water = energyMeV / (ratios[0] + node.fraction * (ratios[1] - ratios[0]))
        let cell = tally + voxel * (VoxelTally.fixedFields + responseCount)
        cell[0] &+= Int64((energyMeV * VoxelTally.energyScale).rounded())
        cell[1] &+= Int64((water * VoxelTally.energyScale).rounded())
        guard species >= 0 else {
            cell[2] &+= Int64((water * VoxelTally.energyScale).rounded())
            return
        }
        let row = responses + (species * TransportTables.nodeCount + node.index) * 2 * responseCount
        for r in 0..<responseCount {
            let low = row[2 * r + (ofRest ? 1 : 0)]
            let high = row[2 * responseCount + 2 * r + (ofRest ? 1 : 0)]
            let value = water * (low + node.fraction * (high - low))
            cell[VoxelTally.fixedFields + r] &+= Int64((value * VoxelTally.responseScale).rounded())
        }
    }

    @inline(__always) private func book(_ account: Int, _ energyMeV: Double) {
        balance[account] &+= Int64((energyMeV * VoxelTally.energyScale).rounded())
    }
}
