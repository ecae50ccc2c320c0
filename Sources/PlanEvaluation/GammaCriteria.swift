/// When two doses agree: a dose difference, a distance, and where to look.
public struct GammaCriteria: Hashable, Sendable {
    /// What the dose difference is a share of.
    public enum Normalisation: Hashable, Sendable {
        /// The greatest reference dose.
        case globalMaximum
        /// A stated dose, for example the prescription, Gy.
        case globalDose(Double)
        /// The reference dose at each point.
        case local
    }
    /// Dose difference Δ as a share, for example 0.02 for 2 %.
    public var doseDifference: Double
    /// Distance to agreement δ, mm.
    public var distanceMM: Double
    public var normalisation: Normalisation
    /// Reference points below this share of the greatest reference dose (or of the stated dose) are left out.
    public var lowDoseThreshold: Double
    /// γ is searched up to this value; points beyond get it. The search reaches as many distances δ.
    public var maximumGamma: Double
    /// The evaluated dose is interpolated to δ over this number; at least 10 keeps the error of γ below about 0.05.
    public var stepsPerDistance: Int

    public init(
        doseDifference: Double, distanceMM: Double, normalisation: Normalisation = .globalMaximum,
        lowDoseThreshold: Double = 0.1, maximumGamma: Double = 2, stepsPerDistance: Int = 10
    ) {
        self.doseDifference = doseDifference
        self.distanceMM = distanceMM
        self.normalisation = normalisation
        self.lowDoseThreshold = lowDoseThreshold
        self.maximumGamma = maximumGamma
        self.stepsPerDistance = stepsPerDistance
    }
}

/// Why a gamma index cannot be computed.
public enum GammaError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The doses belong to different patients or frames.
    case framesOfReferenceDiffer(reference: String, evaluated: String)
    /// A criterion that is not positive and finite.
    case invalidCriterion(name: String, value: Double)
    /// A voxel without a number.
    case notFinite(volume: String, voxel: Int)
    /// No reference point is above the threshold.
    case noPoints(threshold: Double)

    public var description: String {
        switch self {
        case .framesOfReferenceDiffer(let reference, let evaluated):
            "frames of reference \(reference) and \(evaluated) differ (points could not be compared); register first"
        case .invalidCriterion(let name, let value):
            "gamma criterion \(name) is \(value) (it must be positive); correct it"
        case .notFinite(let volume, let voxel):
            "the \(volume) dose of voxel \(voxel) is not a number (gamma would be meaningless); check the file"
        case .noPoints(let threshold):
            "no reference point receives \(threshold) Gy (nothing to compare); lower the threshold"
        }
    }
}

/// γ of every point that was compared.
public struct GammaResult: Sendable {
    /// Storage indices of the compared voxels of the reference grid, ascending.
    public var voxels: [Int32]
    /// γ of each; at most the greatest γ that was searched for.
    public var gamma: [Float]

    /// Rounding of a γ that is 1 by construction must not fail a point.
    private static let rounding: Float = 1e-4

    /// Share of points with γ ≤ 1.
    public var passRate: Double {
        Double(gamma.count { $0 <= 1 + Self.rounding }) / Double(gamma.count)
    }
    public var mean: Double { gamma.reduce(0.0) { $0 + Double($1) } / Double(gamma.count) }
    public var maximum: Double { Double(gamma.max() ?? 0) }
}
