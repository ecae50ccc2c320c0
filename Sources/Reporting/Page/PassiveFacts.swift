import FacilityModel
import PlanModel
import Quantities

/// Passive ports and fields in words.
enum PassiveFacts {
    /// The nozzle of a port.
    static func of(_ port: PassivePort) -> [ReportFact] {
        let nozzle = port.nozzle
        func mm(_ value: Double) -> String { "\(NumberText.significant(value, 4)) mm" }
        func list(_ values: [Double]) -> String {
            values.map { NumberText.significant($0, 4) }.joined(separator: ", ") + " mm"
        }
        var facts = [
            ReportFact("Port \(port.id)", "\(port.room), \(MachineFacts.words(port.direction)), passive"),
            ReportFact(
                "– field at the isocentre",
                "\(mm(nozzle.fieldDiameterMM)) in diameter, flat to \(NumberText.percent(nozzle.flatness, 1))"
            ),
            ReportFact(
                "– wobbler and scatterer",
                "\(mm(nozzle.spreading.wobblerDistanceMM)) and \(mm(nozzle.spreading.scattererDistanceMM)) from the "
                    + "isocentre, \(nozzle.spreading.scattererMaterial)"),
            ReportFact(
                "– ridge filters",
                "\(list(nozzle.ridgeFilters.widthsMM)) water, \(nozzle.ridgeFilters.material)"),
            ReportFact(
                "– range shifter plates",
                "\(list(nozzle.rangeShifter.platesMM)) \(nozzle.rangeShifter.material)"),
            ReportFact(
                "– collimator",
                "\(nozzle.collimator.leafPairCount) leaf pairs of \(mm(nozzle.collimator.leafWidthMM)), "
                    + "\(mm(nozzle.collimator.distanceMM)) from the isocentre"),
            ReportFact(
                "– bolus", "\(nozzle.bolus.material), \(mm(nozzle.bolus.distanceMM)) from the isocentre"),
        ]
        if let stacking = nozzle.layerStacking {
            facts.append(
                ReportFact(
                    "– layer stacking",
                    "peak \(mm(stacking.miniPeakWidthMM)) wide, steps of \(mm(stacking.stepMM)) water"))
        }
        return facts
    }

    /// The settings of a field.
    static func table(_ delivery: PassiveDelivery) -> HTMLTable {
        func mm(_ value: Double, _ digits: Int = 1) -> String { "\(NumberText.fixed(value, digits)) mm" }
        let thinnest = delivery.slices.map(\.rangeShifterMM).min() ?? 0
        let thickest = delivery.slices.map(\.rangeShifterMM).max() ?? 0
        var facts = [
            ReportFact("Energy before the scatterer", "\(NumberText.fixed(delivery.energy.value, 1)) MeV/u"),
            ReportFact("Wobbler radius at the isocentre", mm(delivery.wobblerRadiusMM)),
            ReportFact("Scatterer", mm(delivery.scattererThicknessMM, 2)),
            ReportFact(
                delivery.slices.count == 1 ? "Ridge filter" : "Narrow ridge filter",
                "\(mm(delivery.ridgeFilterWidthMM)) of water"),
            ReportFact(
                "Range shifter",
                thinnest == thickest ? mm(thinnest, 2) : "\(mm(thinnest, 2)) to \(mm(thickest, 2))"),
            ReportFact("Irradiations", "\(delivery.slices.count)"),
            ReportFact("Ions per fraction", NumberText.particles(delivery.particles)),
        ]
        if let bolus = delivery.bolus {
            let (low, high) = (bolus.thicknessMM.min() ?? 0, bolus.thicknessMM.max() ?? 0)
            facts.append(ReportFact("Bolus", "\(bolus.material), \(mm(low)) to \(mm(high))"))
        }
        return HTMLTable.facts(facts, caption: "Passive devices")
    }
}
