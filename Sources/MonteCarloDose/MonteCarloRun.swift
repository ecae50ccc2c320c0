import BeamCommissioning
import IonTransport
import NumericKernels
import PlanModel
import Volumes

/// The transport of all fields of a plan together, as far as it has come.
///
/// A run of N histories is the same to the last bit whether it is made at once, in rounds, or by adding tallies from elsewhere:
/// fields share N by `HistorySchedule`, and each is cut between batches only.
///
/// ## Checked by
/// `MonteCarloRunTests`.
public struct MonteCarloRun: Sendable {
    /// A field and what transports its ions.
    public struct Beam: Sendable {
        public let field: Field
        /// Ions of one fraction.
        public let ions: Double
        let source: FieldSource
        let transport: VoxelTransport
        let request: VoxelTransportRequest
    }

    /// In the order of the plan's fields.
    public let beams: [Beam]
    public let schedule: HistorySchedule
    public private(set) var tallies: [VoxelTally]

    /// `seed`: A field's own is made of it and the field's number.
    /// - Throws: `MonteCarloDoseError`, for a plan without fields as well.
    public init(
        engine: MonteCarloDoseEngine, fields: [Field], seed: UInt64
    ) throws(MonteCarloDoseError) {
        guard !fields.isEmpty else { throw .noFields }
        var beams: [Beam] = []
        for field in fields { beams.append(try engine.beam(of: field, seed: seed, like: beams.first)) }
        self.beams = beams
        schedule = HistorySchedule(
            ions: beams.map(\.ions), batchSize: beams[0].request.historiesPerBatch)
        tallies = beams.map {
            VoxelTally(
                voxelCount: engine.phantom.geometry.voxelCount, responses: $0.request.responses.count)
        }
    }

    /// Histories of all fields so far.
    public var histories: Int { tallies.reduce(0) { $0 + $1.histories } }

    /// Transports until the fields together have `total` histories; nothing if they have.
    ///
    /// `progress`: Called with the histories of the whole run.
    /// - Throws: `MonteCarloDoseError`; a run cannot go on from a total that ended inside a batch.
    public mutating func advance(
        to total: Int, threads: Int, progress: (Int) -> Void = { _ in }
    ) async throws(MonteCarloDoseError) {
        guard total > histories else { return }
        let wanted = schedule.histories(ofTotal: total)
        for number in beams.indices where wanted[number] > tallies[number].histories {
            let before = histories
            let part = try await tally(
                beam: number, histories: tallies[number].histories..<wanted[number], threads: threads
            ) { progress(before + $0) }
            tallies[number].add(part)
        }
    }

    /// What some histories of a beam score, without adding them.
    ///
    /// `histories`: From the beginning of a batch to the end of one, or of the beam's histories.
    public func tally(
        beam number: Int, histories: Range<Int>, threads: Int, progress: (Int) -> Void = { _ in }
    ) async throws(MonteCarloDoseError) -> VoxelTally {
        let beam = beams[number]
        let source = beam.source
        do {
            return try await beam.transport.tally(
                histories, of: beam.request, threads: threads, progress: progress
            ) { _, random in source.primary(&random) }
        } catch { throw .transport(error) }
    }

    /// Adds what histories of a beam scored elsewhere.
    public mutating func add(_ tally: VoxelTally, beam: Int) { tallies[beam].add(tally) }

    /// Relative uncertainty of the dose of all fields together; nil while a field has fewer than ten batches, of which a standard
    /// error would be too low (by 3 % on average with ten) or unknown.
    public func uncertainty(in region: UncertaintyRegion) -> Double? {
        guard tallies.allSatisfy({ $0.batches >= HistorySchedule.leastBatches }) else { return nil }
        let sum = planDose()
        return region.uncertainty(dose: sum.dose, error: sum.standardError)
    }

    /// Dose of one fraction of a beam's field.
    public func outcome(beam number: Int) -> MonteCarloDoseEngine.Outcome {
        let beam = beams[number]
        let result = VoxelTransportResult(
            request: beam.request, phantom: beam.transport.phantom, tally: tallies[number])
        func scaled(_ volume: Volume<Float>) -> Volume<Float> {
            Volume(geometry: volume.geometry, values: volume.values.map { Float(Double($0) * beam.ions) })
        }
        let (dose, error) = (scaled(result.doseToWater), scaled(result.standardError))
        return MonteCarloDoseEngine.Outcome(
            distribution: DoseDistribution(
                dose: dose, doseZStar: scaled(result.doseTimesResponse(BeamResponses.zStarIndex)),
                doseLET: scaled(result.doseTimesResponse(BeamResponses.letIndex))),
            standardError: error,
            meanUncertainty: UncertaintyRegion.highDose.uncertainty(dose: dose, error: error),
            histories: result.histories, energy: result.energy)
    }

    /// Dose to water of one fraction of all fields, Gy, and its standard error: fields are independent, so their variances add.
    public func planDose() -> (dose: Volume<Float>, standardError: Volume<Float>) {
        let geometry = beams[0].transport.phantom.geometry
        var dose = [Double](repeating: 0, count: geometry.voxelCount)
        var variance = dose
        for (beam, tally) in zip(beams, tallies) {
            let result = VoxelTransportResult(
                request: beam.request, phantom: beam.transport.phantom, tally: tally)
            let (own, error) = (result.doseToWater.values, result.standardError.values)
            for voxel in dose.indices where own[voxel] > 0 {
                let spread = Double(error[voxel]) * beam.ions
                dose[voxel] += Double(own[voxel]) * beam.ions
                variance[voxel] += spread * spread
            }
        }
        return (
            Volume(geometry: geometry, values: dose.map { Float($0) }),
            Volume(geometry: geometry, values: variance.map { Float($0.squareRoot()) })
        )
    }
}
