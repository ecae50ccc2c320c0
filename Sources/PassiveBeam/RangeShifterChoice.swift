import FacilityModel
import IonPhysics

/// Which plates of a range shifter take off a wanted range.
///
/// ## Checked by
/// `RangeShifterChoiceTests`.
public struct RangeShifterChoice: Sendable, Equatable {
    /// True thickness of the plates in the beam, mm, ascending.
    public let platesMM: [Double]
    /// Water-equivalent thickness of them together, mm.
    public let waterMM: Double

    /// The thickest set of plates that takes off no more than wanted.
    ///
    /// - Parameters:
    ///   - wantedWaterMM: Range to be taken off, mm of water; not negative.
    ///   - stack: The plates; at most 16.
    /// - Throws: `PassiveBeamError`: `targetTooShallow` if all plates together are more than their smallest too thin,
    ///   `unknownMaterial`.
    public init(atMost wantedWaterMM: Double, of stack: PassiveNozzle.RangeShifterStack)
        throws(PassiveBeamError)
    {
        let ratio: Double
        do { ratio = MaterialProperties(try Material.named(stack.material)).stoppingPowerRatio } catch {
            throw .unknownMaterial(stack.material, device: "range shifter")
        }
        let plates = stack.platesMM.sorted()
        precondition(plates.count <= 16)
        var best: (mask: Int, sum: Double) = (0, 0)
        for mask in 0..<(1 << plates.count) {
            let sum = plates.indices.reduce(0.0) { mask >> $1 & 1 == 1 ? $0 + plates[$1] : $0 }
            if sum * ratio <= wantedWaterMM + 1e-6 && sum > best.sum + 1e-9 { best = (mask, sum) }
        }
        let all = plates.reduce(0, +)
        if let smallest = plates.first, wantedWaterMM > (all + smallest) * ratio {
            throw .targetTooShallow(neededShiftMM: wantedWaterMM, greatestShiftMM: all * ratio)
        }
        platesMM = plates.indices.filter { best.mask >> $0 & 1 == 1 }.map { plates[$0] }
        waterMM = best.sum * ratio
    }
}
