import Foundation
import IonTransport
import Quantities
import TestSupport
import Testing

extension TransportValidation {
    /// Slowing down, straggling and scattering alone: where the whole depth doses differ, this tells apart what is nuclear.
    @Suite(.serialized) struct WithoutReactions {
        @Test func peaksAreThoseOfGeant4() async throws {
            let transport = try WaterTransport()
            for row in try ReferenceTable("geant4/water_electromagnetic.csv").rows {
                let energy = try row.number("energy_MeV_per_u")
                let edge = try row.number("distal80_mm")
                var request = WaterTransportRequest(
                    projectile: .carbon12, energyMeVPerNucleon: energy, histories: 20_000, seed: 701,
                    depthStepMM: 0.05, depthMM: edge + 10)
                request.nuclearReactions = false
                request.sigmaMM = 3
                let result = try await transport.run(request, threads: 2)
                let dose = DepthDose(result.energyMeV, stepMM: request.depthStepMM)
                let peak = dose.stretched(toDistal80MM: edge).peak
                let theirs = (height: try row.number("peak_MeV"), width: try row.number("fwhm_mm"))
                print(
                    "without reactions, \(energy) MeV/u: distal 80 %",
                    ReportText.signed(dose.peak.distal80MM - edge),
                    "mm of \(edge); peak height at equal range",
                    ReportText.signed(100 * (peak.value / theirs.height - 1)), "%, full width",
                    ReportText.signed(100 * (peak.fullWidthMM / theirs.width - 1)), "%")
            }
        }
    }
}
