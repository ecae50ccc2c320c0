import Quantities

/// A list of energies that a facility can run with, for example the 11 flat tops or the 201 energies of HIMAC.
public struct EnergyMode: Hashable, Sendable {
    /// Name in the machine file, for example `full-201`.
    public var name: String
    /// From the highest down.
    public var energies: [EnergyPerNucleon]

    public init(name: String, energies: [EnergyPerNucleon]) {
        self.name = name
        self.energies = energies
    }
}
