import BeamCommissioning
import FacilityModel
import Frames
import IonPhysics
import IonTransport
import PatientModel
import PencilBeam
import PlanModel
import Quantities
import Radiobiology
import Volumes

/// The dose of a field by Monte Carlo transport in the patient: the independent check of the pencil beam.
///
/// Its physics is that of the beam data, so that the two differ where the pencil beam approximates: scattering from
/// bone into air, fragments in tissue, edges along the beam.
///
/// ## Checked by
/// `MonteCarloDoseEngineTests`.
public struct MonteCarloDoseEngine: Sendable {
    public let machine: Machine
    public let patientPosition: PatientPosition
    public let phantom: VoxelPhantom
    private let responses: [ResponseTable]

    /// What a run gave.
    public struct Outcome: Sendable {
        /// Dose to water of one fraction, with z* and LET.
        public var distribution: DoseDistribution
        /// Standard error of the dose of one fraction, Gy.
        public var standardError: Volume<Float>
        /// Mean of standard error over dose where the dose is above half of its maximum.
        public var meanUncertainty: Double
        public var histories: Int
        public var energy: VoxelTransportResult.EnergyBalance
    }

    /// `grid`: Grid of transport and dose.
    /// - Throws: `MonteCarloDoseError`.
    public init(
        images: MaterialImages, grid: VolumeGeometry, machine: Machine, patientPosition: PatientPosition,
        parameters: MKMParameters = .hsgInaniwa2010
    ) throws(MonteCarloDoseError) {
        guard TransportedSpecies.index(of: machine.ion) != nil else {
            throw .transport(.transport(.projectileNotTransported(machine.ion)))
        }
        self.machine = machine
        self.patientPosition = patientPosition
        do { phantom = try VoxelPhantom(images: images, grid: grid) } catch { throw .transport(error) }
        do { responses = try BeamResponses(parameters: parameters).tables } catch { throw .physics(error) }
    }

    /// Transports `histories` ions of a field and scales to the ions of one fraction.
    public func dose(
        of field: Field, histories: Int, seed: UInt64, threads: Int, progress: (Double) -> Void = { _ in }
    ) async throws(MonteCarloDoseError) -> Outcome {
        var run = try MonteCarloRun(engine: self, fields: [field], seed: seed)
        try await run.advance(to: histories, threads: threads) {
            progress(Double($0) / Double(histories))
        }
        return run.outcome(beam: 0)
    }

    /// A field made ready for transport.
    ///
    /// `other`: A beam of the same engine, to share the physics tables with.
    func beam(
        of field: Field, seed: UInt64, like other: MonteCarloRun.Beam?
    ) throws(MonteCarloDoseError) -> MonteCarloRun.Beam {
        guard let port = machine.port(field.portID) else {
            throw .unknownPort(id: field.portID, known: machine.ports.map(\.id))
        }
        let source = try FieldSource(
            field: field, machine: machine, nozzle: port.nozzle, patientPosition: patientPosition)
        guard source.particles > 0 else { throw .noIons(field: field.number) }
        let slab = try source.slab(
            field: field, nozzle: port.nozzle,
            entranceDepthMM: entranceDepthMM(of: field, nozzle: port.nozzle))
        var request = VoxelTransportRequest(
            histories: StoppingRule.mostHistories, seed: Self.seed(of: field.number, run: seed))
        request.responses = responses
        let transport: VoxelTransport
        if let other {
            transport = other.transport.behind(slab)
        } else {
            do { transport = try VoxelTransport(phantom: phantom, slab: slab) } catch {
                throw .transport(error)
            }
        }
        return MonteCarloRun.Beam(
            field: field, ions: source.particles, source: source, transport: transport, request: request)
    }

    /// A seed of its own for each field and run: that of the run stepped by the field's number and mixed, so that neighbouring
    /// seeds and fields share no random numbers.
    ///
    /// - Source: SplitMix64: Steele, Lea & Flood, OOPSLA 2014.
    static func seed(of field: Int, run: UInt64) -> UInt64 {
        var z = run &* 0xD134_2543_DE82_EF95 &+ UInt64(bitPattern: Int64(field)) &* 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Depth below the isocentre plane of the corner of the grid nearest to the source, mm.
    private func entranceDepthMM(of field: Field, nozzle: Nozzle) -> Double {
        let geometry = FieldGeometry(
            field: field, patientPosition: patientPosition,
            sourceDistancesMM: nozzle.virtualSourceDistancesMM)
        let (a, b) = (phantom.geometry.lowerCorner.mm, phantom.geometry.upperCorner.mm)
        return (0..<8).map { corner in
            let p = Point3<DICOMPatient>(
                corner & 1 == 0 ? a.x : b.x, corner & 2 == 0 ? a.y : b.y, corner & 4 == 0 ? a.z : b.z)
            return -geometry.toGantry.apply(p).z
        }.min() ?? 0
    }
}
