import ArgumentParser
import CaseFiles
import ClusterJobs
import Foundation
import PlanModel
import TreatmentPlanning

/// `kasane dose --cluster slurm`: makes or takes up a job folder, follows the job, and writes the case.
struct ClusterDoseRun: Sendable {
    let monteCarlo: MonteCarloOptions
    let cluster: ClusterOptions
    let compute: ComputeOptions
    let caseFolder: String?
    let planFile: String?
    let output: String?

    func perform() async throws {
        let progress = StageProgress()
        progress.show(.init(.reading, .began))
        let (opened, dose, output) =
            if let resume = cluster.resume { try taken(up: resume) } else { try made() }
        var planCase = opened.planCase
        planCase.plan = try dose.folder.plan()
        progress.show(.init(.reading, .ended("\(planCase.plan.spotCount) spots")))
        let folder = dose.folder
        if cluster.prepareOnly {
            print(
                """
                \(folder.path) holds the job. Run its shards by
                  kasane dose-shard \(quoted(folder.path)) --shard N      for N = 0 to \(folder.job.run.shards.count - 1)
                and add them up by
                  kasane dose --cluster slurm --resume \(quoted(folder.path))
                """)
            return
        }
        do {
            planCase.take(
                try await dose.result(configure: { follower in
                    guard let poll = cluster.poll else { return }
                    follower.poll = .seconds(poll.seconds)
                    follower.limits.graceSeconds = 6 * poll.seconds
                }) { progress.show($0) })
        } catch is CancellationError {
            complain(
                "interrupted; the job goes on in the queue as \(folder.job.jobName). Take it up again with: kasane dose --cluster "
                    + "slurm --resume \(quoted(folder.path)); or end it with: scancel --name=\(folder.job.jobName)"
            )
            throw Outcome.interrupted
        }
        try finish(planCase, opened: opened, progress: progress, output: output)
        print("\nThe shards are in \(folder.path); delete the folder when they are no longer needed.")
    }

    private func made() throws -> (OpenedCase, ClusterDose, String) {
        guard let caseFolder, let output else { throw Outcome.badInput }
        try CaseFolder.results.checkPlace(output)
        let opened = try OpenedCase(folder: caseFolder, data: compute.data, threads: compute.threads)
        let plan = try planFile.map { try opened.importedPlan(file: $0) } ?? opened.planCase.plan
        var place = output
        while place.count > 1, place.hasSuffix("/") { place.removeLast() }
        let dose = try ClusterDose(
            opened: opened, plan: plan, request: monteCarlo.request(seed: opened.planCase.seed),
            cluster: cluster.request, caseFolder: caseFolder, data: DataStore.find(option: compute.data).path,
            output: output, workFolder: cluster.workFolder ?? place + ".job")
        return (opened, dose, output)
    }

    private func taken(up path: String) throws -> (OpenedCase, ClusterDose, String) {
        var folder = try JobFolder.open(path)
        var slurm = folder.job.slurm
        let asked = cluster.request.slurm
        if let partition = asked.partition { slurm.partition = partition }
        if let minutes = asked.minutes { slurm.minutes = minutes }
        if let memory = asked.memory { slurm.memory = memory }
        if !asked.further.isEmpty { slurm.further = asked.further }
        try folder.use(slurm)
        let place = folder.job.place
        try CaseFolder.results.checkPlace(place.output)
        let opened = try OpenedCase(
            folder: place.caseFolder, data: place.dataFolder, threads: compute.threads)
        return (opened, try ClusterDose(resuming: folder, opened: opened), place.output)
    }

    private func quoted(_ path: String) -> String { JobFolder.quoted(path) }
}
