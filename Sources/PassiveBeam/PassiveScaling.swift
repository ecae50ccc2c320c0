import PlanModel
import Quantities
import Radiobiology
import Volumes

/// Scales designed fields to a prescription at the centres of their spread-out peaks.
///
/// Each field alone gives its share of the prescription at its own centre, then all get one common factor with which the mean of
/// the RBE-weighted doses of all fields together at these centres is the prescription (RBE-weighted doses do not add up).
///
/// ## Checked by
/// `PassiveScalingTests`.
public enum PassiveScaling {
    /// Absorbed dose and dose times z* at a centre.
    public struct CentreDose: Sendable, Hashable {
        public var dose: Double
        public var doseZStar: Double

        public init(dose: Double, doseZStar: Double) {
            self.dose = dose
            self.doseZStar = doseZStar
        }
    }

    /// Factor of each field's ions.
    ///
    /// - Parameters:
    ///   - doses: `[field][centre]`: what each field gives at each field's centre, for the ions that it was designed with.
    ///   - prescribed: RBE-weighted dose of one fraction.
    ///   - biology: How dose counts.
    ///   - numbers: Field numbers, for messages.
    /// - Throws: `PassiveBeamError.noDoseAtCentre`.
    public static func factors(
        doses: [[CentreDose]], prescribed: RBEWeightedDose, biology: BiologicalModel, numbers: [Int]
    ) throws(PassiveBeamError) -> [Double] {
        let share = prescribed.value / Double(doses.count)
        var factors: [Double] = []
        for (field, row) in doses.enumerated() {
            let own = row[field]
            guard own.dose > 0 else { throw .noDoseAtCentre(field: numbers[field]) }
            factors.append(
                Self.factor(reaching: share) {
                    biology.rbeWeightedDose(dose: $0 * own.dose, doseZStar: $0 * own.doseZStar).value
                })
        }
        let common = Self.factor(reaching: prescribed.value) { scale in
            let sum = doses.indices.reduce(0.0) { sum, centre in
                var (dose, doseZStar) = (0.0, 0.0)
                for (field, factor) in factors.enumerated() {
                    dose += scale * factor * doses[field][centre].dose
                    doseZStar += scale * factor * doses[field][centre].doseZStar
                }
                return sum + biology.rbeWeightedDose(dose: dose, doseZStar: doseZStar).value
            }
            return sum / Double(doses.count)
        }
        return factors.map { common * $0 }
    }

    /// The x at which a growing function with value 0 at 0 reaches a level.
    private static func factor(reaching level: Double, _ value: (Double) -> Double) -> Double {
        var high = 1.0
        while value(high) < level { high *= 2 }
        var low = 0.0
        for _ in 0..<200 {
            let middle = 0.5 * (low + high)
            if value(middle) < level { low = middle } else { high = middle }
        }
        return 0.5 * (low + high)
    }
}
