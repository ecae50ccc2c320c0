import DeliveryControl
import DeliveryLog
import DeliverySimulation
import Foundation
import PlanModel
import Quantities

/// A large field on the simulated machine, without log and with its log on disk; the model of its time.
enum DeliveryBenchmark {
    static let benchmark = Benchmark(
        name: "delivery",
        summary: """
            A sphere of 90 mm in spots of 2 mm and layers of 3 mm, one painting. With the log every entry is on disk before the beam \
            depends on it: each commit waits for the disk once. The disk's rate is taken in the same run, on a file that is \
            laid out like the log.
            """
    ) { _ in
        let field = sphere()
        let visits = "\(field.visitCount) visits in \(field.layers.count) layers"
        var virtualS = 0.0
        let alone = try await Timing.measure(repeats: 5) {
            var simulation = FieldSimulation(field: field, figures: figures, seed: 1, sink: NoSink())
            _ = simulation.run()
            guard simulation.outcome.phase == .completed else { throw Failure.notCompleted }
            virtualS = simulation.outcome.durationS
        }
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "kasane-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer {
            do {
                try FileManager.default.removeItem(at: folder)
            } catch {
                FileHandle.standardError.write(Data("\(folder.path) was not removed: \(error)\n".utf8))
            }
        }
        var commits = 0
        var runs: [(seconds: Double, perSecond: Double)] = []
        for number in 1...5 {
            let begin = ContinuousClock.now
            commits = try deliver(field, folder: folder.path + "/\(number)")
            let seconds = (ContinuousClock.now - begin) / .seconds(1)
            runs.append((seconds, try SynchronisationRate.measure(folder.path + "/\(number)")))
        }
        let logS = runs.map(\.seconds).sorted()[runs.count / 2]
        let rate = runs.map(\.perSecond).sorted()[runs.count / 2]
        let intervals = GateIntervals(BreathingGate(trace: BreathingTrace(irregularity: 0.1)))
        let model = DeliveryTimeModel(figures)
        var seconds = 0.0
        let free = try await Timing.measure(repeats: 5) { seconds += try model.time(of: field.layers).totalS }
        let gated = try await Timing.measure(repeats: 5) {
            seconds += try model.time(of: field.layers, gate: intervals).totalS
        }
        return [
            Benchmark.Row(
                "field without log", String(format: "%.3f s", alone.wallMedian),
                visits + String(format: "; %.0f times as fast as the beam", virtualS / alone.wallMedian)),
            Benchmark.Row(
                "field with log on disk", String(format: "%.2f s", logS),
                String(
                    format: "%d commits; the disk brings %.0f/s, which makes %.2f s: ratio %.2f", commits,
                    rate,
                    Double(commits) / rate, logS * rate / Double(commits))),
            Benchmark.Row(
                "delivery-time model", String(format: "%.2f ms a field", 1e3 * free.wallMedian),
                visits + String(format: "; all runs %.0f s", seconds)),
            Benchmark.Row(
                "the same, gated, 16 starts", String(format: "%.2f ms a field", 1e3 * gated.wallMedian),
                visits),
        ]
    }

    enum Failure: Error { case notCompleted }

    /// - Returns: Commits of the log.
    private static func deliver(_ field: FieldSequence, folder: String) throws -> Int {
        let header = DeliveryLogHeader(
            identifier: SIMD2(1, 1), planLabel: "BENCHMARK", planUID: "", machineName: "simulated",
            fraction: 1,
            session: 1, fieldName: "A", ionsPerCount: figures.monitors.ionsPerCount, seed: 1,
            start: .beginning, startedMS: 0, field: field)
        let session = try DeliverySession(opening: folder, header: header)
        var simulation = FieldSimulation(field: field, figures: figures, seed: 1, sink: session.writer)
        _ = simulation.run()
        try session.close()
        guard simulation.outcome.phase == .completed else { throw Failure.notCompleted }
        return session.writer.commits
    }

    private static let figures = PlantFigures(
        supply: .init(ionsPerFill: 2e10, energyStepS: 0.25, refillS: 1.5, longestFlatTopS: 60),
        scanning: .init(speedMMPerS: SIMD2(100_000, 50_000), highestRigidityTM: 6.624))

    private static func sphere() -> FieldSequence {
        let (radius, spotMM, layerMM) = (45.0, 2.0, 3.0)
        let rules = SequenceRules(paintings: 1, ratesIonsPerS: 1e7...1e9)
        let layers = (0..<30).map { index -> LayerSequence in
            let z = (Double(index) + 0.5) * layerMM - radius
            var spots: [Spot] = []
            for row in -22...22 {
                let y = Double(row) * spotMM
                let left: Double = radius * radius - y * y - z * z
                guard left >= 0 else { continue }
                let half = Int(left.squareRoot() / spotMM)
                for column in -half...half {
                    let x = Double(row % 2 == 0 ? column : -column) * spotMM
                    spots.append(Spot(positionMM: SIMD2(x, y), particles: 5e4))
                }
            }
            let energy = EnergyPerNucleon(290 - layerMM * Double(index))
            let visits = rules.visits(EnergyLayer(energy: energy, spots: spots))
            return LayerSequence(
                planLayer: index, energy: energy, rigidityTM: 5.27 - 0.03 * Double(index),
                countsPerS: rules.countsPerS(visits), visits: visits)
        }
        let setup = FieldSetup(
            patientID: "P", gantryDegrees: 90, couchMM: .zero, couchDegrees: .zero, snoutMM: 0,
            rangeShifter: nil, ridgeFilter: nil)
        return FieldSequence(
            fieldNumber: 1, planHash: "hash", ion: .carbon12, layers: layers, setup: setup, isGated: false)
    }
}
