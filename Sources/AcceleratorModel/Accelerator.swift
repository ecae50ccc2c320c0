import IonPhysics
import Quantities

/// Injector, injection, ring and cavity of one accelerator: what the simulation from source to flat top needs.
///
/// ## Checked by
/// `AcceleratorTests`; `MachineAcceleratorTests`: the machine files against published figures of HIMAC and of the 63 m ring.
public struct Accelerator: Hashable, Sendable {
    /// Name of the machine.
    public var name: String
    public var isotope: Isotope
    public var injector: InjectorChain
    public var injection: MultiTurnInjection
    public var ring: RingFigures
    public var radioFrequency: RFFigures
    /// Share of the ions of the flat top that slow extraction brings out.
    public var extractionEfficiency: Double

    public init(
        name: String, isotope: Isotope, injector: InjectorChain, injection: MultiTurnInjection,
        ring: RingFigures, radioFrequency: RFFigures, extractionEfficiency: Double
    ) {
        self.name = name
        self.isotope = isotope
        self.injector = injector
        self.injection = injection
        self.ring = ring
        self.radioFrequency = radioFrequency
        self.extractionEfficiency = extractionEfficiency
    }

    /// Kinetic energy behind the last stage of the injector, MeV/u.
    public var injectionEnergyMeVPerNucleon: Double { injector.stages.last?.exitEnergyMeVPerNucleon ?? 0 }

    /// The ion that circulates.
    public func ion() throws(AcceleratorError) -> ChargedIon {
        try .known(isotope, chargeState: injector.stages.last?.exitChargeState)
    }

    /// Field, frequency and voltage up to an energy, MeV/u.
    ///
    /// - Throws: What `RampProgram` refuses.
    public func ramp(topMeVPerNucleon: Double) throws(AcceleratorError) -> RampProgram {
        try RampProgram(
            ion: ion(), ring: ring, radioFrequency: radioFrequency,
            injectionMeVPerNucleon: injectionEnergyMeVPerNucleon, topMeVPerNucleon: topMeVPerNucleon)
    }

    /// Ions that one turn of the injector's beam brings to the ring.
    public func ionsPerInjectedTurn() throws(AcceleratorError) -> Double {
        guard let last = try injector.states(of: isotope).last else { return 0 }
        return last.ionsPerS / last.motion.revolutionFrequencyHz(circumferenceM: ring.circumferenceM)
    }
}
