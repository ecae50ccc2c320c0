import FacilityModel
import PlanModel
import Quantities

/// The machine as a plan uses it: energies, and the nozzles of the ports of its fields.
enum MachineFacts {
    static func of(_ machine: Machine, plan: Plan) -> [ReportFact] {
        var facts = [
            ReportFact("Facility", machine.facility), ReportFact("Machine file", machine.name),
            ReportFact("Ion", NumberText.ion(machine.ion)),
        ]
        let energies = machine.energies.map(\.value)
        if let least = energies.min(), let greatest = energies.max() {
            facts.append(
                ReportFact(
                    "Energies",
                    "\(energies.count) from \(NumberText.fixed(least, 1)) to \(NumberText.fixed(greatest, 1)) MeV/u"
                ))
        }
        var used: [String] = []
        for field in plan.fields where !used.contains(field.portID) { used.append(field.portID) }
        for id in used {
            if let port = machine.passivePort(id) { facts += PassiveFacts.of(port) }
            guard let port = machine.port(id) else { continue }
            facts += self.facts(port)
        }
        return facts
    }

    /// A direction in words.
    static func words(_ direction: Port.Direction) -> String {
        switch direction {
        case .fixed(let angle): "fixed beam line at \(NumberText.fixed(angle.value, 1))°"
        case .rotating(let angles):
            "rotating gantry, \(NumberText.fixed(angles.lowerBound.value, 0))° to "
                + "\(NumberText.fixed(angles.upperBound.value, 0))°"
        }
    }

    private static func facts(_ port: Port) -> [ReportFact] {
        let nozzle = port.nozzle
        func pair(_ v: SIMD2<Double>, _ decimals: Int = 0) -> String {
            "\(NumberText.fixed(v.x, decimals)) × \(NumberText.fixed(v.y, decimals))"
        }
        let direction = words(port.direction)
        var facts = [
            ReportFact("Port \(port.id)", "\(port.room), \(direction)"),
            ReportFact("– scan field at the isocentre", "\(pair(2 * nozzle.fieldHalfWidthMM)) mm"),
            ReportFact(
                "– virtual sources (x, y)", "\(pair(nozzle.virtualSourceDistancesMM)) mm from the isocentre"),
        ]
        if let low = nozzle.spotSizes.first, let high = nozzle.spotSizes.last {
            facts.append(
                ReportFact(
                    "– spot σ in air (x × y)",
                    "\(pair(low.sigmaMM, 1)) mm at \(NumberText.fixed(low.energy.value, 0)) MeV/u, "
                        + "\(pair(high.sigmaMM, 1)) mm at \(NumberText.fixed(high.energy.value, 0)) MeV/u"))
        }
        facts += [
            ReportFact("– ridge filter, σ in water", "\(NumberText.fixed(nozzle.ridgeFilterSigmaMM, 2)) mm"),
            ReportFact(
                "– nozzle in the beam", "\(NumberText.fixed(nozzle.waterEquivalentThicknessMM, 2)) mm WET"),
            ReportFact(
                "– ions per spot",
                "\(NumberText.particles(nozzle.minimumSpotParticles)) to \(NumberText.particles(nozzle.maximumSpotParticles))"
            ),
        ]
        return facts
    }
}
