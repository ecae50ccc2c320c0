/// Scores a run in voxels in whole numbers: the fields of `VoxelTally`.
struct VoxelScorer: TransportScorer {
    typealias Place = VoxelGeometry.Place

    let cells: UnsafeMutablePointer<Int64>
    /// Marks of the blocks of `BatchStore`.
    let touched: UnsafeMutablePointer<UInt8>
    let balance: UnsafeMutablePointer<Int64>
    let massNumbers: UnsafePointer<Double>
    let responses: ResponseRows.View
    let fields: Int
    /// Takes what leaves the voxels; nil where that is lost.
    let exits: ParticleBuffer?

    /// Only the voxel counts, not where in it.
    var localRangeMM: Double { .infinity }

    /// Books kinetic energy that comes into the run.
    func bookIncoming(_ p: TrackState) { book(0, p.energyMeVPerNucleon * massNumbers[Int(p.species)]) }

    /// Books energy that misses the voxels.
    func bookLost(_ p: TrackState) {
        let isNeutron = Int(p.species) == TransportedSpecies.neutron
        book(isNeutron ? 3 : 2, p.energyMeVPerNucleon * massNumbers[Int(p.species)])
    }

    @inline(__always) mutating func begin(_ p: TrackState) {}

    @inline(__always) mutating func step(_ step: TransportStep, in place: VoxelGeometry.Place) {
        let water = step.waterMeV
        add(step.depositMeV, water: water, in: place)
        guard responses.count > 0 else { return }
        let cell = cells + place.voxel &* fields + VoxelTally.fixedFields
        let at = responses.at(Int(step.start.species), rangeMM: step.responseRangeMM)
        for r in 0..<responses.count {
            cell[r] &+= Self.units(water * at.value(r) * VoxelTally.responseScale)
        }
    }

    mutating func deposit(_ deposit: LocalDeposit, in place: VoxelGeometry.Place) {
        let water = deposit.energyMeV / deposit.stoppingRatio
        add(deposit.energyMeV, water: water, in: place)
        let cell = cells + place.voxel &* fields
        switch deposit.kind {
        case .recoil: cell[2] &+= Self.units(water * VoxelTally.energyScale)
        case .restOfRange:
            let at = responses.at(Int(deposit.at.species), rangeMM: deposit.rangeMM)
            for r in 0..<responses.count {
                cell[VoxelTally.fixedFields + r] &+= Self.units(
                    water * at.meanOverRest(r) * VoxelTally.responseScale)
            }
        }
    }

    mutating func reaction(
        of p: TrackState, in place: VoxelGeometry.Place, bindingMeV: Double,
        ejectiles: UnsafePointer<Ejectile>, count: Int
    ) {
        book(4, bindingMeV)
        balance[5] &+= 1
    }

    mutating func escape(_ p: TrackState) {
        if let exits, exits.append(p) { return }
        bookLost(p)
    }

    mutating func drop(neutronMeV: Double) { book(3, neutronMeV) }

    /// Adds energy to a voxel, and what water would have received.
    @inline(__always) private func add(_ energyMeV: Double, water: Double, in place: VoxelGeometry.Place) {
        let cell = cells + place.voxel &* fields
        let units = Self.units(energyMeV * VoxelTally.energyScale)
        cell[0] &+= units
        cell[1] &+= Self.units(water * VoxelTally.energyScale)
        balance[1] &+= units
        touched[place.voxel &>> BatchStore.blockShift] = 1
    }

    @inline(__always) private func book(_ account: Int, _ energyMeV: Double) {
        balance[account] &+= Self.units(energyMeV * VoxelTally.energyScale)
    }

    /// The nearest whole number, |x| < 2⁵¹: added to 1.5 · 2⁵² a number is rounded by the adder itself, and its last bits
    /// are the result (without SSE4 the rounding of a `Double` is a call).
    @inline(__always) private static func units(_ x: Double) -> Int64 {
        let shift = 6_755_399_441_055_744.0
        return Int64(bitPattern: (x + shift).bitPattern) &- Int64(bitPattern: shift.bitPattern)
    }
}

/// Particles that leave one geometry for another.
struct ParticleBuffer {
    static let capacity = 256
    let particles: UnsafeMutablePointer<TrackState>
    let count: UnsafeMutablePointer<Int>

    /// False if it is full.
    func append(_ p: TrackState) -> Bool {
        guard count.pointee < Self.capacity else { return false }
        particles[count.pointee] = p
        count.pointee += 1
        return true
    }

    /// Lends an empty buffer to `body`.
    static func with<Result>(_ body: (ParticleBuffer) -> Result) -> Result {
        withUnsafeTemporaryAllocation(of: TrackState.self, capacity: capacity) { particles in
            withUnsafeTemporaryAllocation(of: Int.self, capacity: 1) { count in
                count[0] = 0
                return body(
                    ParticleBuffer(
                        particles: particles.baseAddress.unsafelyUnwrapped,
                        count: count.baseAddress.unsafelyUnwrapped))
            }
        }
    }
}
