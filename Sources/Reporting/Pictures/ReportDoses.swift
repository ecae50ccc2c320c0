import PlanModel
import Radiobiology
import Volumes

/// The doses of a whole treatment as the report shows them, from the dose of one fraction.
///
/// Fractions are equal, so totals are the dose of one fraction times their number; the RBE-weighted dose is
/// computed per fraction first, because it does not grow linearly with the dose.
///
/// ## Checked by
/// `ReportDosesTests`.
public struct ReportDoses: Sendable {
    /// Total RBE-weighted dose, Gy (RBE).
    public let rbeWeighted: Volume<Float>
    /// Total absorbed dose, Gy.
    public let physical: Volume<Float>
    /// Total absorbed dose times dose-averaged LET, Gy keV/µm.
    public let physicalLET: Volume<Float>

    /// - Parameters:
    ///   - fraction: The dose of one fraction.
    ///   - model: How it becomes RBE-weighted dose.
    ///   - fractions: Number of equal fractions.
    public init(fraction: DoseDistribution, model: BiologicalModel, fractions: Int) {
        let count = Float(fractions)
        physical = fraction.dose.map { $0 * count }
        physicalLET = fraction.doseLET.map { $0 * count }
        var weighted = fraction.dose
        for index in weighted.values.indices {
            let value = model.rbeWeightedDose(
                dose: Double(fraction.dose.values[index]), doseZStar: Double(fraction.doseZStar.values[index])
            ).value
            weighted.values[index] = Float(value * Double(fractions))
        }
        rbeWeighted = weighted
    }
}
