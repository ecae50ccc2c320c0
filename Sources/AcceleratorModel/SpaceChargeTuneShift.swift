import IonPhysics

#if canImport(Glibc)
    import Glibc
#endif

/// Incoherent tune shift of a beam by its own space charge (Laslett), as a check of how many ions a ring can hold.
///
///     ΔQ_y = − N r_i F / (π β² γ³ B_f ε_y (1 + √(ε_x Q_y/(ε_y Q_x)))),   r_i = q² e²/(4π ε₀ M c²)          (7)
///
/// with the emittances that hold 4 σ² and the bunching factor B_f (mean over peak line density). F = 1 is the shift of a beam of
/// uniform density with these emittances, F = 2 that of the ions in the middle of a Gaussian one. Images in the chamber are left out:
/// at these energies they are a few per cent.
///
/// See docs/theory/accelerator.md.
///
/// ## Source
/// Laslett, BNL-7534 (1963) 324; Bovet et al., A selection of formulae and data useful for the design of A.G. synchrotrons,
/// CERN/MPS-SI/Int. DL/70/4 (1970).
/// ## Checked by
/// `SpaceChargeTuneShiftTests`: round beam by hand, scaling, warning.
public struct SpaceChargeTuneShift: Hashable, Sendable {
    /// Beyond this the ions in the middle cross low-order resonances.
    public static let usualLimit = 0.25

    /// Vertical shift of the ions in the middle of a Gaussian beam; negative.
    public let vertical: Double
    /// Horizontal one.
    public let horizontal: Double
    public let bunchingFactor: Double

    /// - Parameters:
    ///   - ions: Ions in the ring.
    ///   - motion: The ion.
    ///   - emittancesUM: Horizontal and vertical emittance that hold 4 σ², µm.
    ///   - tunes: Horizontal and vertical tune.
    ///   - bunchingFactor: Mean over peak line density, 0 to 1.
    ///   - profileFactor: F of equation (7): 2 for a Gaussian beam, 1 for a uniform one.
    /// - Throws: If a figure is impossible.
    public init(
        ions: Double, motion: IonMotion, emittancesUM: SIMD2<Double>, tunes: SIMD2<Double>,
        bunchingFactor: Double, profileFactor: Double = 2
    ) throws(AcceleratorError) {
        try requirePositive(ions, "number of ions")
        try requirePositive(emittancesUM.x, "horizontal emittance (µm)")
        try requirePositive(emittancesUM.y, "vertical emittance (µm)")
        try requirePositive(tunes.x, "horizontal tune")
        try requirePositive(tunes.y, "vertical tune")
        try requireShare(bunchingFactor, "bunching factor")
        try requirePositive(profileFactor, "profile factor")
        let charge = Double(motion.ion.chargeState)
        let radiusM = charge * charge * PhysicalConstants.coulombMeVFM * 1e-15 / motion.ion.restEnergyMeV
        let (beta, gamma) = (motion.beta, motion.gamma)
        let strength =
            ions * radiusM * profileFactor / (.pi * beta * beta * gamma * gamma * gamma * bunchingFactor)
        let ratio = (emittancesUM.x * tunes.y / (emittancesUM.y * tunes.x)).squareRoot()
        vertical = -strength / (emittancesUM.y * 1e-6 * (1 + ratio))
        horizontal = -strength / (emittancesUM.x * 1e-6 * (1 + 1 / ratio))
        self.bunchingFactor = bunchingFactor
    }

    /// The greater of both shifts, without sign.
    public var greatest: Double { max(-vertical, -horizontal) }

    /// What a person should know; nil within the usual limit.
    public var warning: String? {
        guard greatest > Self.usualLimit else { return nil }
        let rounded = (greatest * 100).rounded() / 100
        return
            "the space charge tune shift is \(rounded) (beyond \(Self.usualLimit), ions in the middle of the beam cross "
            + "low-order resonances); fewer ions will survive than assumed here"
    }
}
