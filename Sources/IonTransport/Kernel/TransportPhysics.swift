import IonPhysics
import Quantities

/// All physics of a run as pointers: a view of a `TransportLibrary`, which must outlive it.
struct TransportPhysics {
    let rows: UnsafePointer<SlowingRow>
    let ranges: UnsafePointer<SIMD4<Double>>
    let neutron: UnsafePointer<SIMD4<Float>>
    /// By species, the neutron last.
    let massNumbers: UnsafePointer<Double>
    let chargeNumbers: UnsafePointer<Int32>
    let singleScattering: UnsafePointer<SingleScattering>
    /// Species by charge times `NuclearData.massColumns` plus mass number; −1 for none.
    let speciesOf: UnsafePointer<Int32>
    let media: UnsafePointer<MediumTables.Row>
    /// `[material][interval of OctaveGrid.energy]`: s_m (value, rise).
    let stopping: UnsafePointer<SIMD2<Float>>
    /// `[material][species][interval of OctaveGrid.energy]`, the neutron last.
    let heavier: UnsafePointer<SIMD2<Float>>
    let sampler: CollisionSampler
    let proton: Int

    /// Rows of a species.
    @inline(__always) func rows(_ species: Int) -> UnsafePointer<SlowingRow> {
        rows + species &* OctaveGrid.range.count
    }

    /// Residual CSDA range in unit-density water, mm.
    @inline(__always) func rangeMM(_ species: Int, energyMeVPerNucleon energy: Double) -> Double {
        let at = OctaveGrid.energy.locateHeld(energy)
        let c = ranges[species &* OctaveGrid.energy.count &+ at.interval]
        let t = at.fraction
        return c.x + t * (c.y + t * (c.z + t * c.w))
    }

    /// Ratio of the mass stopping powers of a material and water.
    @inline(__always) func stoppingRatio(_ material: Int, energyMeVPerNucleon energy: Double) -> Double {
        stoppingRatio(material, OctaveGrid.energy.locateHeld(energy))
    }

    @inline(__always) private func stoppingRatio(
        _ material: Int, _ at: (interval: Int, fraction: Double)
    ) -> Double {
        SlowingRow.linear(stopping[material &* OctaveGrid.energy.count &+ at.interval], at: at.fraction)
    }

    /// Factor on the cross sections of water's oxygen, per mass.
    @inline(__always) func heavier(
        _ material: Int, _ species: Int, _ at: (interval: Int, fraction: Double)
    ) -> Double {
        let row = material &* (TransportedSpecies.neutron &+ 1) &+ species
        return SlowingRow.linear(
            heavier[row &* OctaveGrid.energy.count &+ at.interval], at: at.fraction)
    }

    /// What a material of unit density does to a species at a residual range in water.
    @inline(__always) func medium(_ material: Int, _ species: Int, rangeMM range: Double) -> Medium {
        let at = OctaveGrid.range.locate(range)
        let row = rows(species) + at.interval
        let energy = OctaveGrid.energy.locateHeld(row.pointee.energy(at: at.fraction))
        let ratio = stoppingRatio(material, energy)
        let own = media + material
        let hydrogen = own.pointee.hydrogen * SlowingRow.linear(row.pointee.hydrogen, at: at.fraction)
        let heavy =
            heavier(material, species, energy) * SlowingRow.linear(row.pointee.heavier, at: at.fraction)
        return Medium(
            material: material, stoppingRatio: ratio, inverseStoppingRatio: 1 / ratio,
            reactionOnHydrogen: hydrogen, reaction: hydrogen + heavy)
    }

    /// A material as a species sees it, per density in g/cm³.
    struct Medium {
        let material: Int
        /// s_m.
        let stoppingRatio: Double
        let inverseStoppingRatio: Double
        /// Macroscopic cross sections, 1/mm.
        let reactionOnHydrogen: Double
        let reaction: Double
    }

    /// Species of the nucleus that a collision strikes in a material.
    @inline(__always) func target(
        _ material: Int, isHydrogen: Bool, random: inout RandomStream
    ) -> Int {
        guard !isHydrogen else { return proton }
        let u = random.uniform()
        let shares = media[material].targets
        var k = 0
        while k < 3 && u > shares[k] { k += 1 }
        return Int(media[material].targetSpecies[k])
    }
}

/// Owns the tables of `TransportPhysics`: made once for a set of materials, shared by all threads.
struct TransportLibrary: Sendable {
    let slowing: SlowingTables
    private let massNumbers: PinnedArray<Double>
    private let chargeNumbers: PinnedArray<Int32>
    private let singleScattering: PinnedArray<SingleScattering>
    private let speciesOf: PinnedArray<Int32>
    private var media: PinnedArray<MediumTables.Row>
    private var stopping: PinnedArray<SIMD2<Float>>
    private var heavier: PinnedArray<SIMD2<Float>>
    private let sampler: CollisionSampler
    private let proton: Int

    /// Tables for phantoms of `materials` (about a second).
    init(materials: [Material], model: CollisionModel) throws(WaterTransportError) {
        let nuclear = try NuclearData()
        slowing = try SlowingTables(nuclear: nuclear)
        let medium = MediumTables(materials)
        massNumbers = PinnedArray(TransportedSpecies.all.map { Double($0.massNumber) } + [1])
        chargeNumbers = PinnedArray(TransportedSpecies.all.map { Int32($0.atomicNumber) } + [0])
        singleScattering = PinnedArray(
            TransportedSpecies.all.map { SingleScattering(chargeNumber: $0.atomicNumber) })
        speciesOf = PinnedArray(TransportedSpecies.indexByChargeAndMass)
        media = PinnedArray(medium.rows)
        stopping = PinnedArray(medium.stopping)
        heavier = PinnedArray(medium.heavier)
        sampler = CollisionSampler(data: nuclear, model: model)
        guard let proton = TransportedSpecies.index(of: .proton) else {
            throw .projectileNotTransported(.proton)
        }
        self.proton = proton
    }

    /// The same for phantoms of other materials; all that does not depend on them is shared.
    func with(materials: [Material]) -> TransportLibrary {
        let medium = MediumTables(materials)
        var other = self
        other.media = PinnedArray(medium.rows)
        other.stopping = PinnedArray(medium.stopping)
        other.heavier = PinnedArray(medium.heavier)
        return other
    }

    /// Calls `body` with pointers that are valid as long as it runs.
    func withPhysics<Result>(_ body: (TransportPhysics) -> Result) -> Result {
        withExtendedLifetime(self) {
            body(
                TransportPhysics(
                    rows: slowing.rows.pointer, ranges: slowing.ranges.pointer,
                    neutron: slowing.neutron.pointer,
                    massNumbers: massNumbers.pointer, chargeNumbers: chargeNumbers.pointer,
                    singleScattering: singleScattering.pointer, speciesOf: speciesOf.pointer,
                    media: media.pointer, stopping: stopping.pointer,
                    heavier: heavier.pointer, sampler: sampler, proton: proton))
        }
    }
}
