import AcceleratorModel
import FacilityModel
import IonPhysics
import Quantities
import TestSupport
import Testing

@Suite struct AcceleratorTests {
    static let injector = Injector(
        source: .init(type: "ECR", chargeState: 4, currentUA: 200, energyKeVPerNucleon: 10),
        rfq: .init(type: "RFQ", frequencyMHz: 200, outputEnergyMeVPerNucleon: 0.6, transmission: 0.8),
        linac: .init(type: "IH", frequencyMHz: 200, outputEnergyMeVPerNucleon: 4.03, transmission: 0.5),
        stripper: .init(chargeState: 6, efficiency: 0.9), pulseLengthUS: 100)

    static let ring = Synchrotron.Ring(
        injectionEnergyMeVPerNucleon: 4.03, injectionTurns: 12, rfHarmonic: 2, rfBandMHz: 0.9...7,
        rfVoltageKV: 2, rampRateTPerS: 3, dipoleFieldT: 1.51, bendingRadiusM: 4.4, dipoleCount: 18,
        tunes: SIMD2(1.68, 1.72), superperiods: 6, lattice: "l", longestFlatTopS: 30,
        efficiencies: .init(injection: 0.5, capture: 0.8, acceleration: 0.95, extraction: 0.9),
        painting: .init(
            acceptanceUM: 200, septumBetaM: 9, septumThicknessMM: 0.5, injectedEmittanceUM: 10,
            betaRatio: 0.2, beamClearanceSigmas: 1.25, orbitClearanceSigmas: 2.5, bumpTurns: 27),
        capture: .init(voltageV: 8...250, timeS: 0.03, momentumSpread: 5e-4),
        aperture: .init(momentumAcceptance: 0.006, verticalEmittanceUM: 20),
        timing: .init(injectionS: 0.01, rampRoundingS: 0.05, settlingS: 0.06))

    static let optics = RingOptics(
        lattice: "l", lengthM: 63, tunes: SIMD2(1.677, 1.72), transitionGamma: 1.74)

    static func description(_ change: (inout MachineDescription) -> Void = { _ in }) -> MachineDescription {
        var description = MachineDescription(
            machine: Machine(name: "m", facility: "f", ion: .carbon12, energies: [], ports: []),
            synchrotron: Synchrotron(
                circumferenceM: 63, cyclePeriodS: 2, ionsPerFill: 4e9, extractionRateIonsPerS: 1e7...1e9,
                energyChangeTimeS: 0.25, beamOffTimeS: 5e-4, ring: ring),
            summary: "", figures: [], injector: injector)
        change(&description)
        return description
    }

    @Test func everyFigureComesFromTheFile() throws {
        let accelerator = try Accelerator(Self.description(), optics: Self.optics)
        #expect(accelerator.injector.stages.map(\.exitChargeState) == [4, 4, 4, 6])
        #expect(accelerator.injector.stages.map(\.transmission) == [1, 0.8, 0.5, 0.9])
        #expect(accelerator.injectionEnergyMeVPerNucleon == 4.03)
        // Twelve effective turns of which half are stored.
        #expect(accelerator.injection.injectedTurns == 24)
        #expect(accelerator.injection.tune == 1.68 && accelerator.injection.startSigmas == 2.5)
        #expect(accelerator.ring.circumferenceM == 63 && accelerator.ring.rampRateTPerS == 3)
        #expect(accelerator.ring.transitionGamma == 1.74)
        #expect(accelerator.radioFrequency.greatestVoltageV == 2000)
        #expect(accelerator.radioFrequency.captureEndV == 250)
        #expect(accelerator.extractionEfficiency == 0.9)
    }

    @Test func aLineWithATransmissionIsAStage() throws {
        var injector = Self.injector
        injector.lineTransmission = 0.7
        let accelerator = try Accelerator(
            Self.description { [injector] in $0.injector = injector }, optics: Self.optics)
        #expect(accelerator.injector.stages.last?.name == "injection line")
        let states = try accelerator.injector.states(of: .carbon12)
        expectClose(
            try #require(states.last).ionsPerS, injector.ionsPerSAtRing, relative: 1e-12,
            because: "the product of all transmissions")
    }

    @Test func whatTheFileDoesNotTellIsNamed() {
        func missing(
            _ element: String, optics: RingOptics? = Self.optics, _ change: (inout MachineDescription) -> Void
        ) {
            let broken = Self.description(change)
            #expect(throws: AcceleratorError.missing(element, machine: "m")) {
                try Accelerator(broken, optics: optics)
            }
        }
        missing("injector") { $0.injector = nil }
        missing("synchrotron.injection-energy") { $0.synchrotron.ring = nil }
        missing("synchrotron.painting") { $0.synchrotron.ring?.painting = nil }
        missing("synchrotron.capture") { $0.synchrotron.ring?.capture = nil }
        missing("synchrotron.aperture") { $0.synchrotron.ring?.aperture = nil }
        missing("synchrotron.timing") { $0.synchrotron.ring?.timing = nil }
        missing("synchrotron.transition-gamma", optics: nil) { $0.synchrotron.ring?.lattice = nil }
        #expect(throws: AcceleratorError.missing("synchrotron.timing", machine: "m")) {
            try CycleFigures(
                Self.description { $0.synchrotron.ring?.timing = nil }, mode: .extendedFlatTop)
        }
    }

    @Test func withoutALatticeTheFileTellsTransition() throws {
        let accelerator = try Accelerator(
            Self.description { $0.synchrotron.ring?.transitionGamma = 2.5 }, optics: nil)
        #expect(accelerator.ring.transitionGamma == 2.5)
    }

    @Test func aLatticeOfAnotherRingIsRefused() {
        func refused(_ error: AcceleratorError, _ optics: RingOptics) {
            #expect(throws: error) { try Accelerator(Self.description(), optics: optics) }
        }
        refused(
            .latticeDiffers("l", "circumference (m)", lattice: 63.5, machine: 63),
            RingOptics(lattice: "l", lengthM: 63.5, tunes: SIMD2(1.68, 1.72), transitionGamma: 1.74))
        refused(
            .latticeDiffers("l", "vertical tune", lattice: 1.23, machine: 1.72),
            RingOptics(lattice: "l", lengthM: 63, tunes: SIMD2(1.68, 1.23), transitionGamma: 1.74))
    }

    @Test func theCycleIsThatOfTheFile() throws {
        let figures = try CycleFigures(Self.description(), mode: .extendedFlatTop)
        #expect(figures.longestFlatTopS == 30 && figures.settlingS == 0.06 && figures.roundingS == 0.05)
        expectClose(figures.injectionS, 0.04, relative: 1e-12, because: "injection and capture")
        #expect(figures.ionsPerFill == 4e9 && figures.extractionEfficiency == 0.9)
        #expect(figures.ion.chargeState == 6 && figures.injectionEnergy.value == 4.03)
    }
}
