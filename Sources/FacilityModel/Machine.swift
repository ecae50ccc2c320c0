import Quantities

/// A treatment machine as planning and delivery see it: its energies and its ports.
///
/// Figures with source and confidence are kept beside it by the machine file; see `docs/formats/machine.md`.
public struct Machine: Sendable, Equatable {
    /// Name used in plans, for example `himac`.
    public var name: String
    /// Facility for people, for example `NIRS/QST new treatment facility`.
    public var facility: String
    public var ion: Isotope
    /// Energies the accelerator can deliver, from the highest down.
    public var energies: [EnergyPerNucleon]
    /// Ports with a scanned beam.
    public var ports: [Port]
    /// Ports with a passive nozzle; their energies stand in it.
    public var passivePorts: [PassivePort]

    public init(
        name: String, facility: String, ion: Isotope, energies: [EnergyPerNucleon], ports: [Port],
        passivePorts: [PassivePort] = []
    ) {
        self.name = name
        self.facility = facility
        self.ion = ion
        self.energies = energies
        self.ports = ports
        self.passivePorts = passivePorts
    }

    /// The scanning port of that ID; nil if the machine has none.
    public func port(_ id: String) -> Port? { ports.first { $0.id == id } }

    /// The passive port of that ID; nil if the machine has none.
    public func passivePort(_ id: String) -> PassivePort? { passivePorts.first { $0.id == id } }

    /// IDs of all ports, scanning ones first.
    public var portIDs: [String] { ports.map(\.id) + passivePorts.map(\.id) }
}

/// A place where beam reaches a patient: a fixed beam line or a rotating gantry.
public struct Port: BeamPort, Equatable {
    /// Which gantry angles the port can give.
    public enum Direction: Sendable, Equatable {
        /// A fixed beam line at one IEC gantry angle.
        case fixed(AngleDegrees)
        /// A rotating gantry.
        case rotating(ClosedRange<AngleDegrees>)
    }
    /// For example `room-e-horizontal`.
    public var id: String
    public var room: String
    public var direction: Direction
    /// Patient support (isocentric) angles that the couch can give.
    public var patientSupportAngles: ClosedRange<AngleDegrees>
    public var nozzle: Nozzle

    public init(
        id: String, room: String, direction: Direction,
        patientSupportAngles: ClosedRange<AngleDegrees>, nozzle: Nozzle
    ) {
        self.id = id
        self.room = room
        self.direction = direction
        self.patientSupportAngles = patientSupportAngles
        self.nozzle = nozzle
    }
}

/// A plate of the range shifter.
public struct RangeShifter: Sendable, Equatable {
    public var id: String
    /// Water-equivalent thickness, mm.
    public var waterEquivalentThicknessMM: Double
    /// Isocentre to the downstream face, mm.
    public var isocentreDistanceMM: Double
    /// Material, for example `PMMA`.
    public var material: String

    public init(
        id: String, waterEquivalentThicknessMM: Double, isocentreDistanceMM: Double,
        material: String
    ) {
        self.id = id
        self.waterEquivalentThicknessMM = waterEquivalentThicknessMM
        self.isocentreDistanceMM = isocentreDistanceMM
        self.material = material
    }
}

/// The scanned beam of one port at the isocentre in air.
public struct Nozzle: Sendable, Equatable {
    /// Beam size and divergence at one energy.
    public struct SpotSize: Sendable, Equatable {
        public var energy: EnergyPerNucleon
        /// Gaussian standard deviation at the isocentre in air, IEC gantry x and y, mm.
        public var sigmaMM: SIMD2<Double>
        /// RMS angular spread of the beam at the isocentre, x and y, mrad.
        public var divergenceMrad: SIMD2<Double>
        /// Correlation ρ of position and angle at the isocentre, x and y (−1...1).
        public var correlation: SIMD2<Double>

        public init(
            energy: EnergyPerNucleon, sigmaMM: SIMD2<Double>, divergenceMrad: SIMD2<Double>,
            correlation: SIMD2<Double>
        ) {
            self.energy = energy
            self.sigmaMM = sigmaMM
            self.divergenceMrad = divergenceMrad
            self.correlation = correlation
        }

        /// Variance in air at `upstreamMM` above the isocentre plane (negative below), mm²:
        /// σ² − 2 ρ σ θ z + θ² z².
        public func varianceMM2(upstreamMM z: Double) -> SIMD2<Double> {
            let theta = divergenceMrad * 1e-3
            return sigmaMM * sigmaMM - 2 * z * correlation * sigmaMM * theta + z * z * theta * theta
        }
    }

    /// Distance of the two virtual sources (scanning magnets x, y) from the isocentre, mm.
    public var virtualSourceDistancesMM: SIMD2<Double>
    /// Beam size against energy, from the lowest energy up; interpolated linearly between.
    public var spotSizes: [SpotSize]
    /// Relative RMS spread of the energy, σ(E)/E.
    public var relativeEnergySpread: Double
    /// Gaussian widening of the Bragg peak by the ridge (ripple) filter, σ in water, mm; 0 for none.
    public var ridgeFilterSigmaMM: Double
    /// Water-equivalent thickness that is always in the beam (window, monitors, mean of the ridge filter), mm.
    public var waterEquivalentThicknessMM: Double
    /// Half widths of the scan field at the isocentre, mm.
    public var fieldHalfWidthMM: SIMD2<Double>
    /// Scanning speed at the isocentre at the highest energy, x and y, mm/s.
    public var scanSpeedMMPerS: SIMD2<Double>
    public var rangeShifters: [RangeShifter]
    /// Least number of ions that can be delivered to a spot.
    public var minimumSpotParticles: Double
    /// Greatest number of ions in one spot visit.
    public var maximumSpotParticles: Double

    public init(
        virtualSourceDistancesMM: SIMD2<Double>, spotSizes: [SpotSize],
        relativeEnergySpread: Double, ridgeFilterSigmaMM: Double,
        waterEquivalentThicknessMM: Double, fieldHalfWidthMM: SIMD2<Double>,
        scanSpeedMMPerS: SIMD2<Double>, rangeShifters: [RangeShifter],
        minimumSpotParticles: Double, maximumSpotParticles: Double
    ) {
        self.virtualSourceDistancesMM = virtualSourceDistancesMM
        self.spotSizes = spotSizes
        self.relativeEnergySpread = relativeEnergySpread
        self.ridgeFilterSigmaMM = ridgeFilterSigmaMM
        self.waterEquivalentThicknessMM = waterEquivalentThicknessMM
        self.fieldHalfWidthMM = fieldHalfWidthMM
        self.scanSpeedMMPerS = scanSpeedMMPerS
        self.rangeShifters = rangeShifters
        self.minimumSpotParticles = minimumSpotParticles
        self.maximumSpotParticles = maximumSpotParticles
    }

    /// The beam at one energy, linear between the tabulated energies; nil outside them.
    public func spotSize(at energy: EnergyPerNucleon) -> SpotSize? {
        guard let first = spotSizes.first, let last = spotSizes.last, energy >= first.energy,
            energy <= last.energy
        else { return nil }
        let upper = spotSizes.firstIndex { $0.energy >= energy } ?? 0
        if upper == 0 { return first }
        let (a, b) = (spotSizes[upper - 1], spotSizes[upper])
        let t = (energy - a.energy) / (b.energy - a.energy)
        return SpotSize(
            energy: energy, sigmaMM: a.sigmaMM + t * (b.sigmaMM - a.sigmaMM),
            divergenceMrad: a.divergenceMrad + t * (b.divergenceMrad - a.divergenceMrad),
            correlation: a.correlation + t * (b.correlation - a.correlation))
    }
}
