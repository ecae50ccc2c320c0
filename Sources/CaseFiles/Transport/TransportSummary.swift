import Foundation
import IonPhysics
import IonTransport
import PhantomTransport

/// `summary.yaml` of a transport result: where it comes from, where the energy went, what the files hold.
struct TransportSummary {
    let outcome: PhantomTransport.Outcome
    let run: PhantomTransport
    let circumstances: TransportFolder.Circumstances
    let requestDigest: String
    let files: [(name: String, what: String, sha256: String)]

    var text: String {
        let result = outcome.result
        let energy = result.energy
        let provenance = circumstances.provenance
        var lines = [
            "format: \(TransportFolder.summaryFormat)", "version: \(TransportFolder.summaryVersion)",
            "notice: Research software, not a medical device",
            "label: \(Self.quoted(circumstances.label))",
            "program: \(Self.quoted(provenance.programVersion))",
            "request: {file: \(TransportFolder.requestName), sha256: \(requestDigest)}",
        ]
        lines.append(provenance.sources.isEmpty ? "sources: []" : "sources:")
        lines += provenance.sources.map {
            "  - {role: \(Self.quoted($0.role)), path: \(Self.quoted($0.path)), sha256: \($0.sha256)}"
        }
        lines += [
            "run:", "  seed: \(provenance.seed)", "  histories: \(result.histories)",
            "  batches: \(result.batches)", "  ended-by: \(outcome.ending.rawValue)",
        ]
        if let goal = run.settings.uncertainty, let value = outcome.uncertainty {
            lines.append("  uncertainty: {score: \(goal.score), reached: \(Self.number(value))}")
        }
        lines += [
            "beam:", "  ion: \(run.beam.ion)",
            "  mean-energy: \(Self.number(run.beam.meanMeVPerNucleon))       # MeV/u",
        ]
        if let range = Self.rangeMM(run) {
            lines.append("  range-in-water: \(Self.number(range))       # mm, CSDA, of the mean energy")
        }
        lines += ["phantom:", "  materials:"]
        lines += Self.materials(run.phantom)
        lines += [
            "energy-balance:       # MeV per primary ion",
            "  in: \(Self.number(energy.inMeV))", "  deposited: \(Self.number(energy.depositedMeV))",
            "  escaped: \(Self.number(energy.escapedMeV))       # ions that left or missed the phantom",
            "  neutrons: \(Self.number(energy.neutronsMeV))       # that left, or became too slow to be followed",
            "  binding: \(Self.number(energy.bindingMeV))       # rest energy made in reactions",
            "  missing: \(Self.number(energy.missingMeV))",
            "reactions-per-primary: \(Self.number(energy.reactions))",
        ]
        lines += depthDoses
        lines.append("files:")
        lines += files.map { "  - {name: \($0.name), sha256: \($0.sha256), what: \(Self.quoted($0.what))}" }
        lines += [
            "timing:       # differs from run to run; nothing else does",
            "  created: \(Self.quoted(provenance.created))", "  threads: \(circumstances.threads)",
            "  seconds: \(Self.number(circumstances.seconds))",
            "  histories-per-second: \(Self.number(Double(result.histories) / max(circumstances.seconds, 1e-9)))",
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    /// Peak and distal 80 % of every depth dose.
    private var depthDoses: [String] {
        var lines: [String] = []
        for entry in run.plan.entries {
            guard case .depthDose(let from, _, let step, _) = entry.description.kind,
                let score = entry.scores.first
            else { continue }
            let energies = (0..<outcome.result.request.scores[score].bins.count).map {
                outcome.result.energyMeV(score: score, bin: $0).value
            }
            guard let top = energies.indices.max(by: { energies[$0] < energies[$1] }), energies[top] > 0
            else {
                continue
            }
            var line =
                "  - {name: \(entry.description.name), peak: \(Self.number(from + (Double(top) + 0.5) * step))"
            for i in energies.indices where i > top && energies[i] < 0.8 * energies[top] {
                let part = (energies[i - 1] - 0.8 * energies[top]) / (energies[i - 1] - energies[i])
                line += ", distal-80: \(Self.number(from + (Double(i) - 0.5 + part) * step))"
                break
            }
            lines.append(line + "}")
        }
        return lines.isEmpty ? [] : ["depth-doses:       # mm"] + lines
    }

    private static func materials(_ phantom: TransportPhantom) -> [String] {
        guard case .solids(let solids) = phantom else {
            return ["    - {place: CT, materials: \(phantom.materials.count)}"]
        }
        let places = ["world"] + solids.solids.map(\.name)
        return zip(places, solids.materials).map { place, material in
            let properties = MaterialProperties(material)
            return "    - {place: \(quoted(place)), material: \(quoted(material.name)), "
                + "density: \(number(material.densityGPerCM3)), "
                + "stopping-power-ratio: \(number(properties.stoppingPowerRatio)), "
                + "excitation-energy: \(number(properties.meanExcitationEnergyEV))}"
        }
    }

    private static func rangeMM(_ run: PhantomTransport) -> Double? {
        do {
            return try RangeTable(run.beam.ion).rangeMM(energyMeVPerNucleon: run.beam.meanMeVPerNucleon)
        } catch {
            // Every ion that is transported has a range; without one the line is left out.
            return nil
        }
    }

    private static func number(_ value: Double) -> String { String(format: "%.7g", value) }

    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: " ")
            + "\""
    }
}
