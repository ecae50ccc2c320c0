import Frames
import IonPhysics
import NumericKernels
import Quantities
import Volumes

/// An ion that enters a phantom.
public struct PrimaryIon: Sendable {
    public var ion: Isotope
    /// Kinetic energy, MeV per nucleon (total over integer A).
    public var energyMeVPerNucleon: Double
    /// In the frame of the phantom's grid; outside of it the ion is lost.
    public var position: Point3<DICOMPatient>
    /// Of length 1.
    public var direction: Vector3<DICOMPatient>

    public init(
        ion: Isotope, energyMeVPerNucleon: Double, position: Point3<DICOMPatient>,
        direction: Vector3<DICOMPatient>
    ) {
        self.ion = ion
        self.energyMeVPerNucleon = energyMeVPerNucleon
        self.position = position
        self.direction = direction
    }
}

/// One run in voxels.
public struct VoxelTransportRequest: Sendable {
    /// Primary ions of the run.
    public var histories: Int
    /// Equal seeds give equal results on any number of threads.
    public var seed: UInt64
    /// Parts of the run from which the statistical uncertainty is found.
    public var batches = 10
    /// Longest step, mm of water.
    public var longestStepMM = 2.0
    /// Longest step as share of the residual range (near the end of range).
    public var longestRangeShare = 0.1
    /// A particle with less residual range stops where it is, mm of water.
    public var stopRangeMM = 0.02
    /// Nuclear reactions on (true) or electromagnetic transport alone.
    public var nuclearReactions = true
    /// Dose-weighted responses to score.
    public var responses: [ResponseTable] = []

    public init(histories: Int, seed: UInt64) {
        self.histories = histories
        self.seed = seed
    }

    func validate() throws(VoxelTransportError) {
        for (name, value, valid) in [
            ("number of histories", Double(histories), 1.0...1e12), ("batches", Double(batches), 2...1000),
            ("longest step (mm)", longestStepMM, 0.01...50),
            ("longest step over range", longestRangeShare, 0.005...0.5),
            ("stop range (mm)", stopRangeMM, 0.001...1),
        ] where !valid.contains(value) {
            throw .outsideLimits(quantity: name, value: value, valid: valid)
        }
    }
}

/// Monte Carlo transport of ions and all their fragments through voxels of any materials.
///
/// Class II condensed history; the physics is that of `WaterTransport`, carried over to materials by ratios to water
/// (`MediumTables`). Results are bit-identical for any number of threads: histories have their own random streams, and
/// sums are of whole numbers.
///
/// ## Checked by
/// `VoxelTransportTests`.
public struct VoxelTransport: Sendable {
    public let phantom: VoxelPhantom
    /// What the beam passes before the phantom; nil for nothing.
    public let slab: BeamLineSlab?
    private let tables: TransportTables
    private let sampler: CollisionSampler
    private let medium: MediumTables
    private let speciesOf: [Int32]

    /// Prepares the tables (about a second).
    public init(phantom: VoxelPhantom, slab: BeamLineSlab? = nil) throws(VoxelTransportError) {
        self.phantom = phantom
        self.slab = slab
        do {
            let nuclear = try NuclearData()
            tables = try TransportTables(nuclear: nuclear)
            sampler = CollisionSampler(data: nuclear, model: .standard)
        } catch { throw .transport(error) }
        medium = MediumTables(phantom.materials + (slab?.layers.map(\.material) ?? []))
        speciesOf = TransportedSpecies.indexByChargeAndMass
    }

    /// Runs `histories` primaries that `source` makes.
    ///
    /// - Parameters:
    ///   - source: The primary of a history, with random numbers of its stream; an ion of `TransportedSpecies.all`.
    ///   - progress: Called with the finished share, 0...1.
    /// - Throws: `VoxelTransportError`.
    public func run(
        _ request: VoxelTransportRequest, threads: Int, progress: (Double) -> Void = { _ in },
        source: @escaping @Sendable (_ history: Int, _ random: inout RandomStream) -> PrimaryIon
    ) async throws(VoxelTransportError) -> VoxelTransportResult {
        try request.validate()
        let responses = ResponseTable.rows(request.responses)
        var result = VoxelTransportResult(request: request, phantom: phantom)
        for batch in 0..<request.batches {
            let range =
                batch * request.histories / request.batches..<(batch + 1) * request.histories
                / request.batches
            let parts: [VoxelTally]
            do {
                parts = try await ParallelBatches.map(count: threads, threads: threads) { worker in
                    tally(
                        range, worker: worker, of: threads, request: request, responses: responses,
                        source: source)
                }
            } catch { throw .cancelled }
            guard parts.count == threads, var sum = parts.first else { throw .cancelled }
            for part in parts.dropFirst() { sum.add(part) }
            result.add(sum, histories: range.count)
            progress(Double(batch + 1) / Double(request.batches))
        }
        return result
    }

    /// The histories of a range that fall to one worker: blocks of 64 in turn.
    private func tally(
        _ range: Range<Int>, worker: Int, of workers: Int, request: VoxelTransportRequest,
        responses: [Double],
        source: (Int, inout RandomStream) -> PrimaryIon
    ) -> VoxelTally {
        let geometry = phantom.geometry
        let corner = geometry.lowerCorner.mm
        let fields = VoxelTally.fixedFields + request.responses.count
        let layers = slab?.layers.count ?? 0
        var tally = VoxelTally(voxelCount: geometry.voxelCount, responses: request.responses.count)
        var slabCells = [Int64](repeating: 0, count: max(1, layers * fields))
        let slabMaterial = (0..<max(1, layers)).map { UInt8(clamping: phantom.materials.count + $0) }
        let slabDensity = slab.map(\.densities) ?? [1]
        let stack = UnsafeMutablePointer<TrackState>.allocate(capacity: VoxelKernel.stackCapacity)
        let exits = UnsafeMutablePointer<TrackState>.allocate(capacity: VoxelKernel.exitCapacity)
        let exitCount = UnsafeMutablePointer<Int>.allocate(capacity: 1)
        let ejectiles = UnsafeMutablePointer<Ejectile>.allocate(capacity: CollisionSampler.scratchCapacity)
        exitCount.initialize(to: 0)
        defer {
            stack.deallocate()
            exits.deallocate()
            exitCount.deallocate()
            ejectiles.deallocate()
        }
        let arena = FlatTables(
            doubles: [
                // The neutron stands behind the charged species.
                tables.nodes, responses, tables.massNumber + [1], medium.stopping, medium.heavier,
                medium.scattering, medium.straggling, medium.hydrogen, medium.targets,
            ])
        let toSlab = slab?.toPhantom.inverse

        /// Runs the histories with a kernel for the phantom and one for the slab.
        func shoot(_ kernel: VoxelKernel, _ before: VoxelKernel) {
            func enter(_ p: TrackState, _ random: inout RandomStream) {
                var local = p
                (local.x, local.y, local.z) = (p.x - corner.x, p.y - corner.y, p.z - corner.z)
                if let inside = kernel.entering(local) {
                    kernel.run(primary: inside, random: &random)
                } else {
                    kernel.bookLost(p)
                }
            }
            for history in range where (history / 64) % workers == worker {
                var random = RandomStream(seed: request.seed, history: UInt64(history))
                let ion = source(history, &random)
                guard let species = TransportedSpecies.index(of: ion.ion) else {
                    preconditionFailure("a source makes ions of TransportedSpecies.all")
                }
                let (p, d) = (ion.position.mm, ion.direction.mm)
                let primary = TrackState(
                    x: p.x, y: p.y, z: p.z, direction: Direction(x: d.x, y: d.y, z: d.z),
                    energyMeVPerNucleon: ion.energyMeVPerNucleon, species: Int32(species), component: 0)
                kernel.bookIncoming(primary)
                guard let slab, let toSlab else {
                    enter(primary, &random)
                    continue
                }
                guard let atFace = slab.entering(primary, frame: toSlab) else {
                    kernel.bookLost(primary)
                    continue
                }
                exitCount.pointee = 0
                before.run(primary: atFace, random: &random)
                for i in 0..<exitCount.pointee { enter(slab.leaving(exits[i]), &random) }
            }
        }
        tally.voxels.withUnsafeMutableBufferPointer { cells in
            tally.balance.withUnsafeMutableBufferPointer { balance in
                slabCells.withUnsafeMutableBufferPointer { slabCells in
                    phantom.materialIndex.withUnsafeBufferPointer { material in
                        phantom.densityGPerCM3.withUnsafeBufferPointer { density in
                            slabMaterial.withUnsafeBufferPointer { slabMaterial in
                                slabDensity.withUnsafeBufferPointer { slabDensity in
                                    speciesOf.withUnsafeBufferPointer { speciesOf in
                                        arena.withPointers { t in
                                            guard let cells = cells.baseAddress,
                                                let balance = balance.baseAddress,
                                                let slabCells = slabCells.baseAddress,
                                                let material = material.baseAddress,
                                                let density = density.baseAddress,
                                                let slabMaterial = slabMaterial.baseAddress,
                                                let slabDensity = slabDensity.baseAddress,
                                                let speciesOf = speciesOf.baseAddress
                                            else { return }
                                            func kernel(isSlab: Bool) -> VoxelKernel {
                                                let width = 2 * BeamLineSlab.halfWidthMM
                                                return VoxelKernel(
                                                    lookup: RangeLookup(nodes: t[0], tables: tables),
                                                    responses: t[1], massNumbers: t[2], speciesOf: speciesOf,
                                                    stopping: t[3], heavier: t[4], scattering: t[5],
                                                    straggling: t[6], hydrogen: t[7], targets: t[8],
                                                    material: isSlab ? slabMaterial : material,
                                                    density: isSlab ? slabDensity : density,
                                                    tally: isSlab ? slabCells : cells, balance: balance,
                                                    stack: stack, ejectiles: ejectiles, sampler: sampler,
                                                    count: isSlab
                                                        ? SIMD3(1, 1, max(1, layers)) : geometry.dimensions,
                                                    spacing: isSlab
                                                        ? SIMD3(width, width, slab?.voxelMM ?? 1)
                                                        : geometry.spacingMM,
                                                    responseCount: request.responses.count,
                                                    longestStepMM: request.longestStepMM,
                                                    longestRangeShare: request.longestRangeShare,
                                                    stopRangeMM: request.stopRangeMM,
                                                    nuclear: request.nuclearReactions,
                                                    protonSpecies: TransportedSpecies.index(of: .proton) ?? 0,
                                                    exits: isSlab ? exits : nil,
                                                    exitCount: isSlab ? exitCount : nil)
                                            }
                                            shoot(kernel(isSlab: false), kernel(isSlab: true))
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        return tally
    }
}

/// Several tables behind each other, with a pointer to each.
private struct FlatTables {
    private var values: [Double] = []
    private var starts: [Int] = []

    init(doubles tables: [[Double]]) {
        for table in tables {
            starts.append(values.count)
            // A table may be empty; its pointer must be inside all the same.
            values += table.isEmpty ? [0] : table
        }
    }

    func withPointers(_ body: ([UnsafePointer<Double>]) -> Void) {
        values.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            body(starts.map { base + $0 })
        }
    }
}
