import Frames
import PatientModel
import PlanEvaluation
import PlanModel
import Volumes

/// What a comparison suggests about the objects, beyond its figures.
enum DoseCheckHints {
    /// `CHECK-0012`, `CHECK-0021`.
    static func findings(
        _ subject: DoseCheckResult.Subject, recomputed: RecomputedDose, setup: DoseCheckSetup
    ) -> [Finding] {
        [beyondGrid(subject, recomputed, setup), meaning(subject, recomputed, setup)].compactMap(\.self)
    }

    /// Recomputed dose above the threshold where the dose under check is not given.
    private static func beyondGrid(
        _ subject: DoseCheckResult.Subject, _ recomputed: RecomputedDose, _ setup: DoseCheckSetup
    ) -> Finding? {
        guard let body = setup.planner.masks.byName[setup.externalName] else { return nil }
        let dose = recomputed.volume(
            subject.dose.quantity, fields: subject.dose.fieldNumbers, fractions: subject.dose.fractions)
        let grid = subject.comparison.reference.geometry
        let least = Float(
            subject.comparison.criteria.lowDoseThreshold * subject.comparison.agreement.referenceMaximum)
        var (count, greatest, place) = (0, Float(0), Point3<DICOMPatient>(0, 0, 0))
        for voxel in body.indices where dose.values[Int(voxel)] >= least {
            let v = dose.geometry.voxel(at: Int(voxel))
            let point = dose.geometry.centre(v.x, v.y, v.z)
            let at = grid.continuousIndex(point)
            let n = grid.dimensions
            guard
                (0..<3).contains(where: { at[$0] < -0.5 || at[$0] > Double(n[$0]) - 0.5 })
            else { continue }
            count += 1
            if dose.values[Int(voxel)] > greatest { (greatest, place) = (dose.values[Int(voxel)], point) }
        }
        guard count > 0 else { return nil }
        func short(_ v: Double) -> Double { (v * 100).rounded() / 100 }
        let volume = Double(count) * dose.geometry.voxelVolumeMM3 / 1000
        return Finding(
            severity: .warning, code: "CHECK-0012",
            message:
                "\(subject.title): \(short(volume)) cm³ of the patient receive up to \(short(Double(greatest))) Gy outside the dose grid (there "
                + "is nothing to compare with, for example at (\(short(place.x)), \(short(place.y)), \(short(place.z))) mm); export the dose "
                + "on a larger grid")
    }

    /// A dose that does not agree as it is named, but does as something else.
    private static func meaning(
        _ subject: DoseCheckResult.Subject, _ recomputed: RecomputedDose, _ setup: DoseCheckSetup
    ) -> Finding? {
        let ratio = subject.comparison.agreement.meanRatio
        guard abs(ratio - 1) > 0.15 else { return nil }
        let all = setup.plan.prescription.fractions
        var candidates: [(quantity: DoseQuantity, fractions: Int)] = []
        for quantity in DoseQuantity.allCases {
            for fractions in Set([1, all]).sorted() { candidates.append((quantity, fractions)) }
        }
        let reference = subject.comparison.reference
        let high = Float(DoseAgreement.highDoseShare * subject.comparison.agreement.referenceMaximum)
        let voxels = subject.comparison.gamma.voxels.filter { reference.values[Int($0)] >= high }
        let planned = voxels.reduce(0.0) { $0 + Double(reference.values[Int($1)]) }
        let best = candidates.compactMap { candidate -> (DoseQuantity, Int, Double)? in
            guard (candidate.quantity, candidate.fractions) != (subject.dose.quantity, subject.dose.fractions)
            else { return nil }
            let dose = recomputed.volume(
                candidate.quantity, fields: subject.dose.fieldNumbers, fractions: candidate.fractions
            ).resampled(on: reference.geometry)
            let computed = voxels.reduce(0.0) { $0 + Double(dose.values[Int($1)]) }
            return planned > 0 ? (candidate.quantity, candidate.fractions, computed / planned) : nil
        }.min { abs($0.2 - 1) < abs($1.2 - 1) }
        let read =
            "\(subject.title): the recomputed dose is \(percent(ratio)) of it in the high dose"
        guard let best, abs(best.2 - 1) < 0.07 else {
            return Finding(
                severity: .warning, code: "CHECK-0021",
                message:
                    read
                    + "; look for another normalisation, number of ions per meterset, energy or RBE model than the plan says"
            )
        }
        let kind = best.0 == .physical ? "absorbed (PHYSICAL)" : "RBE-weighted (EFFECTIVE)"
        let remedy =
            best.1 == subject.dose.fractions
            ? "correct Dose Type (3004,0004)" : "say --dose-fractions \(best.1 == 1 ? "one" : "all")"
        return Finding(
            severity: .warning, code: "CHECK-0021",
            message:
                read
                + ", but would be \(percent(best.2)) if it were the \(kind) dose of \(best.1) fraction\(best.1 == 1 ? "" : "s"); if so, \(remedy)"
        )
    }
}
