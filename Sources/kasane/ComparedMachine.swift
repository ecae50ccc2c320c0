import ArgumentParser
import FacilityModel

/// A machine of `kasane compare`: its name or path, and which of its ports: `himac`, `himac:passive`, `my.yaml:scanning`.
struct ComparedMachine: Hashable {
    /// Name or path of the machine.
    let name: String
    /// Nil for scanning ports, or passive ones where there are no others.
    let delivery: PortDelivery?

    /// As the user wrote it.
    var label: String { delivery.map { "\(name):\($0.rawValue)" } ?? name }

    /// Name of its case folder below the output folder: no colons, and of a path the file's name alone.
    var folder: String {
        let last = name.split(separator: "/").last.map(String.init) ?? name
        let stem = last.hasSuffix(".yaml") ? String(last.dropLast(5)) : last
        return delivery.map { "\(stem)-\($0.rawValue)" } ?? stem
    }

    init(_ text: String) throws {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        switch parts.count {
        case 1: (name, delivery) = (text, nil)
        case 2:
            guard let kind = PortDelivery(rawValue: parts[1]) else {
                throw ValidationError(
                    "--facilities \(text) (‘\(parts[1])’ is no kind of port) write scanning or passive behind the colon"
                )
            }
            (name, delivery) = (parts[0], kind)
        default:
            throw ValidationError(
                "--facilities \(text) (more than one colon) write for example himac:passive")
        }
    }

    /// The list on the command line.
    ///
    /// - Throws: `ValidationError` for fewer than two, the same twice, or two that would share a case folder.
    static func list(_ text: String) throws -> [ComparedMachine] {
        let words = text.split(separator: ",").map { $0.drop { $0 == " " } }.map { word in
            String(word.reversed().drop { $0 == " " }.reversed())
        }.filter { !$0.isEmpty }
        let machines = try words.map(ComparedMachine.init)
        guard machines.count >= 2, Set(machines.map(\.folder)).count == machines.count else {
            throw ValidationError(
                "--facilities \(text) (it wants two or more different machines) write for example himac,yamagata"
            )
        }
        return machines
    }
}
