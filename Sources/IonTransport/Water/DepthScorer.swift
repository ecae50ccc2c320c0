/// Scores a run in water: energy and responses by depth and component, particles at planes, lateral distributions.
struct DepthScorer: TransportScorer {
    typealias Place = WaterBox.Place

    let layout: TallyLayout
    let tally: UnsafeMutablePointer<Double>
    let physics: TransportPhysics
    let responses: ResponseRows.View
    let planes: UnsafePointer<Double>
    let cosineCuts: UnsafePointer<Double>
    let profiles: UnsafePointer<Double>
    let binMM: Double
    let inverseBinMM: Double
    let inverseSpectrumStep: Double
    let inverseRadialSlabMM: Double
    /// The first plane ahead of the present particle.
    private var plane = 0

    /// - Parameters:
    ///   - tally: In the order of `layout`, zero at the beginning.
    ///   - planes: Depths, mm, increasing; `cosineCuts` and `profiles` likewise as `layout` counts them.
    init(
        request: WaterTransportRequest, layout: TallyLayout, tally: UnsafeMutablePointer<Double>,
        physics: TransportPhysics, responses: ResponseRows.View, planes: UnsafePointer<Double>,
        cosineCuts: UnsafePointer<Double>, profiles: UnsafePointer<Double>
    ) {
        self.layout = layout
        self.tally = tally
        self.physics = physics
        self.responses = responses
        self.planes = planes
        self.cosineCuts = cosineCuts
        self.profiles = profiles
        binMM = request.depthStepMM
        inverseBinMM = 1 / request.depthStepMM
        inverseSpectrumStep = 1 / request.spectrumStepMeVPerNucleon
        inverseRadialSlabMM = request.radialSlabMM > 0 ? 1 / request.radialSlabMM : 0
    }

    /// A twentieth of a bin, which is no distribution; nothing where particles are counted at planes.
    var localRangeMM: Double { layout.planes > 0 ? 0 : 0.05 * binMM }

    mutating func enter(_ p: TrackState) {
        tally[layout.balance + 5] += p.energyMeVPerNucleon * physics.massNumbers[Int(p.species)]
    }

    mutating func begin(_ p: TrackState) {
        plane = 0
        while plane < layout.planes && planes[plane] <= p.z { plane += 1 }
    }

    @inline(__always) mutating func step(_ step: TransportStep, in place: WaterBox.Place) {
        let component = component(
            generation: step.start.generation, chargeNumber: physics.chargeNumbers[Int(step.start.species)])
        tally[layout.balance] += step.depositMeV
        spread(step, component: component)
        if layout.planes > 0 { crossPlanes(step) }
        let (a, b) = (step.start, step.end)
        for i in 0..<layout.profiles {
            profile(i, step.depositMeV, component: component, x: 0.5 * (a.x + b.x), from: a.z, to: b.z)
        }
        if layout.radialSlabs > 0 && component > 0 {
            let (x, y) = (0.5 * (a.x + b.x), 0.5 * (a.y + b.y))
            radial(step.depositMeV, component: component, square: x * x + y * y, z: 0.5 * (a.z + b.z))
        }
    }

    mutating func deposit(_ deposit: LocalDeposit, in place: WaterBox.Place) {
        let energy = deposit.energyMeV
        let (x, y, z) = (deposit.at.x, deposit.at.y, deposit.at.z)
        tally[layout.balance] += energy
        let bin = Int(z * inverseBinMM)
        guard z >= 0, bin < layout.bins else { return }
        let component = component(
            generation: deposit.generation, chargeNumber: Int32(truncatingIfNeeded: deposit.chargeNumber))
        let cell = tally + layout.depth(component, bin)
        cell[0] += energy
        cell[2] += energy * 0.5 * (x * x + y * y)
        switch deposit.kind {
        case .recoil: cell[1] += energy
        case .restOfRange:
            let at = responses.at(Int(deposit.at.species), rangeMM: deposit.rangeMM)
            for r in 0..<responses.count {
                cell[TallyLayout.fixedFields + r] += energy * at.meanOverRest(r)
            }
        }
        for i in 0..<layout.profiles {
            profile(i, energy, component: component, x: x, from: z, to: z)
        }
        if layout.radialSlabs > 0 {
            radial(energy, component: component, square: x * x + y * y, z: z)
        }
    }

    mutating func reaction(
        of p: TrackState, in place: WaterBox.Place, bindingMeV: Double, ejectiles: UnsafePointer<Ejectile>,
        count: Int
    ) {
        tally[layout.balance + 3] += bindingMeV
        tally[layout.balance + 4] += 1
    }

    mutating func escape(_ p: TrackState) {
        let isNeutron = Int(p.species) == TransportedSpecies.neutron
        tally[layout.balance + (isNeutron ? 2 : 1)] +=
            p.energyMeVPerNucleon * physics.massNumbers[Int(p.species)]
    }

    mutating func drop(neutronMeV: Double) { tally[layout.balance + 2] += neutronMeV }

    /// `WaterTransportResult.Component` of a particle.
    @inline(__always) private func component(generation: Int32, chargeNumber: Int32) -> Int {
        generation == 0 ? 0 : chargeNumber >= 3 ? 1 : 2
    }

    /// Spreads the energy of a step over the depth bins that it passes, by the residual range at their borders.
    @inline(__always) private func spread(_ step: TransportStep, component: Int) {
        let (a, b) = (step.start, step.end)
        let species = Int(a.species)
        let last = layout.bins - 1
        let first = min(max(Int(a.z * inverseBinMM), 0), last)
        let end = min(max(Int(b.z * inverseBinMM), 0), last)
        if first == end {
            let at = responses.at(species, rangeMM: step.responseRangeMM)
            add(step.depositMeV, component, first, x: 0.5 * (a.x + b.x), y: 0.5 * (a.y + b.y), at)
            return
        }
        let rows = physics.rows(species)
        let mass = physics.massNumbers[species]
        let isForward = end > first
        let inverseRise = 1 / (b.z - a.z)
        let loss = step.endRangeMM - step.startRangeMM
        var (done, energy, bin) = (0.0, a.energyMeVPerNucleon, first)
        while true {
            var (upTo, energyThere) = (1.0, b.energyMeVPerNucleon)
            if bin != end {
                let border = Double(isForward ? bin + 1 : bin) * binMM
                upTo = min(max((border - a.z) * inverseRise, done), 1)
                let at = OctaveGrid.range.locate(step.startRangeMM + upTo * loss)
                energyThere = min(rows[at.interval].energy(at: at.fraction), energy)
            }
            let middle = 0.5 * (done + upTo)
            let responseRange = TransportStep.responseRangeMM(
                from: step.startRangeMM + done * loss, to: step.startRangeMM + upTo * loss)
            add(
                (energy - energyThere) * mass, component, bin, x: a.x + middle * (b.x - a.x),
                y: a.y + middle * (b.y - a.y), responses.at(species, rangeMM: responseRange))
            if bin == end { break }
            (done, energy) = (upTo, energyThere)
            bin += isForward ? 1 : -1
        }
    }

    @inline(__always) private func add(
        _ energyMeV: Double, _ component: Int, _ bin: Int, x: Double, y: Double, _ at: ResponseRows.Position
    ) {
        let cell = tally + layout.depth(component, bin)
        cell[0] += energyMeV
        cell[2] += energyMeV * 0.5 * (x * x + y * y)
        for r in 0..<responses.count { cell[TallyLayout.fixedFields + r] += energyMeV * at.value(r) }
    }

    /// Adds energy of a fragment to the radial distribution of its slab.
    @inline(__always) private func radial(_ energyMeV: Double, component: Int, square: Double, z: Double) {
        let slab = min(max(Int(z * inverseRadialSlabMM), 0), layout.radialSlabs - 1)
        tally[
            layout.radialStart + (component * layout.radialSlabs + slab) * TallyLayout.radialBins
                + TallyLayout.radialBin(squareMM2: square)] += energyMeV
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

    /// Counts forward crossings of the planes.
    @inline(__always) private mutating func crossPlanes(_ step: TransportStep) {
        let (a, b) = (step.start, step.end)
        while plane < layout.planes && b.z >= planes[plane] {
            let t = (planes[plane] - a.z) / (b.z - a.z)
            count(
                plane, b, energy: a.energyMeVPerNucleon + t * (b.energyMeVPerNucleon - a.energyMeVPerNucleon))
            plane += 1
        }
        while plane > 0 && b.z < planes[plane - 1] { plane -= 1 }
    }

    private func count(_ plane: Int, _ p: TrackState, energy: Double) {
        for cut in 0..<layout.cuts where p.direction.z >= cosineCuts[cut] {
            tally[layout.yields + (plane * layout.cuts + cut) * layout.species + Int(p.species)] += 1
            if p.generation == 0 { tally[layout.primaries + plane * layout.cuts + cut] += 1 }
        }
        let bin = Int(energy * inverseSpectrumStep)
        guard bin < TallyLayout.spectrumBins else { return }
        tally[layout.spectra + (plane * layout.species + Int(p.species)) * TallyLayout.spectrumBins + bin] +=
            1
    }
}
