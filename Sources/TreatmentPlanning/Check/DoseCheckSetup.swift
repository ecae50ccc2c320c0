import BeamData
import CaseFiles
import DICOMRadiotherapy
import FacilityModel
import Foundation
import Frames
import PatientModel
import PlanEvaluation
import PlanModel
import Quantities
import Volumes

/// The objects of a dose check, read, found to belong together, and made ready for the dose engine.
public struct DoseCheckSetup: Sendable {
    public let request: DoseCheckRequest
    public let selection: DoseCheckSelection
    public let patient: PatientImport
    public let machine: MachineDescription
    public let imported: ImportedIonPlan
    /// The plan on the machine's ports.
    public let plan: Plan
    public let targetName: String
    public let externalName: String
    /// Doses of the plan and of single fields, and, if only the fields have one, their sum.
    public let doses: [DoseUnderCheck]
    public let planner: Planner
    /// What beam data the pencil beam uses; nil for Monte Carlo.
    public let beamDataProvenance: String?
    /// Everything that does not stand in the way; failures that were accepted are warnings here.
    public let findings: [Finding]
    /// What went in, with SHA-256.
    public let sources: [Provenance.Source]

    /// More voxels than this are refused: the engines need some 60 bytes for each.
    public static let greatestVoxelCount = 60_000_000

    /// Finds, reads and compares everything.
    ///
    /// - Throws: `DoseCheckSelectionError`, `DoseCheckError`, `PlanAssignmentError`, and what the readers throw.
    public init(_ request: DoseCheckRequest, data: DataStore) throws {
        self.request = request
        var gate = FindingGate(accepted: request.accepted)
        let selection = try DoseCheckSelection(request.choice)
        self.selection = selection
        gate.add(selection.findings)
        gate.add(
            ObjectConsistency.check(
                ct: selection.ct, structureSet: selection.structureSet, plan: selection.plan,
                doses: selection.doses))
        try gate.check()

        let machinePath = try data.machinePath(request.machine)
        machine = try MachineFile.read(path: machinePath, store: data)
        let conversion =
            try request.calibrationFile.map { try CalibrationFile.read(path: $0) } ?? .schneider
        let patient = try PatientImport(
            ct: selection.ct, structureSet: selection.structureSet, findings: [])
        self.patient = patient
        gate.add(patient.findings)
        let imported = try IonPlanReader.read(
            file: selection.plan.file, for: patient.ct, particlesPerMonitorUnit: request.monitorUnits)
        self.imported = imported
        gate.add(imported.findings)
        gate.add(Self.monitorUnits(imported, calibration: request.monitorUnits))

        let names = try StructureChoice(request: request, patient: patient, imported: imported)
        (externalName, targetName) = (names.external.name, names.target.name)
        let assignment = try PlanAssignment(imported, machine: machine.machine, names: request.names)
        var plan = assignment.plan
        plan.prescription.targetName = names.target.name
        self.plan = plan
        gate.add(assignment.findings)
        gate.add(DeliveryFindings.of(plan, machine: machine.machine))
        gate.add(Self.isocentres(plan, ct: patient.ct, file: imported.file))

        var doses: [DoseUnderCheck] = []
        for object in selection.doses {
            let read = try DoseReader.read(file: object.file, for: patient.ct)
            gate.add(read.findings)
            guard
                let dose = try DoseUnderCheck.interpret(
                    read, plan: plan, fractions: request.doseFractions, findings: &gate.findings)
            else {
                gate.add([
                    Finding(
                        severity: .information, code: "CHECK-0015",
                        message:
                            "\(object.file): left out, Dose Summation Type (3004,000A) is \(read.summationType)",
                        path: object.file)
                ])
                continue
            }
            gate.add(Self.quantity(of: dose, biology: request.biology))
            doses.append(dose)
        }
        gate.add(Self.independence(of: selection.doses, engine: request.engine))
        if !doses.contains(where: \.isWholePlan), let sum = DoseUnderCheck.sum(doses, plan: plan) {
            doses.insert(sum, at: 0)
        }
        // Whole plans first: the first dose gives the voxels. Nothing depends on the order of the files.
        func rank(_ dose: DoseUnderCheck) -> (Int, Int, Int, String) {
            (
                dose.isWholePlan ? 0 : 1, dose.fieldNumbers.first ?? 0,
                dose.quantity == .rbeWeighted ? 0 : 1, dose.files[0]
            )
        }
        doses.sort { rank($0) < rank($1) }
        self.doses = doses
        guard let first = doses.first, doses.contains(where: \.isJudged) else {
            throw DoseCheckError.noJudgedDose(files: selection.doses.map(\.file))
        }
        for dose in doses where dose.isJudged {
            gate.add(try Self.coverage(of: names.target, by: dose))
        }
        try gate.check()

        let spacing = request.gridSpacingMM.map { SIMD3(repeating: $0) } ?? first.volume.geometry.spacingMM
        let grid = try DoseGrid.covering(
            names.external, in: patient.ct.geometry, spacingMM: spacing, marginMM: 0,
            sharingCorner: request.gridSpacingMM == nil ? first.volume.geometry.lowerCorner : nil)
        guard grid.voxelCount <= Self.greatestVoxelCount else {
            throw DoseCheckError.tooManyVoxels(grid.voxelCount)
        }
        var tables: [String: DepthTableCache] = [:]
        var files = [("machine \(machine.machine.name)", machinePath)]
        for (index, file) in (machine.base?.files ?? []).enumerated() {
            files.append(("base \(index + 1) of machine \(machine.machine.name)", file))
        }
        if let file = request.calibrationFile { files.append(("CT calibration", file)) }
        switch request.engine {
        case .monteCarlo: beamDataProvenance = nil
        case .pencilBeam:
            let path = data.path(BeamDataStore.relativePath(of: machine.machine.ion))
            let set = try BeamDataStore.read(path: path)
            tables = DepthTableCache.tables(of: machine.machine, beamData: set)
            beamDataProvenance = set.provenance
            files.append(("beam data", path))
        }
        planner = try Planner(
            PlanningInput(
                request: .recalculation(
                    of: plan, external: names.external.name, target: names.target.name,
                    outside: request.outsideExternal, biology: request.biology, spacingMM: spacing,
                    seed: request.seed), patient: patient, machine: machine.machine,
                conversion: conversion, depthTables: tables, threads: request.threads, doseGrid: grid))
        // The readers' findings are there already.
        gate.add(planner.findings.filter { !patient.findings.contains($0) })
        try gate.check()
        findings = gate.findings
        sources = try Self.sources(selection, others: files)
    }

    private static func sources(
        _ selection: DoseCheckSelection, others: [(String, String)]
    ) throws -> [Provenance.Source] {
        let slices = selection.ct.objects.map(\.file)
        let folder = URL(fileURLWithPath: slices[0]).deletingLastPathComponent().path
        let objects =
            [("structure set", selection.structureSet.file), ("plan", selection.plan.file)]
            + selection.doses.map { ("dose", $0.file) }
        return try [.digesting(role: "CT", path: folder, files: slices)]
            + (objects + others).map { try .digesting(role: $0.0, path: $0.1) }
    }
}
