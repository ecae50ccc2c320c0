import CaseFiles
import PatientModel
import PlanModel
import Volumes

/// The structures on the dose grid.
public struct PlanningMasks: Sendable {
    /// Dose grid: covers the external contour.
    public let grid: VolumeGeometry
    /// By structure name; structures without contours, or wholly outside the grid, are missing.
    public let byName: [String: StructureMask]

    /// Checks all names of the request, makes the dose grid and the masks.
    ///
    /// `doseGrid`: The grid, in place of one over the external contour.
    /// - Throws: `PlanningError`, `StructureMaskError`.
    public init(request: PlanRequest, patient: PatientImport, doseGrid: VolumeGeometry? = nil) throws {
        let set = patient.structures
        try Self.checkNames(request: request, structures: set)
        guard let external = set.structure(named: request.patient.externalName) else {
            throw PlanningError.unknownStructures(
                [request.patient.externalName], where: ["patient.external"],
                available: set.structures.map(\.name))
        }
        grid =
            try doseGrid
            ?? DoseGrid.covering(
                external, in: patient.ct.geometry, spacingMM: request.doseGridSpacingMM, marginMM: 0)
        byName = try Self.masks(of: set, on: grid)
        let target = request.prescription.targetName
        guard let mask = byName[target], mask.volumeOutsideGridCM3 <= 0.001 * mask.volumeCM3 else {
            throw PlanningError.targetOutsideDoseGrid(target)
        }
    }

    /// Masks of all structures that have contours on the grid.
    private static func masks(
        of set: StructureSet, on grid: VolumeGeometry
    ) throws -> [String: StructureMask] {
        var masks: [String: StructureMask] = [:]
        for structure in set.structures where !structure.contours.isEmpty {
            do {
                masks[structure.name] = try StructureMask.rasterise(structure, on: grid)
            } catch {
                guard case .outsideGrid = error else { throw error }
            }
        }
        return masks
    }

    /// Every structure that the request names must exist and have contours.
    private static func checkNames(request: PlanRequest, structures: StructureSet) throws {
        var places: [String: [String]] = [:]
        func note(_ name: String, _ place: String) { places[name, default: []].append(place) }
        note(request.prescription.targetName, "prescription.target")
        note(request.patient.externalName, "patient.external")
        for objective in request.objectives { note(objective.structureName, "objectives") }
        for goal in request.goals { note(goal.structureName, "goals") }
        for override in request.overrides { note(override.structureName, "overrides") }
        let names = places.keys.sorted()
        let unknown = names.filter { structures.structure(named: $0) == nil }
        guard unknown.isEmpty else {
            let wanted = Set(unknown.flatMap { places[$0] ?? [] }).sorted()
            throw PlanningError.unknownStructures(
                unknown, where: wanted, available: structures.structures.map(\.name))
        }
        let empty = names.filter { structures.structure(named: $0)?.contours.isEmpty == true }
        guard empty.isEmpty else { throw PlanningError.emptyStructures(empty) }
    }
}
