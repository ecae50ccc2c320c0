import PatientModel
import PlanModel
import Volumes

/// The structures on the grids of the doses under check; a grid that several doses share is rasterised once.
struct MaskCache {
    struct Masks {
        var body: StructureMask
        var target: StructureMask?
        /// Listed structures with a share on the grid, in the order of the structure set.
        var structures: [(name: String, mask: StructureMask)]
    }

    private let setup: DoseCheckSetup
    private var known: [VolumeGeometry: Masks] = [:]
    /// `CHECK-0011` for structures that a dose does not cover.
    private(set) var findings: [Finding] = []

    init(setup: DoseCheckSetup) { self.setup = setup }

    /// - Throws: `StructureMaskError`.
    mutating func masks(on grid: VolumeGeometry) throws -> Masks {
        if let masks = known[grid] { return masks }
        let wanted = setup.request.structures
        var body: StructureMask?
        var target: StructureMask?
        var listed: [(name: String, mask: StructureMask)] = []
        var partial: [String] = []
        for structure in setup.patient.structures.structures where !structure.contours.isEmpty {
            let isListed =
                wanted.isEmpty || wanted.contains(structure.name) || structure.name == setup.targetName
            guard isListed || structure.name == setup.externalName else { continue }
            let mask: StructureMask
            do {
                mask = try StructureMask.rasterise(structure, on: grid)
            } catch {
                guard case .outsideGrid = error, structure.name != setup.externalName else { throw error }
                partial.append("\(structure.name) (not at all)")
                continue
            }
            if structure.name == setup.externalName { body = mask }
            if structure.name == setup.targetName { target = mask }
            let whole = mask.volumeCM3 + mask.volumeOutsideGridCM3
            if mask.volumeOutsideGridCM3 > 0.001 * whole, structure.name != setup.externalName {
                partial.append("\(structure.name) (\(percent(mask.volumeCM3 / whole)))")
            }
            if isListed { listed.append((structure.name, mask)) }
        }
        guard let body else { throw StructureMaskError.outsideGrid(structure: setup.externalName) }
        if !partial.isEmpty {
            findings.append(
                Finding(
                    severity: .warning, code: "CHECK-0011",
                    message:
                        "the dose grid covers only a part of: \(partial.joined(separator: ", ")); their figures are of that part"
                ))
        }
        if !wanted.isEmpty {
            func place(_ name: String) -> Int { wanted.firstIndex(of: name) ?? -1 }
            listed = listed.enumerated().sorted {
                (place($0.element.name), $0.offset) < (place($1.element.name), $1.offset)
            }.map(\.element)
        }
        let masks = Masks(body: body, target: target, structures: listed)
        known[grid] = masks
        return masks
    }
}
