import DeliverySimulation
import PatientModel
import PlanModel

/// How the patient breathed while beam was on, and how finely the dose follows it.
public struct PatientMotion: Sendable {
    public var anatomy: AnatomyMotion
    /// On the clock of the delivered spots.
    public var trace: BreathingTrace
    /// Greatest number of phases that the dose is computed for.
    public var phases: Int

    /// - Parameters:
    ///   - anatomy: How anatomy moves with the amplitude.
    ///   - trace: Amplitude against time, on the clock of the delivered spots.
    ///   - phases: Greatest number of phases, at least 1; 10 keeps the places of a motion of 10 mm within 0.5 mm.
    /// - Precondition: at least one phase.
    public init(anatomy: AnatomyMotion, trace: BreathingTrace, phases: Int = 10) {
        precondition(phases >= 1)
        self.anatomy = anatomy
        self.trace = trace
        self.phases = phases
    }
}

extension AnatomyMotion {
    /// A dose given at an amplitude, in the reference anatomy; D, D · z* and D · LET alike.
    func pulledBack(
        _ distribution: DoseDistribution, amplitude: Double, threads: Int
    ) async throws -> DoseDistribution {
        let parts = try await pulledBack(
            [distribution.dose, distribution.doseZStar, distribution.doseLET], amplitude: amplitude,
            threads: threads)
        return DoseDistribution(dose: parts[0], doseZStar: parts[1], doseLET: parts[2])
    }
}
