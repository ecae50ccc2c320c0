/// Why a plan cannot be made.
public enum PlanningError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Structures that the plan file names and the structure set does not have.
    case unknownStructures([String], where: [String], available: [String])
    /// Structures that are named and have no contours.
    case emptyStructures([String])
    case unknownPort(String, field: String, machine: String, available: [String])
    case targetOutsideDoseGrid(String)
    /// No ion reaches a structure in which an uncertainty was asked for.
    case noDose(in: String)
    /// The plan file has a passive port and no section `passive`.
    case noPassiveRequest
    /// A plan has passive fields and this scanned one.
    case mixedDelivery(scanned: String)
    /// What was asked for cannot be done with passive fields.
    case notForPassiveFields(String)

    public var description: String {
        switch self {
        case .unknownStructures(let names, let places, let available):
            "no structure \(Self.list(names)) in the structure set (the plan file names it under "
                + "\(places.joined(separator: ", "))) use one of: \(available.joined(separator: ", "))"
        case .emptyStructures(let names):
            "structure \(Self.list(names)) has no contours (nothing to plan on) draw it or take it out of the plan file"
        case .unknownPort(let port, let field, let machine, let available):
            "no port '\(port)' (field '\(field)' asks for it) machine \(machine) has: \(available.joined(separator: ", "))"
        case .noPassiveRequest:
            "the plan file has no section ‘passive’ (a passive port needs its margins and filling) add the section"
        case .mixedDelivery(let name):
            "field '\(name)' is scanned, others are passive (one plan cannot weigh both against each other) use ports of one kind"
        case .notForPassiveFields(let what):
            "\(what) is not there for passive fields (only the broad-beam engine knows their devices) leave it out"
        case .noDose(let name):
            "structure '\(name)' receives no dose (its relative uncertainty is not defined) choose another structure"
        case .targetOutsideDoseGrid(let name):
            "target '\(name)' reaches outside the dose grid (its dose would not be known there) "
                + "check the external contour and the CT's extent"
        }
    }

    private static func list(_ names: [String]) -> String {
        names.map { "'\($0)'" }.joined(separator: ", ")
    }
}
