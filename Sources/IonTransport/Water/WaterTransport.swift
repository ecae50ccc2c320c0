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

    private let library: TransportLibrary

    /// Builds the tables (about 0.2 s).
    public init(model: CollisionModel = .standard) throws(WaterTransportError) {
        library = try TransportLibrary(materials: [.water], model: model)
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
        let responses = ResponseRows(request.responses, slowing: library.slowing)
        let batches = min(Self.greatestBatchCount, request.histories)
        let tallies: [[Double]]
        do {
            tallies = try await ParallelBatches.map(
                count: batches, threads: threads,
                progress: { progress($0 * request.histories / batches) },
                { batch in
                    self.batch(
                        batch * request.histories / batches..<(batch + 1) * request.histories / batches,
                        request: request, species: species, layout: layout,
                        responses: responses)
                })
        } catch { throw .cancelled }
        guard tallies.count == batches else { throw .cancelled }
        return WaterTransportResult(request: request, layout: layout, tallies: tallies)
    }

    /// Runs a range of histories into one tally.
    private func batch(
        _ histories: Range<Int>, request: WaterTransportRequest, species: Int, layout: TallyLayout,
        responses: ResponseRows
    ) -> [Double] {
        let planes = PinnedArray(request.planesMM)
        let cosines = PinnedArray(
            request.angleCutsDegrees.map { $0 >= 180 ? -2 : cos($0 * .pi / 180) })
        let profiles = PinnedArray(request.profileDepthsMM)
        return [Double](unsafeUninitializedCapacity: layout.total) { tally, count in
            tally.initialize(repeating: 0)
            count = layout.total
            guard let tally = tally.baseAddress else { return }
            withExtendedLifetime((planes, cosines, profiles)) {
                library.withPhysics { physics in
                    responses.withView { responses in
                        TransportMemory.with { memory in
                            var kernel = TransportKernel(
                                geometry: WaterBox(
                                    depthMM: request.depthMM, halfWidthMM: request.halfWidthMM),
                                scorer: DepthScorer(
                                    request: request, layout: layout, tally: tally, physics: physics,
                                    responses: responses, planes: planes.pointer, cosineCuts: cosines.pointer,
                                    profiles: profiles.pointer),
                                physics: physics,
                                rules: StepRules(
                                    longestMM: request.longestStepMM,
                                    longestRangeShare: request.longestRangeShare,
                                    stopRangeMM: request.stopRangeMM, nuclear: request.nuclearReactions),
                                memory: memory)
                            Self.shoot(histories, request: request, species: species, &kernel)
                        }
                    }
                }
            }
        }
    }

    private static func shoot(
        _ histories: Range<Int>, request: WaterTransportRequest, species: Int,
        _ kernel: inout TransportKernel<WaterBox, DepthScorer>
    ) {
        let spread = request.energyMeVPerNucleon * request.energySpread
        for history in histories {
            var random = RandomStream(seed: request.seed, history: UInt64(history))
            var primary = TrackState(
                x: 0, y: 0, z: 0, direction: Direction(x: 0, y: 0, z: 1),
                energyMeVPerNucleon: request.energyMeVPerNucleon, species: Int32(species), generation: 0)
            if spread > 0 { primary.energyMeVPerNucleon += spread * random.normal() }
            if request.sigmaMM > 0 {
                primary.x = request.sigmaMM * random.normal()
                primary.y = request.sigmaMM * random.normal()
            }
            kernel.run(primary: primary, random: &random)
        }
    }
}
