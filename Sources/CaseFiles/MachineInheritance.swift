import FacilityModel
import Yams

/// What a machine file has from its base, for the reader of its figures.
///
/// Nodes of the base have lost their place in the file, so a node with a place is the file's own.
struct MachineInheritance {
    /// Keys of the base's sources.
    let sources: Set<String>
    /// Values that were overridden, by the place of the own figure.
    let overridden: [Place: String]

    /// Line and column of a node.
    struct Place: Hashable {
        let line: Int
        let column: Int

        init?(_ node: Node) {
            guard let mark = node.mark else { return nil }
            (line, column) = (mark.line, mark.column)
        }
    }

    /// Tells a figure what it overrides.
    func mark(_ figure: inout AnnotatedFigure, node: Node) {
        if let place = Place(node) { figure.overridden = overridden[place] }
    }
}
