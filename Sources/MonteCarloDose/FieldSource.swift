import FacilityModel
import Frames
import IonPhysics
import IonTransport
import PencilBeam
import PlanModel
import Quantities

#if canImport(Glibc)
    import Glibc
#endif

/// The ions of a field as they come out of the scanning magnets.
///
/// A history picks a spot by its ions. Its ray (u, v) runs from the two virtual sources; position and angle about it are
/// correlated Gaussians at the isocentre plane,
///
///     x = u + σ g₁ ,   x′ = u/S_x + θ (ρ g₁ + √(1 − ρ²) g₂)                               (S1)
///
/// which gives σ² − 2ρσθz + θ²z² along the beam; the same for y. The energy has the machine's relative spread, and the
/// ridge filter adds a Gaussian to the range.
///
/// ## Checked by
/// `FieldSourceTests`.
public struct FieldSource: Sendable {
    private struct LayerBeam: Sendable {
        var energy: Double
        var size: Nozzle.SpotSize
    }

    private let geometry: FieldGeometry
    private let ion: Isotope
    private let ranges: RangeTable
    private let layers: [LayerBeam]
    /// Layer and position of each spot, and ions of all up to and with it.
    private let spots: [(layer: Int, positionMM: SIMD2<Double>)]
    private let cumulative: [Double]
    private let relativeEnergySpread: Double
    private let ridgeFilterSigmaMM: Double
    /// Ions of the whole field in one fraction.
    public var particles: Double { cumulative.last ?? 0 }

    /// - Throws: `MonteCarloDoseError` for a layer's energy without spot size.
    public init(
        field: Field, machine: Machine, nozzle: Nozzle, patientPosition: PatientPosition
    ) throws(MonteCarloDoseError) {
        geometry = FieldGeometry(
            field: field, patientPosition: patientPosition,
            sourceDistancesMM: nozzle.virtualSourceDistancesMM)
        ion = machine.ion
        do { ranges = try RangeTable(machine.ion) } catch { throw .physics(error) }
        relativeEnergySpread = nozzle.relativeEnergySpread
        ridgeFilterSigmaMM = nozzle.ridgeFilterSigmaMM
        var layers: [LayerBeam] = []
        var spots: [(layer: Int, positionMM: SIMD2<Double>)] = []
        var cumulative: [Double] = []
        for layer in field.layers where !layer.spots.isEmpty {
            guard let size = nozzle.spotSize(at: layer.energy) else {
                throw .energyNotAvailable(layer.energy, field: field.number)
            }
            for spot in layer.spots where spot.particles > 0 {
                spots.append((layers.count, spot.positionMM))
                cumulative.append((cumulative.last ?? 0) + spot.particles)
            }
            layers.append(LayerBeam(energy: layer.energy.value, size: size))
        }
        self.layers = layers
        self.spots = spots
        self.cumulative = cumulative
    }

    /// The ion of a history, at the isocentre plane and pointing downstream; the transport moves it upstream.
    ///
    /// - Precondition: the field has ions.
    public func primary(_ random: inout RandomStream) -> PrimaryIon {
        let pick = random.uniform() * particles
        var (low, high) = (0, cumulative.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if cumulative[middle] > pick { high = middle } else { low = middle + 1 }
        }
        let spot = spots[low]
        let layer = layers[spot.layer]
        let theta = layer.size.divergenceMrad * 1e-3
        var (position, slope) = (spot.positionMM, spot.positionMM / geometry.sourceDistancesMM)
        for axis in 0..<2 {
            let (g1, g2) = (random.normal(), random.normal())
            let rho = layer.size.correlation[axis]
            position[axis] += layer.size.sigmaMM[axis] * g1
            slope[axis] += theta[axis] * (rho * g1 + max(0, 1 - rho * rho).squareRoot() * g2)
        }
        let energy = layer.energy * (1 + relativeEnergySpread * random.normal())
        let range = ranges.rangeMM(energyMeVPerNucleon: energy) + ridgeFilterSigmaMM * random.normal()
        let direction = Vector3<IECGantry>(slope.x, slope.y, -1).normalized
        // A metre upstream along its own line.
        let w = -1000.0
        let start = Point3<IECGantry>(position.x + w * slope.x, position.y + w * slope.y, -w)
        return PrimaryIon(
            ion: ion, energyMeVPerNucleon: ranges.energyMeVPerNucleon(rangeMM: max(range, 0.1)),
            position: geometry.toPatient.apply(start), direction: geometry.toPatient.apply(direction))
    }

    /// The solid that the field's beam passes before the patient: the nozzle's water equivalent, and the range shifter.
    ///
    /// The nozzle's millimetres stand at `entranceDepthMM` if there is no shifter: their scattering is part of the spot size,
    /// and without a drift behind them it is not counted twice.
    public func slab(
        field: Field, nozzle: Nozzle, entranceDepthMM: Double
    ) throws(MonteCarloDoseError) -> BeamLineSlab? {
        var layers: [BeamLineSlab.Layer] = []
        if nozzle.waterEquivalentThicknessMM > 0 {
            layers.append(.init(material: .water, thicknessMM: nozzle.waterEquivalentThicknessMM))
        }
        var end = entranceDepthMM
        if let id = field.rangeShifterID {
            guard let shifter = nozzle.rangeShifters.first(where: { $0.id == id }) else {
                throw .unknownRangeShifter(id: id, known: nozzle.rangeShifters.map(\.id))
            }
            let plate: ShifterPlate
            do { plate = try ShifterPlate(shifter) } catch {
                throw .unknownMaterial(shifter.material, known: Material.named.map(\.name))
            }
            layers.append(.init(material: plate.material, thicknessMM: plate.thicknessMM))
            end = -shifter.isocentreDistanceMM
        }
        return layers.isEmpty
            ? nil : BeamLineSlab(layers: layers, endDepthMM: end, toPhantom: geometry.toPatient)
    }
}

/// Why a Monte Carlo dose cannot be computed.
public enum MonteCarloDoseError: Error, Equatable, Sendable {
    case physics(IonPhysicsError)
    case transport(VoxelTransportError)
    case energyNotAvailable(EnergyPerNucleon, field: Int)
    case unknownPort(id: String, known: [String])
    case unknownRangeShifter(id: String, known: [String])
    case unknownMaterial(String, known: [String])
    case noIons(field: Int)
    case noFields
    case tooFewHistories(Int, fields: Int, least: Int)
}

extension MonteCarloDoseError: CustomStringConvertible {
    /// The problem, why it is one, and what to do.
    public var description: String {
        switch self {
        case .physics(let error): "\(error)"
        case .transport(let error): "\(error)"
        case .energyNotAvailable(let energy, let field):
            "field \(field) has a layer of \(energy.value) MeV/u (the nozzle has no spot size for it); check the machine file"
        case .unknownPort(let id, let known):
            "no port '\(id)' (the machine has \(known.joined(separator: ", "))); correct the plan"
        case .unknownRangeShifter(let id, let known):
            "no range shifter '\(id)' (the nozzle has \(known.joined(separator: ", "))); correct the plan"
        case .unknownMaterial(let name, let known):
            "range shifter of '\(name)' (Monte Carlo knows \(known.joined(separator: ", "))); correct the machine file"
        case .noFields: "the plan has no fields (nothing to transport); plan it first"
        case .tooFewHistories(let histories, let fields, let least):
            "\(histories) histories are too few for \(fields) fields (each needs two batches of a thousand for its standard error); "
                + "ask for \(least) or more"
        case .noIons(let field): "field \(field) has no ions (nothing to transport); plan it first"
        }
    }
}
