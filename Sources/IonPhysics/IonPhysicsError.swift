import Quantities

/// What the physics modules refuse, with the value that was refused.
public enum IonPhysicsError: Error, Hashable, Sendable {
    /// The nuclide has no evaluated mass in the table, so no kinematics can be given.
    case unknownNuclide(Isotope)
    /// The charge number is outside what the model covers.
    case chargeOutsideModel(Isotope, valid: ClosedRange<Int>)
    /// The energy (MeV per nucleon) is outside what the model covers.
    case energyOutsideModel(Double, valid: ClosedRange<Double>)
    /// An ion cannot have that charge, elementary charges.
    case impossibleCharge(Int, Isotope)
    /// No element data for this atomic number.
    case unknownElement(atomicNumber: Int)
    /// No material of this name.
    case unknownMaterial(String)
    /// The mass fractions of a material do not add up to one.
    case massFractionsDoNotAddUp(material: String, sum: Double)
    /// A material with a negative or non-finite density or mass fraction.
    case invalidMaterial(String, value: Double)
}

extension IonPhysicsError: CustomStringConvertible {
    /// The problem, why it is one, and what to do.
    public var description: String {
        switch self {
        case .unknownNuclide(let isotope):
            "nuclide \(isotope) is unknown (no evaluated mass for it in the table of AME2020 masses); "
                + "choose a bound nuclide with Z ≤ 20"
        case .chargeOutsideModel(let isotope, let valid):
            "ion \(isotope) is outside the model (valid for Z = \(valid.lowerBound)...\(valid.upperBound)); "
                + "choose a lighter ion"
        case .energyOutsideModel(let energy, let valid):
            "energy \(energy) MeV/u is outside the model (\(valid.lowerBound)...\(valid.upperBound) MeV/u); "
                + "choose an energy inside"
        case .impossibleCharge(let charge, let isotope):
            "charge state \(charge) of \(isotope) is impossible; give 1 to \(isotope.atomicNumber)"
        case .unknownElement(let z):
            "element with Z = \(z) is unknown (no atomic weight and excitation energy); "
                + "leave it out of the composition or extend the element table"
        case .unknownMaterial(let name):
            "material \"\(name)\" is unknown; choose one of "
                + Material.named.map(\.name).joined(separator: ", ")
        case .massFractionsDoNotAddUp(let material, let sum):
            "mass fractions of \"\(material)\" add up to \(sum) (must be 1 within 0.005); correct the composition"
        case .invalidMaterial(let name, let value):
            "material \"\(name)\" has the value \(value) (densities and mass fractions must be finite and "
                + "not negative); correct it"
        }
    }
}
