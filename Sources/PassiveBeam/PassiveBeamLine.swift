import BeamData
import FacilityModel
import PencilBeam
import PlanModel
import Quantities
import Radiobiology

/// The beam of one passive nozzle at one energy: what planning and dose take from machine file and beam data.
///
/// ## Checked by
/// `PassiveDoseTests`.
public struct PassiveBeamLine: Sendable {
    public let nozzle: PassiveNozzle
    public let ion: Isotope
    public let setting: PassiveNozzle.BeamSetting
    /// The beam in water, depth 0 at the nozzle's entrance.
    public let beam: BeamDepthTable
    public let biology: BiologicalModel
    /// The nozzle without range shifter and ridge filter.
    public let open: BeamPassage

    /// - Parameters:
    ///   - nozzle: The passive nozzle.
    ///   - ion: The ion.
    ///   - setting: Energy, wobbler radius and scatterer.
    ///   - biology: What the ridge filters are flat in.
    ///   - depthTable: Gives the beam in water, with its energy spread.
    /// - Throws: `PassiveBeamError`, what `depthTable` throws.
    public init(
        nozzle: PassiveNozzle, ion: Isotope, setting: PassiveNozzle.BeamSetting, biology: BiologicalModel,
        depthTable: DepthTableSource
    ) throws {
        self.nozzle = nozzle
        self.ion = ion
        self.setting = setting
        self.biology = biology
        beam = try depthTable(setting.energy)
        open = try BeamPassage(
            nozzle: nozzle, ion: ion, setting: setting, rangeShifterMM: 0, ridgeMM: 0)
    }

    /// Depth of the deepest peak behind the nozzle without range shifter, mm of water.
    public var reachMM: Double { BroadBeamTable.peakDepthMM(of: beam) - open.waterMM }

    /// The lateral fluence at the isocentre.
    public func fluence(behind passage: BeamPassage) -> WobbledFluence {
        WobbledFluence(radiusMM: setting.wobblerRadiusMM, sigmaMM: passage.sigmaAtIsocentreMM)
    }

    /// The ridge filter of a width, or the narrow one of layer stacking.
    ///
    /// - Throws: `PassiveBeamError`: `noRidgeFilter`, and what the design throws.
    public func ridgeFilter(widthMM: Double) throws -> RidgeFilter {
        let known = nozzle.ridgeFilters.widthsMM + (nozzle.layerStacking.map { [$0.miniPeakWidthMM] } ?? [])
        guard known.contains(where: { abs($0 - widthMM) < 1e-6 }) else {
            throw PassiveBeamError.noRidgeFilter(widthMM: widthMM, available: known)
        }
        let isMini = nozzle.layerStacking.map { abs($0.miniPeakWidthMM - widthMM) < 1e-6 } ?? false
        return try RidgeFilter(
            energy: setting.energy, widthMM: widthMM, shape: isMini ? .miniPeak : .flat,
            filters: nozzle.ridgeFilters, beam: beam, passage: open,
            biology: biology)
    }

    /// Nozzle with the plates of a slice and a filter.
    public func passage(rangeShifterMM: Double, filter: RidgeFilter) throws -> BeamPassage {
        try BeamPassage(
            nozzle: nozzle, ion: ion, setting: setting, rangeShifterMM: rangeShifterMM,
            ridgeMM: filter.meanThicknessMM)
    }

    /// Depth doses behind it.
    public func table(
        behind passage: BeamPassage, filter: RidgeFilter, widthRangeMM: Double? = nil
    ) throws(PassiveBeamError) -> BroadBeamTable {
        try BroadBeamTable(
            beam: beam, upstreamWaterMM: passage.waterMM, upstreamExcessMM: passage.nuclearExcessMM,
            mixture: filter.mixture, widthRangeMM: widthRangeMM)
    }

    /// The setting of a delivery.
    ///
    /// - Throws: `PassiveBeamError.noBeamSetting`.
    public static func setting(
        of delivery: PassiveDelivery, nozzle: PassiveNozzle
    ) throws(PassiveBeamError) -> PassiveNozzle.BeamSetting {
        guard
            let known = nozzle.spreading.settings.first(where: {
                $0.energy == delivery.energy && $0.wobblerRadiusMM == delivery.wobblerRadiusMM
                    && $0.scattererThicknessMM == delivery.scattererThicknessMM
            })
        else { throw .noBeamSetting(delivery.energy, fieldDiameterMM: 2 * delivery.wobblerRadiusMM) }
        return known
    }
}
