import IonPhysics
import NumericKernels
import Quantities

#if canImport(Glibc)
    import Glibc
#endif

/// Monte Carlo transport of ions in water: class-II condensed history with every fragment.
///
/// Electrons deposit their energy where the ion makes them; neutrons and gammas leave and are booked in the energy
/// balance (their dose, below 1...2 %, is left out).
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

    /// Builds the tables (about 0.1 s).
    public init(model: CollisionModel = .standard) throws(WaterTransportError) {
        nuclear = try NuclearData()
        tables = try TransportTables(nuclear: nuclear)
        sampler = CollisionSampler(data: nuclear, model: model)
        var speciesOf = [Int32](repeating: -1, count: 11 * NuclearData.massColumns)
        for (i, isotope) in TransportedSpecies.all.enumerated() {
            speciesOf[isotope.atomicNumber * NuclearData.massColumns + isotope.massNumber] = Int32(i)
        }
        self.speciesOf = speciesOf
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
        let responses = responseRows(request.responses)
        let batches = min(Self.greatestBatchCount, request.histories)
        let tallies: [[Double]]
        do {
            tallies = try await ParallelBatches.map(
                count: batches, threads: threads,
                progress: { progress($0 * request.histories / batches) },
                { batch in
                    self.batch(
                        batch * request.histories / batches..<(batch + 1) * request.histories / batches,
                        request: request, species: species, layout: layout, responses: responses)
                })
        } catch { throw .cancelled }
        guard tallies.count == batches else { throw .cancelled }
        return WaterTransportResult(request: request, layout: layout, tallies: tallies)
    }

    /// Response values and their means over the rest of the slowing down, `[species][node][response][2]`.
    private func responseRows(_ responses: [ResponseTable]) -> [Double] {
        let count = TransportTables.nodeCount
        let energies = TransportTables.logEnergies.map { exp($0) }
        var rows = [Double](
            repeating: 0, count: max(1, TransportedSpecies.all.count * count * 2 * responses.count))
        for (r, response) in responses.enumerated() {
            for s in TransportedSpecies.all.indices {
                var integral = response.values[s * count] * energies[0]
                for i in 0..<count {
                    let value = response.values[s * count + i]
                    if i > 0 {
                        integral +=
                            0.5 * (value + response.values[s * count + i - 1])
                            * (energies[i] - energies[i - 1])
                    }
                    let at = ((s * count + i) * responses.count + r) * 2
                    rows[at] = value
                    rows[at + 1] = integral / energies[i]
                }
            }
        }
        return rows
    }

    /// Runs a range of histories into one tally.
    private func batch(
        _ histories: Range<Int>, request: WaterTransportRequest, species: Int, layout: TallyLayout,
        responses: [Double]
    ) -> [Double] {
        var tally = [Double](repeating: 0, count: layout.total)
        let stack = UnsafeMutablePointer<TrackState>.allocate(capacity: SteppingKernel.stackCapacity)
        let ejectiles = UnsafeMutablePointer<Ejectile>.allocate(capacity: CollisionSampler.scratchCapacity)
        defer {
            stack.deallocate()
            ejectiles.deallocate()
        }
        let cosines = request.angleCutsDegrees.map { $0 >= 180 ? -2 : cos($0 * .pi / 180) } + [0]
        let planes = request.planesMM + [0]
        let profiles = request.profileDepthsMM + [0]
        tally.withUnsafeMutableBufferPointer { tally in
            tables.nodes.withUnsafeBufferPointer { nodes in
                responses.withUnsafeBufferPointer { responses in
                    tables.restEnergyMeV.withUnsafeBufferPointer { rest in
                        tables.massNumber.withUnsafeBufferPointer { masses in
                            speciesOf.withUnsafeBufferPointer { speciesOf in
                                planes.withUnsafeBufferPointer { planes in
                                    cosines.withUnsafeBufferPointer { cosines in
                                        profiles.withUnsafeBufferPointer { profiles in
                                            guard let tally = tally.baseAddress,
                                                let nodes = nodes.baseAddress,
                                                let responses = responses.baseAddress,
                                                let rest = rest.baseAddress, let masses = masses.baseAddress,
                                                let speciesOf = speciesOf.baseAddress,
                                                let planes = planes.baseAddress,
                                                let cosines = cosines.baseAddress,
                                                let profiles = profiles.baseAddress
                                            else { return }
                                            let kernel = SteppingKernel(
                                                nodes: nodes, responses: responses, restEnergies: rest,
                                                massNumbers: masses, speciesOf: speciesOf, planes: planes,
                                                cosineCuts: cosines, profiles: profiles, tally: tally,
                                                stack: stack, ejectiles: ejectiles, layout: layout,
                                                sampler: sampler, logStart: tables.logStart,
                                                inverseLogStep: 1 / tables.logStep, logStep: tables.logStep,
                                                responseCount: request.responses.count,
                                                depthMM: request.depthMM, halfWidthMM: request.halfWidthMM,
                                                inverseBinMM: 1 / request.depthStepMM,
                                                longestStepMM: request.longestStepMM,
                                                longestRangeShare: request.longestRangeShare,
                                                stopRangeMM: request.stopRangeMM,
                                                inverseSpectrumStep: 1 / request.spectrumStepMeVPerNucleon,
                                                nuclear: request.nuclearReactions)
                                            Self.shoot(histories, request: request, species: species, kernel)
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
