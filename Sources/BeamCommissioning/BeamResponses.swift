import IonPhysics
import IonTransport
import Quantities
import Radiobiology

/// What is scored beside the dose when beam data are made: LET in unit-density water and z* of HSG cells.
public struct BeamResponses: Sendable {
    /// Places in `tables`.
    public static let letIndex = 0
    public static let zStarIndex = 1

    /// Tables for the transport, LET first.
    public let tables: [ResponseTable]

    /// - Throws: `IonPhysicsError` for ions outside the models.
    public init(parameters: MKMParameters) throws(IonPhysicsError) {
        let mkm = try MKMTable(parameters: parameters)
        var stopping: [Isotope: StoppingPower] = [:]
        for isotope in TransportedSpecies.all { stopping[isotope] = try StoppingPower(isotope) }
        let known = stopping
        tables = [
            ResponseTable(name: "LET keV/um") { isotope, energy in
                known[isotope]?.letKeVPerUM(energyMeVPerNucleon: energy) ?? 0
            },
            ResponseTable(name: "z* Gy") { isotope, energy in
                mkm.saturationCorrectedGy(
                    chargeNumber: isotope.atomicNumber, energyMeVPerNucleon: energy)
            },
        ]
    }
}
