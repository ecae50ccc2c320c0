import ArgumentParser
import ClusterJobs
import TreatmentPlanning

/// Options of a run on a cluster.
struct ClusterOptions: ParsableArguments {
    enum Scheduler: String, ExpressibleByArgument, CaseIterable { case slurm }

    @Option(help: "Compute in shards on a cluster: slurm.")
    var cluster: Scheduler?

    @Option(help: ArgumentHelp("Number of shards; 16 if not given.", valueName: "number"))
    var tasks: Int?

    @Option(help: ArgumentHelp("Processors of a shard; 1 if not given.", valueName: "number"))
    var cpusPerTask: Int?

    @Option(help: "Partition of the cluster.")
    var partition: String?

    @Option(
        help: ArgumentHelp("Longest time of a shard, for example 30m or 2h.", valueName: "time"))
    var timeLimit: TimeSpan?

    @Option(help: ArgumentHelp("Memory of a shard, for example 4G.", valueName: "size"))
    var memory: String?

    @Option(
        name: .customLong("sbatch-option"),
        help: ArgumentHelp(
            "A further option for sbatch, for example --sbatch-option=--account=physics; may be repeated.",
            valueName: "option"))
    var sbatchOptions: [String] = []

    @Option(
        help: ArgumentHelp(
            "Folder of the job, on a file system that all nodes share; if not given, that of --to with .job behind.",
            valueName: "folder"))
    var workFolder: String?

    @Option(
        help: ArgumentHelp(
            "Follow the job of this folder, submit what is missing, write its case.", valueName: "folder"))
    var resume: String?

    @Flag(
        help: "Only make the job folder, for shards that are started by other means (see kasane dose-shard).")
    var prepareOnly = false

    @Option(
        help: ArgumentHelp(
            "Time between two looks at the job, for example 10s; 5s if not given.", valueName: "time"))
    var poll: TimeSpan?

    /// Names of those that were given, besides `--cluster`.
    var given: [String] {
        [
            ("--tasks", tasks != nil), ("--cpus-per-task", cpusPerTask != nil),
            ("--partition", partition != nil),
            ("--time-limit", timeLimit != nil), ("--memory", memory != nil),
            ("--sbatch-option", !sbatchOptions.isEmpty), ("--work-folder", workFolder != nil),
            ("--resume", resume != nil), ("--prepare-only", prepareOnly), ("--poll", poll != nil),
        ].filter(\.1).map(\.0)
    }

    mutating func validate() throws {
        if let first = given.first, cluster == nil {
            throw ValidationError("\(first) is for a run on a cluster; add --cluster slurm")
        }
        if let tasks, !(1...ClusterJob.mostShards).contains(tasks) {
            throw ValidationError("--tasks \(tasks) (must be 1 to \(ClusterJob.mostShards))")
        }
        if let cpusPerTask, !(1...1024).contains(cpusPerTask) {
            throw ValidationError("--cpus-per-task \(cpusPerTask) (must be 1 to 1024)")
        }
        if let timeLimit, !(60...31_536_000).contains(timeLimit.seconds) {
            throw ValidationError("--time-limit \(timeLimit.text) (must be a minute to a year)")
        }
        if let poll, !(0.1...3600).contains(poll.seconds) {
            throw ValidationError("--poll \(poll.text) (must be 0.1s to 1h)")
        }
    }

    var request: ClusterRequest {
        ClusterRequest(
            tasks: tasks ?? 16, threads: cpusPerTask ?? 1,
            slurm: SlurmOptions(
                partition: partition, minutes: timeLimit.map { Int(($0.seconds / 60).rounded(.up)) },
                memory: memory, further: sbatchOptions))
    }
}
