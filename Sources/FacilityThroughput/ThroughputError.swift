/// Why a day could not be simulated.
public enum ThroughputError: Error, Hashable, Sendable {
    /// A figure is impossible: its name, its value, what it must be.
    case figure(String, Double, mustBe: String)
    case noRooms
    /// The machine file does not tell something: its place in the file, and the name of the machine.
    case missing(String, machine: String)
    case noSites
}

extension ThroughputError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .figure(let name, let value, let mustBe):
            "\(name) \(value) is impossible (must be \(mustBe)); correct it"
        case .noRooms: "there is no treatment room; give at least one"
        case .missing(let element, let machine):
            "the machine file of \(machine) has no ‘\(element)’ (a treatment day cannot be simulated without it); add it "
                + "as docs/formats/machine.md tells"
        case .noSites: "the patient mix has no site; give at least one"
        }
    }
}
