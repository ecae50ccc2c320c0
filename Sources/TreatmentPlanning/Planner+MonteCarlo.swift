import IonTransport
import MonteCarloDose
import PatientModel
import PlanModel
import Reporting
import Volumes

/// What a Monte Carlo dose of a plan gave.
public struct MonteCarloResult: Sendable {
    /// Dose of one fraction by field number.
    public var fieldDoses: [Int: DoseDistribution]
    /// Standard error of the absorbed dose of one fraction of all fields, Gy.
    public var standardError: Volume<Float>
    /// Mean relative standard error of the dose of all fields where it was asked for; nil where a field has too few ions to tell.
    public var uncertainty: Double?
    public var histories: Int
    /// What a report says about it.
    public var facts: [ReportFact]
}

/// What is asked of a Monte Carlo dose.
public struct MonteCarloRequest: Sendable {
    /// The first that is reached ends the run.
    public var stop: StoppingRule
    /// Structure in which the uncertainty counts; nil for where the dose is above half of its maximum.
    public var structure: String?
    public var seed: UInt64

    public init(stop: StoppingRule = .standard, structure: String? = nil, seed: UInt64) {
        self.stop = stop
        self.structure = structure
        self.seed = seed
    }
}

extension Planner {
    /// Monte Carlo dose of one fraction of every field of `plan` on the dose grid.
    ///
    /// `progress`: Tells ions, uncertainty so far and rate.
    /// - Throws: `MonteCarloDoseError`, `PlanningError` for an unknown structure, `CancellationError`.
    public func monteCarloDose(
        of plan: Plan, request: MonteCarloRequest, progress: (PlanningProgress) -> Void
    ) async throws -> MonteCarloResult {
        guard plan.fields.allSatisfy({ $0.passive == nil }) else {
            throw PlanningError.notForPassiveFields("Monte Carlo")
        }
        progress(.init(.dose, .began))
        let region = try uncertaintyRegion(request.structure)
        var run = try monteCarloRun(of: plan, seed: request.seed)
        try checkHistories(request.stop, run)
        let started = ContinuousClock.now
        var state = StoppingRule.State(histories: 0, uncertainty: nil, seconds: 0)
        while true {
            switch request.stop.decide(after: state, schedule: run.schedule) {
            case .run(let total):
                try await advance(&run, to: total) { done in
                    let now = Self.seconds(since: started)
                    progress(
                        .init(
                            .dose,
                            .at(
                                request.stop.share(of: state, histories: done, seconds: now),
                                Self.words(histories: done, uncertainty: state.uncertainty, seconds: now))))
                }
                state = .init(
                    histories: run.histories, uncertainty: run.uncertainty(in: region),
                    seconds: Self.seconds(since: started))
                if let name = request.structure, state.uncertainty == .infinity {
                    throw PlanningError.noDose(in: name)
                }
            case .stop(let reason):
                let words = Self.words(
                    histories: state.histories, uncertainty: state.uncertainty, seconds: state.seconds)
                progress(.init(.dose, .ended(words)))
                return result(
                    of: run, request: request, uncertainty: state.uncertainty, ended: reason.rawValue)
            }
        }
    }

    /// The next round; a run that its owner ends throws `CancellationError`.
    private func advance(
        _ run: inout MonteCarloRun, to total: Int, progress: (Int) -> Void
    ) async throws {
        do {
            try await run.advance(to: total, threads: input.threads, progress: progress)
        } catch {
            if error == .transport(.cancelled) { throw CancellationError() }
            throw error
        }
    }

    /// A run of all fields of a plan with nothing done yet.
    ///
    /// - Throws: `MonteCarloDoseError`; `unknownPort` also for the passive ports, whose devices the transport does not know.
    public func monteCarloRun(of plan: Plan, seed: UInt64) throws(MonteCarloDoseError) -> MonteCarloRun {
        let engine = try MonteCarloDoseEngine(
            images: images, grid: masks.grid, machine: input.machine,
            patientPosition: input.patient.ct.patientPosition)
        return try MonteCarloRun(engine: engine, fields: plan.fields, seed: seed)
    }

    /// - Throws: `PlanningError.unknownStructures` for a name that the patient does not have on the dose grid.
    public func uncertaintyRegion(_ structure: String?) throws(PlanningError) -> UncertaintyRegion {
        guard let structure else { return .highDose }
        guard let mask = masks.byName[structure], !mask.isEmpty else {
            throw .unknownStructures(
                [structure], where: ["--uncertainty-in"], available: masks.byName.keys.sorted())
        }
        return .structure(mask)
    }

    /// Refuses a number of histories from which no standard error can be had.
    public func checkHistories(
        _ stop: StoppingRule, _ run: MonteCarloRun
    ) throws(MonteCarloDoseError) {
        if let histories = stop.histories, histories < run.schedule.leastHistories {
            throw .tooFewHistories(
                histories, fields: run.beams.count, least: run.schedule.leastHistories)
        }
    }

    /// The doses of a finished run, and what a report says of it.
    ///
    /// `ended`: What ended the run, or where it was made.
    public func result(
        of run: MonteCarloRun, request: MonteCarloRequest, uncertainty: Double?, ended: String
    ) -> MonteCarloResult {
        var doses: [Int: DoseDistribution] = [:]
        for (number, beam) in run.beams.enumerated() {
            doses[beam.field.number] = run.outcome(beam: number).distribution
        }
        let place = request.structure.map { "in \($0)" } ?? "where it is above half of the maximum"
        let spread =
            uncertainty.map { "standard error \(Self.percent($0)) of the dose \(place)" }
            ?? "standard error not known (a field has fewer than ten batches)"
        return MonteCarloResult(
            fieldDoses: doses, standardError: run.planDose().standardError, uncertainty: uncertainty,
            histories: run.histories,
            facts: [
                ReportFact(
                    Self.doseEngineFact,
                    "Monte Carlo, \(NumberText.grouped(run.histories)) ions, seed \(request.seed), \(spread), "
                        + "ended by \(ended); dose to water",
                    source: "docs/theory/transport.md")
            ])
    }

    /// Name of the fact that says how a dose was computed, where it was not the pencil beam.
    public static let doseEngineFact = "Dose engine"

    /// For example `120 000 ions, 2.3 %, 25 300/s`.
    static func words(histories: Int, uncertainty: Double?, seconds: Double) -> String {
        var words = ["\(NumberText.grouped(histories)) ions"]
        if let uncertainty { words.append("standard error \(percent(uncertainty))") }
        if seconds > 0.5 { words.append("\(NumberText.grouped(Int(Double(histories) / seconds)))/s") }
        return words.joined(separator: ", ")
    }

    static func percent(_ value: Double) -> String { "\(NumberText.significant(100 * value, 2)) %" }

    private static func seconds(since start: ContinuousClock.Instant) -> Double {
        let time = (ContinuousClock.now - start).components
        return Double(time.seconds) + Double(time.attoseconds) * 1e-18
    }
}

extension StoppingRule {
    /// How far a run is on its way to the first of its ends, 0...1.
    func share(of state: State, histories done: Int, seconds now: Double) -> Double {
        var shares = [Double(done) / Double(histories ?? Self.mostHistories)]
        if let seconds { shares.append(now / seconds) }
        // The square of the standard error falls with the number of histories.
        if let uncertainty, let reached = state.uncertainty, reached > 0 {
            let ratio = uncertainty / reached
            shares.append(ratio * ratio * Double(done) / Double(max(state.histories, 1)))
        }
        return min(1, shares.max() ?? 0)
    }
}
