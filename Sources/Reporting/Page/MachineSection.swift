import FacilityModel
import PlanModel
import Quantities
import Volumes

/// The machine as the plan used it, with sources, and the parameters of the models.
struct MachineSection {
    let report: TreatmentReport

    init(_ report: TreatmentReport) { self.report = report }

    var markup: String {
        """
        <section class="own-page">
        <h2>Machine and models</h2>
        \(HTMLTable.facts(machine + report.machineFacts, caption: "Machine").markup)
        \(HTMLTable.facts(models, caption: "Models").markup)
        </section>
        """
    }

    private var models: [ReportFact] {
        let grid = report.fractionDose.geometry
        let (n, d) = (grid.dimensions, grid.spacingMM)
        let size = [d.x, d.y, d.z].map { NumberText.significant($0, 3) }.joined(separator: " × ")
        return [ReportFact("Dose grid", "\(n.x) × \(n.y) × \(n.z) voxels of \(size) mm")]
            + report.biologicalModel.facts
            + [ReportFact("Neutral particles", report.neutralParticleStatement)] + report.modelFacts
    }

    private var machine: [ReportFact] { MachineFacts.of(report.machine, plan: report.plan) }
}
