import ClusterJobs
import Foundation
import Testing

/// Slurm's commands, played by scripts that a test puts on the PATH.
@Suite struct SlurmCommandTests {
    private func withCommands(
        _ scripts: [String: String], _ body: (Slurm, JobFolder, URL) throws -> Void
    ) throws {
        let scratch = try SampleJob.scratch()
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: scratch) } }
        for (name, text) in scripts {
            let file = scratch.appendingPathComponent(name)
            try Data("#!/bin/sh\n\(text)\n".utf8).write(to: file)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
        }
        var job = try SampleJob.job()
        job.place.program = scratch.appendingPathComponent("it's a program").path
        let folder = try JobFolder.make(
            at: scratch.appendingPathComponent("50 % job").path, job: job, plan: Data())
        try body(Slurm(searchPath: "/nowhere:\(scratch.path)"), folder, scratch)
    }

    @Test func submissionTellsEverythingInArguments() throws {
        let record = "for a; do echo \"$a\"; done > \"$(dirname \"$0\")/arguments\"; echo '4711;cluster'"
        try withCommands(["sbatch": record]) { slurm, folder, scratch in
            var folder = folder
            try folder.use(
                SlurmOptions(partition: "a b", minutes: 90, memory: "4G", further: ["--account=physics"]))
            #expect(try slurm.submit([3, 0, 1], of: folder) == "4711")
            let words = try String(contentsOf: scratch.appendingPathComponent("arguments"), encoding: .utf8)
                .split(separator: "\n").map(String.init)
            for word in [
                "--parsable", "--array=0-1,3", "--partition=a b", "--time=90", "--mem=4G",
                "--account=physics",
                "--cpus-per-task=2", "--chdir=\(folder.path)", "--job-name=\(folder.job.jobName)",
            ] { #expect(words.contains(word), "\(word) in \(words)") }
            #expect(words.last == folder.scriptFile)
        }
    }

    @Test func theScriptRunsTheProgramWhateverThePathsHold() throws {
        let record = "for a; do echo \"$a\"; done > \"$(dirname \"$0\")/arguments\""
        try withCommands(["it's a program": record, "sbatch": "echo 1"]) { slurm, folder, scratch in
            _ = try slurm.submit([0], of: folder)
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments = [folder.scriptFile]
            process.environment = ["SLURM_ARRAY_TASK_ID": "3", "PATH": "/usr/bin:/bin"]
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            let words = try String(contentsOf: scratch.appendingPathComponent("arguments"), encoding: .utf8)
                .split(separator: "\n").map(String.init)
            #expect(words == ["dose-shard", folder.path, "--shard", "3"])
        }
    }

    @Test func theQueueIsRead() throws {
        let lines = "echo '0|RUNNING|None'; echo '11|PENDING|Resources'; echo 'N/A|PENDING|x'"
        try withCommands(["squeue": lines]) { slurm, _, _ in
            let tasks = try slurm.queue(jobName: "j")
            #expect(
                tasks == [
                    .init(shard: 0, state: "RUNNING", reason: "None"),
                    .init(shard: 11, state: "PENDING", reason: "Resources"),
                ])
        }
    }

    @Test func errorsAreToldInSlurmsWords() throws {
        let refusal = "echo 'sbatch: error: invalid partition specified: x' >&2; exit 1"
        try withCommands(["sbatch": refusal]) { slurm, folder, _ in
            do {
                _ = try slurm.submit([0], of: folder)
                Issue.record("it was submitted")
            } catch {
                #expect(
                    "\(error)".contains("invalid partition specified: x")
                        && "\(error)".contains("--partition"))
            }
            #expect(throws: ClusterJobError.noSlurm(command: "squeue", path: slurm.searchPath)) {
                try slurm.queue(jobName: "j")
            }
        }
        try withCommands(["sbatch": "echo nonsense"]) { slurm, folder, _ in
            #expect(throws: ClusterJobError.self) { try slurm.submit([0], of: folder) }
        }
    }
}
