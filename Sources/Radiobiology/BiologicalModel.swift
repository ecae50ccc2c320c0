/// From a mixed field's dose of one fraction to RBE-weighted dose, with derivatives for optimisation.
///
/// Inputs are the absorbed dose D (Gy) and D·z*_D (Gy²) of one fraction in one voxel.
public enum BiologicalModel: Hashable, Sendable {
    /// RBE = 1: the absorbed dose itself.
    case physical
    /// The same RBE everywhere.
    case constantRBE(Double)
    /// The clinical dose of NIRS/QST: modified MKM with the 2015 carbon reference.
    case clinicalMKM(ClinicalMKM)

    /// RBE-weighted dose (Gy (RBE)) and its partial derivatives by D and by D·z*.
    @inlinable
    public func rbeWeightedDose(dose: Double, doseZStar: Double) -> (
        value: Double, byDose: Double, byDoseZStar: Double
    ) {
        switch self {
        case .physical: (dose, 1, 0)
        case .constantRBE(let rbe): (rbe * dose, rbe, 0)
        case .clinicalMKM(let model): model.clinicalDose(dose: dose, doseZStar: doseZStar)
        }
    }
}
