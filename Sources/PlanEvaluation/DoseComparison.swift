import PatientModel
import Volumes

/// Dose-volume figures of one structure under two doses.
public struct StructureComparison: Sendable {
    /// A figure that both doses have.
    public enum Figure: String, Sendable, CaseIterable {
        case d98 = "D98"
        case d95 = "D95"
        case d50 = "D50"
        case d2 = "D2"
        case mean = "Dmean"
    }

    public var name: String
    /// Volume of the structure outside the grid of the reference dose, cm³: not in any figure.
    public var volumeOutsideCM3: Double
    public var reference: DoseVolumeHistogram
    public var evaluated: DoseVolumeHistogram
    /// nil if no point of the structure is above the threshold.
    public var gamma: GammaResult.Summary?

    /// The figure of the reference and of the evaluated dose, Gy.
    public func values(_ figure: Figure) -> (reference: Double, evaluated: Double) {
        func value(_ histogram: DoseVolumeHistogram) -> Double {
            switch figure {
            case .d98: histogram.dose(atVolume: 0.98)
            case .d95: histogram.dose(atVolume: 0.95)
            case .d50: histogram.dose(atVolume: 0.50)
            case .d2: histogram.dose(atVolume: 0.02)
            case .mean: histogram.mean
            }
        }
        return (value(reference), value(evaluated))
    }
}

/// A dose under check beside a dose computed independently: gamma, dose-volume figures, agreement.
///
/// All figures are taken on the grid of the dose under check, the reference; the computed dose is brought there. Gamma
/// searches in the computed dose on its own grid.
///
/// ## Checked by
/// `DoseComparisonTests`.
public struct DoseComparison: Sendable {
    /// The dose under check.
    public let reference: Volume<Float>
    /// The computed dose on the same grid.
    public let evaluated: Volume<Float>
    public let criteria: GammaCriteria
    /// γ of the voxels of the body above the threshold.
    public let gamma: GammaResult
    public let structures: [StructureComparison]
    public let agreement: DoseAgreement

    /// Compares two doses.
    ///
    /// - Parameters:
    ///   - reference: The dose under check, Gy.
    ///   - evaluated: The computed dose on a grid that reaches around it, same unit.
    ///   - criteria: `globalMaximum` is that of the body: what lies in the air around it does not count.
    ///   - body: The patient on the reference grid.
    ///   - structures: Masks on the reference grid with their names, in the order of the result.
    /// - Throws: `GammaError`, `CancellationError`.
    public static func compute(
        reference: Volume<Float>, evaluated: Volume<Float>, criteria: GammaCriteria, body: StructureMask,
        structures: [(name: String, mask: StructureMask)], threads: Int,
        progress: (Double) -> Void = { _ in }
    ) async throws -> DoseComparison {
        // Reference points outside the body are not compared; without them the maximum is that of the body too.
        var inside = Volume<Float>(geometry: reference.geometry, repeating: 0)
        for voxel in body.indices { inside.values[Int(voxel)] = reference.values[Int(voxel)] }
        let gamma = try await GammaIndex.compute(
            reference: inside, evaluated: evaluated, criteria: criteria, mask: body, threads: threads
        ) { progress(Double($0) / Double(max($1, 1))) }
        let here = evaluated.resampled(on: reference.geometry)
        guard
            let agreement = DoseAgreement(
                reference: reference, evaluated: here, body: body, threshold: criteria.lowDoseThreshold)
        else { throw GammaError.noPoints(threshold: 0) }
        // The same bins for both curves, fine enough for doses of a single fraction too.
        let greatest = max(reference.values.max() ?? 0, here.values.max() ?? 0)
        let bin = Double(greatest) / 1000
        let compared = structures.compactMap { name, mask -> StructureComparison? in
            guard let a = DoseVolumeHistogram(dose: reference, mask: mask, binWidth: bin),
                let b = DoseVolumeHistogram(dose: here, mask: mask, binWidth: bin)
            else { return nil }
            return StructureComparison(
                name: name, volumeOutsideCM3: mask.volumeOutsideGridCM3, reference: a, evaluated: b,
                gamma: gamma.summary(in: mask))
        }
        return DoseComparison(
            reference: reference, evaluated: here, criteria: criteria, gamma: gamma, structures: compared,
            agreement: agreement)
    }

    /// The structure of that name; nil if it was not compared.
    public func structure(named name: String) -> StructureComparison? {
        structures.first { $0.name == name }
    }

    /// Evaluated − reference, Gy.
    public var difference: Volume<Float> {
        Volume(
            geometry: reference.geometry, values: zip(evaluated.values, reference.values).map { $0 - $1 })
    }
}
