#if canImport(Glibc)
    import Glibc
#endif

/// One particle on the stack.
struct TrackState {
    var x: Double
    var y: Double
    var z: Double
    var direction: Direction
    var energyMeVPerNucleon: Double
    var species: Int32
    var component: Int32
}

/// Follows ions through water: continuous slowing down by range, Gaussian range straggling, Fermi-Eyges scattering
/// by a random hinge, and nuclear reactions at sampled optical depths.
///
/// The equations (T1)...(T7) are those of docs/theory/transport.md. The pointers reach into arrays that the caller keeps
/// alive for the whole batch; raw pointers because they are read in every step from inside a struct (a `Span`
/// cannot be stored, and arrays in a struct cost a bounds check and a reload per access).
struct SteppingKernel {
    let lookup: RangeLookup
    let responses: UnsafePointer<Double>
    let massNumbers: UnsafePointer<Double>
    let speciesOf: UnsafePointer<Int32>
    let planes: UnsafePointer<Double>
    let cosineCuts: UnsafePointer<Double>
    let profiles: UnsafePointer<Double>
    let tally: UnsafeMutablePointer<Double>
    let stack: UnsafeMutablePointer<TrackState>
    let ejectiles: UnsafeMutablePointer<Ejectile>

    let layout: TallyLayout
    let sampler: CollisionSampler
    let responseCount: Int
    let depthMM: Double
    let halfWidthMM: Double
    let inverseBinMM: Double
    let longestStepMM: Double
    let longestRangeShare: Double
    let stopRangeMM: Double
    let inverseSpectrumStep: Double
    let inverseRadialSlabMM: Double
    let nuclear: Bool
    let protonSpecies: Int
    let oxygenSpecies: Int

    /// Steps need not be shorter than this unless that is half of the residual range, mm.
    let shortStepMM = 0.1

    static let stackCapacity = 2048

    @inline(__always) private func node(_ logEnergy: Double) -> RangeLookup.Node { lookup.node(logEnergy) }

    @inline(__always) private func logRange(
        _ table: UnsafePointer<Double>, _ at: RangeLookup.Node
    ) -> (value: Double, slope: Double) { lookup.logRange(table, at) }

    @inline(__always) private func linear(
        _ table: UnsafePointer<Double>, _ at: RangeLookup.Node, _ column: Int
    ) -> Double { lookup.linear(table, at, column) }

    /// Follows one primary and all that comes from it.
    func run(primary: TrackState, random: inout RandomStream) {
        tally[layout.balance + 5] += primary.energyMeVPerNucleon * massNumbers[Int(primary.species)]
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

    /// Follows one particle to its end; returns the new height of the stack.
    private func follow(_ p: inout TrackState, height: Int, random: inout RandomStream) -> Int {
        let species = Int(p.species)
        let table = lookup.table(species)
        let mass = massNumbers[species]
        let energy = p.energyMeVPerNucleon
        guard energy > TransportTables.lowestMeVPerNucleon else {
            deposit(energy * mass, p, species: -1, logEnergy: 0)
            return height
        }
        var ion = lookup.state(table, energyMeVPerNucleon: energy)
        var opticalDepth = random.exponential()
        var plane = 0
        while plane < layout.planes && planes[plane] <= p.z { plane += 1 }

        while ion.rangeMM > stopRangeMM {
            var step = min(
                longestStepMM, max(longestRangeShare * ion.rangeMM, min(shortStepMM, 0.5 * ion.rangeMM)))
            if p.direction.z > 0 {
                step = min(step, (depthMM - p.z) / p.direction.z + 1e-9)
            } else if p.direction.z < 0 {
                step = min(step, -p.z / p.direction.z + 1e-9)
            }
            let crossSection = nuclear ? linear(table, ion.node, 4) + linear(table, ion.node, 5) : 0
            var reacts = false
            if crossSection * step >= opticalDepth {
                step = opticalDepth / crossSection
                reacts = true
            }
            opticalDepth -= crossSection * step

            let (next, mean) = lookup.slowed(table, ion, pathMM: step, straggling: 1, random: &random)
            let before = p
            p.fly(
                step, turning: lookup.scattering(table, from: ion.node, to: mean).squareRoot(),
                random: &random)

            let stopping = ion.energyMeVPerNucleon / (ion.rangeMM * ion.slope)
            let newStopping = next.energyMeVPerNucleon / (next.rangeMM * next.slope)
            score(
                (ion.energyMeVPerNucleon - next.energyMeVPerNucleon) * mass, from: before, to: p,
                species: species, logEnergy: 0.5 * (ion.logEnergy + next.logEnergy),
                tilt: (newStopping - stopping) / (newStopping + stopping))
            plane = crossPlanes(
                plane, from: before, to: p, energy: ion.energyMeVPerNucleon,
                newEnergy: next.energyMeVPerNucleon)
            ion = next
            if p.z < 0 || p.z >= depthMM || abs(p.x) > halfWidthMM || abs(p.y) > halfWidthMM {
                tally[layout.balance + 1] += ion.energyMeVPerNucleon * mass
                return height
            }
            if reacts {
                p.energyMeVPerNucleon = ion.energyMeVPerNucleon
                let count = collide(
                    p, hydrogen: linear(table, ion.node, 4), total: crossSection, random: &random)
                if count > 0 { return emit(count, from: p, height: height) }
                opticalDepth = random.exponential()
            }
        }
        deposit(ion.energyMeVPerNucleon * mass, p, species: species, logEnergy: ion.logEnergy)
        return height
    }

    /// Follows a neutron by free flights between collisions; it deposits nothing itself.
    private func followNeutron(_ p: inout TrackState, height: Int, random: inout RandomStream) -> Int {
        let table = lookup.table(TransportedSpecies.neutron)
        let energy = p.energyMeVPerNucleon
        let at = node(log(energy))
        let hydrogen = linear(table, at, 4)
        let crossSection = hydrogen + linear(table, at, 5)
        let path = random.exponential() / crossSection
        p.advance(path)
        let inside = p.z >= 0 && p.z < depthMM && abs(p.x) <= halfWidthMM && abs(p.y) <= halfWidthMM
        let count = inside ? collide(p, hydrogen: hydrogen, total: crossSection, random: &random) : 0
        guard count > 0 else {
            tally[layout.balance + 2] += energy
            return height
        }
        return emit(count, from: p, height: height)
    }

    /// Samples the collision of a particle with hydrogen or oxygen; returns the number of ejectiles.
    private func collide(
        _ p: TrackState, hydrogen: Double, total: Double, random: inout RandomStream
    ) -> Int {
        sampler.sample(
            species: Int(p.species), energyMeVPerNucleon: p.energyMeVPerNucleon,
            target: random.uniform() * total < hydrogen ? protonSpecies : oxygenSpecies, random: &random,
            out: ejectiles)
    }

    /// Books a collision and pushes the charged ejectiles.
    private func emit(_ count: Int, from p: TrackState, height start: Int) -> Int {
        var height = start
        var kineticSum = 0.0
        for i in 0..<count { kineticSum += ejectiles[i].kineticEnergyMeV }
        let projectileMeV = p.energyMeVPerNucleon * massNumbers[Int(p.species)]
        tally[layout.balance + 3] += projectileMeV - kineticSum
        tally[layout.balance + 4] += 1
        let (first, second) = p.direction.perpendicular
        for i in 0..<count {
            let e = ejectiles[i]
            let kinetic = e.kineticEnergyMeV
            let (z, a) = (Int(e.chargeNumber), Int(e.massNumber))
            if z == 0 && (kinetic < NuclearData.lowestReactionMeVPerNucleon || height >= Self.stackCapacity) {
                tally[layout.balance + 2] += kinetic
                continue
            }
            let index = speciesOf[z * NuclearData.massColumns + a]
            let length = e.momentum.momentumSquared.squareRoot()
            if index < 0 || (z >= 3 && !e.isProjectileLike) || length <= 0 || height >= Self.stackCapacity {
                var local = p
                local.component = z >= 3 ? 1 : 2
                deposit(kinetic, local, species: -1, logEnergy: 0)
                continue
            }
            let (x, y, w) = (e.momentum.x / length, e.momentum.y / length, e.momentum.z / length)
            stack[height] = TrackState(
                x: p.x, y: p.y, z: p.z,
                direction: Direction(
                    x: x * first.x + y * second.x + w * p.direction.x,
                    y: x * first.y + y * second.y + w * p.direction.y,
                    z: x * first.z + y * second.z + w * p.direction.z),
                energyMeVPerNucleon: kinetic / Double(a), species: index, component: z >= 3 ? 1 : 2)
            height += 1
        }
        return height
    }

    /// Deposits energy at a point: of a stopping ion, or (species −1) of a recoil that no response counts.
    private func deposit(_ energyMeV: Double, _ p: TrackState, species: Int, logEnergy: Double) {
        tally[layout.balance] += energyMeV
        let bin = Int(p.z * inverseBinMM)
        guard p.z >= 0, bin < layout.bins else { return }
        let cell = tally + layout.depth(Int(p.component), bin)
        cell[0] += energyMeV
        cell[2] += energyMeV * 0.5 * (p.x * p.x + p.y * p.y)
        if species < 0 {
            cell[1] += energyMeV
        } else {
            let at = node(logEnergy)
            let row = responses + (species * TransportTables.nodeCount + at.index) * 2 * responseCount
            for r in 0..<responseCount {
                let low = row[2 * r + 1]
                let high = row[2 * responseCount + 2 * r + 1]
                cell[TallyLayout.fixedFields + r] += energyMeV * (low + at.fraction * (high - low))
            }
        }
        for i in 0..<layout.profiles {
            profile(i, energyMeV, component: Int(p.component), x: p.x, from: p.z, to: p.z)
        }
        if layout.radialSlabs > 0 {
            radial(energyMeV, component: Int(p.component), square: p.x * p.x + p.y * p.y, z: p.z)
        }
    }

    /// Spreads the energy of a step over the depth bins it passes, with the stopping power's slope along it (`tilt`).
    @inline(__always) private func score(
        _ energyMeV: Double, from a: TrackState, to b: TrackState, species: Int, logEnergy: Double,
        tilt: Double
    ) {
        tally[layout.balance] += energyMeV
        let component = Int(a.component)
        let x = 0.5 * (a.x + b.x)
        let y = 0.5 * (a.y + b.y)
        let moment = 0.5 * (x * x + y * y)
        let at = node(logEnergy)
        let row = responses + (species * TransportTables.nodeCount + at.index) * 2 * responseCount
        let last = layout.bins - 1
        let first = min(max(Int(a.z * inverseBinMM), 0), last)
        let end = min(max(Int(b.z * inverseBinMM), 0), last)
        if first == end {
            add(energyMeV, component, first, moment, row, at.fraction)
        } else {
            let direction = end > first ? 1 : -1
            let inverseLength = 1 / (b.z - a.z)
            var done = 0.0
            var bin = first
            while true {
                var upTo = 1.0
                if bin != end {
                    let edge = Double(direction > 0 ? bin + 1 : bin) / inverseBinMM
                    let t = min(max((edge - a.z) * inverseLength, 0), 1)
                    upTo = t + tilt * (t * t - t)
                }
                add(energyMeV * (upTo - done), component, bin, moment, row, at.fraction)
                done = upTo
                if bin == end { break }
                bin += direction
            }
        }
        for i in 0..<layout.profiles {
            profile(i, energyMeV, component: component, x: x, from: a.z, to: b.z)
        }
        if layout.radialSlabs > 0 && component > 0 {
            radial(energyMeV, component: component, square: 2 * moment, z: 0.5 * (a.z + b.z))
        }
    }

    /// Adds energy of a fragment to the radial distribution of its slab.
    @inline(__always) private func radial(_ energyMeV: Double, component: Int, square: Double, z: Double) {
        let slab = min(max(Int(z * inverseRadialSlabMM), 0), layout.radialSlabs - 1)
        tally[
            layout.radialStart + (component * layout.radialSlabs + slab) * TallyLayout.radialBins
                + TallyLayout.radialBin(squareMM2: square)] += energyMeV
    }

    @inline(__always) private func add(
        _ energyMeV: Double, _ component: Int, _ bin: Int, _ moment: Double, _ row: UnsafePointer<Double>,
        _ fraction: Double
    ) {
        let cell = tally + layout.depth(component, bin)
        cell[0] += energyMeV
        cell[2] += energyMeV * moment
        for r in 0..<responseCount {
            let low = row[2 * r]
            let high = row[2 * responseCount + 2 * r]
            cell[TallyLayout.fixedFields + r] += energyMeV * (low + fraction * (high - low))
        }
    }

    /// Adds the part of a deposit that lies in lateral slab `i`.
    private func profile(
        _ i: Int, _ energyMeV: Double, component: Int, x: Double, from a: Double, to b: Double
    ) {
        let low = profiles[i] - TallyLayout.profileHalfThicknessMM
        let high = profiles[i] + TallyLayout.profileHalfThicknessMM
        let (z1, z2) = (min(a, b), max(a, b))
        guard z2 >= low, z1 <= high else { return }
        let share = z2 > z1 ? (min(z2, high) - max(z1, low)) / (z2 - z1) : 1
        let position = (x - TallyLayout.profileStartMM) / TallyLayout.profileBinMM
        guard position >= 0, position < Double(TallyLayout.profileBins) else { return }
        tally[
            layout.profileStart + (i * TallyLayout.components + component) * TallyLayout.profileBins
                + Int(position)] += energyMeV * share
    }

    /// Counts forward crossings of the planes between two points; returns the next plane ahead.
    @inline(__always) private func crossPlanes(
        _ next: Int, from a: TrackState, to b: TrackState, energy: Double, newEnergy: Double
    ) -> Int {
        var plane = next
        while plane < layout.planes && b.z >= planes[plane] {
            let t = (planes[plane] - a.z) / (b.z - a.z)
            count(plane, b, energy: energy + t * (newEnergy - energy))
            plane += 1
        }
        while plane > 0 && b.z < planes[plane - 1] { plane -= 1 }
        return plane
    }

    private func count(_ plane: Int, _ p: TrackState, energy: Double) {
        for cut in 0..<layout.cuts where p.direction.z >= cosineCuts[cut] {
            tally[layout.yields + (plane * layout.cuts + cut) * layout.species + Int(p.species)] += 1
            if p.component == 0 { tally[layout.primaries + plane * layout.cuts + cut] += 1 }
        }
        let bin = Int(energy * inverseSpectrumStep)
        guard bin < TallyLayout.spectrumBins else { return }
        tally[layout.spectra + (plane * layout.species + Int(p.species)) * TallyLayout.spectrumBins + bin] +=
            1
    }
}
