import AcceleratorModel
import FacilityModel
import Quantities

/// Two accelerators of the kind that treat with carbon ions, with figures of their own.
extension Accelerator {
    /// A ring of 129.6 m behind an Alvarez linac.
    static var large: Accelerator {
        Accelerator(
            name: "large", isotope: .carbon12,
            injector: chain(
                currentUA: 300, pulseUS: 700, sourceMeV: 0.008, rfqMeV: 0.8, linacMeV: 6, megahertz: 100,
                transmissions: [0.85, 0.85, 0.9, 0.9]),
            injection: MultiTurnInjection(
                acceptanceUM: 264, betaAtSeptumM: 8, tune: 3.69, septumThicknessMM: 0.5,
                injectedEmittanceUM: 7.5, betaRatio: 0.25, clearanceSigmas: 1.25, injectedTurns: 36,
                bumpTurns: 39),
            ring: RingFigures(
                circumferenceM: 129.6, bendingRadiusM: 6.5, greatestFieldT: 1.5, rampRateTPerS: 2.0,
                roundingS: 0.05, tunes: SIMD2(3.69, 3.13), transitionGamma: 3.7, momentumAcceptance: 0.006,
                verticalEmittanceUM: 20),
            radioFrequency: RFFigures(
                harmonic: 4, bandMHz: 1.0...8.0, greatestVoltageV: 6000, captureStartV: 20, captureEndV: 900,
                captureS: 0.03, momentumSpread: 0.0006),
            extractionEfficiency: 0.9)
    }

    /// A ring of 63 m behind an IH linac.
    static var small: Accelerator {
        Accelerator(
            name: "small", isotope: .carbon12,
            injector: chain(
                currentUA: 230, pulseUS: 200, sourceMeV: 0.010, rfqMeV: 0.6, linacMeV: 4.03, megahertz: 200,
                transmissions: [0.9, 0.88, 0.9, 0.9]),
            injection: MultiTurnInjection(
                acceptanceUM: 200, betaAtSeptumM: 10, tune: 1.68, septumThicknessMM: 0.5,
                injectedEmittanceUM: 10, betaRatio: 0.2, clearanceSigmas: 1.25, injectedTurns: 20,
                bumpTurns: 22),
            ring: RingFigures(
                circumferenceM: 63, bendingRadiusM: 4.4, greatestFieldT: 1.55, rampRateTPerS: 2.0,
                roundingS: 0.05, tunes: SIMD2(1.68, 1.13), transitionGamma: 1.68, momentumAcceptance: 0.006,
                verticalEmittanceUM: 20),
            radioFrequency: RFFigures(
                harmonic: 2, bandMHz: 0.90...6.97, greatestVoltageV: 2000, captureStartV: 8, captureEndV: 250,
                captureS: 0.03, momentumSpread: 0.0005),
            extractionEfficiency: 0.9)
    }

    private static func chain(
        currentUA: Double, pulseUS: Double, sourceMeV: Double, rfqMeV: Double, linacMeV: Double,
        megahertz: Double, transmissions: [Double]
    ) -> InjectorChain {
        InjectorChain(
            Injector(
                source: .init(
                    type: "ECR", chargeState: 4, currentUA: currentUA, energyKeVPerNucleon: sourceMeV * 1e3),
                rfq: .init(
                    type: "RFQ", frequencyMHz: megahertz, outputEnergyMeVPerNucleon: rfqMeV,
                    transmission: transmissions[0]),
                linac: .init(
                    type: "linac", frequencyMHz: megahertz, outputEnergyMeVPerNucleon: linacMeV,
                    transmission: transmissions[1]),
                stripper: .init(chargeState: 6, efficiency: transmissions[2]), pulseLengthUS: pulseUS,
                lineTransmission: transmissions[3]))
    }
}
