import Frames
import IonPhysics
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
    /// The standard error is found from batches of so many histories, counted from history 0; only a run's last batch may be
    /// shorter.
    public var historiesPerBatch = 1000
    /// Longest step of scattering, mm of water: docs/theory/transport.md, (T2). Scores do not depend on it.
    public var longestStepMM = 4.0
    /// Longest step of scattering as share of the residual range (near the end of range).
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
            ("number of histories", Double(histories), 1.0...1e12),
            ("histories of a batch", Double(historiesPerBatch), 1...1e6),
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
    public private(set) var slab: BeamLineSlab?
    private(set) var library: TransportLibrary

    /// Prepares the tables (about a second).
    public init(phantom: VoxelPhantom, slab: BeamLineSlab? = nil) throws(VoxelTransportError) {
        self.phantom = phantom
        self.slab = slab
        do {
            library = try TransportLibrary(
                materials: Self.materials(phantom, slab), model: .standard)
        } catch { throw .transport(error) }
    }

    /// The same transport behind another slab; the tables are shared.
    public func behind(_ slab: BeamLineSlab?) -> VoxelTransport {
        var other = self
        other.slab = slab
        other.library = library.with(materials: Self.materials(phantom, slab))
        return other
    }

    private static func materials(_ phantom: VoxelPhantom, _ slab: BeamLineSlab?) -> [Material] {
        phantom.materials + (slab?.layers.map(\.material) ?? [])
    }

    /// Transports the histories of some batches and adds what they score to `store`, batch by batch.
    func transport(
        _ batches: [Range<Int>], into store: BatchStore, request: VoxelTransportRequest,
        responses: ResponseRows, source: (Int, inout RandomStream) -> PrimaryIon
    ) {
        let layers = max(1, slab?.layers.count ?? 0)
        // What the slab receives is in the balance alone.
        let slabStore = BatchStore(voxelCount: layers, responses: request.responses.count)
        let slabMaterial = (0..<layers).map { UInt8(clamping: phantom.materials.count + $0) }
        let slabDensity = slab.map(\.densities) ?? [1]
        library.withPhysics { physics in
            responses.withView { responses in
                TransportMemory.with { memory in
                    ParticleBuffer.with { exits in
                        phantom.withVoxels { voxels in
                            slabMaterial.withUnsafeBufferPointer { slabMaterial in
                                slabDensity.withUnsafeBufferPointer { slabDensity in
                                    guard let slabMaterial = slabMaterial.baseAddress,
                                        let slabDensity = slabDensity.baseAddress
                                    else { return }
                                    func kernel(
                                        _ geometry: VoxelGeometry, _ own: BatchStore, _ exits: ParticleBuffer?
                                    ) -> Kernel {
                                        Kernel(
                                            geometry: geometry,
                                            scorer: VoxelScorer(
                                                cells: own.cells, touched: own.touched,
                                                balance: store.balance,
                                                massNumbers: physics.massNumbers, responses: responses,
                                                fields: store.fields, exits: exits),
                                            physics: physics, rules: request.rules, memory: memory)
                                    }
                                    let width = 2 * BeamLineSlab.halfWidthMM
                                    let column = VoxelGeometry(
                                        material: slabMaterial, density: slabDensity,
                                        count: SIMD3(1, 1, layers),
                                        spacing: SIMD3(width, width, slab?.voxelMM ?? 1))
                                    var shot = Shot(
                                        kernel: kernel(voxels, store, nil),
                                        slabKernel: kernel(column, slabStore, exits), exits: exits,
                                        slab: slab, corner: phantom.geometry.lowerCorner.mm)
                                    for batch in batches {
                                        for history in batch {
                                            var random = RandomStream(
                                                seed: request.seed, history: UInt64(history))
                                            let ion = source(history, &random)
                                            shot.run(ion, random: &random)
                                        }
                                        store.close(batch, of: request)
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        withExtendedLifetime((store, slabStore)) {}
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
