import CaseFiles
import DICOMRadiotherapy
import FacilityModel
import Foundation
import Frames
import PatientModel
import PencilBeam
import PlanEvaluation
import PlanModel
import Quantities
import Reporting
import Volumes

/// Puts together what the report of a dose check shows.
public struct DoseCheckReport: Sendable {
    let setup: DoseCheckSetup
    let result: DoseCheckResult
    /// Wall time of the steps.
    let timings: [(step: String, seconds: Double)]
    /// As it is to be printed.
    let date: String

    public init(
        setup: DoseCheckSetup, result: DoseCheckResult, timings: [(step: String, seconds: Double)],
        date: String
    ) {
        self.setup = setup
        self.result = result
        self.timings = timings
        self.date = date
    }

    /// What the page shows. Files are named without their folders: a report is passed on, and folders may tell who the patient is.
    public var checkReport: CheckReport {
        let prescribed = setup.plan.prescription.totalDose.value
        let fractions = setup.plan.prescription.fractions
        let hasWhole = result.subjects.contains { $0.dose.isWholePlan }
        return CheckReport(
            isPassed: result.isPassed, criteria: result.criteria.map(Self.criterion), objects: objects,
            plan: setup.plan, machine: setup.machine.machine, ct: setup.patient.ct,
            structures: drawnStructures, targetName: setup.targetName, centre: centre,
            subjects: result.subjects.map { subject in
                let isWhole = subject.dose.isWholePlan && subject.dose.quantity == .rbeWeighted
                let dose = prescribed * Double(subject.dose.fractions) / Double(fractions)
                return .init(
                    title: subject.title, quantity: subject.dose.quantity, comparison: subject.comparison,
                    patient: subject.patient, target: subject.target,
                    prescribedDose: isWhole && prescribed > 0 ? dose : nil,
                    isDetailed: subject.dose.isWholePlan || !hasWhole)
            }, ranges: result.ranges.map(range), uncertainty: result.uncertainty,
            findings: (setup.findings + result.findings).map(anonymous),
            machineFacts: ReportAssembly.machineFacts(setup.machine), modelFacts: modelFacts,
            provenance: provenance, date: date)
    }

    private static func criterion(_ criterion: DoseCheckResult.Criterion) -> CheckReport.Criterion {
        switch criterion.kind {
        case .gamma:
            .init(
                name: "\(criterion.name): points with γ ≤ 1", value: NumberText.percent(criterion.value),
                limit: "≥ \(NumberText.percent(criterion.limit))", isMet: criterion.isMet)
        case .meanDose:
            .init(
                name: criterion.name, value: "\(NumberText.signed(100 * criterion.value, 1)) %",
                limit: "± \(NumberText.percent(criterion.limit))", isMet: criterion.isMet)
        case .noise:
            .init(
                name: criterion.name, value: NumberText.percent(criterion.value),
                limit: "≤ \(NumberText.percent(criterion.limit))", isMet: criterion.isMet)
        case .range:
            .init(
                name: criterion.name, value: "\(NumberText.signed(criterion.value, 1)) mm",
                limit: "± \(NumberText.fixed(criterion.limit, 1)) mm", isMet: criterion.isMet)
        }
    }

    private var objects: [CheckReport.Object] {
        let selection = setup.selection
        func object(_ kind: String, _ object: CatalogueObject, _ label: String) -> CheckReport.Object {
            .init(
                kind: kind, file: Self.name(object.file), label: label, uid: object.sopInstanceUID,
                equipment: object.equipment)
        }
        let status = setup.imported.approvalStatus.lowercased()
        return [
            .init(
                kind: "CT", file: "\(selection.ct.objects.count) files", label: selection.ct.description,
                uid: selection.ct.seriesInstanceUID, equipment: selection.ct.objects.first?.equipment ?? ""),
            object("RT Structure Set", selection.structureSet, selection.structureSet.label),
            object(
                "RT Ion Plan", selection.plan,
                [selection.plan.label, status].filter { !$0.isEmpty }.joined(separator: ", ")),
        ]
            + selection.doses.map { dose in
                let read = setup.doses.first { $0.files == [dose.file] }
                let label = [dose.label, read?.summationType ?? "left out", read?.comment ?? ""]
                return object("RT Dose", dose, label.filter { !$0.isEmpty }.joined(separator: ", "))
            }
    }

    /// Listed structures, targets first, the external contour always: it bounds the colour.
    private var drawnStructures: StructureSet {
        var set = setup.patient.structures
        let wanted = setup.request.structures
        set.structures = set.structures.filter {
            wanted.isEmpty || wanted.contains($0.name) || $0.name == setup.targetName
                || $0.name == setup.externalName
        }
        func rank(_ structure: Structure) -> Int {
            structure.name == setup.targetName
                ? -1
                : structure.name == setup.externalName ? Int.max : wanted.firstIndex(of: structure.name) ?? 0
        }
        set.structures = set.structures.enumerated().sorted {
            (rank($0.element), $0.offset) < (rank($1.element), $1.offset)
        }.map(\.element)
        return set
    }

    /// Middle of the target; without voxels of it, the first isocentre.
    private var centre: Point3<DICOMPatient> {
        guard let mask = setup.planner.masks.byName[setup.targetName], !mask.isEmpty else {
            return setup.plan.fields[0].isocentre
        }
        var (sum, weight) = (SIMD3<Double>.zero, 0.0)
        for (index, share) in zip(mask.indices, mask.shares) {
            let v = mask.geometry.voxel(at: Int(index))
            sum += Double(share) * mask.geometry.centre(v.x, v.y, v.z).mm
            weight += Double(share)
        }
        return Point3(sum / weight)
    }

    private func range(_ range: DoseCheckResult.FieldRange) -> CheckReport.FieldRange {
        .init(
            field: range.field, isOfField: range.isOfField, doseName: range.doseName,
            comparison: range.comparison, ownShare: range.ownShare, reference: range.reference,
            evaluated: range.evaluated, unit: range.quantity == .physical ? "Gy" : "Gy (RBE)")
    }

    private var modelFacts: [ReportFact] {
        let grid = setup.planner.masks.grid
        let n = grid.dimensions
        let d = [grid.spacingMM.x, grid.spacingMM.y, grid.spacingMM.z].map { NumberText.significant($0, 3) }
        let request = setup.request
        var facts = result.engineFacts
        facts += [
            ReportFact(
                "Dose grid",
                "\(n.x) × \(n.y) × \(n.z) voxels of \(d.joined(separator: " × ")) mm"
                    + (request.gridSpacingMM == nil
                        ? ", the voxels of the dose under check over the whole patient" : "")
            ),
            ReportFact("CT calibration", setup.planner.input.conversion.name),
            ReportFact(
                "Outside \(setup.externalName)",
                request.outsideExternal == .air ? "taken for air" : "as the CT shows it"),
            ReportFact("RBE model", request.biology.name, source: "docs/theory/mkm.md"),
            ReportFact(
                "Gamma",
                "\(request.criteria.text), from \(NumberText.percent(request.criteria.lowDoseThreshold, 0)) of the greatest dose in the patient; "
                    + "points of the plan's dose, search in the recomputed dose",
                source: "docs/theory/evaluation.md"),
        ]
        if let beamData = setup.beamDataProvenance { facts.append(ReportFact("Beam data", beamData)) }
        return facts
    }

    private var provenance: ReportProvenance {
        let request = setup.request
        var options: [ReportFact] = []
        if !request.accepted.isEmpty {
            options.append(
                ReportFact("Accepted failures", request.accepted.sorted().joined(separator: ", ")))
        }
        if let fractions = request.doseFractions {
            options.append(
                ReportFact("Doses taken as of", fractions == .one ? "one fraction" : "all fractions"))
        }
        return ReportProvenance(
            program: PlanCase.programName,
            inputs: setup.sources.map { .init(name: "\($0.role): \(Self.name($0.path))", hash: $0.sha256) },
            seed: request.engine == .monteCarlo ? request.seed : nil, options: options, timings: timings)
    }

    private static func name(_ path: String) -> String { URL(fileURLWithPath: path).lastPathComponent }

    /// The finding with names in place of paths.
    private func anonymous(_ finding: Finding) -> Finding {
        var result = finding
        let selection = setup.selection
        let files =
            [selection.structureSet.file, selection.plan.file] + selection.doses.map(\.file)
            + selection.ct.objects.map(\.file) + selection.findings.map(\.path)
        for file in Set(files).filter({ $0.contains("/") }) {
            result.message = result.message.replacing(file, with: Self.name(file))
            if result.path == file { result.path = Self.name(file) }
        }
        return result
    }
}
