/// The clinical dose of NIRS/QST: survival of HSG cells by the modified microdosimetric-kinetic model, expressed
/// as dose of the reference carbon beam times the clinical factor.
///
///     α = α₀ + β z*_D                                   −ln S = α D + β D²
///     D_clin = F [ −α_r + √(α_r² + 4 β_r (α D + β D²)) ] / (2 β_r)
///
/// ## Source
/// Inaniwa et al., Phys. Med. Biol. 55 (2010) 6721 (cell parameters); 60 (2015) 3271 (reference, F = 2.41).
/// ## Checked by
/// `ClinicalMKMTests`.
@frozen
public struct ClinicalMKM: Hashable, Sendable {
    /// α₀, 1/Gy: initial slope in the limit of zero LET.
    public var alpha0: Double
    /// β of the cells, 1/Gy².
    public var beta: Double
    /// α_r of the reference carbon beam, 1/Gy.
    public var referenceAlpha: Double
    /// β_r of the reference carbon beam, 1/Gy².
    public var referenceBeta: Double
    /// Clinical factor F.
    public var clinicalFactor: Double

    @inlinable
    public init(
        alpha0: Double, beta: Double, referenceAlpha: Double, referenceBeta: Double,
        clinicalFactor: Double
    ) {
        self.alpha0 = alpha0
        self.beta = beta
        self.referenceAlpha = referenceAlpha
        self.referenceBeta = referenceBeta
        self.clinicalFactor = clinicalFactor
    }

    /// HSG cells and the 2015 reference as used clinically at NIRS/QST.
    public static let nirs2015 = ClinicalMKM(
        alpha0: 0.172, beta: 0.0615, referenceAlpha: 0.764, referenceBeta: 0.0615,
        clinicalFactor: 2.41)

    /// D_clin of one fraction from D (Gy) and D·z* (Gy²), with ∂/∂D and ∂/∂(D·z*).
    @inlinable
    public func clinicalDose(dose: Double, doseZStar: Double) -> (
        value: Double, byDose: Double, byDoseZStar: Double
    ) {
        let effect = alpha0 * dose + beta * doseZStar + beta * dose * dose
        let root =
            (referenceAlpha * referenceAlpha + 4 * referenceBeta * effect).squareRoot()
        let byEffect = clinicalFactor / root
        return (
            clinicalFactor * (root - referenceAlpha) / (2 * referenceBeta),
            byEffect * (alpha0 + 2 * beta * dose), byEffect * beta
        )
    }
}
