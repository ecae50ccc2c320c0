/// Follows ions and neutrons, and all that their reactions make, through a geometry; tells a scorer.
///
/// Class II condensed history. An ion flies straight, losing energy continuously along its residual range in water, to the
/// next point where it scatters, reacts, leaves its place or stops. Each step of scattering has one such point, at a
/// random part of it; there the ion turns by two Gaussian angles and its range gets a Gaussian deviation. Places only change the
/// pace: path in a material counts as water-equivalent path (`MediumTables`).
///
/// The equations (T1)...(T7) and (T5a) are those of docs/theory/transport.md.
struct TransportKernel<Geometry: TransportGeometry, Scorer: TransportScorer>
where Scorer.Place == Geometry.Place {
    let geometry: Geometry
    var scorer: Scorer
    let physics: TransportPhysics
    let rules: StepRules
    let memory: TransportMemory

    /// Follows one particle and all that comes from it.
    mutating func run(primary: TrackState, random: inout RandomStream) {
        scorer.enter(primary)
        memory.stack[0] = primary
        var height = 1
        while height > 0 {
            height &-= 1
            let particle = memory.stack[height]
            scorer.begin(particle)
            height =
                Int(particle.species) == TransportedSpecies.neutron
                ? followNeutron(particle, height: height, random: &random)
                : follow(particle, height: height, random: &random)
        }
    }

    /// What ends a straight piece of path.
    private enum Event { case border, hinge, reaction, stop }

    /// Follows one ion to its end; returns the new height of the stack.
    private mutating func follow(_ particle: TrackState, height: Int, random: inout RandomStream) -> Int {
        var p = particle
        guard var place = geometry.place(of: p) else {
            scorer.escape(p)
            return height
        }
        let species = Int(p.species)
        let mass = physics.massNumbers[species]
        let rows = physics.rows(species)
        guard p.energyMeVPerNucleon > SlowingTables.lowestMeVPerNucleon else {
            rest(p, rangeMM: 0, in: place)
            return height
        }
        var range = physics.rangeMM(species, energyMeVPerNucleon: p.energyMeVPerNucleon)
        let single = physics.singleScattering[species]
        if p.firstScattering == 0 {
            let at = OctaveGrid.range.locate(range)
            p.firstScattering = SlowingRow.linear(rows[at.interval].scattering, at: at.fraction)
        }
        var opticalDepth = rules.nuclear ? random.exponential() : .infinity
        var hinge = Hinge()
        // Deviation of the range that is not yet taken into account, mm.
        var deviation = 0.0
        var medium = physics.medium(geometry.material(place), species, rangeMM: range)
        var needsHinge = true

        while range > rules.stopRangeMM {
            let density = geometry.densityGPerCM3(place)
            if needsHinge {
                needsHinge = false
                let water = density * medium.stoppingRatio
                if range < scorer.localRangeMM * water,
                    range < geometry.clearanceMM(place, p) * water,
                    2 * medium.reaction * range < opticalDepth * medium.stoppingRatio
                {
                    break
                }
                hinge.next(
                    rules, rangeMM: range, longestMM: geometry.longestStepMM(place) * water,
                    borderMM: Geometry.bordersEndSteps ? geometry.wayToBorder(place) * water : .infinity,
                    random: &random)
                medium = physics.medium(medium.material, species, rangeMM: range - 0.5 * hinge.toMM)
            } else if geometry.material(place) != medium.material {
                medium = physics.medium(
                    geometry.material(place), species, rangeMM: range - 0.5 * hinge.toMM)
            }
            let water = density * medium.stoppingRatio
            let crossSection = density * medium.reaction

            var way = geometry.wayToBorder(place)
            var event = Event.border
            if hinge.toMM < way * water {
                way = hinge.toMM / water
                event = .hinge
            }
            if range < way * water {
                way = range / water
                event = .stop
            }
            if crossSection * way >= opticalDepth {
                way = opticalDepth / crossSection
                event = .reaction
            }
            opticalDepth -= crossSection * way

            let path = way * water
            hinge.toMM -= path
            var loss = path
            if deviation != 0 {
                let taken = min(max(deviation, -0.9 * min(path, range - path)), 0.9 * path)
                deviation -= taken
                loss -= taken
            }
            let start = p
            let startRange = range
            range = max(range - loss, OctaveGrid.range.lowest)
            p.advance(way)
            let end = OctaveGrid.range.locate(range)
            p.energyMeVPerNucleon = rows[end.interval].energy(at: end.fraction)
            scorer.step(
                TransportStep(
                    start: start, end: p, lengthMM: way,
                    depositMeV: (start.energyMeVPerNucleon - p.energyMeVPerNucleon) * mass,
                    startRangeMM: startRange, endRangeMM: range, stoppingRatio: medium.stoppingRatio,
                    inverseStoppingRatio: medium.inverseStoppingRatio),
                in: place)

            switch event {
            case .border:
                guard geometry.cross(&place, &p) else {
                    scorer.escape(p)
                    return height
                }
                if Geometry.bordersEndSteps {
                    hinge = Hinge()
                    needsHinge = true
                    medium = physics.medium(geometry.material(place), species, rangeMM: range)
                }
            case .hinge:
                let row = rows + end.interval
                let scattering = single.power(
                    full: SlowingRow.linear(row.pointee.scattering, at: end.fraction),
                    first: p.firstScattering)
                let straggling = SlowingRow.linear(row.pointee.straggling, at: end.fraction)
                let own = physics.media + medium.material
                let step = hinge.stepMM * medium.inverseStoppingRatio
                let sigma = (scattering * own.pointee.scattering * step).squareRoot()
                let normal = random.threeNormals()
                p.direction = p.direction.kicked(sigma * normal.0, sigma * normal.1)
                deviation += (straggling * own.pointee.straggling * step).squareRoot() * normal.2
                geometry.aim(&place, along: p)
                needsHinge = true
            case .reaction:
                let count = collide(
                    p, material: medium.material,
                    isHydrogen: random.uniform() * medium.reaction < medium.reactionOnHydrogen,
                    random: &random)
                if count > 0 { return emit(count, from: p, in: place, height: height) }
                opticalDepth = random.exponential()
                geometry.aim(&place, along: p)
            case .stop:
                geometry.aim(&place, along: p)
            }
        }
        rest(p, rangeMM: range, in: place)
        return height
    }

    /// Follows a neutron by free flights from place to place until it collides; it deposits nothing itself.
    private mutating func followNeutron(
        _ particle: TrackState, height: Int, random: inout RandomStream
    ) -> Int {
        var p = particle
        let species = TransportedSpecies.neutron
        let at = OctaveGrid.energy.locateHeld(p.energyMeVPerNucleon)
        let pair = physics.neutron[at.interval]
        let onHydrogen = SlowingRow.linear(SIMD2(pair.x, pair.y), at: at.fraction)
        let onHeavier = SlowingRow.linear(SIMD2(pair.z, pair.w), at: at.fraction)
        var opticalDepth = random.exponential()
        var here = geometry.place(of: p)
        while var place = here {
            let material = geometry.material(place)
            let density = geometry.densityGPerCM3(place)
            let hydrogen = density * physics.media[material].hydrogen * onHydrogen
            let crossSection = hydrogen + density * physics.heavier(material, species, at) * onHeavier
            let way = geometry.wayToBorder(place)
            if crossSection * way < opticalDepth {
                opticalDepth -= crossSection * way
                let start = p
                p.advance(way)
                scorer.flight(from: start, to: p, in: place)
                here = geometry.cross(&place, &p) ? place : nil
                continue
            }
            let start = p
            p.advance(opticalDepth / crossSection)
            scorer.flight(from: start, to: p, in: place)
            let count = collide(
                p, material: material, isHydrogen: random.uniform() * crossSection < hydrogen, random: &random
            )
            if count > 0 { return emit(count, from: p, in: place, height: height) }
            opticalDepth = random.exponential()
            geometry.aim(&place, along: p)
            here = place
        }
        scorer.escape(p)
        return height
    }

    /// Samples the collision of a particle; returns the number of ejectiles.
    private func collide(
        _ p: TrackState, material: Int, isHydrogen: Bool, random: inout RandomStream
    ) -> Int {
        physics.sampler.sample(
            species: Int(p.species), energyMeVPerNucleon: p.energyMeVPerNucleon,
            target: physics.target(material, isHydrogen: isHydrogen, random: &random), random: &random,
            out: memory.ejectiles)
    }

    /// Tells of a reaction and pushes what is followed; heavy target fragments stop where they are made.
    private mutating func emit(_ count: Int, from p: TrackState, in place: Geometry.Place, height start: Int)
        -> Int
    {
        let ejectiles = memory.ejectiles
        var height = start
        var kineticSum = 0.0
        for i in 0..<count { kineticSum += ejectiles[i].kineticEnergyMeV }
        scorer.reaction(
            of: p, in: place,
            bindingMeV: p.energyMeVPerNucleon * physics.massNumbers[Int(p.species)] - kineticSum,
            ejectiles: UnsafePointer(ejectiles), count: count)
        let (first, second) = p.direction.perpendicular
        for i in 0..<count {
            let e = ejectiles[i]
            let kinetic = e.kineticEnergyMeV
            let (z, a) = (Int(e.chargeNumber), Int(e.massNumber))
            let isFull = height >= TransportMemory.stackCapacity
            if z == 0 && (kinetic < NuclearData.lowestNeutronMeV || isFull) {
                scorer.drop(neutronMeV: kinetic)
                continue
            }
            let index = physics.speciesOf[z &* NuclearData.massColumns &+ a]
            let length = e.momentum.momentumSquared.squareRoot()
            if index < 0 || (z >= 3 && !e.isProjectileLike) || length <= 0 || isFull {
                scorer.deposit(
                    LocalDeposit(
                        kind: .recoil, at: p, energyMeV: kinetic, chargeNumber: z, massNumber: a,
                        generation: p.generation &+ 1, rangeMM: 0,
                        stoppingRatio: physics.stoppingRatio(geometry.material(place), energyMeVPerNucleon: 0)
                    ),
                    in: place)
                continue
            }
            let (x, y, w) = (e.momentum.x / length, e.momentum.y / length, e.momentum.z / length)
            // A nucleon that scattered elastically is what it was.
            let isSame = count == 2 && i == 0 && a == 1
            memory.stack[height] = TrackState(
                x: p.x, y: p.y, z: p.z,
                direction: Direction(
                    x: x * first.x + y * second.x + w * p.direction.x,
                    y: x * first.y + y * second.y + w * p.direction.y,
                    z: x * first.z + y * second.z + w * p.direction.z),
                energyMeVPerNucleon: kinetic / Double(a), species: index,
                generation: isSame ? p.generation : p.generation &+ 1,
                origin: isSame
                    ? p.origin
                    : p.origin != .targetFragment && e.isProjectileLike
                        ? .projectileFragment : .targetFragment,
                firstScattering: isSame && index == p.species ? p.firstScattering : 0)
            height &+= 1
        }
        return height
    }

    /// The ion stops: its energy is deposited here.
    private mutating func rest(
        _ p: TrackState, rangeMM: Double, in place: Geometry.Place
    ) {
        let species = Int(p.species)
        scorer.deposit(
            LocalDeposit(
                kind: .restOfRange, at: p, energyMeV: p.energyMeVPerNucleon * physics.massNumbers[species],
                chargeNumber: Int(physics.chargeNumbers[species]),
                massNumber: Int(physics.massNumbers[species]), generation: p.generation,
                rangeMM: rangeMM,
                stoppingRatio: physics.stoppingRatio(
                    geometry.material(place), energyMeVPerNucleon: p.energyMeVPerNucleon)),
            in: place)
    }
}
