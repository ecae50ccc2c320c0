import FacilityModel
import PencilBeam
import PlanModel
import Quantities
import Radiobiology

/// Which share of the ions of a passive field comes through its collimator.
///
///     η = Σ_s N_s ∫_opening φ_s(r) dA / Σ_s N_s
///
/// φ is the fluence of wobbler and scatterer at the isocentre plane (3), the opening is projected on it. It counts where the beam's ions point; that some react in scatterer, ridge filter and
/// range shifter before is left out, as it is in (3). All that does not come through stops in the leaves.
///
/// ## Source
/// Kanai et al., Int. J. Radiat. Oncol. Biol. Phys. 44 (1999) 201.
/// ## Checked by
/// `PassiveEfficiencyTests`: uniform and Gaussian fields in closed form.
public struct PassiveEfficiency: Hashable, Sendable {
    /// Of each slice, 0 to 1.
    public let slices: [Double]
    /// Of the whole field.
    public let share: Double

    /// The share of a field.
    ///
    /// - Parameters:
    ///   - delivery: How the nozzle is set.
    ///   - nozzle: The nozzle.
    ///   - ion: The ion.
    ///   - biology: What the ridge filters are flat in.
    ///   - depthTable: Gives the beam in water.
    /// - Throws: `PassiveBeamError` where the nozzle has not these devices, and what `depthTable` throws.
    public init(
        of delivery: PassiveDelivery, nozzle: PassiveNozzle, ion: Isotope, biology: BiologicalModel,
        depthTable: DepthTableSource
    ) throws {
        let line = try PassiveBeamLine(
            nozzle: nozzle, ion: ion, setting: PassiveBeamLine.setting(of: delivery, nozzle: nozzle),
            biology: biology, depthTable: depthTable)
        let filter = try line.ridgeFilter(widthMM: delivery.ridgeFilterWidthMM)
        slices = try delivery.slices.map { slice in
            let passage = try line.passage(rangeShifterMM: slice.rangeShifterMM, filter: filter)
            return Self.share(of: line.fluence(behind: passage), through: slice.opening)
        }
        let through = zip(delivery.slices, slices).reduce(0) { $0 + $1.0.particles * $1.1 }
        share = delivery.particles > 0 ? through / delivery.particles : 0
    }

    /// Share of the ions of a fluence that an opening lets through: φ along each leaf pair by the midpoints of squares of half a millimetre or less.
    ///
    /// - Parameters:
    ///   - fluence: Per ion and mm² at the isocentre plane.
    ///   - opening: Projected on that plane.
    public static func share(of fluence: WobbledFluence, through opening: LeafOpening) -> Double {
        let corners = opening.pairsMM.indices.flatMap { pair -> [SIMD2<Double>] in
            let ends = opening.pairsMM[pair]
            guard ends.y > ends.x else { return [] }
            return [ends.x, ends.y].flatMap { x in
                [opening.boundariesMM[pair], opening.boundariesMM[pair + 1]].map { SIMD2(x, $0) }
            }
        }
        guard let far = corners.map({ ($0 * $0).sum() }).max() else { return 0 }
        // φ depends on the radius alone: a table every half millimetre, linear between.
        let step = 0.5
        let table = (0...(Int(far.squareRoot() / step) + 2)).map { fluence.perMM2(atMM: step * Double($0)) }
        var sum = 0.0
        for (pair, ends) in opening.pairsMM.enumerated() where ends.y > ends.x {
            let height = opening.boundariesMM[pair + 1] - opening.boundariesMM[pair]
            let (rows, columns) = (Int(height / step) + 1, Int((ends.y - ends.x) / step) + 1)
            let (dx, dy) = ((ends.y - ends.x) / Double(columns), height / Double(rows))
            for row in 0..<rows {
                let y = opening.boundariesMM[pair] + (Double(row) + 0.5) * dy
                for column in 0..<columns {
                    let x = ends.x + (Double(column) + 0.5) * dx
                    let place = (x * x + y * y).squareRoot() / step
                    let cell = Int(place)
                    sum += (table[cell] + (place - Double(cell)) * (table[cell + 1] - table[cell])) * dx * dy
                }
            }
        }
        return sum
    }
}
