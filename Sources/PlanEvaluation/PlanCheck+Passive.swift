import FacilityModel
import PlanModel
import Quantities

extension PlanCheck {
    /// Settings of a passive field that its port cannot give.
    static func check(_ field: Field, path: String, passive port: PassivePort) -> [Finding] {
        var findings = checkAngles(field, path: path, port: port)
        func fail(_ code: String, _ place: String, _ message: String) {
            findings.append(Finding(severity: .failure, code: code, message: message, path: path + place))
        }
        guard let delivery = field.passive else {
            fail(
                "PLAN-0040", ".passive",
                "field \(field.name) has no settings for the passive port \(port.id) (nothing would be delivered); plan it"
            )
            return findings
        }
        let nozzle = port.nozzle
        let isKnown = nozzle.spreading.settings.contains {
            $0.energy == delivery.energy && $0.wobblerRadiusMM == delivery.wobblerRadiusMM
                && $0.scattererThicknessMM == delivery.scattererThicknessMM
        }
        if !isKnown {
            fail(
                "PLAN-0041", ".passive",
                "wobbler radius \(delivery.wobblerRadiusMM) mm and scatterer \(delivery.scattererThicknessMM) mm are no "
                    + "setting of port \(port.id) at \(delivery.energy); plan again")
        }
        let mini = nozzle.layerStacking.map { [$0.miniPeakWidthMM] } ?? []
        if !(nozzle.ridgeFilters.widthsMM + mini).contains(delivery.ridgeFilterWidthMM) {
            fail(
                "PLAN-0042", ".passive",
                "port \(port.id) has no ridge filter of \(delivery.ridgeFilterWidthMM) mm; choose one that it has"
            )
        }
        for (index, slice) in delivery.slices.enumerated() {
            let place = ".passive.slices[\(index)]"
            if !slice.rangeShifterPlatesMM.allSatisfy({ nozzle.rangeShifter.platesMM.contains($0) }) {
                fail(
                    "PLAN-0043", place,
                    "a range shifter plate is not at port \(port.id) (it has "
                        + "\(nozzle.rangeShifter.platesMM.map { "\($0)" }.joined(separator: ", ")) mm); choose one of these"
                )
            }
            if slice.opening.pairsMM.count != nozzle.collimator.leafPairCount {
                fail(
                    "PLAN-0044", place,
                    "\(slice.opening.pairsMM.count) leaf pairs are given, port \(port.id) has "
                        + "\(nozzle.collimator.leafPairCount); plan again")
            }
            guard slice.particles.isFinite, slice.particles > 0 else {
                fail(
                    "PLAN-0045", place,
                    "\(slice.particles) ions is not a positive number (it cannot be delivered); remove the slice"
                )
                continue
            }
        }
        if let bolus = delivery.bolus, let thickest = bolus.thicknessMM.max(),
            thickest > nozzle.bolus.greatestThicknessMM
        {
            fail(
                "PLAN-0046", ".passive.bolus",
                "bolus is \(thickest) mm thick, the blank of port \(port.id) has \(nozzle.bolus.greatestThicknessMM) mm; "
                    + "choose another direction")
        }
        return findings
    }
}
