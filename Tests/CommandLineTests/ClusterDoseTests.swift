import Foundation
import Testing

/// A Monte Carlo dose in shards: on a cluster that loses a node, and without any.
@Suite(.serialized) struct ClusterDoseTests {
    private static let data = KasaneProcess.checkout.appendingPathComponent("Data").path

    /// A planned box of water and its local Monte Carlo dose, in a folder whose name has a space.
    private func withBox(_ body: (WaterBoxCase) throws -> Void) throws {
        let box = try WaterBoxCase()
        defer { #expect(throws: Never.self) { try box.remove() } }
        try kasane("plan", box.planFile.path, "--to", box.path("the plan"), "--data", Self.data)
        try body(box)
    }

    @discardableResult
    private func kasane(
        _ arguments: String..., environment: [String: String] = [:]
    ) throws -> KasaneProcess {
        let result = try KasaneProcess.run(arguments, environment: environment)
        try #require(result.status == 0, "kasane \(arguments.joined(separator: " ")): \(result.errors)")
        return result
    }

    private func local(_ box: WaterBoxCase, histories: Int) throws {
        try kasane(
            "dose", box.path("the plan"), "--to", box.path("local"), "--data", Self.data, "--engine",
            "monte-carlo", "--histories", "\(histories)", "--seed", "11")
    }

    /// The arguments of the same dose on a cluster.
    private func clustered(_ box: WaterBoxCase, histories: Int, tasks: Int) -> [String] {
        [
            "dose", box.path("the plan"), "--to", box.path("over a cluster"), "--data", Self.data,
            "--cluster",
            "slurm", "--tasks", "\(tasks)", "--histories", "\(histories)", "--seed", "11",
        ]
    }

    private func expectTheSameDoses(_ box: WaterBoxCase) throws {
        func doses(_ folder: String) throws -> [String: Data] {
            let names = try FileManager.default.contentsOfDirectory(atPath: box.path(folder))
                .filter { $0 == "plan.json" || $0.hasSuffix(".mha") }
            return Dictionary(
                uniqueKeysWithValues: names.map {
                    ($0, FileManager.default.contents(atPath: box.path("\(folder)/\($0)")) ?? Data())
                })
        }
        let (one, other) = (try doses("local"), try doses("over a cluster"))
        #expect(one.keys == other.keys && one.keys.contains("dose-standard-error.mha"))
        for (name, data) in one { #expect(other[name] == data, "\(name) differs") }
    }

    @Test func aLostNodeAKilledFollowerAndACancelledTaskChangeNoBit() throws {
        let slurm: SlurmOnLoopback
        do { slurm = try SlurmOnLoopback() } catch let error as SlurmOnLoopback.Unavailable {
            try Test.cancel("skipped: \(error.reason)")
        }
        defer { slurm.stop() }
        try withBox { box in
            try local(box, histories: 160_000)
            let log = box.folder.appendingPathComponent("log")
            let follower = try KasaneProcess.start(
                clustered(box, histories: 160_000, tasks: 7) + ["--poll", "0.2s"],
                environment: slurm.environment, output: log,
                errors: box.folder.appendingPathComponent("errors"))
            defer { if follower.isRunning { kill(follower.processIdentifier, SIGKILL) } }
            // In the middle of the array.
            var onSecond: SlurmOnLoopback.Task?
            for _ in 0..<600 where onSecond == nil && follower.isRunning {
                onSecond = try slurm.queue().first { $0.state == "RUNNING" && $0.node == "n2" }
                usleep(50_000)
            }
            let lost = try #require(onSecond, "no task ran on the second node")
            kill(follower.processIdentifier, SIGKILL)
            follower.waitUntilExit()
            try slurm.kill(node: "n2")
            let queue = try slurm.queue()
            #expect(
                queue.contains { $0.shard == lost.shard && $0.state == "PENDING" },
                "the lost task is requeued: \(queue)")
            try slurm.hurry()
            let cancelled = try #require(queue.last { $0.state == "PENDING" && $0.shard != lost.shard })
            _ = try slurm.command("scancel", cancelled.name)

            let resumed = try kasane(
                "dose", "--cluster", "slurm", "--resume", box.path("over a cluster.job"), "--poll", "0.2s",
                environment: slurm.environment)
            #expect(resumed.output.contains("over a cluster.job"))
            try expectTheSameDoses(box)
        }
    }

    @Test func shardsMayBeRunByHandAndEveryDamageIsRefused() throws {
        try withBox { box in
            try local(box, histories: 30_500)
            let prepared = try KasaneProcess.run(
                clustered(box, histories: 30_500, tasks: 3) + ["--prepare-only"])
            #expect(prepared.status == 0 && prepared.output.contains("dose-shard"), "\(prepared.errors)")
            let job = box.path("over a cluster.job")
            let noSlurm = ["PATH": "/nowhere"]
            let resume = ["dose", "--cluster", "slurm", "--resume", job]
            func shard(_ number: Int) -> URL {
                URL(fileURLWithPath: "\(job)/shards/shard-000\(number).kshard")
            }
            func refused(_ words: String..., sourceLocation: SourceLocation = #_sourceLocation) throws {
                let result = try KasaneProcess.run(resume, environment: noSlurm)
                #expect(result.status == 65, sourceLocation: sourceLocation)
                for word in words {
                    #expect(result.errors.contains(word), "\(result.errors)", sourceLocation: sourceLocation)
                }
                #expect(!FileManager.default.fileExists(atPath: box.path("over a cluster")))
            }
            try refused("no squeue on the PATH", "slurm-client")
            for number in [2, 0] { try kasane("dose-shard", job, "--shard", "\(number)") }
            try refused("no squeue on the PATH")
            try kasane("dose-shard", job, "--shard", "1", "--threads", "2")
            // Done already: nothing is computed.
            #expect(try kasane("dose-shard", job, "--shard", "1").output.contains("there already"))
            for (folder, number, words) in [
                (job, 3, "there is no shard 3"), (box.path("images"), 0, "not a job folder"),
            ] {
                let result = try KasaneProcess.run(["dose-shard", folder, "--shard", "\(number)"])
                #expect(result.status == 65 && result.errors.contains(words), "\(result.errors)")
            }
            let files = FileManager.default
            let whole = try Data(contentsOf: shard(1))

            var flipped = whole
            flipped[whole.count / 2] ^= 1
            try flipped.write(to: shard(1))
            try refused(shard(1).path, "SHA-256")
            try whole.prefix(whole.count / 2).write(to: shard(1))
            try refused(shard(1).path, "bytes")
            try files.removeItem(at: shard(1))
            try files.copyItem(at: shard(0), to: shard(1))
            try refused(shard(1).path, "holds shard 0, not 1")
            try whole.write(to: shard(1))
            try files.copyItem(at: shard(0), to: shard(3))
            try refused(shard(3).path, "3 shards")
            try files.removeItem(at: shard(3))

            // A foreign shard: of the same case with another seed.
            try kasane(
                "dose", box.path("the plan"), "--to", box.path("other"), "--data", Self.data, "--cluster",
                "slurm", "--tasks", "3", "--histories", "30500", "--seed", "12", "--prepare-only")
            try kasane("dose-shard", box.path("other.job"), "--shard", "1")
            try Data(contentsOf: URL(fileURLWithPath: box.path("other.job/shards/shard-0001.kshard"))).write(
                to: shard(1))
            try refused(shard(1).path, "belongs to run")
            try whole.write(to: shard(1))

            let result = try KasaneProcess.run(resume, environment: noSlurm)
            #expect(result.status == 0, "\(result.errors)")
            try expectTheSameDoses(box)
            // The same command again finds everything done.
            let again = try KasaneProcess.run(
                clustered(box, histories: 30_500, tasks: 3), environment: noSlurm)
            #expect(again.status == 0, "\(again.errors)")
            try expectTheSameDoses(box)
            // Another run has no place in the folder.
            let other = try KasaneProcess.run(
                clustered(box, histories: 30_500, tasks: 4), environment: noSlurm)
            #expect(other.status == 65 && other.errors.contains("another run"), "\(other.errors)")
            // A case that has changed.
            let manifest = URL(fileURLWithPath: box.path("the plan/case.json"))
            try (Data(contentsOf: manifest) + Data(" ".utf8)).write(to: manifest)
            try files.removeItem(at: shard(1))
            let changed = try KasaneProcess.run(["dose-shard", job, "--shard", "1"])
            #expect(changed.status == 65 && changed.errors.contains("has changed"), "\(changed.errors)")
            let failed = try KasaneProcess.run(resume, environment: noSlurm)
            #expect(failed.status == 65 && failed.errors.contains("case.json"), "\(failed.errors)")
        }
    }
}
