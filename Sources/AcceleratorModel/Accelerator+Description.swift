import FacilityModel
import Quantities

extension Accelerator {
    /// The accelerator that a machine file describes; this is the one place where a file becomes an accelerator.
    ///
    /// Transition follows from the lattice where there is one. Tunes are those of the file; lattice and file must agree.
    ///
    /// - Parameters:
    ///   - description: The machine.
    ///   - optics: Optics of the lattice that it names; nil if it names none.
    /// - Throws: `missing` for what the file does not tell; `latticeDiffers` where lattice and file contradict each other.
    public init(_ description: MachineDescription, optics: RingOptics?) throws(AcceleratorError) {
        let missing = { (element: String) in
            AcceleratorError.missing(element, machine: description.machine.name)
        }
        guard let injector = description.injector else { throw missing("injector") }
        guard let ring = description.synchrotron.ring else { throw missing("synchrotron.injection-energy") }
        guard let painting = ring.painting else { throw missing("synchrotron.painting") }
        guard let capture = ring.capture else { throw missing("synchrotron.capture") }
        guard let aperture = ring.aperture else { throw missing("synchrotron.aperture") }
        guard let timing = ring.timing else { throw missing("synchrotron.timing") }
        try Self.check(optics, description.synchrotron.circumferenceM, ring)
        guard let transition = optics?.transitionGamma ?? ring.transitionGamma else {
            throw missing("synchrotron.transition-gamma")
        }
        self.init(
            name: description.machine.name, isotope: description.machine.ion,
            injector: InjectorChain(injector),
            injection: MultiTurnInjection(painting, ring: ring),
            ring: RingFigures(
                circumferenceM: description.synchrotron.circumferenceM, bendingRadiusM: ring.bendingRadiusM,
                greatestFieldT: ring.dipoleFieldT, rampRateTPerS: ring.rampRateTPerS,
                roundingS: timing.rampRoundingS, tunes: ring.tunes, transitionGamma: transition,
                momentumAcceptance: aperture.momentumAcceptance,
                verticalEmittanceUM: aperture.verticalEmittanceUM),
            radioFrequency: RFFigures(
                harmonic: ring.rfHarmonic, bandMHz: ring.rfBandMHz, greatestVoltageV: ring.rfVoltageKV * 1e3,
                captureStartV: capture.voltageV.lowerBound, captureEndV: capture.voltageV.upperBound,
                captureS: capture.timeS, momentumSpread: capture.momentumSpread),
            extractionEfficiency: ring.efficiencies.extraction)
    }

    private static func check(
        _ optics: RingOptics?, _ circumferenceM: Double, _ ring: Synchrotron.Ring
    ) throws(AcceleratorError) {
        guard let optics else { return }
        guard abs(optics.lengthM / circumferenceM - 1) <= RingOptics.lengthTolerance else {
            throw .latticeDiffers(
                optics.lattice, "circumference (m)", lattice: optics.lengthM, machine: circumferenceM)
        }
        for (plane, index) in [("horizontal", 0), ("vertical", 1)]
        where abs(optics.tunes[index] - ring.tunes[index]) > RingOptics.tuneTolerance {
            throw .latticeDiffers(
                optics.lattice, "\(plane) tune", lattice: optics.tunes[index], machine: ring.tunes[index])
        }
    }
}

extension InjectorChain {
    /// The stages of a machine file's injector; the line to the ring is one if the file tells its transmission.
    public init(_ injector: Injector) {
        let (before, behind) = (injector.source.chargeState, injector.stripper.chargeState)
        let energy = injector.linac.outputEnergyMeVPerNucleon
        var stages: [Stage] = [
            .init(
                kind: .source, name: "ion source",
                exitEnergyMeVPerNucleon: injector.source.energyKeVPerNucleon * 1e-3, exitChargeState: before),
            .init(
                kind: .radioFrequencyQuadrupole, name: "RFQ",
                exitEnergyMeVPerNucleon: injector.rfq.outputEnergyMeVPerNucleon, exitChargeState: before,
                transmission: injector.rfq.transmission, frequencyMHz: injector.rfq.frequencyMHz),
            .init(
                kind: .linac, name: "linac", exitEnergyMeVPerNucleon: energy, exitChargeState: before,
                transmission: injector.linac.transmission, frequencyMHz: injector.linac.frequencyMHz),
            .init(
                kind: .stripper, name: "stripper", exitEnergyMeVPerNucleon: energy, exitChargeState: behind,
                transmission: injector.stripper.efficiency),
        ]
        if let transmission = injector.lineTransmission {
            stages.append(
                .init(
                    kind: .line, name: "injection line", exitEnergyMeVPerNucleon: energy,
                    exitChargeState: behind, transmission: transmission))
        }
        self.init(
            sourceCurrentUA: injector.source.currentUA, pulseLengthUS: injector.pulseLengthUS, stages: stages)
    }
}

extension MultiTurnInjection {
    /// The painting of a machine file; its turns are the effective turns over the efficiency of injection.
    init(_ painting: Synchrotron.Ring.Painting, ring: Synchrotron.Ring) {
        self.init(
            acceptanceUM: painting.acceptanceUM, betaAtSeptumM: painting.septumBetaM, tune: ring.tunes.x,
            septumThicknessMM: painting.septumThicknessMM, injectedEmittanceUM: painting.injectedEmittanceUM,
            betaRatio: painting.betaRatio, clearanceSigmas: painting.beamClearanceSigmas,
            injectedTurns: max(1, Int(ring.injectedTurns.rounded())), bumpTurns: painting.bumpTurns,
            startSigmas: painting.orbitClearanceSigmas)
    }
}
