import BeamData
import CaseFiles
import FacilityModel
import Foundation
import Quantities
import Radiobiology
import TestSupport
import Testing

/// Spread-out peaks of 60 mm from the shipped beam data behind the nozzle of Data/machines/himac.yaml.
///
/// ## Source
/// Clinical RBE 2.4 at the centre of 290 MeV/u, 60 mm, and 3.0 where the dose-averaged LET is 80 keV/µm: Kanai et al.,
/// Int. J. Radiat. Oncol. Biol. Phys. 44 (1999) 201. z* = (0.764 − 0.172)/0.0615 = 9.63 Gy of the reference beam:
/// Inaniwa et al., Phys. Med. Biol. 60 (2015) 3271.
private enum Case {
    static let fractionDoseGyRBE = 3.8
    static let widthMM = 60.0

    static func peak(
        _ energy: Double, stepMM: Double, doseGyRBE: Double = fractionDoseGyRBE,
        model: ClinicalMKM = .nirs2015
    ) throws -> SpreadOutPeak {
        let folder = BeamDataValidation.dataFolder
        let machine = try MachineFile.read(path: folder + "/machines/himac.yaml").machine
        let set = try BeamDataStore.read(path: folder + "/" + BeamDataStore.relativePath(of: .carbon12))
        let request = SpreadOutPeak.Request(
            energyMeVPerNucleon: energy, widthMM: widthMM, fractionDoseGyRBE: doseGyRBE,
            stepMM: stepMM)
        return try SpreadOutPeak(
            request, beamData: set, nozzle: machine.ports[0].nozzle, model: model)
    }

    /// Ridge filter, energy spread and straggling (0.3 % of the range) are over after two standard deviations.
    static func endsMM(_ peak: SpreadOutPeak) -> Double {
        let straggling = 0.003 * peak.distalEdgeMM
        return 2 * (peak.rangeSigmaMM * peak.rangeSigmaMM + straggling * straggling).squareRoot()
    }

    static func flatness(_ peak: SpreadOutPeak) -> Double {
        peak.worstDeviation(fromGyRBE: fractionDoseGyRBE, widthMM: widthMM, endsMM: endsMM(peak))
    }

    /// What every test holds: the centre's clinical RBE, and flat clinical dose.
    static func check(_ peak: SpreadOutPeak) {
        expectClose(peak.centreRBE, 2.4, absolute: 0.15, because: "another nozzle and field than Kanai's")
        #expect(flatness(peak) <= 0.02)
    }
}

/// The same in coarse steps, so that every run of the tests sees a change of beam data or model.
@Suite struct SpreadOutPeakTests {
    @Test func centreHasTheClinicalRBEOfNIRS() throws {
        Case.check(try Case.peak(290, stepMM: 1))
    }

    @Test func withoutTheClinicalFactorTheCentreIsNearlyTheReferenceBeam() throws {
        var model = ClinicalMKM.nirs2015
        model.clinicalFactor = 1
        let peak = try Case.peak(290, stepMM: 1, doseGyRBE: 1.6, model: model)
        expectClose(
            peak.centreRBE, 1, absolute: 0.06, because: "the reference is a carbon beam like this one")
    }
}

@Suite(.enabled(if: ProcessInfo.processInfo.environment["KASANE_VALIDATE"] == "1"))
struct SpreadOutPeakValidation {
    @Test(arguments: [290.0, 350.0])
    func clinicalDoseIsFlatAndItsRBEIsThatOfNIRS(energy: Double) throws {
        let peak = try Case.peak(energy, stepMM: 0.25)
        print(
            "SOBP \(energy) MeV/u, edge \(peak.distalEdgeMM) mm, \(Case.fractionDoseGyRBE) Gy (RBE): centre RBE",
            "\(peak.centreRBE), z* \(peak.centreZStarGy) Gy, LETd \(peak.centreLETKeVPerUM) keV/um, dose",
            "\(peak.value(peak.dose, atMM: peak.centreMM)) Gy; flat to \(100 * Case.flatness(peak)) % without",
            "\(Case.endsMM(peak)) mm at the ends")
        let neutronPoint = try #require(peak.rbe(atLETKeVPerUM: 80))
        print(
            "SOBP \(energy) MeV/u: LETd 80 keV/um \(peak.distalEdgeMM - neutronPoint.depthMM) mm before the edge, RBE",
            neutronPoint.rbe)
        try ValidationCurves.write(
            "sobp-\(Int(energy))",
            columns: [
                ("depth_mm", peak.dose.indices.map { Double($0) * peak.stepMM }), ("dose_gy", peak.dose),
                ("clinical_gy_rbe", peak.clinicalDose), ("zstar_dose", peak.doseZStar),
                ("let_dose", peak.doseLET),
            ])
        Case.check(peak)
        expectClose(
            peak.centreZStarGy, 9.63, relative: 0.08, because: "reference beam; 8 % of z* are 6 % of alpha")
        expectClose(neutronPoint.rbe, 3.0, absolute: 0.2, because: "neutron point of Kanai 1999")
    }
}
