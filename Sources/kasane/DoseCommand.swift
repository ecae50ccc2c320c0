import ArgumentParser
import CaseFiles
import ClusterJobs
import Foundation
import MonteCarloDose
import PlanModel
import Reporting
import TreatmentPlanning

/// `kasane dose`: the dose of a finished plan, computed anew.
struct DoseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dose",
        abstract: "Compute the dose of a plan again, on its CT or as another system's plan.",
        discussion: """
            Takes the plan of a case folder, or an RT Ion Plan file with --plan, and writes a new case folder with
            the dose of that plan. Prescription, goals, machine and models are those of the case. The engine is
            the pencil beam of planning, or Monte Carlo transport through the patient as an independent check.

            A Monte Carlo run ends on the first of --histories, --uncertainty and --time that is reached. The same
            seed and number of ions give the same dose, bit for bit, on any number of threads, and in shards on a
            cluster as on one machine. If the program that follows a job on a cluster is stopped, the job goes on;
            the same command again, or --resume, takes it up.

            EXAMPLES
              kasane dose build/head --to build/head-again
              kasane dose build/head --plan build/head-dicom/RN.dcm --to build/head-imported
              kasane dose build/head --engine monte-carlo --histories 500000 --to build/head-mc
              kasane dose build/head --engine monte-carlo --uncertainty 1% --uncertainty-in CTV --time 30m --to build/head-mc
              kasane dose build/head --engine monte-carlo --histories 20000000 --to build/head-mc \\
                --cluster slurm --tasks 64 --partition compute --time-limit 1h
              kasane dose --cluster slurm --resume build/head-mc.job
            """)

    @Argument(help: "Case folder made by kasane plan.")
    var caseFolder: String?

    @Option(name: .customLong("plan"), help: "RT Ion Plan (DICOM) to compute in place of the case's plan.")
    var planFile: String?

    @Option(name: .customLong("to"), help: "Case folder to write; an older one is replaced.")
    var output: String?

    @Option(help: "pencil-beam or monte-carlo; monte-carlo on a cluster.")
    var engine: Engine?

    @OptionGroup(title: "Monte Carlo") var monteCarlo: MonteCarloOptions

    @OptionGroup(title: "Cluster") var cluster: ClusterOptions

    @OptionGroup(title: "Computing") var compute: ComputeOptions

    enum Engine: String, ExpressibleByArgument, CaseIterable {
        case pencilBeam = "pencil-beam"
        case monteCarlo = "monte-carlo"
    }

    mutating func validate() throws {
        if cluster.resume != nil {
            let others =
                monteCarlo.given
                + cluster.given.filter {
                    ["--tasks", "--cpus-per-task", "--work-folder", "--prepare-only"].contains($0)
                }
                + [(caseFolder, "a case folder"), (planFile, "--plan"), (output, "--to")].filter {
                    $0.0 != nil
                }.map(\.1)
            if let other = others.first {
                throw ValidationError(
                    "\(other) and --resume (the job's folder holds what it was made with); leave out \(other)"
                )
            }
        } else {
            guard caseFolder != nil else {
                throw ValidationError("Missing expected argument '<case-folder>'")
            }
            guard output != nil else { throw ValidationError("Missing expected argument '--to <to>'") }
        }
        if engine == .pencilBeam, cluster.cluster != nil {
            throw ValidationError(
                "--cluster is for Monte Carlo (the pencil beam takes seconds); add --engine monte-carlo")
        }
        if engine != .monteCarlo, cluster.cluster == nil, !monteCarlo.given.isEmpty {
            let names = monteCarlo.given.joined(separator: " and ")
            throw ValidationError(
                "\(names) \(monteCarlo.given.count == 1 ? "is" : "are") for Monte Carlo (the pencil beam has nothing of the kind); "
                    + "add --engine monte-carlo")
        }
        if cluster.cluster != nil, monteCarlo.uncertainty != nil || monteCarlo.time != nil {
            throw ValidationError(
                "--uncertainty and --time are for runs on this machine (shards are dealt out before they start); give --histories"
            )
        }
    }

    func run() async throws {
        let command = self
        try await reportingErrors { try await command.perform() }
    }

    private func perform() async throws {
        if cluster.cluster != nil {
            return try await ClusterDoseRun(
                monteCarlo: monteCarlo, cluster: cluster, compute: compute, caseFolder: caseFolder,
                planFile: planFile, output: output
            ).perform()
        }
        guard let caseFolder, let output else { throw Outcome.badInput }
        let progress = StageProgress()
        try CaseFolder.results.checkPlace(output)
        progress.show(.init(.reading, .began))
        let opened = try OpenedCase(folder: caseFolder, data: compute.data, threads: compute.threads)
        var planCase = opened.planCase
        if let planFile { planCase.plan = try opened.importedPlan(file: planFile) }
        progress.show(.init(.reading, .ended("\(planCase.plan.spotCount) spots")))
        switch engine ?? .pencilBeam {
        case .pencilBeam:
            planCase.take(
                fieldDoses: try await opened.planner.dose(of: planCase.plan) { progress.show($0) })
        case .monteCarlo:
            planCase.take(
                try await opened.planner.monteCarloDose(
                    of: planCase.plan, request: monteCarlo.request(seed: planCase.seed)
                ) { progress.show($0) })
        }
        try finish(planCase, opened: opened, progress: progress, output: output)
    }
}

/// Writes the case of a finished dose and prints its figures.
func finish(
    _ planCase: PlanCase, opened: OpenedCase, progress: StageProgress, output: String
) throws {
    var planCase = planCase
    planCase.timings = progress.timings.map { PlanCase.Timing(step: $0.step, seconds: $0.seconds) }
    let evaluation = opened.planner.evaluation(of: planCase)
    try planCase.write(to: output, evaluation: evaluation, created: Timestamp.now)
    print(EvaluationText.dvhTable(evaluation).text)
    print("")
    print(EvaluationText.goals(evaluation))
}
