import ArgumentParser
import ClusterJobs
import Foundation
import TreatmentPlanning

/// `kasane dose-shard`: one shard of a job, on whatever machine.
struct DoseShardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dose-shard",
        abstract: "Compute one shard of a Monte Carlo job; the tasks of kasane dose --cluster run this.",
        discussion: """
            Reads the job's folder, checks that program, case, images, machine and beam data are those the job was
            made with, transports the shard's ions and puts the result into the folder. A shard that is there
            already is left as it is. It may be run anywhere that sees the folder, also without Slurm.

            EXAMPLES
              kasane dose-shard build/head-mc.job --shard 3
            """)

    @Argument(help: "Folder of the job.")
    var folder: String

    @Option(help: ArgumentHelp("Number of the shard, from 0.", valueName: "number"))
    var shard: Int

    @Option(help: "Threads to use; if not given, those of the job. Results do not depend on it.")
    var threads: Int?

    mutating func validate() throws {
        if let threads, !(1...1024).contains(threads) {
            throw ValidationError("--threads \(threads) (must be 1 to 1024)")
        }
    }

    func run() async throws {
        let command = self
        try await reportingErrors { try await command.perform() }
    }

    private func perform() async throws {
        let opened = try JobFolder.open(folder)
        let progress = StageProgress()
        do {
            let computed = try await ClusterDose.computeShard(
                shard, of: opened, threads: threads ?? opened.job.place.threads
            ) { progress.show($0) }
            print(computed ? opened.shardFile(shard) : "\(opened.shardFile(shard)) is there already")
        } catch is CancellationError {
            // Ended from outside: the task is run again, or not, by whoever ended it.
            throw CancellationError()
        } catch {
            if opened.job.run.shards.indices.contains(shard) {
                try opened.noteFailure(shard, message: "\(error)")
            }
            throw error
        }
    }
}
