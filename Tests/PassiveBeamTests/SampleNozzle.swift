import BeamData
import FacilityModel
import Foundation
import PassiveBeam
import PencilBeam
import Quantities

/// A nozzle like those of HIMAC, and the shipped beam data.
enum Sample {
    /// The shipped carbon beam with the nozzle's energy spread.
    static let depthTable: DepthTableSource = {
        try beamData.depthTable(
            energyMeVPerNucleon: $0.value, relativeEnergySpread: 0.001, stepMM: 0.25)
    }

    static let beamData: BeamDataSet = {
        let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let file = root.appendingPathComponent("Data/beam/carbon/water.kbd")
        guard let data = try? Data(contentsOf: file), let set = try? BeamDataSet(bytes: Array(data)) else {
            preconditionFailure("beam data of the project cannot be read")
        }
        return set
    }()

    static let nozzle = PassiveNozzle(
        spreading: PassiveNozzle.Spreading(
            wobblerDistanceMM: 11_500, scattererDistanceMM: 10_500, scattererMaterial: "lead", beamSigmaMM: 8,
            relativeEnergySpread: 0.001,
            settings: [
                (290, 100, 58.5, 0.30), (290, 150, 87.5, 0.75), (290, 200, 116.5, 1.38),
                (350, 200, 116.5, 1.95),
                (400, 200, 117, 2.49),
            ].map {
                .init(
                    energy: EnergyPerNucleon($0.0), fieldDiameterMM: $0.1, wobblerRadiusMM: $0.2,
                    scattererThicknessMM: $0.3)
            }),
        path: PassiveNozzle.Path(
            vacuumWindowDistanceMM: 10_800, monitorWaterMM: 1.5, monitorDistanceMM: 2600),
        ridgeFilters: PassiveNozzle.RidgeFilters(
            material: "aluminium", distanceMM: 2200, barPitchMM: 5, widthsMM: [30, 40, 50, 60, 80, 100, 120],
            referenceDoseGyRBE: 4),
        rangeShifter: PassiveNozzle.RangeShifterStack(
            material: "pmma", platesMM: [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64], distanceMM: 1300),
        collimator: PassiveNozzle.Collimator(
            distanceMM: 500, leafWidthMM: 2.5, leafPairCount: 80, travelMM: -50...100),
        bolus: PassiveNozzle.BolusBlank(
            material: "polyethylene", distanceMM: 300, leastThicknessMM: 3, greatestThicknessMM: 120,
            toolDiameterMM: 6),
        layerStacking: PassiveNozzle.LayerStacking(miniPeakWidthMM: 10, stepMM: 2.5), fieldDiameterMM: 200,
        flatness: 0.025, doseRateGyRBEPerMin: 5)
}
