import IonPhysics
import Quantities

/// Why an accelerator could not be described or simulated.
public enum AcceleratorError: Error, Hashable, Sendable {
    /// A figure is impossible: its name, its value, what it must be.
    case figure(String, Double, mustBe: String)
    /// The ion is not known, or cannot have the charge.
    case ion(IonPhysicsError)
    /// The machine file does not tell something: its place in the file, and the name of the machine.
    case missing(String, machine: String)
    /// Lattice and machine file contradict each other: name of the lattice, what, and the figure of each.
    case latticeDiffers(String, String, lattice: Double, machine: Double)
    /// The ring cannot bend that energy: needed and greatest field, T.
    case fieldTooHigh(energyMeVPerNucleon: Double, neededT: Double, greatestT: Double)
    /// The cavity cannot give that frequency, MHz.
    case frequencyOutsideBand(megahertz: Double, band: ClosedRange<Double>)
    /// The ramp needs more RF voltage than there is: at which time, s, and volts.
    case voltageTooLow(timeS: Double, neededV: Double, greatestV: Double)
    /// The beam would cross transition.
    case transition(gamma: Double, transitionGamma: Double)
    /// A layer of the cycle cannot be delivered: its number from 1 and why.
    case layer(Int, String)
    case noLayers
}

extension AcceleratorError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .figure(let name, let value, let mustBe):
            "\(name) \(value) is impossible (must be \(mustBe)); correct it"
        case .ion(let error): "\(error)"
        case .missing(let element, let machine):
            "the machine file of \(machine) has no ‘\(element)’ (it is needed here and is not made up); add it as "
                + "docs/formats/machine.md tells"
        case .latticeDiffers(let name, let what, let lattice, let machine):
            "the lattice \(name) has the \(what) \(lattice), the machine file \(machine) (they describe one ring); "
                + "correct one of them, or write another lattice, or none with transition-gamma"
        case .fieldTooHigh(let energy, let needed, let greatest):
            "\(energy) MeV/u needs a dipole field of \(needed) T (the ring reaches \(greatest) T); choose a lower energy"
        case .frequencyOutsideBand(let frequency, let band):
            "the RF frequency \(frequency) MHz is outside the cavity's band "
                + "(\(band.lowerBound) to \(band.upperBound) MHz); choose another energy or harmonic"
        case .voltageTooLow(let time, let needed, let greatest):
            "the ramp needs \(needed) V of RF at \(time) s (the cavity gives \(greatest) V); ramp slower"
        case .transition(let gamma, let transition):
            "gamma \(gamma) would cross transition (gamma \(transition)); choose a lower energy"
        case .layer(let number, let why): "layer \(number): \(why)"
        case .noLayers: "there is no layer with ions to deliver; give at least one"
        }
    }
}

extension ChargedIon {
    /// The ion, with the error of this module.
    static func known(_ isotope: Isotope, chargeState: Int?) throws(AcceleratorError) -> ChargedIon {
        do { return try ChargedIon(isotope, chargeState: chargeState) } catch { throw .ion(error) }
    }
}

/// Refuses a figure that is not a positive number.
func requirePositive(_ value: Double, _ name: String) throws(AcceleratorError) {
    guard value > 0, value.isFinite else { throw .figure(name, value, mustBe: "positive") }
}

/// Refuses a share that is not above 0 and at most 1.
func requireShare(_ value: Double, _ name: String) throws(AcceleratorError) {
    guard value > 0, value <= 1 else { throw .figure(name, value, mustBe: "above 0 and at most 1") }
}
