import PlanModel
import Radiobiology
import Volumes

/// The dose of a whole plan as people judge it: totals over all fractions on the dose grid.
public struct PlanDose: Sendable {
    /// Absorbed dose, Gy.
    public let physical: Volume<Float>
    /// RBE-weighted dose, Gy (RBE).
    public let rbeWeighted: Volume<Float>
    /// D · LET_d of one fraction, Gy keV/µm, and D of one fraction, Gy: averages of LET_d weigh with the dose.
    private let doseLET: Volume<Float>
    private let dosePerFraction: Volume<Float>

    /// Totals of `fractions` equal fractions: n · D and n · D_RBE(D, D·z*).
    ///
    /// - Precondition: at least one fraction.
    public init(distribution: DoseDistribution, biologicalModel: BiologicalModel, fractions: Int) {
        precondition(fractions >= 1)
        let n = Double(fractions)
        var physical = distribution.dose.values
        var weighted = physical
        for i in physical.indices where physical[i] != 0 {
            let dose = Double(physical[i])
            let rbe = biologicalModel.rbeWeightedDose(
                dose: dose, doseZStar: Double(distribution.doseZStar.values[i]))
            physical[i] = Float(n * dose)
            weighted[i] = Float(n * rbe.value)
        }
        self.physical = Volume(geometry: distribution.geometry, values: physical)
        rbeWeighted = Volume(geometry: distribution.geometry, values: weighted)
        doseLET = distribution.doseLET
        dosePerFraction = distribution.dose
    }

    public var geometry: VolumeGeometry { physical.geometry }

    /// The volume of a quantity.
    public func volume(_ quantity: DoseQuantity) -> Volume<Float> {
        switch quantity {
        case .physical: physical
        case .rbeWeighted: rbeWeighted
        }
    }

    /// LET_d, keV/µm; 0 where the dose is below `threshold` of its greatest value, where it means little.
    public func averagedLET(threshold: Double = 0.005) -> Volume<Float> {
        let least = Float(threshold) * (dosePerFraction.values.max() ?? 0)
        var result = doseLET
        for i in result.values.indices {
            let dose = dosePerFraction.values[i]
            result.values[i] = dose > 0 && dose >= least ? result.values[i] / dose : 0
        }
        return result
    }
}
