import PlanModel
import Quantities

/// The settings of a passive nozzle as `plan.json` holds them: units in the names.
struct PassiveRecord: Codable {
    struct BolusRecord: Codable {
        var material: String
        var distanceMM: Double
        var firstMM: [Double]
        var pitchMM: Double
        var columns: Int
        var rows: Int
        /// `[row][column]`, x fastest.
        var thicknessMM: [Double]
    }
    struct SliceRecord: Codable {
        var rangeShifterPlatesMM: [Double]
        /// Opening of each leaf pair, [from, to].
        var leavesMM: [[Double]]
        var particles: Double
    }
    var energyMeVPerNucleon: Double
    var wobblerRadiusMM: Double
    var scattererThicknessMM: Double
    var ridgeFilterWidthMM: Double
    var sourceDistanceMM: Double
    var leafBoundariesMM: [Double]
    var bolus: BolusRecord?
    var slices: [SliceRecord]

    init(_ delivery: PassiveDelivery) {
        energyMeVPerNucleon = delivery.energy.value
        wobblerRadiusMM = delivery.wobblerRadiusMM
        scattererThicknessMM = delivery.scattererThicknessMM
        ridgeFilterWidthMM = delivery.ridgeFilterWidthMM
        sourceDistanceMM = delivery.sourceDistanceMM
        leafBoundariesMM = delivery.slices.first?.opening.boundariesMM ?? []
        bolus = delivery.bolus.map {
            BolusRecord(
                material: $0.material, distanceMM: $0.distanceMM, firstMM: [$0.firstMM.x, $0.firstMM.y],
                pitchMM: $0.pitchMM, columns: $0.columnCount, rows: $0.rowCount, thicknessMM: $0.thicknessMM)
        }
        slices = delivery.slices.map { slice in
            SliceRecord(
                rangeShifterPlatesMM: slice.rangeShifterPlatesMM,
                leavesMM: slice.opening.pairsMM.map { [$0.x, $0.y] }, particles: slice.particles)
        }
    }

    /// The delivery; nil if counts do not agree or a number is impossible.
    var delivery: PassiveDelivery? {
        var made: Bolus?
        if let bolus {
            guard bolus.firstMM.count == 2, bolus.columns > 0, bolus.rows > 0, bolus.pitchMM > 0,
                bolus.thicknessMM.count == bolus.columns * bolus.rows,
                bolus.thicknessMM.allSatisfy({ $0 >= 0 && $0.isFinite })
            else { return nil }
            made = Bolus(
                material: bolus.material, distanceMM: bolus.distanceMM,
                firstMM: SIMD2(bolus.firstMM[0], bolus.firstMM[1]), pitchMM: bolus.pitchMM,
                columnCount: bolus.columns, rowCount: bolus.rows, thicknessMM: bolus.thicknessMM)
        }
        var result: [PassiveSlice] = []
        for slice in slices {
            guard slice.leavesMM.allSatisfy({ $0.count == 2 && $0[0] <= $0[1] }),
                slice.leavesMM.count + 1 == leafBoundariesMM.count, slice.particles >= 0,
                slice.rangeShifterPlatesMM.allSatisfy({ $0 > 0 })
            else { return nil }
            result.append(
                PassiveSlice(
                    rangeShifterPlatesMM: slice.rangeShifterPlatesMM,
                    opening: LeafOpening(
                        boundariesMM: leafBoundariesMM, pairsMM: slice.leavesMM.map { SIMD2($0[0], $0[1]) }),
                    particles: slice.particles))
        }
        guard !result.isEmpty, energyMeVPerNucleon > 0, sourceDistanceMM > 0 else { return nil }
        return PassiveDelivery(
            energy: EnergyPerNucleon(energyMeVPerNucleon), wobblerRadiusMM: wobblerRadiusMM,
            scattererThicknessMM: scattererThicknessMM, ridgeFilterWidthMM: ridgeFilterWidthMM,
            sourceDistanceMM: sourceDistanceMM, bolus: made,
            slices: result)
    }
}
