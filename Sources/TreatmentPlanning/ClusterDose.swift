import CaseFiles
import ClusterJobs
import Foundation
import IonTransport
import MonteCarloDose
import PlanModel

/// What is asked of a cluster.
public struct ClusterRequest: Sendable {
    /// Number of shards.
    public var tasks: Int
    /// Threads of each.
    public var threads: Int
    public var slurm: SlurmOptions

    public init(tasks: Int, threads: Int, slurm: SlurmOptions) {
        self.tasks = tasks
        self.threads = threads
        self.slurm = slurm
    }
}

/// A Monte Carlo dose in shards: its job folder, and the run that its shards are added to.
public struct ClusterDose: Sendable {
    public let folder: JobFolder
    public let request: MonteCarloRequest
    private let planner: Planner
    private let run: MonteCarloRun

    /// Makes the job folder of a case's plan, or takes it up again if it holds the same run.
    ///
    /// - Parameters:
    ///   - plan: The case's plan, or another one for its images.
    ///   - caseFolder: Path of the case.
    ///   - data: Path of the data folder.
    ///   - output: Case folder to be written at the end.
    ///   - workFolder: The job folder.
    /// - Throws: `ClusterJobError`, `MonteCarloDoseError`, `InvalidFile`.
    public init(
        opened: OpenedCase, plan: Plan, request: MonteCarloRequest, cluster: ClusterRequest,
        caseFolder: String, data: String, output: String, workFolder: String
    ) throws {
        guard let histories = request.stop.histories else {
            preconditionFailure("shards are dealt out by number of histories")
        }
        planner = opened.planner
        _ = try planner.uncertaintyRegion(request.structure)
        run = try planner.monteCarloRun(of: plan, seed: request.seed)
        try planner.checkHistories(request.stop, run)
        self.request = request
        func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
        let program = DataStore.runningProgram
        let record = try JobFolder.planRecord(plan)
        let fields = Self.fields(of: run, histories: histories)
        let size = run.schedule.batchSize
        let job = try ClusterJob(
            run: ClusterJob.Run(
                program: PlanCase.programName, programSHA256: JobFolder.digest(program),
                caseSHA256: JobFolder.digest(absolute(caseFolder) + "/case.json"), planSHA256: record.sha256,
                sources: opened.setup.sources, seed: request.seed, historiesPerBatch: size, fields: fields,
                shards: ClusterJob.shards(of: fields, historiesPerBatch: size, count: cluster.tasks)),
            place: ClusterJob.Place(
                program: program, caseFolder: absolute(caseFolder), dataFolder: data,
                output: absolute(output), structure: request.structure, threads: cluster.threads),
            slurm: cluster.slurm)
        folder = try JobFolder.make(at: workFolder, job: job, plan: record.bytes)
    }

    /// Takes a job up again.
    ///
    /// `opened`: The case that the job was made from.
    /// - Throws: `ClusterJobError.changed` if case, plan, images, machine, beam data or program are not what they were.
    public init(resuming folder: JobFolder, opened: OpenedCase) throws {
        let job = folder.job
        self.folder = folder
        try folder.check(program: DataStore.runningProgram, sources: opened.setup.sources)
        planner = opened.planner
        run = try Self.run(of: folder, planner: planner)
        request = MonteCarloRequest(
            stop: StoppingRule(histories: job.run.histories), structure: job.place.structure,
            seed: job.run.seed)
    }

    /// Follows the job to its end and adds it up.
    ///
    /// - Parameters:
    ///   - configure: Sets the follower's times.
    ///   - progress: Tells shards, ions and rate.
    public func result(
        configure: (inout JobFollower) -> Void = { _ in }, progress: (PlanningProgress) -> Void
    ) async throws -> MonteCarloResult {
        progress(.init(.dose, .began))
        try folder.forgetFailures()
        var merge = ShardMerge(job: folder.job, empty: run.tallies[0])
        var follower = JobFollower(folder: folder)
        configure(&follower)
        let all = Double(folder.job.run.histories)
        try await follower.follow(&merge) { status in
            progress(.init(.dose, .at(Double(status.histories) / all, status.words)))
        }
        guard merge.missing.isEmpty else {
            throw ClusterJobError.missingShards(merge.missing, folder: folder.path)
        }
        var total = run
        for (number, tally) in merge.tallies.enumerated() { total.add(tally, beam: number) }
        try folder.removePartials()
        let region = try planner.uncertaintyRegion(request.structure)
        let result = planner.result(
            of: total, request: request, uncertainty: total.uncertainty(in: region),
            ended: "\(StoppingRule.Reason.histories.rawValue), in \(folder.job.run.shards.count) shards")
        progress(.init(.dose, .ended("\(folder.job.run.shards.count) shards")))
        return result
    }

    /// Computes one shard and puts it into its place; nothing if it is there already.
    ///
    /// - Returns: Whether something was computed.
    /// - Throws: `ClusterJobError`, `CancellationError`, and what the readers and the engine throw.
    public static func computeShard(
        _ number: Int, of folder: JobFolder, threads: Int, progress: (PlanningProgress) -> Void
    ) async throws -> Bool {
        let job = folder.job
        guard job.run.shards.indices.contains(number) else {
            throw ClusterJobError.noSuchShard(number, count: job.run.shards.count)
        }
        if try folder.listing().present.contains(number) {
            // Run again after it was finished: nothing is to be done, unless the file is of another run.
            if try folder.readShard(number).runID == job.runID { return false }
        }
        progress(.init(.reading, .began))
        let planCase = try PlanCase(folder: job.place.caseFolder)
        let setup = try PlanningSetup(
            planFile: planCase.requestFile, planText: planCase.requestText,
            dicomFolder: planCase.dicomFolder, data: DataStore(path: job.place.dataFolder))
        try folder.check(program: DataStore.runningProgram, sources: setup.sources)
        let planner = try Planner(setup.planningInput(threads: threads))
        let run = try run(of: folder, planner: planner)
        progress(.init(.reading, .ended("")))
        progress(.init(.dose, .began))
        let sections = job.run.shards[number]
        let all = sections.reduce(0) { $0 + $1.end - $1.first }
        var (parts, done) = ([Shard.Part](), 0)
        for section in sections {
            let before = done
            let tally = try await tally(of: section, run: run, threads: threads) {
                progress(.init(.dose, .at(Double(before + $0) / Double(all), "\(before + $0) ions")))
            }
            parts.append(Shard.Part(section: section, tally: tally))
            done += section.end - section.first
        }
        try folder.write(
            Shard(
                runID: job.runID, number: number, seed: job.run.seed, program: job.run.program,
                node: ProcessInfo.processInfo.hostName, parts: parts))
        progress(.init(.dose, .ended("\(all) ions")))
        return true
    }

    private static func tally(
        of section: ClusterJob.Section, run: MonteCarloRun, threads: Int, progress: (Int) -> Void
    ) async throws -> VoxelTally {
        guard let beam = run.beams.firstIndex(where: { $0.field.number == section.field }) else {
            throw ClusterJobError.noSuchField(section.field)
        }
        do {
            return try await run.tally(
                beam: beam, histories: section.first..<section.end, threads: threads, progress: progress)
        } catch {
            if error == .transport(.cancelled) { throw CancellationError() }
            throw error
        }
    }

    /// The run that a job was made for, with nothing done yet.
    private static func run(of folder: JobFolder, planner: Planner) throws -> MonteCarloRun {
        let job = folder.job.run
        let run = try planner.monteCarloRun(of: folder.plan(), seed: job.seed)
        let found = fields(of: run, histories: job.histories)
        guard found == job.fields, run.schedule.batchSize == job.historiesPerBatch else {
            throw ClusterJobError.otherHistories(
                found: found.map(\.histories), wanted: job.fields.map(\.histories))
        }
        return run
    }

    private static func fields(of run: MonteCarloRun, histories: Int) -> [ClusterJob.FieldHistories] {
        zip(run.beams, run.schedule.histories(ofTotal: histories)).map {
            ClusterJob.FieldHistories(number: $0.field.number, histories: $1)
        }
    }
}
