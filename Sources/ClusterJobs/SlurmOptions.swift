/// What a job asks of Slurm; nil leaves it to the cluster's defaults.
public struct SlurmOptions: Codable, Sendable, Equatable {
    public var partition: String?
    /// Minutes for one shard.
    public var minutes: Int?
    /// Memory of one shard in Slurm's words, for example `4G`.
    public var memory: String?
    /// Further options of sbatch, word for word.
    public var further: [String]

    public init(
        partition: String? = nil, minutes: Int? = nil, memory: String? = nil, further: [String] = []
    ) {
        self.partition = partition
        self.minutes = minutes
        self.memory = memory
        self.further = further
    }
}

extension JobFolder {
    /// The script of a task: it runs one shard. Paths are quoted for the shell, whatever they hold.
    public var script: String {
        let words = [
            Self.quoted(job.place.program), "dose-shard", Self.quoted(path), "--shard",
            "\"$SLURM_ARRAY_TASK_ID\"",
        ]
        return """
            #!/bin/sh
            # Made by kasane. One task of the array computes one shard of the job in this folder.
            exec \(words.joined(separator: " "))

            """
    }

    /// Arguments of sbatch that submit some shards.
    ///
    /// They go to the command without a shell between. The folder is the working folder, because percent signs in `--output` mean
    /// something to Slurm.
    public func submission(of shards: [Int]) -> [String] {
        let options = job.slurm
        var words = [
            "--parsable", "--job-name=\(job.jobName)", "--array=\(Self.ranges(shards))", "--nodes=1",
            "--ntasks=1", "--cpus-per-task=\(job.place.threads)", "--requeue", "--open-mode=append",
            "--chdir=\(path)", "--output=logs/shard-%a.log",
        ]
        if let partition = options.partition { words.append("--partition=\(partition)") }
        if let minutes = options.minutes { words.append("--time=\(minutes)") }
        if let memory = options.memory { words.append("--mem=\(memory)") }
        return words + options.further + [scriptFile]
    }

    /// Log of a shard.
    public func logFile(_ number: Int) -> String { "\(logsFolder)/shard-\(number).log" }

    /// A word for a POSIX shell: in single quotes nothing has a meaning but the quote itself.
    public static func quoted(_ word: String) -> String {
        "'" + word.replacing("'", with: "'\\''") + "'"
    }

    /// Numbers as `--array` takes them: `0-3,7`.
    static func ranges(_ numbers: [Int]) -> String {
        var spans: [ClosedRange<Int>] = []
        for number in numbers.sorted() {
            if let last = spans.last, last.upperBound + 1 == number {
                spans[spans.count - 1] = last.lowerBound...number
            } else {
                spans.append(number...number)
            }
        }
        return spans.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
            .joined(separator: ",")
    }
}
