import CaseFiles
import FacilityModel
import Frames
import PassiveBeam
import PatientModel
import PencilBeam
import PlanEvaluation
import PlanModel
import PlanOptimization
import Quantities
import Radiobiology
import Volumes

/// Makes a plan from a request: tissues, spots, dose per spot, optimisation, final dose.
///
/// The same request, images, machine and beam data give the same plan, bit for bit, for any number of threads.
public struct Planner: Sendable {
    public let input: PlanningInput
    public let masks: PlanningMasks
    public private(set) var images: MaterialImages
    /// What the conversion and the readers found.
    public let findings: [Finding]

    /// Prepares tissues and masks; everything that is wrong with names and images comes out here.
    public init(_ input: PlanningInput) throws {
        let request = input.request
        self.input = input
        masks = try PlanningMasks(request: request, patient: input.patient, doseGrid: input.doseGrid)
        let made = try MaterialImages.make(
            ct: input.patient.ct, conversion: input.conversion, structures: input.patient.structures,
            external: request.patient.externalName, outside: request.outsideExternal,
            overrides: request.overrides)
        images = made.images
        var findings = input.patient.findings
        if made.summary.titaniumVoxelCount > 0 {
            findings.append(
                Finding(
                    severity: .warning, code: "CT-0101",
                    message:
                        "\(made.summary.titaniumVoxelCount) voxels inside the external contour are taken for titanium "
                        + "(2995 HU and more); if this is an artefact or another metal, override it"))
        }
        if made.summary.contestedVoxelCount > 0 {
            findings.append(
                Finding(
                    severity: .warning, code: "CT-0102",
                    message:
                        "\(made.summary.contestedVoxelCount) voxels belong to two overrides; the later one holds"
                ))
        }
        self.findings = findings
    }

    /// The same planner for tissues that stop more or less than the calibration says.
    ///
    /// - Parameter factor: Of every stopping power; 1 changes nothing.
    func withStoppingPower(scaledBy factor: Double) -> Planner {
        guard factor != 1 else { return self }
        var copy = self
        copy.images = MaterialImages(
            stoppingPowerRatio: images.stoppingPowerRatio.map { $0 * Float(factor) },
            scatteringRatio: images.scatteringRatio, nuclearRatio: images.nuclearRatio)
        return copy
    }

    /// The same planner for a patient who looks otherwise now.
    ///
    /// - Parameter images: On the grid of the CT.
    func with(images: MaterialImages) -> Planner {
        precondition(images.geometry == self.images.geometry)
        var copy = self
        copy.images = images
        return copy
    }

    /// The whole of planning.
    ///
    /// `progress`: Called often, in the caller's task.
    /// - Throws: `PlanningError`, what the engines throw, `CancellationError`.
    public func plan(progress: (PlanningProgress) -> Void) async throws -> PlanningResult {
        var plan = try emptyPlan()
        if plan.fields.contains(where: { input.machine.passivePort($0.portID) != nil }) {
            return try await passivePlan(plan, progress: progress)
        }
        progress(.init(.spots, .began))
        for number in plan.fields.indices {
            let field = plan.fields[number]
            progress(.init(.spots, .at(Double(number) / Double(plan.fields.count), "field ‘\(field.name)’")))
            plan.fields[number].layers = try await placement(for: field.portID).place(
                field: field, target: try targetMask(), targetName: input.request.prescription.targetName,
                threads: input.threads)
        }
        let layers = plan.fields.reduce(0) { $0 + $1.layers.count }
        progress(
            .init(
                .spots, .ended("\(plan.spotCount) spots in \(layers) layers of \(plan.fields.count) fields")))

        let optimised = try await optimise(plan, progress: progress)
        plan.fields = PlanAssembly.fields(
            plan.fields, weights: optimised.result.weights, machine: input.machine)
        let fieldDoses = try await dose(of: plan, progress: progress)
        return PlanningResult(
            plan: plan, fieldDoses: fieldDoses,
            optimisation: PlanningResult.Optimisation(
                result: optimised.result, influence: optimised.summary),
            findings: findings + optimised.result.findings + hotSpot(of: plan, fieldDoses: fieldDoses))
    }

    /// A warning if the body receives more outside the target than the target may.
    func hotSpot(of plan: Plan, fieldDoses: [Int: DoseDistribution]) -> [Finding] {
        let targetName = plan.prescription.targetName
        guard let outline = masks.byName[input.request.patient.externalName],
            let target = masks.byName[targetName],
            let fraction = DoseDistribution.sum(plan.fields.compactMap { fieldDoses[$0.number] })
        else { return [] }
        let total = PlanDose(
            distribution: fraction, biologicalModel: input.request.biology.model,
            fractions: plan.prescription.fractions)
        let spot = HotSpot(
            dose: total, target: target, outline: outline, prescription: plan.prescription)
        return spot.map { [$0.finding(on: masks.grid, targetName: targetName)] } ?? []
    }

    /// Dose of one fraction of every field of `plan` on the dose grid, by field number.
    public func dose(
        of plan: Plan, progress: (PlanningProgress) -> Void
    ) async throws -> [Int: DoseDistribution] {
        progress(.init(.dose, .began))
        var doses: [Int: DoseDistribution] = [:]
        for (position, field) in plan.fields.enumerated() {
            func tell(_ share: Double) {
                let done = (Double(position) + share) / Double(plan.fields.count)
                progress(.init(.dose, .at(done, "field ‘\(field.name)’")))
            }
            doses[field.number] =
                if let port = input.machine.passivePort(field.portID) {
                    try await passiveEngine(for: port).dose(
                        of: field, grid: masks.grid, threads: input.threads, progress: tell)
                } else {
                    try await engine(for: field.portID).dose(
                        of: field, grid: masks.grid, threads: input.threads, progress: tell)
                }
        }
        progress(.init(.dose, .ended("\(masks.grid.voxelCount) voxels")))
        return doses
    }

    func targetMask() throws -> StructureMask {
        let name = input.request.prescription.targetName
        guard let mask = masks.byName[name] else { throw PlanningError.targetOutsideDoseGrid(name) }
        return mask
    }

    private func emptyPlan() throws -> Plan {
        let request = input.request
        let centre = try SpotPlacement.centroid(of: targetMask(), name: request.prescription.targetName)
        var fields: [Field] = []
        for (index, wish) in request.fields.enumerated() {
            guard input.machine.portIDs.contains(wish.portID) else {
                throw PlanningError.unknownPort(
                    wish.portID, field: wish.name, machine: input.machine.name,
                    available: input.machine.portIDs)
            }
            let isocentre: Point3<DICOMPatient> =
                switch wish.isocentre {
                case .targetCentre: Self.toTenthMM(centre)
                case .point(let point): point
                }
            fields.append(
                Field(
                    number: index + 1, name: wish.name, portID: wish.portID,
                    gantryAngle: wish.gantryAngle, patientSupportAngle: wish.patientSupportAngle,
                    isocentre: isocentre, rangeShifterID: wish.rangeShifterID))
        }
        return Plan(
            label: request.label, machineName: input.machine.name, ion: input.machine.ion,
            patientPosition: input.patient.ct.patientPosition, prescription: request.prescription,
            fields: fields)
    }

    /// An isocentre that people can set up: whole tenths of a millimetre.
    private static func toTenthMM(_ point: Point3<DICOMPatient>) -> Point3<DICOMPatient> {
        Point3((point.mm * 10).rounded(.toNearestOrAwayFromZero) / 10)
    }

    func tables(for portID: String) throws -> DepthTableCache {
        guard let cache = input.depthTables[portID] else {
            throw PlanningError.unknownPort(
                portID, field: "", machine: input.machine.name, available: input.depthTables.keys.sorted())
        }
        return cache
    }

    func engine(for portID: String) throws -> PencilBeamEngine {
        let cache = try tables(for: portID)
        return try PencilBeamEngine(
            images: images, machine: input.machine,
            patientPosition: input.patient.ct.patientPosition, depthTable: { try cache.table($0) })
    }

    private func placement(for portID: String) throws -> SpotPlacement {
        let cache = try tables(for: portID)
        var settings = SpotPlacementSettings()
        let wish = input.request.spots
        settings.spotSpacingMM = wish.lateralSpacingMM
        settings.layerSpacingMM = wish.layerSpacingMM
        settings.lateralMarginMM = wish.lateralMarginMM
        settings.proximalMarginMM = wish.proximalMarginMM
        settings.distalMarginMM = wish.distalMarginMM
        return SpotPlacement(
            images: images, machine: input.machine,
            patientPosition: input.patient.ct.patientPosition, settings: settings,
            depthTable: { try cache.table($0) })
    }
}
