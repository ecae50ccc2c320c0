import FacilityModel
import Quantities

extension Accelerator {
    /// HIMAC: ECR source, RFQ, Alvarez linac, one of the two rings of 129.6 m.
    ///
    /// ## Source
    /// HIMAC data sheet (100 MHz RFQ and Alvarez linac, 129.6 m, 800 MeV/u); Hirao et al. 1992 and Yamada et al. 1995 (8 keV/u,
    /// 0.8 and 6.0 MeV/u, 12 dipoles of 3.4 m, 1.5 T, 2 T/s, harmonic 4, 1 to 8 MHz, tunes 3.69 and 3.13). The rest is assumed, see
    /// `assumptions`.
    public static var himac: Accelerator {
        Accelerator(
            name: "HIMAC", isotope: .carbon12,
            injector: InjectorChain(
                sourceCurrentUA: 300, pulseLengthUS: 700,
                stages: [
                    .init(
                        kind: .source, name: "ECR source 10 GHz", exitEnergyMeVPerNucleon: 0.008,
                        exitChargeState: 4),
                    .init(
                        kind: .radioFrequencyQuadrupole, name: "RFQ 100 MHz", exitEnergyMeVPerNucleon: 0.8,
                        exitChargeState: 4, transmission: 0.85, frequencyMHz: 100),
                    .init(
                        kind: .linac, name: "Alvarez linac 100 MHz", exitEnergyMeVPerNucleon: 6.0,
                        exitChargeState: 4,
                        transmission: 0.85, frequencyMHz: 100),
                    .init(
                        kind: .stripper, name: "carbon foil", exitEnergyMeVPerNucleon: 6.0,
                        exitChargeState: 6,
                        transmission: 0.9),
                    .init(
                        kind: .line, name: "injection line", exitEnergyMeVPerNucleon: 6.0, exitChargeState: 6,
                        transmission: 0.9),
                ]),
            injection: MultiTurnInjection(
                acceptanceUM: 264, betaAtSeptumM: 8, tune: 3.69, septumThicknessMM: 0.5,
                injectedEmittanceUM: 7.5,
                betaRatio: 0.25, clearanceSigmas: 1.25, injectedTurns: 36, bumpTurns: 39),
            ring: RingFigures(
                circumferenceM: 129.6, bendingRadiusM: 6.5, greatestFieldT: 1.5, rampRateTPerS: 2.0,
                roundingS: 0.05,
                tunes: SIMD2(3.69, 3.13), transitionGamma: 3.7, momentumAcceptance: 0.006,
                verticalEmittanceUM: 20),
            radioFrequency: RFFigures(
                harmonic: 4, bandMHz: 1.0...8.0, greatestVoltageV: 6000, captureStartV: 20, captureEndV: 900,
                captureS: 0.03, momentumSpread: 0.0006),
            extractionEfficiency: 0.9,
            assumptions: [
                "source current 300 µA of C4+ in pulses of 700 µs",
                "transmissions 0.85 (RFQ), 0.85 (linac), 0.9 (foil), 0.9 (line)",
                "horizontal acceptance 264 µm, beta 8 m at a septum of 0.5 mm, injected emittance 7.5 µm (4 σ²), 36 turns",
                "transition gamma 3.7 (near the horizontal tune)",
                "momentum acceptance ±0.6 %, injected spread 0.06 %",
                "cavity 6 kV, capture 20 to 900 V in 30 ms", "ramp rounded over 50 ms",
                "vertical emittance 20 µm",
                "extraction efficiency 0.9",
            ])
    }

    /// The 63 m ring of the NIRS standard design, as built at Gunma: C4+ source, RFQ, IH linac, 200 MHz.
    ///
    /// ## Source
    /// Gunma University data sheet (230 µA of C4+, 10 keV/u, 200 MHz, 600 keV/u, 4.03 MeV/u, 63 m, 0.90 to 6.97 MHz, 2.0 kV, effective 11
    /// to 14 turns); Furukawa et al., Nucl. Instrum. Meth. A 562 (2006) 1050 (tune 1.68, 18 dipoles). The rest is assumed, see
    /// `assumptions`. The band starts at 0.88 MHz, which harmonic 2 needs at 4.03 MeV/u (the sheet prints 0.90).
    public static var standardRing: Accelerator {
        Accelerator(
            name: "63 m ring", isotope: .carbon12,
            injector: InjectorChain(
                sourceCurrentUA: 230, pulseLengthUS: 200,
                stages: [
                    .init(
                        kind: .source, name: "ECR source, permanent magnets", exitEnergyMeVPerNucleon: 0.010,
                        exitChargeState: 4),
                    .init(
                        kind: .radioFrequencyQuadrupole, name: "RFQ 200 MHz", exitEnergyMeVPerNucleon: 0.6,
                        exitChargeState: 4, transmission: 0.9, frequencyMHz: 200),
                    .init(
                        kind: .linac, name: "IH linac 200 MHz", exitEnergyMeVPerNucleon: 4.03,
                        exitChargeState: 4,
                        transmission: 0.88, frequencyMHz: 200),
                    .init(
                        kind: .stripper, name: "carbon foil", exitEnergyMeVPerNucleon: 4.03,
                        exitChargeState: 6,
                        transmission: 0.9),
                    .init(
                        kind: .line, name: "injection line", exitEnergyMeVPerNucleon: 4.03,
                        exitChargeState: 6,
                        transmission: 0.9),
                ]),
            injection: MultiTurnInjection(
                acceptanceUM: 200, betaAtSeptumM: 10, tune: 1.68, septumThicknessMM: 0.5,
                injectedEmittanceUM: 10,
                betaRatio: 0.2, clearanceSigmas: 1.25, injectedTurns: 20, bumpTurns: 22),
            ring: RingFigures(
                circumferenceM: 63, bendingRadiusM: 4.4, greatestFieldT: 1.55, rampRateTPerS: 2.0,
                roundingS: 0.05,
                tunes: SIMD2(1.68, 1.13), transitionGamma: 1.68, momentumAcceptance: 0.006,
                verticalEmittanceUM: 20),
            radioFrequency: RFFigures(
                harmonic: 2, bandMHz: 0.88...6.97, greatestVoltageV: 2000, captureStartV: 8, captureEndV: 250,
                captureS: 0.03, momentumSpread: 0.0005),
            extractionEfficiency: 0.9,
            assumptions: [
                "pulse of 200 µs", "transmissions 0.9 (RFQ), 0.88 (linac), 0.9 (foil), 0.9 (line)",
                "horizontal acceptance 200 µm, beta 10 m at a septum of 0.5 mm, injected emittance 10 µm (4 σ²), 20 turns",
                "bending radius 4.4 m, greatest field 1.55 T, 2 T/s rounded over 50 ms",
                "vertical tune 1.13, transition gamma 1.68 (near the horizontal tune)",
                "momentum acceptance ±0.6 %, injected spread 0.05 %", "capture 8 to 250 V in 30 ms",
                "vertical emittance 20 µm", "extraction efficiency 0.9",
            ])
    }

    /// The known accelerator that a machine's ring is nearest to, with the machine's circumference and ion.
    ///
    /// This is the one place where a machine file becomes an accelerator.
    ///
    /// - Parameters:
    ///   - synchrotron: The machine's ring.
    ///   - ion: The machine's ion.
    /// - Throws: `unknownRing` if its circumference is not within 5 % of a known one.
    public init(synchrotron: Synchrotron, ion: Isotope) throws(AcceleratorError) {
        let known = [Accelerator.standardRing, .himac]
        guard
            let nearest = known.first(where: {
                abs(synchrotron.circumferenceM / $0.ring.circumferenceM - 1) < 0.05
            })
        else { throw .unknownRing(circumferenceM: synchrotron.circumferenceM) }
        self = nearest
        ring.circumferenceM = synchrotron.circumferenceM
        isotope = ion
        if ion != .carbon12 {
            injector.stages.indices.forEach { index in
                let full = injector.stages[index].exitChargeState == 6
                injector.stages[index].exitChargeState =
                    full ? ion.atomicNumber : (ion.atomicNumber * 2 + 2) / 3
            }
            assumptions.append(
                "charge of \(ion) behind the source two thirds of \(ion.atomicNumber); same currents as carbon"
            )
        }
    }
}
