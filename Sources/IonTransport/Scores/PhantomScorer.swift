import Frames

/// A geometry whose places have numbers that scores may ask for.
protocol NumberedPlaces: TransportGeometry {
    func number(of place: Place) -> Int32
}

extension SolidGeometry: NumberedPlaces {
    @inline(__always) func number(of place: Place) -> Int32 { Int32(place.number) }
}

extension VoxelGeometry: NumberedPlaces {
    /// Voxels are one place: scores know them by their meshes.
    @inline(__always) func number(of place: Place) -> Int32 { 0 }
}

/// Adds up all scores and planes of a `ScoreLayout`.
///
/// Every straight piece of path is cut at the borders of the bins; each part gets the energy that the particle loses in it, by its
/// range. Nothing is allocated; sums are whole numbers.
struct PhantomScorer<Geometry: NumberedPlaces>: TransportScorer {
    typealias Place = Geometry.Place

    let geometry: Geometry
    let physics: TransportPhysics
    let responses: ResponseRows.View
    let blocks: UnsafePointer<ScoreLayout.Block>
    let blockCount: Int
    let fields: UnsafePointer<ScoreField>
    /// By increasing depth.
    let planes: UnsafePointer<ScoreLayout.PlaneBlock>
    let planeCount: Int
    let cosines: UnsafePointer<Double>
    let included: UnsafePointer<UInt32>
    /// Species that stands for a nuclide that is not transported, by charge and mass as `TransportPhysics.speciesOf`.
    let standIns: UnsafePointer<Int32>
    let axesOrigin: SIMD3<Double>
    let xAxis: SIMD3<Double>
    let yAxis: SIMD3<Double>
    let zAxis: SIMD3<Double>
    let tally: UnsafeMutablePointer<Int64>
    let balance: UnsafeMutablePointer<Int64>

    init(
        geometry: Geometry, physics: TransportPhysics, responses: ResponseRows.View, tables: PinnedLayout,
        tally: UnsafeMutablePointer<Int64>, balance: UnsafeMutablePointer<Int64>
    ) {
        self.geometry = geometry
        self.physics = physics
        self.responses = responses
        (blocks, blockCount) = (tables.blocks.pointer, tables.blocks.count)
        fields = tables.fields.pointer
        (planes, planeCount) = (tables.planes.pointer, tables.planes.count)
        cosines = tables.cosines.pointer
        included = tables.included.pointer
        standIns = tables.standIns.pointer
        axesOrigin = tables.origin.mm
        (xAxis, yAxis, zAxis) = (tables.axes.x.mm, tables.axes.y.mm, tables.axes.z.mm)
        self.tally = tally
        self.balance = balance
    }

    /// Bins may be finer than any place: no energy is moved to a point before the end of the range.
    var localRangeMM: Double { 0 }

    /// What a particle leaves in one bin, by a piece of its way or at a point.
    private struct Event {
        var energyMeV: Double
        /// ε/ρ.
        var medium: Double
        /// Energy in unit-density water on the same way.
        var water: Double
        var pathMM: Double
        /// See `ScoreLayout.ionKinds`.
        var kind: Int
        /// Bits of the rules that include the particle.
        var rules: UInt32
        /// Where the responses are those of the piece, or (`isPoint`) of the rest of the slowing down.
        var position: ResponseRows.Position
        var isPoint: Bool
    }

    @inline(__always) mutating func begin(_ p: TrackState) {}

    /// A straight way in both frames.
    private struct Way {
        /// In the geometry's frame, and along the axes of the scores.
        var a: SIMD3<Double>
        var b: SIMD3<Double>
        var localA: SIMD3<Double>
        var localB: SIMD3<Double>
        var place: Int32
    }

    @inline(__always) private func local(_ p: SIMD3<Double>) -> SIMD3<Double> {
        let d = p - axesOrigin
        return SIMD3((d * xAxis).sum(), (d * yAxis).sum(), (d * zAxis).sum())
    }

    @inline(__always) private func way(_ start: TrackState, _ end: TrackState, _ place: Place) -> Way {
        let (a, b) = (SIMD3(start.x, start.y, start.z), SIMD3(end.x, end.y, end.z))
        return Way(a: a, b: b, localA: local(a), localB: local(b), place: geometry.number(of: place))
    }

    mutating func step(_ step: TransportStep, in place: Place) {
        book(.deposited, step.depositMeV)
        let way = way(step.start, step.end, place)
        let species = Int(step.start.species)
        let loss = EnergyLoss(
            rows: physics.rows(species), start: step.start.energyMeVPerNucleon,
            end: step.end.energyMeVPerNucleon, startRangeMM: step.startRangeMM,
            endRangeMM: step.endRangeMM)
        if planeCount > 0 { cross(way, particle: step.start, loss: loss) }
        let density = geometry.densityGPerCM3(place)
        let charge = Int(physics.chargeNumbers[species])
        let event = Event(
            energyMeV: step.depositMeV, medium: step.depositMeV / density,
            water: step.waterMeV / density, pathMM: step.lengthMM,
            kind: step.start.generation == 0 ? 0 : charge,
            rules: included[
                ScoreLayout.inclusionIndex(
                    origin: Int(step.start.origin.rawValue), chargeNumber: charge, isRecoil: false)],
            position: responses.at(species, rangeMM: step.responseRangeMM),
            isPoint: false)
        for i in 0..<blockCount {
            if blocks[i].isSpectrum {
                addLength(blocks + i, way, lengthMM: step.lengthMM, loss: loss, kind: countedKind(step.start))
            } else {
                add(blocks + i, event, species: species, loss: loss, way)
            }
        }
    }

    mutating func deposit(_ deposit: LocalDeposit, in place: Place) {
        book(.deposited, deposit.energyMeV)
        let density = geometry.densityGPerCM3(place)
        let isRecoil = deposit.kind == .recoil
        var species = Int(deposit.at.species)
        var range = deposit.rangeMM
        if isRecoil {
            species = Int(
                standIns[deposit.chargeNumber &* NuclearData.massColumns &+ deposit.massNumber])
            range = physics.rangeMM(
                species,
                energyMeVPerNucleon: max(
                    deposit.energyMeV / Double(max(deposit.massNumber, 1)), SlowingTables.lowestMeVPerNucleon)
            )
        }
        let event = Event(
            energyMeV: deposit.energyMeV, medium: deposit.energyMeV / density,
            water: deposit.energyMeV / (density * deposit.stoppingRatio),
            pathMM: range / (density * deposit.stoppingRatio),
            kind: isRecoil ? ScoreLayout.recoilKind : deposit.generation == 0 ? 0 : deposit.chargeNumber,
            rules: included[
                ScoreLayout.inclusionIndex(
                    origin: Int(deposit.at.origin.rawValue), chargeNumber: min(deposit.chargeNumber, 10),
                    isRecoil: isRecoil)],
            position: responses.at(species, rangeMM: range), isPoint: true)
        let way = way(deposit.at, deposit.at, place)
        for i in 0..<blockCount where !blocks[i].isSpectrum {
            let bin = blocks[i].bins.bin(at: blocks[i].bins.turns ? way.localA : way.a, place: way.place)
            guard bin >= 0 else { continue }
            put(blocks + i, bin, event)
        }
    }

    mutating func flight(from start: TrackState, to end: TrackState, in place: Place) {
        let way = way(start, end, place)
        let loss = EnergyLoss(
            rows: physics.rows, start: start.energyMeVPerNucleon, end: start.energyMeVPerNucleon,
            startRangeMM: 0, endRangeMM: 0)
        if planeCount > 0 { cross(way, particle: start, loss: loss) }
        let d = way.b - way.a
        for i in 0..<blockCount where blocks[i].isSpectrum {
            addLength(
                blocks + i, way, lengthMM: (d * d).sum().squareRoot(), loss: loss, kind: countedKind(start))
        }
    }

    mutating func reaction(
        of p: TrackState, in place: Place, bindingMeV: Double, ejectiles: UnsafePointer<Ejectile>, count: Int
    ) {
        book(.binding, bindingMeV)
        balance[TransportScoreResult.Account.reactions.rawValue] &+= 1
    }

    mutating func escape(_ p: TrackState) {
        let isNeutron = Int(p.species) == TransportedSpecies.neutron
        book(isNeutron ? .neutrons : .escaped, p.energyMeVPerNucleon * physics.massNumbers[Int(p.species)])
    }

    mutating func drop(neutronMeV: Double) { book(.neutrons, neutronMeV) }

    /// Books kinetic energy that comes into the run.
    func bookIncoming(_ p: TrackState) {
        book(.incoming, p.energyMeVPerNucleon * physics.massNumbers[Int(p.species)])
    }

    @inline(__always) private func book(_ account: TransportScoreResult.Account, _ energyMeV: Double) {
        balance[account.rawValue] &+= Self.units(energyMeV * ScoreLayout.energyScale)
    }

    @inline(__always) private func countedKind(_ p: TrackState) -> Int {
        p.generation == 0 ? ScoreLayout.primaryKind : Int(p.species)
    }

    /// The nearest whole number, |x| < 2⁵¹, rounded by adding a large number (see `VoxelScorer`).
    @inline(__always) private static func units(_ x: Double) -> Int64 {
        let shift = 6_755_399_441_055_744.0
        return Int64(bitPattern: (x + shift).bitPattern) &- Int64(bitPattern: shift.bitPattern)
    }

    private typealias Block = UnsafePointer<ScoreLayout.Block>

    // MARK: Sums

    /// Adds an event to a bin.
    @inline(__always) private func put(_ block: Block, _ bin: Int, _ event: Event) {
        let cell = tally + (block.pointee.offset &+ bin &* block.pointee.sumsPerBin)
        for f in 0..<block.pointee.fieldCount {
            let field = fields + (block.pointee.firstField &+ f)
            let counts = event.rules & (1 &<< UInt32(truncatingIfNeeded: field.pointee.rule)) != 0
            var value = 0.0
            switch field.pointee.quantity {
            case .energy: value = event.energyMeV * ScoreLayout.energyScale
            case .medium: value = event.medium * ScoreLayout.energyScale
            case .water: value = event.water * ScoreLayout.energyScale
            case .weight: if counts { value = event.water * ScoreLayout.energyScale }
            case .weighted:
                if counts {
                    let r = Int(field.pointee.index)
                    value =
                        event.water * ScoreLayout.responseScale
                        * (event.isPoint ? event.position.meanOverRest(r) : event.position.value(r))
                }
            case .path: if counts { value = event.pathMM * ScoreLayout.energyScale }
            }
            cell[f] &+= Self.units(value)
        }
        if block.pointee.isByIon {
            cell[block.pointee.fieldCount &+ event.kind] &+= Self.units(
                event.energyMeV * ScoreLayout.energyScale)
        }
    }

    @inline(__always) private func add(
        _ block: Block, _ event: Event, species: Int, loss: EnergyLoss, _ way: Way
    ) {
        var (before, lost) = (0.0, 0.0)
        let turns = block.pointee.bins.turns
        block.pointee.bins.walk(
            from: turns ? way.localA : way.a, to: turns ? way.localB : way.b, place: way.place
        ) { bin, start, end in
            if start == 0 && end == 1 {
                put(block, bin, event)
                return
            }
            if start != before { lost = loss.share(start) }
            let until = loss.share(end)
            let share = max(0, until - lost)
            (before, lost) = (end, until)
            var piece = event
            piece.energyMeV *= share
            piece.medium *= share
            piece.water *= share
            piece.pathMM *= end - start
            piece.position = responses.at(
                species,
                rangeMM: TransportStep.responseRangeMM(from: loss.range(start), to: loss.range(end)))
            put(block, bin, piece)
        }
    }

    // MARK: Spectra

    /// Adds the way through the bins of a spectrum, spread over the energies that the particle has on it.
    @inline(__always) private func addLength(
        _ block: Block, _ way: Way, lengthMM: Double, loss: EnergyLoss, kind: Int
    ) {
        let turns = block.pointee.bins.turns
        let (count, perMeV) = (block.pointee.energyCount, block.pointee.perMeV)
        block.pointee.bins.walk(
            from: turns ? way.localA : way.a, to: turns ? way.localB : way.b, place: way.place
        ) { bin, start, end in
            let first = (bin &* ScoreLayout.countedKinds &+ kind) &* count
            let cell = tally + (block.pointee.offset &+ first)
            let high = min(loss.energy(start) * perMeV, Double(count) - 1e-9)
            let low = min(max(loss.energy(end) * perMeV, 0), high)
            let length = (end - start) * lengthMM * ScoreLayout.energyScale
            let (lowest, highest) = (Int(low), Int(high))
            if lowest == highest {
                cell[lowest] &+= Self.units(length)
            } else {
                let perBin = length / (high - low)
                cell[lowest] &+= Self.units((Double(lowest + 1) - low) * perBin)
                for e in lowest + 1..<highest { cell[e] &+= Self.units(perBin) }
                cell[highest] &+= Self.units((high - Double(highest)) * perBin)
            }
        }
    }

    // MARK: Planes

    /// Counts the planes that are crossed in the direction of depth.
    @inline(__always) private func cross(_ way: Way, particle: TrackState, loss: EnergyLoss) {
        let (start, end) = (way.localA.z, way.localB.z)
        guard end > start else { return }
        // The first plane ahead.
        var (low, high) = (0, planeCount)
        while low < high {
            let middle = (low &+ high) / 2
            if planes[middle].depthMM <= start { low = middle &+ 1 } else { high = middle }
        }
        while low < planeCount && planes[low].depthMM <= end {
            count(planes + low, way, particle: particle, loss: loss)
            low &+= 1
        }
    }

    private func count(
        _ plane: UnsafePointer<ScoreLayout.PlaneBlock>, _ way: Way, particle: TrackState, loss: EnergyLoss
    ) {
        let plane = plane.pointee
        let t = (plane.depthMM - way.localA.z) / (way.localB.z - way.localA.z)
        let at = way.localA + t * (way.localB - way.localA)
        guard at.x * at.x + at.y * at.y <= plane.radiusSquared else { return }
        let direction = SIMD3(particle.direction.x, particle.direction.y, particle.direction.z)
        let cosine = (direction * zAxis).sum()
        var angle = 0
        while angle < plane.angleCount && cosine < cosines[plane.firstCosine &+ angle] { angle &+= 1 }
        guard angle < plane.angleCount else { return }
        let bin = min(Int(loss.energy(t) * plane.perMeV), plane.energyCount &- 1)
        let row = countedKind(particle) &* plane.angleCount &+ angle
        tally[plane.offset &+ row &* plane.energyCount &+ bin] &+= 1
    }
}

/// The loss of energy along a straight piece of path: E(R) of the species between two residual ranges.
struct EnergyLoss {
    let rows: UnsafePointer<SlowingRow>
    /// MeV per nucleon.
    let start: Double
    let end: Double
    let startRangeMM: Double
    let endRangeMM: Double

    /// Residual range after a part of the way, mm.
    @inline(__always) func range(_ t: Double) -> Double {
        startRangeMM + t * (endRangeMM - startRangeMM)
    }

    /// Energy per nucleon after a part of the way.
    @inline(__always) func energy(_ t: Double) -> Double {
        if t <= 0 { return start }
        if t >= 1 || startRangeMM <= endRangeMM { return end }
        let at = OctaveGrid.range.locate(range(t))
        return min(start, max(end, rows[at.interval].energy(at: at.fraction)))
    }

    /// Share of the loss in the first part of the way.
    @inline(__always) func share(_ t: Double) -> Double {
        start > end ? (start - energy(t)) / (start - end) : t
    }
}
