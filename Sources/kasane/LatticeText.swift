import BeamOptics
import CaseFiles
import Foundation

/// Optics in words and tables.
enum LatticeText {
    static func summary(
        _ file: LatticeFile, optics: LinearOptics, edges: BeamLineMap.Edges, delta: Double
    ) throws -> String {
        let lattice = file.lattice
        let reference = lattice.reference
        var table = TextTable(header: ["figure", "value", "unit"], leftColumns: [0, 2])
        func add(_ name: String, _ value: Double, _ unit: String = "", digits: Int = 6) {
            table.rows.append([name, String(format: "%.\(digits)g", value), unit])
        }
        add("length of the orbit", lattice.lengthM, "m")
        add("kinetic energy", reference.energyMeVPerNucleon, "MeV/u")
        add("magnetic rigidity", reference.rigidityTM, "T m", digits: 5)
        if file.shape == .ring {
            add(
                "revolution frequency",
                reference.revolutionFrequencyHz(circumferenceM: lattice.lengthM) * 1e-6, "MHz")
        }
        add(
            file.shape == .ring ? "tune, horizontal" : "phase advance / 2 pi, horizontal", optics.tunes.x,
            digits: 7)
        add(
            file.shape == .ring ? "tune, vertical" : "phase advance / 2 pi, vertical", optics.tunes.y,
            digits: 7)
        if file.shape == .ring {
            let chromaticity = try Chromaticity.ring(lattice, edges: edges)
            add("chromaticity, horizontal", chromaticity.values.x, digits: 5)
            add("chromaticity, vertical", chromaticity.values.y, digits: 5)
        }
        add("greatest beta, horizontal", optics.greatestBetaM.x, "m")
        add("greatest beta, vertical", optics.greatestBetaM.y, "m")
        add("greatest dispersion, horizontal", optics.greatestDispersionM.x, "m")
        if let compaction = optics.momentumCompaction { add("momentum compaction", compaction) }
        if let gamma = optics.transitionGamma { add("transition gamma", gamma) }
        if let resonance = file.resonance {
            add("resonant tune", resonance)
            if let separatrix = try? Separatrix(lattice, optics: optics, resonance: resonance) {
                add("virtual sextupole", separatrix.strength, "1/m^1/2", digits: 5)
                add("stable triangle, emittance", separatrix.emittance * 1e6, "mm mrad", digits: 5)
            }
        }
        var lines = [file.summary, "", table.text]
        if file.shape == .ring {
            lines.append(
                "\nChromaticity is dQ/d(delta), delta = dp/p, exact bends and drifts, \(edges.rawValue) edges."
            )
        }
        if delta != 0 { lines.append("Seen at delta = \(delta).") }
        return lines.joined(separator: "\n")
    }

    static func functions(_ lattice: Lattice, optics: LinearOptics) -> String {
        var text =
            "element,kind,s_m,length_m,beta_x_m,beta_y_m,alpha_x,alpha_y,mu_x,mu_y,dispersion_x_m,dispersion_slope_x\n"
        func row(_ name: String, _ kind: String, _ length: Double, _ p: OpticsPoint) {
            let numbers = [
                p.positionM, length, p.betaM.x, p.betaM.y, p.alpha.x, p.alpha.y, p.phase.x, p.phase.y,
                p.dispersionM.x,
                p.dispersionSlope.x,
            ]
            text +=
                "\(name),\(kind)," + numbers.map { String(format: "%.9g", $0) }.joined(separator: ",") + "\n"
        }
        row("start", "marker", 0, optics.points[0])
        for (element, point) in zip(lattice.elements, optics.points.dropFirst()) {
            row(element.name, kind(element), element.lengthM, point)
        }
        return text
    }

    private static func kind(_ element: LatticeElement) -> String {
        switch element.kind {
        case .drift: element.lengthM == 0 ? "marker" : "drift"
        case .bend: "bend"
        case .quadrupole: "quadrupole"
        case .sextupole: "sextupole"
        case .multipole: "multipole"
        case .cavity: "cavity"
        case .kicker: "kicker"
        case .septum: "septum"
        case .exciter: "exciter"
        }
    }
}
