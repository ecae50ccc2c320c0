import Frames
import PlanEvaluation
import Volumes

/// The gamma index of a depth dose: `GammaIndex` on volumes of one row.
enum DepthGamma {
    /// Samples of the evaluated dose, mm.
    private static let sampleMM = 0.05
    private static let frame = "1.2.826.0.1.3680043.10.1.1"

    /// Share of depth, by length, whose γ is at most 1.
    ///
    /// Each window of the reference is a point at its centre; the evaluated dose there is the mean over a window of the
    /// same width about every depth, so that both are smoothed alike.
    ///
    /// - Parameters:
    ///   - windows: Borders, mm; any number of widths, each width on a regular grid from depth 0.
    ///   - values: Reference dose, one per window.
    ///   - difference: Share of the greatest of `values`.
    static func passShare(
        windows: [(from: Double, to: Double)], values: [Double], evaluated: DepthDose, difference: Double,
        distanceMM: Double
    ) async throws -> Double {
        let criteria = GammaCriteria(
            doseDifference: difference, distanceMM: distanceMM,
            normalisation: .globalDose(values.max() ?? 0), lowDoseThreshold: 0, stepsPerDistance: 50)
        let total = (windows.last?.to ?? 0) - (windows.first?.from ?? 0)
        var good = 0.0
        for width in Set(windows.map { $0.to - $0.from }) {
            // Places of the grid that belong to windows of another width stay zero, which is not compared.
            var reference = [Float](repeating: 0, count: Int((windows.last?.to ?? 0) / width + 0.5))
            for (window, value) in zip(windows, values) where window.to - window.from == width {
                reference[Int(window.from / width + 0.5)] = Float(value)
            }
            let samples = Int((evaluated.depthMM - width) / sampleMM)
            let ours = (0..<samples).map { i in
                let from = Double(i) * sampleMM
                return Float(evaluated.mean(from, from + width))
            }
            let result = try await GammaIndex.compute(
                reference: row(reference, spacingMM: width, startMM: 0.5 * width),
                evaluated: row(ours, spacingMM: sampleMM, startMM: 0.5 * width), criteria: criteria,
                threads: 1)
            good += Double(result.gamma.count { $0 <= 1.0001 }) * width
        }
        return good / total
    }

    private static func row(_ values: [Float], spacingMM: Double, startMM: Double) -> Volume<Float> {
        Volume(
            geometry: VolumeGeometry(
                dimensions: SIMD3(values.count, 1, 1), origin: Point3(startMM, 0, 0),
                spacingMM: SIMD3(spacingMM, 1, 1), frameOfReferenceUID: frame), values: values)
    }
}
