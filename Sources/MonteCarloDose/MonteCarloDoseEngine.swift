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

    /// - Parameter grid: Grid of transport and dose.
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
        guard let port = machine.port(field.portID) else {
            throw .unknownPort(id: field.portID, known: machine.ports.map(\.id))
        }
        let source = try FieldSource(
            field: field, machine: machine, nozzle: port.nozzle, patientPosition: patientPosition)
        guard source.particles > 0 else { throw .noIons(field: field.number) }
        let slab = try source.slab(
            field: field, nozzle: port.nozzle,
            entranceDepthMM: entranceDepthMM(of: field, nozzle: port.nozzle))
        var request = VoxelTransportRequest(histories: histories, seed: seed &+ UInt64(field.number))
        request.responses = responses
        let result: VoxelTransportResult
        do {
            result = try await VoxelTransport(phantom: phantom, slab: slab).run(
                request, threads: threads, progress: progress
            ) { _, random in source.primary(&random) }
        } catch { throw .transport(error) }
        func scaled(_ volume: Volume<Float>) -> Volume<Float> {
            Volume(
                geometry: volume.geometry, values: volume.values.map { Float(Double($0) * source.particles) })
        }
        let dose = scaled(result.doseToWater)
        let error = scaled(result.standardError)
        let half = 0.5 * (dose.values.max() ?? 0)
        let high = dose.values.indices.filter { dose.values[$0] > half }
        let uncertainty =
            high.reduce(0.0) { $0 + Double(error.values[$1] / dose.values[$1]) } / Double(max(high.count, 1))
        return Outcome(
            distribution: DoseDistribution(
                dose: dose, doseZStar: scaled(result.doseTimesResponse(BeamResponses.zStarIndex)),
                doseLET: scaled(result.doseTimesResponse(BeamResponses.letIndex))),
            standardError: error, meanUncertainty: uncertainty, histories: histories, energy: result.energy)
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
