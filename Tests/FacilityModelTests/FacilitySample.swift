import FacilityModel
import Quantities

/// A small facility with round figures.
enum FacilitySample {
    static let injector = Injector(
        source: .init(type: "ECR", chargeState: 4, currentUA: 200, energyKeVPerNucleon: 10),
        rfq: .init(type: "RFQ", frequencyMHz: 200, outputEnergyMeVPerNucleon: 0.6, transmission: 0.8),
        linac: .init(type: "IH", frequencyMHz: 200, outputEnergyMeVPerNucleon: 4.03, transmission: 0.5),
        stripper: .init(chargeState: 6, efficiency: 0.9), pulseLengthUS: 100)

    static let ring = Synchrotron.Ring(
        injectionEnergyMeVPerNucleon: 4.03, injectionTurns: 12, rfHarmonic: 2, rfBandMHz: 0.9...7,
        rfVoltageKV: 2, rampRateTPerS: 3, dipoleFieldT: 1.51, bendingRadiusM: 4.4, dipoleCount: 18,
        tunes: SIMD2(1.68, 1.23), superperiods: 6, lattice: nil, longestFlatTopS: 30,
        efficiencies: .init(injection: 0.5, capture: 0.8, acceleration: 0.95, extraction: 0.9))

    static func room(_ id: String) -> TreatmentRoom {
        TreatmentRoom(
            id: id, ports: [id], imaging: [.xRayPair], setUp: .init(meanMin: 9, deviationMin: 4),
            preparation: .init(meanMin: 5, deviationMin: 2), leaving: .init(meanMin: 2, deviationMin: 1),
            hasSimulationRoom: false)
    }

    static let operation = FacilityOperation(
        treatmentDaysPerWeek: 4, treatmentDaysPerYear: 200, hoursPerDay: 10, queueRule: .promoteLate,
        greatestWaitMin: 5, roomSwitchTimeS: 60,
        patientMix: [
            .init(name: "a", share: 0.75, fractions: 12, beamTime: .init(meanMin: 3, deviationMin: 1)),
            .init(name: "b", share: 0.25, fractions: 4, beamTime: .init(meanMin: 13, deviationMin: 4)),
        ])

    static func description(rooms: [TreatmentRoom] = [room("1"), room("2")]) -> MachineDescription {
        MachineDescription(
            machine: Machine(
                name: "sample", facility: "Sample", ion: .carbon12, energies: [EnergyPerNucleon(430)],
                ports: []),
            synchrotron: Synchrotron(
                circumferenceM: 63, cyclePeriodS: 2, ionsPerFill: 4e9, extractionRateIonsPerS: 1e7...1e9,
                energyChangeTimeS: 0.25, beamOffTimeS: 5e-4, ring: ring),
            summary: "", figures: [], injector: injector, rooms: rooms, operation: operation)
    }
}
