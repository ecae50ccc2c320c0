import Frames
import IonPhysics
import NumericKernels
import Quantities
import Volumes

/// What ions are transported through.
public enum TransportPhantom: Sendable {
    /// Bodies of named materials in a box.
    case solids(SolidPhantom)
    /// A grid of voxels.
    case voxels(VoxelPhantom)

    /// Compositions; an index into them is a place's or voxel's material.
    public var materials: [Material] {
        switch self {
        case .solids(let phantom): phantom.materials
        case .voxels(let phantom): phantom.materials
        }
    }

    /// Corners of the world or grid, mm.
    public var lowerCorner: Point3<DICOMPatient> {
        switch self {
        case .solids(let phantom): phantom.lower
        case .voxels(let phantom): phantom.geometry.lowerCorner
        }
    }

    public var upperCorner: Point3<DICOMPatient> {
        switch self {
        case .solids(let phantom): phantom.upper
        case .voxels(let phantom): phantom.geometry.upperCorner
        }
    }
}

/// How ions are followed; lengths in mm of water.
public struct TransportStepping: Hashable, Sendable {
    /// Longest step between two scatterings.
    public var longestStepMM = 4.0
    /// Longest step as share of the residual range.
    public var longestRangeShare = 0.2
    /// An ion with less residual range stops where it is.
    public var stopRangeMM = 0.02
    /// Nuclear reactions on, or electromagnetic transport alone.
    public var nuclearReactions = true

    public init() {}

    /// Values that are accepted, by their names.
    public static let valid:
        (longest: ClosedRange<Double>, share: ClosedRange<Double>, stop: ClosedRange<Double>) =
            (0.01...50, 0.005...0.5, 0.001...1)

    var rules: StepRules {
        StepRules(
            longestMM: longestStepMM, longestRangeShare: longestRangeShare, stopRangeMM: stopRangeMM,
            nuclear: nuclearReactions)
    }

    func validate() throws(VoxelTransportError) {
        for (name, value, valid) in [
            ("longest step (mm)", longestStepMM, Self.valid.longest),
            ("longest step over range", longestRangeShare, Self.valid.share),
            ("stop range (mm)", stopRangeMM, Self.valid.stop),
        ] where !valid.contains(value) {
            throw .outsideLimits(quantity: name, value: value, valid: valid)
        }
    }
}

/// Transport of any ion through solids or voxels with scores of the user's choice.
///
/// The physics is that of `TransportKernel`. A run is made of batches of histories; batches are added in their order, and in a
/// batch all sums are of whole numbers: results are bit-identical for any number of threads.
///
/// ## Checked by
/// `ScoredTransportTests`.
public struct ScoredTransport: Sendable {
    public let phantom: TransportPhantom
    public let scores: TransportScores
    public let stepping: TransportStepping
    private let layout: ScoreLayout
    private let library: TransportLibrary
    private let responses: ResponseRows
    private let bodies: PinnedArray<SolidBody>
    private let densities: PinnedArray<Double>
    private let tables: PinnedLayout
    /// Most sums of a run: 1.6 GB per thread.
    public static let greatestSumCount = 200_000_000

    /// Prepares the tables (about a second).
    ///
    /// - Parameters:
    ///   - beamChargeNumber: What the inclusion rule `beamCharge` means.
    /// - Throws: `VoxelTransportError` for steps outside their limits, or more sums than `greatestSumCount`.
    public init(
        phantom: TransportPhantom, scores: TransportScores, beamChargeNumber: Int,
        stepping: TransportStepping = TransportStepping()
    ) throws(VoxelTransportError) {
        try stepping.validate()
        self.phantom = phantom
        self.scores = scores
        self.stepping = stepping
        var shift = Point3<DICOMPatient>(0, 0, 0)
        // The voxels' frame begins at the grid's lower corner.
        if case .voxels(let voxels) = phantom { shift = voxels.geometry.lowerCorner }
        layout = ScoreLayout(scores, beamChargeNumber: beamChargeNumber, shift: shift)
        guard layout.total <= Self.greatestSumCount else {
            throw .outsideLimits(
                quantity: "number of sums of all scores", value: Double(layout.total),
                valid: 1...Double(Self.greatestSumCount))
        }
        do { library = try TransportLibrary(materials: phantom.materials, model: .standard) } catch {
            throw .transport(error)
        }
        responses = ResponseRows(scores.responses, slowing: library.slowing)
        if case .solids(let solids) = phantom {
            bodies = PinnedArray(solids.bodies)
            densities = PinnedArray(solids.materials.map(\.densityGPerCM3))
        } else {
            bodies = PinnedArray([])
            densities = PinnedArray([])
        }
        tables = PinnedLayout(layout)
    }

    /// A result without histories, to which batches are added.
    public var empty: TransportScoreResult { TransportScoreResult(request: scores, layout: layout) }

    /// Memory for the whole numbers of each thread, used again by every batch of a run.
    ///
    /// - Throws: `noMemory`.
    public func workspace(threads: Int) throws(VoxelTransportError) -> ScoreWorkspace {
        try ScoreWorkspace(sums: layout.total, threads: threads)
    }

    /// Runs a range of histories and adds it to `result` as one batch.
    ///
    /// - Parameters:
    ///   - workspace: As `workspace(threads:)` makes it; one run at a time may use it.
    ///   - source: The primary of a history, with random numbers of its stream; an ion of `TransportedSpecies.all`.
    /// - Throws: `cancelled`; the workspace must then not be used again.
    public func run(
        _ histories: Range<Int>, seed: UInt64, in workspace: ScoreWorkspace,
        into result: inout TransportScoreResult,
        source: @escaping @Sendable (inout RandomStream) -> PrimaryIon
    ) async throws(VoxelTransportError) {
        let threads = workspace.threads
        do {
            let done = try await ParallelBatches.map(count: threads, threads: threads) { worker in
                part(of: histories, worker: worker, in: workspace, seed: seed, source: source)
                return true
            }
            guard !Task.isCancelled, done.count == threads else { throw CancellationError() }
        } catch { throw .cancelled }
        workspace.join()
        result.add(workspace, histories: histories.count)
    }

    /// The histories of a range that fall to one worker: blocks of 16 in turn.
    private func part(
        of histories: Range<Int>, worker: Int, in workspace: ScoreWorkspace, seed: UInt64,
        source: (inout RandomStream) -> PrimaryIon
    ) {
        let cells = workspace.cells(worker)
        let balance = workspace.balance(worker)
        let own = histories.lazy.filter { ($0 / 16) % workspace.threads == worker }
        switch phantom {
        case .solids:
            let geometry = SolidGeometry(
                bodies: bodies.pointer, densities: densities.pointer, count: bodies.count)
            shoot(
                own, geometry, SIMD3(), seed: seed, cells: cells, balance: balance, source: source
            ) { geometry.entering($0) }
        case .voxels(let voxels):
            voxels.withVoxels { geometry in
                shoot(
                    own, geometry, voxels.geometry.lowerCorner.mm, seed: seed, cells: cells,
                    balance: balance, source: source
                ) { geometry.entering($0) }
            }
        }
    }

    /// Follows histories through a geometry whose frame begins at `corner`.
    private func shoot<Geometry: NumberedPlaces>(
        _ histories: some Sequence<Int>, _ geometry: Geometry, _ corner: SIMD3<Double>, seed: UInt64,
        cells: UnsafeMutablePointer<Int64>, balance: UnsafeMutablePointer<Int64>,
        source: (inout RandomStream) -> PrimaryIon, entering: (TrackState) -> TrackState?
    ) {
        library.withPhysics { physics in
            responses.withView { responses in
                TransportMemory.with { memory in
                    var kernel = TransportKernel(
                        geometry: geometry,
                        scorer: PhantomScorer(
                            geometry: geometry, physics: physics, responses: responses, tables: tables,
                            tally: cells, balance: balance),
                        physics: physics, rules: stepping.rules, memory: memory)
                    for history in histories {
                        // What a cancelled run adds up is thrown away by its owner.
                        if Task.isCancelled { return }
                        var random = RandomStream(seed: seed, history: UInt64(history))
                        let ion = source(&random)
                        guard let species = TransportedSpecies.index(of: ion.ion) else {
                            preconditionFailure("a source makes ions of TransportedSpecies.all")
                        }
                        let (p, d) = (ion.position.mm - corner, ion.direction.mm)
                        let primary = TrackState(
                            x: p.x, y: p.y, z: p.z, direction: Direction(x: d.x, y: d.y, z: d.z),
                            energyMeVPerNucleon: ion.energyMeVPerNucleon, species: Int32(species),
                            generation: 0)
                        kernel.scorer.bookIncoming(primary)
                        guard let inside = entering(primary) else {
                            kernel.scorer.escape(primary)
                            continue
                        }
                        kernel.run(primary: inside, random: &random)
                    }
                }
            }
        }
    }
}

/// The read-only tables of a `ScoreLayout` at addresses that do not move.
struct PinnedLayout: Sendable {
    let blocks: PinnedArray<ScoreLayout.Block>
    let fields: PinnedArray<ScoreField>
    /// By increasing depth.
    let planes: PinnedArray<ScoreLayout.PlaneBlock>
    let cosines: PinnedArray<Double>
    let included: PinnedArray<UInt32>
    /// See `PhantomScorer.standIns`.
    let standIns: PinnedArray<Int32>
    let origin: Point3<DICOMPatient>
    let axes: ScoreAxes

    init(_ layout: ScoreLayout) {
        blocks = PinnedArray(layout.blocks)
        fields = PinnedArray(layout.fields)
        planes = PinnedArray(layout.planes.sorted { $0.depthMM < $1.depthMM })
        cosines = PinnedArray(layout.cosines)
        included = PinnedArray(layout.included)
        standIns = PinnedArray(Self.nearestSpecies)
        origin = layout.axesOrigin
        axes = layout.axes
    }

    /// The transported species of the same charge (at most 10) with the nearest mass, by charge and mass.
    private static var nearestSpecies: [Int32] {
        let charges = 11
        return (0..<charges * NuclearData.massColumns).map { code in
            let (charge, mass) = code.quotientAndRemainder(dividingBy: NuclearData.massColumns)
            let own = TransportedSpecies.all.indices.filter {
                TransportedSpecies.all[$0].atomicNumber == max(charge, 1)
            }
            let nearest = own.min {
                abs(TransportedSpecies.all[$0].massNumber - mass)
                    < abs(TransportedSpecies.all[$1].massNumber - mass)
            }
            return Int32(nearest ?? 0)
        }
    }
}
