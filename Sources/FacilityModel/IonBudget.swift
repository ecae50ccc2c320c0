import IonPhysics
import Quantities

/// Ions from the source to the patient within one fill, stage by stage.
///
/// ## Checked by
/// `IonBudgetTests`.
public struct IonBudget: Hashable, Sendable {
    /// Within a pulse of the source, ions/s.
    public var sourceIonsPerS: Double
    /// At the ring, ions/s.
    public var ringIonsPerS: Double
    /// Time that all turns take to be injected, µs; the pulse must last so long.
    public var injectionTimeUS: Double
    /// Ions that arrive during this time.
    public var offered: Double
    /// Circulating after injection.
    public var injected: Double
    /// In the buckets.
    public var captured: Double
    /// On the flat top.
    public var accelerated: Double
    /// Through the extraction line: what the stages give, to be compared with the ions per fill that the file states.
    public var extracted: Double

    /// Nil if the description tells neither injector nor ring.
    ///
    /// - Parameter description: A machine.
    /// - Throws: If the mass of its ion is not known, or its charge is not possible.
    public init?(_ description: MachineDescription) throws(IonPhysicsError) {
        guard let injector = description.injector, let ring = description.synchrotron.ring else { return nil }
        let motion = try ChargedIon(description.machine.ion, chargeState: injector.stripper.chargeState)
            .motion(energyMeVPerNucleon: ring.injectionEnergyMeVPerNucleon)
        let circumference = description.synchrotron.circumferenceM
        sourceIonsPerS = injector.source.ionsPerS
        ringIonsPerS = injector.ionsPerSAtRing
        injectionTimeUS =
            ring.injectedTurns / motion.revolutionFrequencyHz(circumferenceM: circumference) * 1e6
        offered = ringIonsPerS * injectionTimeUS * 1e-6
        injected = offered * ring.efficiencies.injection
        captured = injected * ring.efficiencies.capture
        accelerated = captured * ring.efficiencies.acceleration
        extracted = accelerated * ring.efficiencies.extraction
    }
}
