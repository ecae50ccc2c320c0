import IonPhysics
import IonTransport
import Quantities

/// The transport of one case, in ten parts of equal size with seeds of their own, whose spread gives the statistical error
/// of any figure.
struct WaterRun: Sendable {
    static let parts = 10

    let waterCase: WaterCase
    let results: [WaterTransportResult]

    /// A figure from the mean of all parts, with its standard error from their spread.
    struct Estimate {
        let value: Double
        let error: Double
    }

    /// Mean of an array that each part scores.
    func mean(_ scores: (WaterTransportResult) -> [Double]) -> [Double] {
        var sum = scores(results[0])
        for result in results.dropFirst() {
            for (i, value) in scores(result).enumerated() { sum[i] += value }
        }
        return sum.map { $0 / Double(results.count) }
    }

    /// A figure of an array: value of the mean array, error from the parts.
    func estimate(_ scores: (WaterTransportResult) -> [Double], _ figure: ([Double]) -> Double) -> Estimate {
        let n = Double(results.count)
        let single = results.map { figure(scores($0)) }
        let mean = single.reduce(0, +) / n
        let square = single.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return Estimate(value: figure(self.mean(scores)), error: (square / (n * (n - 1))).squareRoot())
    }

    var dose: DepthDose { DepthDose(mean(\.energyMeV), stepMM: waterCase.stepMM) }

    /// Standard errors of the mean in windows of depth.
    func errors(_ windows: [(from: Double, to: Double)]) -> [Double] {
        let doses = results.map { DepthDose($0.energyMeV, stepMM: waterCase.stepMM) }
        let n = Double(doses.count)
        return windows.map { window in
            let values = doses.map { $0.mean(window.from, window.to) }
            let mean = values.reduce(0, +) / n
            return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n * (n - 1))).squareRoot()
        }
    }

    /// Distal 80 % in the bins of the run, which are narrow against the peak; mm.
    var distal80MM: Estimate {
        estimate(\.energyMeV) { bins in
            let peak = bins.indices.max { bins[$0] < bins[$1] } ?? 0
            let level = 0.8 * bins[peak]
            for i in peak + 1..<bins.count where bins[i] < level {
                return (Double(i) - 0.5 + (bins[i - 1] - level) / (bins[i - 1] - bins[i])) * waterCase.stepMM
            }
            return .nan
        }
    }
}

/// Runs every case once for all tests that look at it.
actor WaterRuns {
    static let shared = WaterRuns()
    static let letName = "LET keV/um"

    private var running: [String: Task<WaterRun, any Error>] = [:]

    func run(_ waterCase: WaterCase) async throws -> WaterRun {
        if let task = running[waterCase.name] { return try await task.value }
        let task = Task { try await Self.compute(waterCase) }
        running[waterCase.name] = task
        return try await task.value
    }

    private static func compute(_ waterCase: WaterCase) async throws -> WaterRun {
        let transport = try WaterTransport()
        let stopping = try StoppingTables()
        var results: [WaterTransportResult] = []
        for part in 0..<WaterRun.parts {
            var request = WaterTransportRequest(
                projectile: waterCase.projectile, energyMeVPerNucleon: waterCase.energyMeVPerNucleon,
                histories: waterCase.histories / WaterRun.parts, seed: waterCase.seed(part: part),
                depthStepMM: waterCase.stepMM,
                depthMM: max(try waterCase.depthDoses().depthMM, waterCase.leastDepthMM))
            request.sigmaMM = 3
            request.planesMM = try YieldValidation.planesMM(waterCase)
            request.profileDepthsMM = try LateralValidation.depthsMM(waterCase)
            if waterCase.projectile == .carbon12 {
                request.responses = [ResponseTable(name: letName, stopping.letKeVPerUM)]
            }
            results.append(try await transport.run(request, threads: 2))
        }
        return WaterRun(waterCase: waterCase, results: results)
    }

    /// Stopping powers of all transported species.
    private struct StoppingTables {
        private let tables: [StoppingPower]

        init() throws { tables = try TransportedSpecies.all.map { try StoppingPower($0) } }

        func letKeVPerUM(_ isotope: Isotope, _ energy: Double) -> Double {
            guard let i = TransportedSpecies.index(of: isotope) else { return 0 }
            return tables[i].letKeVPerUM(energyMeVPerNucleon: energy)
        }
    }
}
