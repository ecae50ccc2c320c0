/// Kinetic energy per nucleon, MeV per nucleon (total kinetic energy divided by the integer A).
public enum MeVPerNucleon: UnitOfMeasure { public static let symbol = "MeV/u" }
/// Kinetic energy of a whole particle, MeV.
public enum MeV: UnitOfMeasure { public static let symbol = "MeV" }
/// Absorbed dose, Gy.
public enum Gray: UnitOfMeasure { public static let symbol = "Gy" }
/// RBE-weighted dose, Gy (RBE).
public enum GrayRBE: UnitOfMeasure { public static let symbol = "Gy (RBE)" }
/// Geometric length, mm.
public enum Millimetre: UnitOfMeasure { public static let symbol = "mm" }
/// Water-equivalent length, mm of water of unit density.
public enum WaterMillimetre: UnitOfMeasure { public static let symbol = "mm WET" }
/// Plane angle, degrees: used only at the edges (files, command line, DICOM).
public enum Degree: UnitOfMeasure { public static let symbol = "°" }

/// Kinetic energy per nucleon. Not interchangeable with `TotalEnergy`.
public typealias EnergyPerNucleon = Quantity<MeVPerNucleon>
/// Kinetic energy of the whole particle.
public typealias TotalEnergy = Quantity<MeV>
/// Absorbed (physical) dose. Not interchangeable with `RBEWeightedDose`.
public typealias AbsorbedDose = Quantity<Gray>
/// RBE-weighted dose.
public typealias RBEWeightedDose = Quantity<GrayRBE>
/// Geometric length.
public typealias Length = Quantity<Millimetre>
/// Water-equivalent length.
public typealias WaterEquivalentLength = Quantity<WaterMillimetre>
/// Angle in degrees.
public typealias AngleDegrees = Quantity<Degree>

extension Quantity where Unit == Degree {
    /// The angle in radians.
    @inlinable public var radians: Double { value * .pi / 180 }
}
