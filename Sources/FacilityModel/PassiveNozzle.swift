import Quantities

/// A passive (broad-beam) nozzle: wobbler and scatterer make a wide flat beam, a ridge filter spreads its Bragg peak, and
/// range shifter, multileaf collimator and bolus fit it to one target.
///
/// Distances are from the isocentre, upstream, mm. Order of the devices: wobbler, scatterer, monitors, ridge filter, range
/// shifter, collimator, bolus.
///
/// ## Source
/// Kanai et al., Int. J. Radiat. Oncol. Biol. Phys. 44 (1999) 201 (HIMAC); figures stand in the machine file.
/// ## Checked by
/// `PassiveNozzleReaderTests`.
public struct PassiveNozzle: Sendable, Equatable {
    /// Wobbler and scatterer for one energy and field.
    public struct BeamSetting: Sendable, Equatable {
        /// Energy in front of the scatterer.
        public var energy: EnergyPerNucleon
        /// Diameter of the field that is flat at the isocentre, mm.
        public var fieldDiameterMM: Double
        /// Radius of the circle that the beam's axis draws in the isocentre plane, mm.
        public var wobblerRadiusMM: Double
        /// Thickness of the scatterer, mm.
        public var scattererThicknessMM: Double

        public init(
            energy: EnergyPerNucleon, fieldDiameterMM: Double, wobblerRadiusMM: Double,
            scattererThicknessMM: Double
        ) {
            self.energy = energy
            self.fieldDiameterMM = fieldDiameterMM
            self.wobblerRadiusMM = wobblerRadiusMM
            self.scattererThicknessMM = scattererThicknessMM
        }
    }

    /// The unspread beam and what spreads it.
    public struct Spreading: Sendable, Equatable {
        /// Centre of the wobbler magnets.
        public var wobblerDistanceMM: Double
        public var scattererDistanceMM: Double
        /// For example `lead`.
        public var scattererMaterial: String
        /// σ of the unspread beam at the scatterer, mm.
        public var beamSigmaMM: Double
        /// Relative RMS spread of the energy, σ(E)/E.
        public var relativeEnergySpread: Double
        /// By energy and field.
        public var settings: [BeamSetting]

        public init(
            wobblerDistanceMM: Double, scattererDistanceMM: Double, scattererMaterial: String,
            beamSigmaMM: Double, relativeEnergySpread: Double, settings: [BeamSetting]
        ) {
            self.wobblerDistanceMM = wobblerDistanceMM
            self.scattererDistanceMM = scattererDistanceMM
            self.scattererMaterial = scattererMaterial
            self.beamSigmaMM = beamSigmaMM
            self.relativeEnergySpread = relativeEnergySpread
            self.settings = settings
        }
    }

    /// What is always in the beam besides the devices.
    public struct Path: Sendable, Equatable {
        /// Vacuum window: from here to the isocentre the beam passes air.
        public var vacuumWindowDistanceMM: Double
        /// Water-equivalent thickness of window and monitors together, mm.
        public var monitorWaterMM: Double
        /// Where they count as standing.
        public var monitorDistanceMM: Double

        public init(vacuumWindowDistanceMM: Double, monitorWaterMM: Double, monitorDistanceMM: Double) {
            self.vacuumWindowDistanceMM = vacuumWindowDistanceMM
            self.monitorWaterMM = monitorWaterMM
            self.monitorDistanceMM = monitorDistanceMM
        }
    }

    /// The ridge filters that exist.
    public struct RidgeFilters: Sendable, Equatable {
        /// Material of the bars, for example `aluminium`.
        public var material: String
        public var distanceMM: Double
        /// Distance of neighbouring bars, mm.
        public var barPitchMM: Double
        /// Widths of the spread-out Bragg peaks, mm of water, ascending; a filter is named by its width.
        public var widthsMM: [Double]
        /// RBE-weighted dose of a fraction that the filters are flat for, Gy (RBE).
        public var referenceDoseGyRBE: Double

        public init(
            material: String, distanceMM: Double, barPitchMM: Double, widthsMM: [Double],
            referenceDoseGyRBE: Double
        ) {
            self.material = material
            self.distanceMM = distanceMM
            self.barPitchMM = barPitchMM
            self.widthsMM = widthsMM
            self.referenceDoseGyRBE = referenceDoseGyRBE
        }
    }

    /// Plates that are put into the beam in any combination.
    public struct RangeShifterStack: Sendable, Equatable {
        /// For example `pmma`.
        public var material: String
        /// True thickness of each plate, mm, ascending.
        public var platesMM: [Double]
        public var distanceMM: Double

        public init(material: String, platesMM: [Double], distanceMM: Double) {
            self.material = material
            self.platesMM = platesMM
            self.distanceMM = distanceMM
        }
    }

    /// A multileaf collimator whose leaves move along IEC x.
    public struct Collimator: Sendable, Equatable {
        /// Middle of the leaves.
        public var distanceMM: Double
        /// Width of a leaf at the collimator, mm.
        public var leafWidthMM: Double
        /// Number of leaf pairs, side by side along IEC y, centred on the axis.
        public var leafPairCount: Int
        /// Positions that a leaf's end can take at the collimator, from the axis outwards on its own side, mm: the lower limit is
        /// negative if it can cross the axis.
        public var travelMM: ClosedRange<Double>

        public init(
            distanceMM: Double, leafWidthMM: Double, leafPairCount: Int, travelMM: ClosedRange<Double>
        ) {
            self.distanceMM = distanceMM
            self.leafWidthMM = leafWidthMM
            self.leafPairCount = leafPairCount
            self.travelMM = travelMM
        }
    }

    /// What boli are milled from, and how.
    public struct BolusBlank: Sendable, Equatable {
        /// For example `polyethylene`.
        public var material: String
        /// Flat downstream face.
        public var distanceMM: Double
        /// Least thickness that is left under the tool, mm.
        public var leastThicknessMM: Double
        /// Thickness of the blank, mm.
        public var greatestThicknessMM: Double
        /// Diameter of the milling tool, mm.
        public var toolDiameterMM: Double

        public init(
            material: String, distanceMM: Double, leastThicknessMM: Double, greatestThicknessMM: Double,
            toolDiameterMM: Double
        ) {
            self.material = material
            self.distanceMM = distanceMM
            self.leastThicknessMM = leastThicknessMM
            self.greatestThicknessMM = greatestThicknessMM
            self.toolDiameterMM = toolDiameterMM
        }
    }

    /// Layer stacking: a narrow peak that the range shifter moves, the collimator reshaped at each step.
    public struct LayerStacking: Sendable, Equatable {
        /// Width of the narrow spread-out peak, mm of water.
        public var miniPeakWidthMM: Double
        /// Distance of the slices, mm of water.
        public var stepMM: Double

        public init(miniPeakWidthMM: Double, stepMM: Double) {
            self.miniPeakWidthMM = miniPeakWidthMM
            self.stepMM = stepMM
        }
    }

    public var spreading: Spreading
    public var path: Path
    public var ridgeFilters: RidgeFilters
    public var rangeShifter: RangeShifterStack
    public var collimator: Collimator
    public var bolus: BolusBlank
    /// Nil where the port has none.
    public var layerStacking: LayerStacking?
    /// Diameter of the largest field, mm.
    public var fieldDiameterMM: Double
    /// Greatest deviation of the fluence over the field from its middle value: (max − min)/(max + min).
    public var flatness: Double
    /// Usual dose rate, Gy (RBE)/min.
    public var doseRateGyRBEPerMin: Double

    public init(
        spreading: Spreading, path: Path, ridgeFilters: RidgeFilters, rangeShifter: RangeShifterStack,
        collimator: Collimator, bolus: BolusBlank, layerStacking: LayerStacking?, fieldDiameterMM: Double,
        flatness: Double, doseRateGyRBEPerMin: Double
    ) {
        self.spreading = spreading
        self.path = path
        self.ridgeFilters = ridgeFilters
        self.rangeShifter = rangeShifter
        self.collimator = collimator
        self.bolus = bolus
        self.layerStacking = layerStacking
        self.fieldDiameterMM = fieldDiameterMM
        self.flatness = flatness
        self.doseRateGyRBEPerMin = doseRateGyRBEPerMin
    }

    /// Energies with a setting, from the highest down.
    public var energies: [EnergyPerNucleon] { Set(spreading.settings.map(\.energy)).sorted(by: >) }
}

/// A port that treats with a passive nozzle.
public struct PassivePort: BeamPort, Equatable {
    public var id: String
    public var room: String
    public var direction: Port.Direction
    public var patientSupportAngles: ClosedRange<AngleDegrees>
    public var nozzle: PassiveNozzle

    public init(
        id: String, room: String, direction: Port.Direction,
        patientSupportAngles: ClosedRange<AngleDegrees>, nozzle: PassiveNozzle
    ) {
        self.id = id
        self.room = room
        self.direction = direction
        self.patientSupportAngles = patientSupportAngles
        self.nozzle = nozzle
    }
}
