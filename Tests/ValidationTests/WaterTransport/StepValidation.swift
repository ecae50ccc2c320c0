import Foundation
import IonTransport
import Quantities
import TestSupport
import Testing

extension TransportValidation {
    /// The step length is no parameter of the result.
    @Suite(.serialized) struct Steps {
        private static let base = WaterCase(
            name: "steps", title: "12C 200 MeV/u", projectile: .carbon12, energyMeVPerNucleon: 200,
            histories: 600_000, stepMM: 0.1)

        private static func run(_ factor: Double, seed: UInt64) async throws -> WaterRun {
            let transport = try WaterTransport()
            var results: [WaterTransportResult] = []
            for part in 0..<WaterRun.parts {
                var request = WaterTransportRequest(
                    projectile: base.projectile, energyMeVPerNucleon: base.energyMeVPerNucleon,
                    histories: base.histories / WaterRun.parts, seed: seed + UInt64(part),
                    depthStepMM: base.stepMM, depthMM: 130)
                request.longestStepMM *= factor
                request.longestRangeShare *= factor
                results.append(try await transport.run(request, threads: 2))
            }
            return WaterRun(waterCase: base, results: results)
        }

        /// Asked: 0.3 % in windows of 4 mm, all reactions on. Held with the standard error of the difference, about 0.1 %; in the
        /// tail, where it is 0.6 %, with three.
        @Test func halvingAndDoublingTheStepChangesLessThanThePermil() async throws {
            let windows = (0..<32).map { (from: 4 * Double($0), to: 4 * Double($0 + 1)) }
            var curves: [(factor: Double, values: [Double], errors: [Double], distal: WaterRun.Estimate)] = []
            for (factor, seed) in [(1.0, UInt64(501)), (0.5, 521), (2, 541)] {
                let run = try await Self.run(factor, seed: seed)
                let dose = run.dose
                curves.append(
                    (factor, windows.map { dose.mean($0.from, $0.to) }, run.errors(windows), run.distal80MM))
            }
            let base = curves[0]
            var columns = [("depth_mm", windows.map { 0.5 * ($0.from + $0.to) })]
            for curve in curves.dropFirst() {
                let differences = windows.indices.map { curve.values[$0] / base.values[$0] - 1 }
                let errors = windows.indices.map { i in
                    let (a, b) = (curve.errors[i] / curve.values[i], base.errors[i] / base.values[i])
                    return (a * a + b * b).squareRoot()
                }
                let front = windows.indices.filter { windows[$0].to <= 88 }
                let mean = front.map { differences[$0] }.reduce(0, +) / Double(front.count)
                print(
                    "steps times \(curve.factor): greatest change in front of the edge",
                    String(
                        format:
                            "%.2f %% (standard error %.2f %%), mean %.2f %%; behind %.2f %% (%.2f %%); distal 80 %% %+.3f mm",
                        100 * (front.map { abs(differences[$0]) }.max() ?? 0),
                        100 * (front.map { errors[$0] }.max() ?? 0), 100 * mean,
                        100
                            * (windows.indices.filter { windows[$0].from >= 88 }.map { abs(differences[$0]) }
                                .max() ?? 0),
                        100
                            * (windows.indices.filter { windows[$0].from >= 88 }.map { errors[$0] }.max() ?? 0),
                        curve.distal.value - base.distal.value))
                for i in windows.indices {
                    let allowance = (windows[i].to <= 88 ? 1.0 : 3.0) * errors[i]
                    #expect(
                        abs(differences[i]) <= 0.003 + allowance,
                        "\(windows[i]) mm, step times \(curve.factor): \(differences[i])")
                }
                expectClose(
                    curve.distal.value, base.distal.value, absolute: 0.02, because: "range may not move")
                columns += [
                    ("times_\(curve.factor)", differences), ("error_\(curve.factor)", errors),
                ]
            }
            try ValidationCurves.write("steps", columns: columns)
        }
    }
}
