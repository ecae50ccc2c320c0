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
    public var longestStepMM = 4.0
    /// Longest step as share of the residual range (near the end of range).
    public var longestRangeShare = 0.2
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

    var rules: StepRules {
        StepRules(
            longestMM: longestStepMM, longestRangeShare: longestRangeShare, stopRangeMM: stopRangeMM,
            nuclear: nuclearReactions)
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
    private let library: TransportLibrary

    /// Prepares the tables (about a second).
    public init(phantom: VoxelPhantom, slab: BeamLineSlab? = nil) throws(VoxelTransportError) {
        self.phantom = phantom
        self.slab = slab
        do {
            library = try TransportLibrary(
                materials: phantom.materials + (slab?.layers.map(\.material) ?? []), model: .standard)
        } catch { throw .transport(error) }
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
        let responses = ResponseRows(request.responses, slowing: library.slowing)
        var result = VoxelTransportResult(request: request, phantom: phantom)
        for batch in 0..<request.batches {
            let range =
                batch * request.histories / request.batches..<(batch + 1) * request.histories
                / request.batches
            result.add(
                try await tally(
                    of: range, request: request, responses: responses, threads: threads, source: source),
                histories: range.count)
            progress(Double(batch + 1) / Double(request.batches))
        }
        return result
    }

    /// Runs a range of the histories of `request` and adds up what they leave: the same bits on any number of threads, and
    /// ranges add up to the same bits however the histories are split.
    package func tally(
        of histories: Range<Int>, request: VoxelTransportRequest, threads: Int,
        source: @escaping @Sendable (_ history: Int, _ random: inout RandomStream) -> PrimaryIon
    ) async throws(VoxelTransportError) -> VoxelTally {
        try await tally(
            of: histories, request: request,
            responses: ResponseRows(request.responses, slowing: library.slowing), threads: threads,
            source: source)
    }

    private func tally(
        of histories: Range<Int>, request: VoxelTransportRequest, responses: ResponseRows, threads: Int,
        source: @escaping @Sendable (_ history: Int, _ random: inout RandomStream) -> PrimaryIon
    ) async throws(VoxelTransportError) -> VoxelTally {
        let parts: [VoxelTally]
        do {
            parts = try await ParallelBatches.map(count: threads, threads: threads) { worker in
                part(
                    of: histories, worker: worker, workers: threads, request: request, responses: responses,
                    source: source)
            }
        } catch { throw .cancelled }
        guard parts.count == threads, var sum = parts.first else { throw .cancelled }
        for part in parts.dropFirst() { sum.add(part) }
        return sum
    }

    /// The histories of a range that fall to one worker: blocks of 64 in turn.
    private func part(
        of histories: Range<Int>, worker: Int, workers: Int, request: VoxelTransportRequest,
        responses: ResponseRows, source: (Int, inout RandomStream) -> PrimaryIon
    ) -> VoxelTally {
        let layers = slab?.layers.count ?? 0
        var tally = VoxelTally(voxelCount: phantom.geometry.voxelCount, responses: request.responses.count)
        var slabCells = [Int64](repeating: 0, count: max(1, layers) * tally.fields)
        let slabMaterial = (0..<max(1, layers)).map { UInt8(clamping: phantom.materials.count + $0) }
        let slabDensity = slab.map(\.densities) ?? [1]
        let fields = tally.fields
        library.withPhysics { physics in
            responses.withView { responses in
                TransportMemory.with { memory in
                    ParticleBuffer.with { exits in
                        tally.withCells { cells, balance in
                            slabCells.withUnsafeMutableBufferPointer { slabCells in
                                phantom.withVoxels { voxels in
                                    slabMaterial.withUnsafeBufferPointer { slabMaterial in
                                        slabDensity.withUnsafeBufferPointer { slabDensity in
                                            guard let slabCells = slabCells.baseAddress,
                                                let slabMaterial = slabMaterial.baseAddress,
                                                let slabDensity = slabDensity.baseAddress
                                            else { return }
                                            func kernel(
                                                _ geometry: VoxelGeometry,
                                                _ cells: UnsafeMutablePointer<Int64>, _ exits: ParticleBuffer?
                                            ) -> Kernel {
                                                Kernel(
                                                    geometry: geometry,
                                                    scorer: VoxelScorer(
                                                        cells: cells, balance: balance,
                                                        massNumbers: physics.massNumbers,
                                                        responses: responses, fields: fields, exits: exits),
                                                    physics: physics, rules: request.rules, memory: memory)
                                            }
                                            let width = 2 * BeamLineSlab.halfWidthMM
                                            let column = VoxelGeometry(
                                                material: slabMaterial, density: slabDensity,
                                                count: SIMD3(1, 1, max(1, layers)),
                                                spacing: SIMD3(width, width, slab?.voxelMM ?? 1))
                                            var shot = Shot(
                                                kernel: kernel(voxels, cells, nil),
                                                slabKernel: kernel(column, slabCells, exits), exits: exits,
                                                slab: slab, corner: phantom.geometry.lowerCorner.mm)
                                            for history in histories where (history / 64) % workers == worker
                                            {
                                                var random = RandomStream(
                                                    seed: request.seed, history: UInt64(history))
                                                let ion = source(history, &random)
                                                shot.run(ion, random: &random)
                                            }
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

    private typealias Kernel = TransportKernel<VoxelGeometry, VoxelScorer>

    /// One history after the other: through the slab, then through the voxels.
    private struct Shot {
        var kernel: Kernel
        var slabKernel: Kernel
        let exits: ParticleBuffer
        let slab: BeamLineSlab?
        let toSlab: RigidTransform<DICOMPatient, IECGantry>?
        let corner: SIMD3<Double>

        init(
            kernel: Kernel, slabKernel: Kernel, exits: ParticleBuffer, slab: BeamLineSlab?,
            corner: SIMD3<Double>
        ) {
            self.kernel = kernel
            self.slabKernel = slabKernel
            self.exits = exits
            self.slab = slab
            toSlab = slab?.toPhantom.inverse
            self.corner = corner
        }

        mutating func run(_ ion: PrimaryIon, random: inout RandomStream) {
            guard let species = TransportedSpecies.index(of: ion.ion) else {
                preconditionFailure("a source makes ions of TransportedSpecies.all")
            }
            precondition(
                ion.energyMeVPerNucleon <= SlowingTables.highestMeVPerNucleon,
                "a source makes ions of at most 1000 MeV per nucleon")
            let (p, d) = (ion.position.mm, ion.direction.mm)
            let primary = TrackState(
                x: p.x, y: p.y, z: p.z, direction: Direction(x: d.x, y: d.y, z: d.z),
                energyMeVPerNucleon: ion.energyMeVPerNucleon, species: Int32(species), generation: 0)
            kernel.scorer.bookIncoming(primary)
            guard let slab, let toSlab else { return enter(primary, random: &random) }
            guard let atFace = slab.entering(primary, frame: toSlab) else {
                return kernel.scorer.bookLost(primary)
            }
            exits.count.pointee = 0
            slabKernel.run(primary: atFace, random: &random)
            for i in 0..<exits.count.pointee { enter(slab.leaving(exits.particles[i]), random: &random) }
        }

        private mutating func enter(_ p: TrackState, random: inout RandomStream) {
            var local = p
            (local.x, local.y, local.z) = (p.x - corner.x, p.y - corner.y, p.z - corner.z)
            guard let inside = kernel.geometry.entering(local) else { return kernel.scorer.bookLost(p) }
            kernel.run(primary: inside, random: &random)
        }
    }
}
