import DICOMRadiotherapy
import PlanModel
import Volumes

/// What an RT Dose is the dose of: which fields, how many fractions, which quantity.
///
/// ## Source
/// DICOM PS3.3 C.8.8.3.1, Dose Summation Type.
/// ## Checked by
/// `DoseUnderCheckTests`.
public struct DoseUnderCheck: Sendable {
    /// Files it comes from; several for a sum of beams.
    public var files: [String]
    public var quantity: DoseQuantity
    /// Numbers of its fields, in the order of the plan.
    public var fieldNumbers: [Int]
    /// Whether these are all fields of the plan.
    public var isWholePlan: Bool
    /// Number of fractions that it adds up.
    public var fractions: Int
    /// Dose Comment (3004,0006).
    public var comment: String
    /// Dose Summation Type (3004,000A), as it was read.
    public var summationType: String
    public var volume: Volume<Float>

    /// Whether gamma and verdict mean something: how RBE is shared between the fields of a plan is not defined, so that an
    /// effective dose of one field among several is used for its range only.
    public var isJudged: Bool { isWholePlan || quantity == .physical }

    /// How many fractions a dose stands for, where a person knows better than the object.
    public enum Fractions: String, Sendable, CaseIterable {
        case one, all
    }

    /// What the object says.
    ///
    /// - Parameters:
    ///   - plan: The plan whose dose it is.
    ///   - fractions: In place of what Dose Summation Type says.
    ///   - findings: Gets `CHECK-0014` for a meaning that not all systems share.
    /// - Returns: nil for a dose that is not of this plan's fields (several plans, single control points, records).
    /// - Throws: `DoseUnderCheckError`.
    public static func interpret(
        _ imported: ImportedDose, plan: Plan, fractions: Fractions?, findings: inout [Finding]
    ) throws(DoseUnderCheckError) -> DoseUnderCheck? {
        let all = plan.fields.map(\.number)
        let planned = plan.prescription.fractions
        var (fields, count) = (all, planned)
        switch imported.summationType {
        case "PLAN": break
        case "FRACTION":
            if fractions == nil, planned > 1 {
                findings.append(
                    Finding(
                        severity: .warning, code: "CHECK-0014",
                        message:
                            "\(imported.file): Dose Summation Type (3004,000A) is FRACTION, which is the dose of a whole fraction group, here "
                            + "\(planned) fractions; some systems mean one fraction: if so, say --dose-fractions one",
                        path: imported.file))
            }
        case "FRACTION_SESSION": count = 1
        case "BEAM", "BEAM_SESSION":
            if imported.summationType == "BEAM_SESSION" { count = 1 }
            fields = imported.referencedBeamNumbers
            if fields.isEmpty, all.count == 1 { fields = all }
            guard !fields.isEmpty else { throw .noBeam(file: imported.file, fields: all) }
            if let other = fields.first(where: { !all.contains($0) }) {
                throw .unknownBeam(other, file: imported.file, fields: all)
            }
            fields = all.filter(fields.contains)
        default: return nil
        }
        switch fractions {
        case .one: count = 1
        case .all: count = planned
        case nil: break
        }
        return DoseUnderCheck(
            files: [imported.file], quantity: imported.kind == .physical ? .physical : .rbeWeighted,
            fieldNumbers: fields, isWholePlan: fields == all, fractions: count, comment: imported.comment,
            summationType: imported.summationType, volume: imported.dose)
    }

    /// The dose of the whole plan as the sum of absorbed doses of its fields; nil unless there is one of each field, on one
    /// grid and for as many fractions.
    public static func sum(_ parts: [DoseUnderCheck], plan: Plan) -> DoseUnderCheck? {
        let beams = parts.filter { $0.quantity == .physical && $0.fieldNumbers.count == 1 }
        guard var total = beams.first, beams.count > 1,
            beams.map(\.fieldNumbers[0]).sorted() == plan.fields.map(\.number).sorted(),
            beams.allSatisfy({
                $0.volume.geometry == total.volume.geometry && $0.fractions == total.fractions
            })
        else { return nil }
        for part in beams.dropFirst() {
            for index in total.volume.values.indices {
                total.volume.values[index] += part.volume.values[index]
            }
            total.files += part.files
        }
        total.fieldNumbers = plan.fields.map(\.number)
        total.isWholePlan = true
        return total
    }
}

/// Why the fields of a dose are not known.
public enum DoseUnderCheckError: Error, Equatable, Sendable, CustomStringConvertible {
    case noBeam(file: String, fields: [Int])
    case unknownBeam(Int, file: String, fields: [Int])

    public var description: String {
        switch self {
        case .noBeam(let file, let fields):
            "\(file): Dose Summation Type (3004,000A) is BEAM, but no Referenced Beam Number (300C,0006) in Referenced RT Plan "
                + "Sequence (300C,0002) says which of the beams \(Self.list(fields)); export it again with the reference"
        case .unknownBeam(let beam, let file, let fields):
            "\(file): Referenced Beam Number (300C,0006) is \(beam) (the plan has the beams \(Self.list(fields))); give the dose of this plan"
        }
    }

    private static func list(_ numbers: [Int]) -> String { numbers.map { "\($0)" }.joined(separator: ", ") }
}
