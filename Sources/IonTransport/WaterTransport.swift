import IonPhysics
import NumericKernels
import Quantities

#if canImport(Glibc)
    import Glibc
#endif

/// Monte Carlo transport of ions in water: class-II condensed history with every fragment.
///
/// Electrons deposit their energy where the ion makes them. Neutrons above 5 MeV are followed and make charged
/// particles; slower ones leave and are booked in the energy balance. Nuclei are made in their ground states, so
/// there are no gammas.
///
/// ## Source
/// docs/theory/transport.md.
/// ## Checked by
/// `WaterTransportTests`, validation `TransportValidation`.
public struct WaterTransport: Sendable {
    /// Number of batches of a run, whatever the number of threads; errors come from their spread.
    public static let greatestBatchCount = 32

    let tables: TransportTables
    let nuclear: NuclearData
    let sampler: CollisionSampler
    private let speciesOf: [Int32]
    private let protonSpecies: Int
    private let oxygenSpecies: Int

    /// Builds the tables (about 0.1 s).
    public init(model: CollisionModel = .standard) throws(WaterTransportError) {
        nuclear = try NuclearData()
        tables = try TransportTables(nuclear: nuclear)
        sampler = CollisionSampler(data: nuclear, model: model)
        speciesOf = TransportedSpecies.indexByChargeAndMass
        guard let proton = TransportedSpecies.index(of: .proton),
            let oxygen = TransportedSpecies.index(of: .oxygen16)
        else { throw .projectileNotTransported(.oxygen16) }
        (protonSpecies, oxygenSpecies) = (proton, oxygen)
    }

    /// Runs `request` on at most `threads` threads; the result does not depend on their number.
    ///
    /// - Parameters:
    ///   - progress: Called with the number of finished histories.
    /// - Throws: `outsideLimits`, `projectileNotTransported` for a bad request, `cancelled`.
    public func run(
        _ request: WaterTransportRequest, threads: Int, progress: (Int) -> Void = { _ in }
    ) async throws(WaterTransportError) -> WaterTransportResult {
        try request.validate()
        guard let species = TransportedSpecies.index(of: request.projectile) else {
            throw .projectileNotTransported(request.projectile)
        }
        let layout = TallyLayout(request)
        let arena = Arena(tables: tables, responses: ResponseTable.rows(request.responses), request: request)
        let batches = min(Self.greatestBatchCount, request.histories)
        let tallies: [[Double]]
        do {
            tallies = try await ParallelBatches.map(
                count: batches, threads: threads,
                progress: { progress($0 * request.histories / batches) },
                { batch in
                    self.batch(
                        batch * request.histories / batches..<(batch + 1) * request.histories / batches,
                        request: request, species: species, layout: layout, arena: arena)
                })
        } catch { throw .cancelled }
        guard tallies.count == batches else { throw .cancelled }
        return WaterTransportResult(request: request, layout: layout, tallies: tallies)
    }

    /// Runs a range of histories into one tally.
    ///
    /// - Parameters:
    ///   - arena: All read-only tables behind each other, so that one pointer serves the kernel.
    private func batch(
        _ histories: Range<Int>, request: WaterTransportRequest, species: Int, layout: TallyLayout,
        arena: Arena
    ) -> [Double] {
        var tally = [Double](repeating: 0, count: layout.total)
        let stack = UnsafeMutablePointer<TrackState>.allocate(capacity: SteppingKernel.stackCapacity)
        let ejectiles = UnsafeMutablePointer<Ejectile>.allocate(capacity: CollisionSampler.scratchCapacity)
        defer {
            stack.deallocate()
            ejectiles.deallocate()
        }
        tally.withUnsafeMutableBufferPointer { tally in
            arena.values.withUnsafeBufferPointer { values in
                speciesOf.withUnsafeBufferPointer { speciesOf in
                    guard let tally = tally.baseAddress, let values = values.baseAddress,
                        let speciesOf = speciesOf.baseAddress
                    else { return }
                    let kernel = SteppingKernel(
                        lookup: RangeLookup(nodes: values, tables: tables),
                        responses: values + arena.responses,
                        massNumbers: values + arena.masses,
                        speciesOf: speciesOf, planes: values + arena.planes,
                        cosineCuts: values + arena.cosines,
                        profiles: values + arena.profiles, tally: tally, stack: stack, ejectiles: ejectiles,
                        layout: layout, sampler: sampler,
                        responseCount: request.responses.count, depthMM: request.depthMM,
                        halfWidthMM: request.halfWidthMM, inverseBinMM: 1 / request.depthStepMM,
                        longestStepMM: request.longestStepMM, longestRangeShare: request.longestRangeShare,
                        stopRangeMM: request.stopRangeMM,
                        inverseSpectrumStep: 1 / request.spectrumStepMeVPerNucleon,
                        inverseRadialSlabMM: request.radialSlabMM > 0 ? 1 / request.radialSlabMM : 0,
                        nuclear: request.nuclearReactions, protonSpecies: protonSpecies,
                        oxygenSpecies: oxygenSpecies)
                    Self.shoot(histories, request: request, species: species, kernel)
                }
            }
        }
        return tally
    }

    /// Read-only numbers of a run in one array, and where each part begins.
    private struct Arena: Sendable {
        var values: [Double]
        let responses: Int
        let masses: Int
        let planes: Int
        let cosines: Int
        let profiles: Int

        init(tables: TransportTables, responses rows: [Double], request: WaterTransportRequest) {
            values = tables.nodes
            responses = values.count
            values += rows
            masses = values.count
            values += tables.massNumber + [1]
            planes = values.count
            values += request.planesMM
            cosines = values.count
            values += request.angleCutsDegrees.map { $0 >= 180 ? -2 : cos($0 * .pi / 180) }
            profiles = values.count
            values += request.profileDepthsMM
        }
    }

    private static func shoot(
        _ histories: Range<Int>, request: WaterTransportRequest, species: Int, _ kernel: SteppingKernel
    ) {
        let spread = request.energyMeVPerNucleon * request.energySpread
        for history in histories {
            var random = RandomStream(seed: request.seed, history: UInt64(history))
            var primary = TrackState(
                x: 0, y: 0, z: 0, direction: Direction(x: 0, y: 0, z: 1),
                energyMeVPerNucleon: request.energyMeVPerNucleon, species: Int32(species), component: 0)
            if spread > 0 { primary.energyMeVPerNucleon += spread * random.normal() }
            if request.sigmaMM > 0 {
                primary.x = request.sigmaMM * random.normal()
                primary.y = request.sigmaMM * random.normal()
            }
            kernel.run(primary: primary, random: &random)
        }
    }
}
