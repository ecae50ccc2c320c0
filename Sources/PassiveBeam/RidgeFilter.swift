import BeamData
import FacilityModel
import IonPhysics
import PencilBeam
import Quantities
import Radiobiology

#if canImport(Glibc)
    import Glibc
#endif

/// A ridge filter that spreads the peak of one energy to a width, flat in RBE-weighted dose, with its bars.
///
/// The weights of the peaks are those of equation 4 with curves moved by 0, 1, 2, ... mm of water. A bar of pitch P lets the
/// share p_j of the ions pass at thickness t_j, so its width at height h is
///
///     b(h) = P Σ_{t_j ≥ h} p_j                                                                        (6)
///
/// The narrow peak of layer stacking falls from its end linearly to half of its height at the width, so that peaks a step apart
/// add up without ripple and the distal edge of the deepest stays steep.
///
/// ## Source
/// Kanai et al., Int. J. Radiat. Oncol. Biol. Phys. 44 (1999) 201: ridge filters of aluminium bars, designed for a flat
/// biological dose.
/// ## Checked by
/// `RidgeFilterTests`.
public struct RidgeFilter: Sendable {
    /// Form of the RBE-weighted dose within the width.
    public enum Shape: Hashable, Sendable {
        case flat
        /// Falling from the end to half of it at the width.
        case miniPeak
    }

    /// Energy that it is made for, in front of the scatterer.
    public let energy: EnergyPerNucleon
    /// Width of the flat part, mm of water.
    public let widthMM: Double
    /// Thickness and share of the steps.
    public let mixture: RangeMixture
    /// (max − min)/(max + min) of C/(C₀ s), the RBE-weighted dose over what it should be, from the first peak to the last, for the reference dose.
    public let flatness: Double
    /// Thickness of the material for 1 mm of water, mm.
    public let materialPerWater: Double

    /// Distance of the steps, mm of water.
    public static let stepMM = 1.0
    /// μ of equation 4.
    static let smoothness = 2e-6
    /// Flatness that a filter must have.
    public static let allowedFlatness = 0.025

    /// What a narrow peak may have: what remains is for the weights of the slices.
    static let allowedMiniPeakFlatness = 0.15

    /// Designs the filter.
    ///
    /// - Parameters:
    ///   - energy: Energy in front of the scatterer.
    ///   - widthMM: Width of the flat part, mm of water.
    ///   - shape: Form within the width.
    ///   - filters: Material and reference dose.
    ///   - beam: The beam of that energy in water, depth 0 at the nozzle's entrance.
    ///   - passage: The nozzle without range shifter.
    ///   - biology: How dose counts.
    /// - Throws: `PassiveBeamError`: `peakTooWide`, `peakNotFlat`, `unknownMaterial`.
    public init(
        energy: EnergyPerNucleon, widthMM: Double, shape: Shape = .flat, filters: PassiveNozzle.RidgeFilters,
        beam: BeamDepthTable, passage: BeamPassage, biology: BiologicalModel
    ) throws(PassiveBeamError) {
        let properties: MaterialProperties
        do { properties = MaterialProperties(try Material.named(filters.material)) } catch {
            throw .unknownMaterial(filters.material, device: "ridge filter")
        }
        let excess = properties.nuclearRatio / properties.stoppingPowerRatio - 1
        let steps = Int((widthMM / Self.stepMM).rounded())
        let thicknesses = (0...steps).map { Double($0) * Self.stepMM }
        let distal = BroadBeamTable.peakDepthMM(of: beam) - passage.waterMM
        guard widthMM < distal else { throw .peakTooWide(widthMM: widthMM, residualRangeMM: distal) }
        let depths = Self.depths(from: distal - widthMM, to: distal)
        // The field opens towards the patient: the middle of the flat part stands at the isocentre.
        let middle = distal - widthMM / 2
        var curves: [FlatDoseSolver.Curve] = []
        for thickness in thicknesses {
            let table = try BroadBeamTable(
                beam: beam, upstreamWaterMM: passage.waterMM, upstreamExcessMM: passage.nuclearExcessMM,
                mixture: RangeMixture(thicknessMM: [thickness], shares: [1], nuclearExcess: excess))
            curves.append(
                Self.curve(of: table, at: depths, middleMM: middle, sourceMM: passage.sourceDistanceMM))
        }
        let result = FlatDoseSolver(
            biology: biology, level: filters.referenceDoseGyRBE, smoothness: Self.smoothness
        ).solve(curves, shape: shape == .flat ? nil : depths.map { 1 - 0.5 * (distal - $0) / widthMM })
        guard
            result.flatness <= (shape == .flat ? Self.allowedFlatness : Self.allowedMiniPeakFlatness)
        else {
            throw .peakNotFlat(widthMM: widthMM, deviation: result.flatness)
        }
        let sum = result.weights.reduce(0, +)
        self.energy = energy
        self.widthMM = widthMM
        mixture = RangeMixture(
            thicknessMM: thicknesses, shares: result.weights.map { $0 / sum }, nuclearExcess: excess)
        flatness = result.flatness
        materialPerWater = 1 / properties.stoppingPowerRatio
    }

    /// Mean thickness of the bars, mm of their material.
    public var meanThicknessMM: Double { mixture.meanMM * materialPerWater }

    /// The bar: width at each height, mm of its material, from the foot up (equation 6).
    ///
    /// - Parameter pitchMM: Distance of neighbouring bars, mm.
    public func bar(pitchMM: Double) -> [(heightMM: Double, widthMM: Double)] {
        var left = 1.0
        var bar: [(heightMM: Double, widthMM: Double)] = []
        for (thickness, share) in zip(mixture.thicknessMM, mixture.shares) {
            bar.append((thickness * materialPerWater, pitchMM * max(0, left)))
            left -= share
        }
        return bar
    }

    /// Depths every half millimetre, both ends included.
    static func depths(from: Double, to: Double) -> [Double] {
        let count = max(1, Int(((to - from) / 0.5).rounded()))
        return (0...count).map { from + (to - from) * Double($0) / Double(count) }
    }

    /// A table's broad-beam dose at depths, with the widening of the field about its middle.
    static func curve(
        of table: BroadBeamTable, at depths: [Double], middleMM: Double, sourceMM: Double
    ) -> FlatDoseSolver.Curve {
        var curve = FlatDoseSolver.Curve(dose: [], doseZStar: [])
        for depth in depths {
            let widening = 1 + (depth - middleMM) / sourceMM
            let value = table.broadBeam(atWaterMM: depth)
            curve.dose.append(value.dose / (widening * widening))
            curve.doseZStar.append(value.doseZStar / (widening * widening))
        }
        return curve
    }
}
