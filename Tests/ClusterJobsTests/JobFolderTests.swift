import CaseFiles
import ClusterJobs
import Foundation
import PlanModel
import Testing

@Suite struct JobFolderTests {
    /// A job folder in a scratch folder whose name has a space and a quote.
    private func withFolder(_ body: (JobFolder, URL) throws -> Void) throws {
        let scratch = try SampleJob.scratch()
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: scratch) } }
        let record = try JobFolder.planRecord(SampleJob.plan)
        let place = scratch.appendingPathComponent("job")
        let folder = try JobFolder.make(
            at: place.path, job: SampleJob.job(planSHA256: record.sha256), plan: record.bytes)
        try body(folder, place)
    }

    @Test func aFolderIsTakenUpAgainByTheSameRunOnly() throws {
        try withFolder { folder, place in
            try folder.write(SampleJob.shard(2, of: folder.job))
            let record = try JobFolder.planRecord(SampleJob.plan)
            let again = try JobFolder.make(
                at: place.path, job: SampleJob.job(planSHA256: record.sha256), plan: record.bytes)
            #expect(try again.listing().present == [2])
            #expect(try JobFolder.open(place.path).job == folder.job)
            #expect(try folder.plan().label == "P")
            let other = try SampleJob.job(seed: 99, planSHA256: record.sha256)
            #expect(
                throws: ClusterJobError.otherRun(
                    folder: folder.path, found: folder.job.runID, wanted: other.runID)
            ) { try JobFolder.make(at: place.path, job: other, plan: record.bytes) }
        }
    }

    @Test func aFolderWithOtherThingsIsRefused() throws {
        let scratch = try SampleJob.scratch()
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: scratch) } }
        try Data("mine".utf8).write(to: scratch.appendingPathComponent("thesis.txt"))
        #expect(throws: ClusterJobError.self) {
            try JobFolder.make(at: scratch.path, job: SampleJob.job(), plan: Data())
        }
        #expect(throws: ClusterJobError.notAJobFolder(scratch.path)) { try JobFolder.open(scratch.path) }
    }

    @Test func editedRecordsAndPlansAreRefused() throws {
        try withFolder { folder, place in
            let file = place.appendingPathComponent("job.json")
            let text = try String(contentsOf: file, encoding: .utf8)
            #expect(text.contains("\"seed\" : 7"))
            try Data(text.replacing("\"seed\" : 7", with: "\"seed\" : 8").utf8).write(to: file)
            #expect(throws: ClusterJobError.self) { try JobFolder.open(place.path) }
            try Data(text.replacing("\"version\" : 1", with: "\"version\" : 2").utf8).write(to: file)
            #expect(throws: InvalidFile.self) { try JobFolder.open(place.path) }
            try Data("{".utf8).write(to: file)
            #expect(throws: InvalidFile.self) { try JobFolder.open(place.path) }
            try Data(text.utf8).write(to: file)
            let plan = place.appendingPathComponent("plan.json")
            try (Data(contentsOf: plan) + Data(" ".utf8)).write(to: plan)
            #expect(throws: ClusterJobError.self) { try JobFolder.open(place.path).plan() }
        }
    }

    @Test func damagedFilesAreNamed() throws {
        try withFolder { folder, _ in
            try folder.write(SampleJob.shard(0, of: folder.job))
            #expect(try folder.readShard(0) == SampleJob.shard(0, of: folder.job))
            let file = URL(fileURLWithPath: folder.shardFile(0))
            let bytes = try Data(contentsOf: file)
            try bytes.prefix(100).write(to: file)
            #expect(
                throws: ClusterJobError.badShard(
                    file: file.path,
                    reason: ShardDamage.length(found: 100, wanted: UInt64(bytes.count)).description)
            ) { try folder.readShard(0) }
        }
    }

    @Test func onlyShardsOfTheJobMayLieAmongThem() throws {
        try withFolder { folder, _ in
            try folder.write(SampleJob.shard(0, of: folder.job))
            let stray = folder.shardsFolder + "/shard-0000 (copy).kshard"
            try FileManager.default.copyItem(atPath: folder.shardFile(0), toPath: stray)
            #expect(throws: ClusterJobError.self) { try folder.listing() }
            try FileManager.default.removeItem(atPath: stray)
            // One shard too many: 4 of 0...3.
            try FileManager.default.copyItem(
                atPath: folder.shardFile(0), toPath: folder.shardsFolder + "/shard-0004.kshard")
            #expect(throws: ClusterJobError.self) { try folder.listing() }
        }
    }

    @Test func failuresAndHalfWrittenFilesAreNoShards() throws {
        try withFolder { folder, _ in
            let partial = folder.shardsFolder + "/.shard-0001.kshard.partial-x"
            try Data("half".utf8).write(to: URL(fileURLWithPath: partial))
            try folder.noteFailure(3, message: "no images")
            #expect(try folder.listing() == .init(present: [], failures: [3: "no images"]))
            try folder.write(SampleJob.shard(3, of: folder.job))
            #expect(try folder.listing() == .init(present: [3], failures: [:]), "done after all")
            try folder.noteFailure(2, message: "no images")
            try folder.forgetFailures()
            #expect(try folder.listing() == .init(present: [3], failures: [:]))
            #expect(FileManager.default.fileExists(atPath: partial), "its task may still be writing")
            try folder.removePartials()
            #expect(!FileManager.default.fileExists(atPath: partial))
        }
    }

    @Test func aChangedSourceIsRefused() throws {
        let scratch = try SampleJob.scratch()
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: scratch) } }
        func put(_ name: String, _ text: String) throws -> (path: String, digest: String) {
            let file = scratch.appendingPathComponent(name)
            try Data(text.utf8).write(to: file)
            return (file.path, SHA256.digest(Array(text.utf8)))
        }
        let program = try put("kasane", "program")
        let manifest = try put("case.json", "{}")
        var job = try SampleJob.job(folder: scratch.path)
        var run = job.run
        (run.programSHA256, run.caseSHA256) = (program.digest, manifest.digest)
        job = try ClusterJob(run: run, place: job.place, slurm: job.slurm)
        let folder = try JobFolder.make(
            at: scratch.appendingPathComponent("job").path, job: job, plan: Data())
        let sources = job.run.sources
        try folder.check(program: program.path, sources: sources)
        #expect(throws: ClusterJobError.self) { try folder.check(program: program.path, sources: []) }
        var other = sources
        other[0].sha256 = "d"
        #expect(
            throws: ClusterJobError.changed(what: "images", path: "/images", wanted: "c", found: "d")
        ) { try folder.check(program: program.path, sources: other) }
        _ = try put("kasane", "a newer program")
        #expect(throws: ClusterJobError.self) { try folder.check(program: program.path, sources: sources) }
    }
}
