import BeamData
import CaseFiles
import FacilityModel
import IonPhysics
import PassiveBeam
import PencilBeam
import Quantities
import Radiobiology
import TestSupport
import Testing

/// The passive ports as the machine file describes them: what they promise, they do.
@Suite struct PassiveMachineTests {
    private static func nozzle() throws -> PassiveNozzle {
        let store = try DataStore.find()
        let machine = try MachineFile.read(path: store.machinePath("himac")).machine
        return try #require(machine.passivePorts.first).nozzle
    }

    private static func depthTable(_ nozzle: PassiveNozzle) throws -> DepthTableSource {
        let set = try BeamDataStore.read(
            path: DataStore.find().path(BeamDataStore.relativePath(of: .carbon12)))
        let spread = nozzle.spreading.relativeEnergySpread
        return {
            try set.depthTable(energyMeVPerNucleon: $0.value, relativeEnergySpread: spread, stepMM: 0.25)
        }
    }

    /// Every setting of wobbler and scatterer makes its field flat, with and without range shifter and ridge filter.
    @Test func everySettingIsFlatOverItsField() throws {
        let nozzle = try Self.nozzle()
        for setting in nozzle.spreading.settings {
            for (shifter, ridge) in [(0.0, 0.0), (0, 12), (30, 12)] {
                let passage = try BeamPassage(
                    nozzle: nozzle, ion: .carbon12, setting: setting, rangeShifterMM: shifter, ridgeMM: ridge)
                let fluence = WobbledFluence(
                    radiusMM: setting.wobblerRadiusMM, sigmaMM: passage.sigmaAtIsocentreMM)
                let flatness = fluence.flatness(withinMM: setting.fieldDiameterMM / 2)
                // With much material below the scatterer the beam is wider than the setting was made for.
                #expect(
                    flatness <= (shifter == 0 && ridge == 0 ? nozzle.flatness : 0.04),
                    "\(setting): \(flatness)")
            }
        }
    }

    /// Filters that the beam's residual range can take are flat in RBE-weighted dose at each energy.
    @Test(arguments: [290.0, 350, 400]) func theFiltersAreFlat(energy: Double) throws {
        let nozzle = try Self.nozzle()
        let setting = try #require(
            nozzle.spreading.settings.first { $0.energy.value == energy && $0.fieldDiameterMM == 200 })
        let line = try PassiveBeamLine(
            nozzle: nozzle, ion: .carbon12, setting: setting, biology: .clinicalMKM(.nirs2015),
            depthTable: Self.depthTable(nozzle))
        for width in nozzle.ridgeFilters.widthsMM where width < line.reachMM - 10 {
            #expect(try line.ridgeFilter(widthMM: width).flatness <= nozzle.flatness)
        }
    }
}
