import FacilityModel
import PassiveBeam
import PlanModel

/// Compares what a plan says of a passive beam with the nozzle it is computed for.
struct PassiveBeamCheck {
    let delivery: PassiveDelivery
    let field: Int
    let port: PassivePort
    let file: String

    /// Wobbler with scatterer, ridge filter and plates must be ones that the nozzle has.
    ///
    /// - Throws: `PlanAssignmentError.unknownPassiveDevice`.
    func devices() throws(PlanAssignmentError) {
        let nozzle = port.nozzle
        func missing(_ what: String, _ known: [String]) -> PlanAssignmentError {
            .unknownPassiveDevice(
                what, file: file, field: field, port: port.id, known: known.joined(separator: ", "))
        }
        do { _ = try PassiveBeamLine.setting(of: delivery, nozzle: nozzle) } catch {
            throw missing(
                "a wobbler circle of \(delivery.wobblerRadiusMM) mm with a scatterer of \(delivery.scattererThicknessMM) mm at "
                    + "\(delivery.energy)",
                nozzle.spreading.settings.map {
                    "\($0.wobblerRadiusMM) mm with \($0.scattererThicknessMM) mm at \($0.energy)"
                })
        }
        let widths = nozzle.ridgeFilters.widthsMM + (nozzle.layerStacking.map { [$0.miniPeakWidthMM] } ?? [])
        guard widths.contains(delivery.ridgeFilterWidthMM) else {
            throw missing(
                "a ridge filter of \(delivery.ridgeFilterWidthMM) mm", widths.map { "\($0) mm" })
        }
        for plate in delivery.slices.flatMap(\.rangeShifterPlatesMM)
        where !nozzle.rangeShifter.platesMM.contains(plate) {
            throw missing(
                "a range shifter plate of \(plate) mm", nozzle.rangeShifter.platesMM.map { "\($0) mm" })
        }
    }

    /// Where the dose will be that of the machine file and not of the plan: source, bolus, leaves.
    var findings: [Finding] {
        var found: [Finding] = []
        func warn(_ code: String, _ text: String) {
            found.append(
                Finding(severity: .warning, code: code, message: "\(file): beam \(field): \(text)"))
        }
        let nozzle = port.nozzle
        let own = nozzle.spreading.scattererDistanceMM
        if abs(delivery.sourceDistanceMM / own - 1) > BeamCheck.tolerance {
            warn(
                "CHECK-0004",
                "Virtual Source-Axis Distances (300A,030A) are \(Int(delivery.sourceDistanceMM)) mm, but the scatterer of the machine "
                    + "file stands at \(Int(own)) mm (its source was used); correct the one that is wrong")
        }
        if let bolus = delivery.bolus, bolus.material != nozzle.bolus.material {
            warn(
                "CHECK-0018",
                "Material ID (300A,00E1) of the bolus is '\(bolus.material)', but '\(nozzle.bolus.material)' in the machine file (that "
                    + "of the plan was used); make sure which it is")
        }
        if let widths = delivery.slices.first?.opening.boundariesMM, widths.count > 1 {
            let source = delivery.sourceDistanceMM
            let leaf = nozzle.collimator.leafWidthMM * source / (source - nozzle.collimator.distanceMM)
            let planned = (widths[widths.count - 1] - widths[0]) / Double(widths.count - 1)
            if abs(planned / leaf - 1) > BeamCheck.tolerance {
                warn(
                    "CHECK-0019",
                    "Leaf Position Boundaries (300A,00BE) are \(Self.short(planned)) mm apart, but leaves are \(Self.short(leaf)) mm wide at "
                        + "the isocentre in the machine file (those of the plan were used); make sure that it is the same collimator"
                )
            }
        }
        return found
    }

    private static func short(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}
