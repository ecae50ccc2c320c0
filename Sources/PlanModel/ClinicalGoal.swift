/// A dose-volume figure of a structure. Volumes are fractions 0...1 or cm³, doses totals over all fractions.
public enum DoseVolumeMetric: Hashable, Sendable {
    /// D_v: least dose of the hottest fraction `volume` of the structure, Gy or Gy (RBE).
    case doseAtVolume(Double)
    /// D_v with the volume in cm³.
    case doseAtAbsoluteVolume(cm3: Double)
    /// V_d: fraction of the structure that receives at least `dose`.
    case volumeAtDose(Double)
    case meanDose
    case maximumDose
    case minimumDose
    /// (D2 − D98) / D50.
    case homogeneityIndex
    /// Volume of the prescription isodose inside the target squared over (target volume × isodose volume), Paddick.
    case conformityIndex
    /// Dose-averaged LET, mean over the structure, keV/µm.
    case meanLETd
}

/// How a metric is compared.
public enum GoalComparison: String, Hashable, Sendable {
    case atLeast = ">="
    case atMost = "<="
}

/// What the plan should reach in one structure, as it is judged by people.
public struct ClinicalGoal: Hashable, Sendable {
    public var structureName: String
    public var metric: DoseVolumeMetric
    public var comparison: GoalComparison
    /// In the metric's unit: Gy (RBE) or Gy, fraction 0...1, keV/µm, or dimensionless.
    public var value: Double
    public var quantity: DoseQuantity

    public init(
        structureName: String, metric: DoseVolumeMetric, comparison: GoalComparison, value: Double,
        quantity: DoseQuantity = .rbeWeighted
    ) {
        self.structureName = structureName
        self.metric = metric
        self.comparison = comparison
        self.value = value
        self.quantity = quantity
    }
}
