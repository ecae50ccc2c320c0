import PlanEvaluation
import PlanModel
import Radiobiology
import Volumes

/// Dose of all fractions delivered so far, in the reference anatomy.
///
/// D, D · z* and D · LET add up over fractions. RBE-weighted doses do not: they follow from the mean fraction, n · D_RBE(D/n, D z*/n),
/// which for equal fractions is the sum of theirs.
///
/// ## Checked by
/// `CumulativeDoseTests`.
public struct CumulativeDose: Sendable {
    /// Sums over fractions; nil before the first.
    public private(set) var total: DoseDistribution?
    public private(set) var fractions = 0

    public init() {}

    /// Adds the dose of one fraction.
    ///
    /// - Parameter fraction: On the grid of the others.
    /// - Precondition: one grid.
    public mutating func add(_ fraction: DoseDistribution) {
        total = DoseDistribution.sum([total, fraction].compactMap(\.self))
        fractions += 1
    }

    /// Mean fraction; nil before the first.
    public var mean: DoseDistribution? {
        guard var mean = total else { return nil }
        let share = 1 / Float(fractions)
        for i in mean.dose.values.indices {
            mean.dose.values[i] *= share
            mean.doseZStar.values[i] *= share
            mean.doseLET.values[i] *= share
        }
        return mean
    }

    /// The doses that people judge; nil before the first fraction.
    ///
    /// - Parameter model: Of biology.
    public func planDose(_ model: BiologicalModel) -> PlanDose? {
        guard let mean else { return nil }
        return PlanDose(distribution: mean, biologicalModel: model, fractions: fractions)
    }
}
