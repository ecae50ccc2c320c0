/// One way in which a treatment may go wrong: the patient lies beside where the plan has them, or the stopping power of the tissues
/// is not what the calibration says.
public struct ErrorScenario: Hashable, Sendable {
    /// Displacement of the patient, DICOM patient axes (left, back, head), mm.
    public var shiftMM: SIMD3<Double>
    /// Relative error of every stopping power: 0.035 for tissues that stop 3.5 % more than the plan has it, so that ranges in the
    /// patient are shorter.
    public var rangeError: Double

    /// - Parameters:
    ///   - shiftMM: Displacement of the patient, DICOM patient axes, mm.
    ///   - rangeError: Relative error of every stopping power; above −1.
    public init(shiftMM: SIMD3<Double>, rangeError: Double) {
        self.shiftMM = shiftMM
        self.rangeError = rangeError
    }

    /// The plan as it was made.
    public static let nominal = ErrorScenario(shiftMM: .zero, rangeError: 0)

    /// In words, for example `left 3 mm`, `stopping +3.5 %`.
    public var name: String {
        guard self != .nominal else { return "as planned" }
        let words = [("left", "right"), ("back", "front"), ("head", "feet")]
        var parts = words.enumerated().compactMap { axis, names -> String? in
            let shift = shiftMM[axis]
            return shift == 0
                ? nil : "\(shift > 0 ? names.0 : names.1) \(GoalEvaluation.format(abs(shift))) mm"
        }
        if rangeError != 0 {
            let percent = GoalEvaluation.format(abs(100 * rangeError))
            parts.append("stopping \(rangeError > 0 ? "+" : "\u{2212}")\(percent) %")
        }
        return parts.joined(separator: ", ")
    }

    /// Errors of each axis in both directions, one at a time, and of the range in both directions; sizes of 0 are left out.
    ///
    /// - Parameters:
    ///   - setUpErrorMM: Size of the set-up error along each patient axis, mm; not negative.
    ///   - rangeError: Size of the relative error of the stopping power; not negative, below 1.
    public static func each(setUpErrorMM: SIMD3<Double>, rangeError: Double) -> [ErrorScenario] {
        var scenarios: [ErrorScenario] = []
        for axis in 0..<3 where setUpErrorMM[axis] > 0 {
            for sign in [1.0, -1] {
                var shift = SIMD3<Double>.zero
                shift[axis] = sign * setUpErrorMM[axis]
                scenarios.append(ErrorScenario(shiftMM: shift, rangeError: 0))
            }
        }
        if rangeError > 0 {
            scenarios += [1.0, -1].map { ErrorScenario(shiftMM: .zero, rangeError: $0 * rangeError) }
        }
        return scenarios
    }
}
