import IonPhysics
import Quantities

/// Energies given by the steps of their range in water.
///
/// From the highest energy, each segment goes `count` steps of `pitchMM` shallower. With a lowest energy, all pitches
/// are scaled by one factor so that the last energy is exactly that:
///
///     R_{i+1} = R_i − f p_i,     f = [R(E_max) − R(E_min)] / Σ p_i      (1 without E_min)
///
/// ## Checked by
/// `MachineFileTests`.
struct EnergyRule {
    struct Segment {
        var count: Int
        var pitchMM: Double
    }
    var highestMeVPerNucleon: Double
    var lowestMeVPerNucleon: Double?
    var segments: [Segment]

    /// The factor may move the pitch by this share at most: more means that the figures contradict each other.
    static let greatestScaling = 0.02

    /// Why the rule gives no energies, in words; or the energies from the highest down.
    func energies(_ isotope: Isotope) -> Result<[EnergyPerNucleon], RuleError> {
        let table: RangeTable
        do { table = try RangeTable(isotope) } catch {
            return .failure(RuleError(message: "\(error)"))
        }
        let deepest = table.rangeMM(energyMeVPerNucleon: highestMeVPerNucleon)
        let total = segments.reduce(0) { $0 + Double($1.count) * $1.pitchMM }
        var factor = 1.0
        if let lowest = lowestMeVPerNucleon {
            factor = (deepest - table.rangeMM(energyMeVPerNucleon: lowest)) / total
            guard abs(factor - 1) <= Self.greatestScaling else {
                return .failure(
                    RuleError(
                        message: "the steps add up to \(total) mm, but the ranges of the highest and lowest "
                            + "energy differ by \(factor * total) mm (2 % is allowed); correct the steps "
                            + "or leave out ‘lowest’"))
            }
        }
        guard deepest - factor * total > 0.5 else {
            return .failure(
                RuleError(
                    message: "the steps add up to \(total) mm, but the range of the highest energy is "
                        + "\(deepest) mm; give fewer or smaller steps"))
        }
        var energies = [EnergyPerNucleon(highestMeVPerNucleon)]
        var range = deepest
        for segment in segments {
            for _ in 0..<segment.count {
                range -= factor * segment.pitchMM
                energies.append(EnergyPerNucleon(table.energyMeVPerNucleon(rangeMM: range)))
            }
        }
        if let lowest = lowestMeVPerNucleon { energies[energies.count - 1] = EnergyPerNucleon(lowest) }
        return .success(energies)
    }

    struct RuleError: Error {
        var message: String
    }
}
