import Frames
import NumericKernels
import PatientModel
import Volumes

/// The gamma index of an evaluated dose against a reference dose, in one, two or three dimensions.
///
///     γ(r) = min over e of √( |e − r|²/δ² + (D_e(e) − D_r(r))²/Δ² )
///
/// r are voxels of the reference grid, e points on a lattice of δ/`stepsPerDistance` around r, between which and
/// the voxels of the evaluated grid the dose is trilinear. Lattice points are visited from the nearest out, and
/// the search ends where the distance alone exceeds the best γ: the result is that of the complete search.
/// An axis with one voxel is not searched, so that planes and profiles are volumes with one layer or row.
///
/// ## Source
/// Low et al., Med. Phys. 25 (1998) 656.
/// ## Checked by
/// `GammaIndexTests`: uniform excess, shifted gradient, roles exchanged, against a plain full search.
public enum GammaIndex {
    /// Points of one piece of work; the pieces do not depend on the number of threads.
    private static let batchSize = 4096

    /// Compares the doses in all reference voxels above the threshold, or in those of `mask`.
    ///
    /// - Parameters:
    ///   - mask: Only voxels that belong to it are compared; nil for all.
    ///   - progress: Called with finished and all points, in the caller's task.
    /// - Throws: `GammaError`, `CancellationError`.
    /// - Precondition: the mask is on the reference grid.
    public static func compute(
        reference: Volume<Float>, evaluated: Volume<Float>, criteria: GammaCriteria,
        mask: StructureMask? = nil, threads: Int, progress: (Int, Int) -> Void = { _, _ in }
    ) async throws -> GammaResult {
        try validate(reference: reference, evaluated: evaluated, criteria: criteria)
        precondition(mask == nil || mask?.geometry == reference.geometry)
        let maximum = Double(reference.values.max() ?? 0)
        let normalisation =
            switch criteria.normalisation {
            case .globalDose(let dose): dose
            case .globalMaximum, .local: maximum
            }
        let threshold = criteria.lowDoseThreshold * normalisation
        let candidates = mask?.indices ?? (0..<Int32(reference.values.count)).map { $0 }
        let voxels = candidates.filter {
            let dose = Double(reference.values[Int($0)])
            return dose > 0 && dose >= threshold
        }
        guard !voxels.isEmpty else { throw GammaError.noPoints(threshold: threshold) }

        let search = GammaSearch(
            reference: reference, evaluated: evaluated, criteria: criteria, normalisation: normalisation)
        let batches = (voxels.count + batchSize - 1) / batchSize
        let parts = try await ParallelBatches.map(
            count: batches, threads: threads,
            progress: { progress(min($0 * batchSize, voxels.count), voxels.count) }
        ) { batch in
            search.gamma(voxels[batch * batchSize..<min((batch + 1) * batchSize, voxels.count)])
        }
        return GammaResult(voxels: voxels, gamma: parts.flatMap { $0 })
    }

    private static func validate(
        reference: Volume<Float>, evaluated: Volume<Float>, criteria: GammaCriteria
    ) throws(GammaError) {
        let (a, b) = (reference.geometry.frameOfReferenceUID, evaluated.geometry.frameOfReferenceUID)
        guard a == b else { throw .framesOfReferenceDiffer(reference: a, evaluated: b) }
        var positive = [
            ("doseDifference", criteria.doseDifference), ("distanceMM", criteria.distanceMM),
            ("maximumGamma", criteria.maximumGamma),
            ("stepsPerDistance", Double(criteria.stepsPerDistance)),
        ]
        if case .globalDose(let dose) = criteria.normalisation { positive.append(("dose", dose)) }
        for (name, value) in positive where !(value > 0 && value.isFinite) {
            throw .invalidCriterion(name: name, value: value)
        }
        guard criteria.lowDoseThreshold >= 0 else {
            throw .invalidCriterion(name: "lowDoseThreshold", value: criteria.lowDoseThreshold)
        }
        for (name, volume) in [("reference", reference), ("evaluated", evaluated)] {
            if let voxel = volume.values.firstIndex(where: { !$0.isFinite }) {
                throw .notFinite(volume: name, voxel: voxel)
            }
        }
    }
}
