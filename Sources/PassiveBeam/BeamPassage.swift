import FacilityModel
import IonPhysics
import PencilBeam
import Quantities

/// The beam from the vacuum window to the isocentre: water-equivalent losses and multiple scattering in all devices and the air
/// between them, by the moments of Fermi and Eyges.
///
///     d⟨θ²⟩ = T ds,  T = ρ_M T_w(E)            d⟨xθ⟩ = ⟨θ²⟩ ds            d⟨x²⟩ = 2⟨xθ⟩ ds              (1)
///
/// T_w is Rossi's scattering power in water at the energy that the residual range leaves. The circle of the wobbler adds, for
/// one axis, R²/2, R R′/2 and R′²/2 with R its radius at that place and R′ = R_iso/L_w its angle.
///
/// In a wide flat beam the position is known at the collimator, so the angle that is left unknown there, and the point that the
/// beam seems to come from, are
///
///     σ_θ² = ⟨θ²⟩ − ⟨xθ⟩²/⟨x²⟩ ,     S = z_c + ⟨x²⟩/⟨xθ⟩                                                 (2)
///
/// ## Source
/// Gottschalk, Med. Phys. 37 (2010) 352 (scattering power); Hong et al., Phys. Med. Biol. 41 (1996) 1305 (effective source).
/// ## Checked by
/// `BeamPassageTests`.
public struct BeamPassage: Sendable {
    /// Water-equivalent thickness of everything but the ridge filter, mm.
    public let waterMM: Double
    /// ∫ (ρ_N − ρ_S) ds over the same, mm of water: how much more nuclei it has than its stopping power tells.
    public let nuclearExcessMM: Double
    /// σ of the beam at the isocentre without wobbling, mm.
    public let sigmaAtIsocentreMM: Double
    /// S of equation 2: isocentre to the point that the beam seems to come from, mm.
    public let sourceDistanceMM: Double
    /// σ_θ of equation 2 at the collimator, rad.
    public let angleAtCollimatorRad: Double
    /// σ of the source that gives this angle, mm: σ_θ (S − z_c).
    public var sourceSigmaMM: Double { angleAtCollimatorRad * (sourceDistanceMM - collimatorDistanceMM) }
    private let collimatorDistanceMM: Double

    private struct Device {
        var material: Material
        var distanceMM: Double
        var thicknessMM: Double
        var isRidge = false
    }

    /// - Parameters:
    ///   - nozzle: The passive nozzle.
    ///   - ion: The ion.
    ///   - setting: Energy, wobbler radius and scatterer.
    ///   - rangeShifterMM: True thickness of the plates in the beam.
    ///   - ridgeMM: Mean thickness of the ridge filter, for its scattering alone.
    /// - Throws: `unknownMaterial`, `beamStops`.
    public init(
        nozzle: PassiveNozzle, ion: Isotope, setting: PassiveNozzle.BeamSetting, rangeShifterMM: Double,
        ridgeMM: Double
    ) throws {
        func material(_ name: String, _ device: String) throws(PassiveBeamError) -> Material {
            do { return try Material.named(name) } catch { throw .unknownMaterial(name, device: device) }
        }
        let devices = [
            Device(
                material: try material(nozzle.spreading.scattererMaterial, "scatterer"),
                distanceMM: nozzle.spreading.scattererDistanceMM, thicknessMM: setting.scattererThicknessMM),
            Device(
                material: .water, distanceMM: nozzle.path.monitorDistanceMM,
                thicknessMM: nozzle.path.monitorWaterMM),
            Device(
                material: try material(nozzle.ridgeFilters.material, "ridge filter"),
                distanceMM: nozzle.ridgeFilters.distanceMM, thicknessMM: ridgeMM, isRidge: true),
            Device(
                material: try material(nozzle.rangeShifter.material, "range shifter"),
                distanceMM: nozzle.rangeShifter.distanceMM, thicknessMM: rangeShifterMM),
        ].sorted { $0.distanceMM > $1.distanceMM }
        let table = try RangeTable(ion)
        var walk = Walk(
            table: table, energy: setting.energy,
            moments: Self.start(nozzle: nozzle, setting: setting), place: nozzle.path.vacuumWindowDistanceMM)
        for device in devices {
            try walk.air(to: device.distanceMM + device.thicknessMM)
            try walk.pass(device.material, lengthMM: device.thicknessMM, counts: !device.isRidge)
        }
        try walk.air(to: nozzle.collimator.distanceMM)
        // Moments at the collimator with the circle of the wobbler.
        let reach = nozzle.spreading.wobblerDistanceMM
        let (here, turn) = (
            setting.wobblerRadiusMM * (reach - nozzle.collimator.distanceMM) / reach,
            setting.wobblerRadiusMM / reach
        )
        let variance = walk.moments.variance + here * here / 2
        let covariance = walk.moments.covariance + here * turn / 2
        let angle = walk.moments.angle + turn * turn / 2
        collimatorDistanceMM = nozzle.collimator.distanceMM
        sourceDistanceMM = nozzle.collimator.distanceMM + variance / covariance
        angleAtCollimatorRad = max(0, angle - covariance * covariance / variance).squareRoot()
        try walk.air(to: 0)
        waterMM = walk.waterMM
        nuclearExcessMM = walk.excessMM
        sigmaAtIsocentreMM = walk.moments.variance.squareRoot()
    }

    /// The unspread beam at the vacuum window: a parallel beam of the size that it has at the scatterer.
    private static func start(
        nozzle: PassiveNozzle, setting: PassiveNozzle.BeamSetting
    ) -> FermiEygesMoments {
        let sigma = nozzle.spreading.beamSigmaMM
        return FermiEygesMoments(variance: sigma * sigma)
    }

    /// Running sums on the way down.
    private struct Walk {
        let table: RangeTable
        let energy: EnergyPerNucleon
        var moments: FermiEygesMoments
        /// Distance to the isocentre, mm.
        var place: Double
        var waterMM = 0.0
        var excessMM = 0.0
        /// Water with the ridge filter: what has been lost of the range.
        private var lostMM = 0.0
        private static let airProperties = MaterialProperties(.air)

        init(table: RangeTable, energy: EnergyPerNucleon, moments: FermiEygesMoments, place: Double) {
            self.table = table
            self.energy = energy
            self.moments = moments
            self.place = place
        }

        /// Air down to a place; a place that has been passed already is where devices touch.
        mutating func air(to distanceMM: Double) throws {
            let length = place - distanceMM
            if length > 0 { try pass(Self.airProperties, lengthMM: length, counts: true) }
        }

        mutating func pass(_ material: Material, lengthMM: Double, counts: Bool) throws {
            guard lengthMM > 0 else { return }
            try pass(MaterialProperties(material), lengthMM: lengthMM, counts: counts)
        }

        private mutating func pass(_ properties: MaterialProperties, lengthMM: Double, counts: Bool) throws {
            let range = table.rangeMM(energyMeVPerNucleon: energy.value)
            let water = properties.stoppingPowerRatio * lengthMM
            let steps = max(1, Int((water / 0.5).rounded(.up)))
            let step = lengthMM / Double(steps)
            for _ in 0..<steps {
                let residual = range - lostMM - 0.5 * water / Double(steps)
                guard residual > 1 else {
                    throw PassiveBeamError.beamStops(energy, waterMM: lostMM + water)
                }
                let power =
                    properties.scatteringRatio
                    * ScatteringPower.rossiRad2PerMM(
                        ion: table.ion, energyMeVPerNucleon: table.energyMeVPerNucleon(rangeMM: residual))
                moments.pass(power: power, lengthMM: step)
                lostMM += water / Double(steps)
            }
            place -= lengthMM
            if counts {
                waterMM += water
                excessMM += (properties.nuclearRatio - properties.stoppingPowerRatio) * lengthMM
            }
        }
    }
}
