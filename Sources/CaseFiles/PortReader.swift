import FacilityModel
import Quantities

/// A port of any delivery as rooms and beam lines name it.
struct PortPlace: Hashable {
    let id: String
    let room: String
}

/// Reads the ports of a machine file.
///
/// Scanning ports are read here. A port of passive delivery has the same keys but for its nozzle, and joins `places`; until
/// passive nozzles can be described, it is refused.
struct PortReader {
    /// All ports of a file.
    struct Ports {
        var scanning: [Port] = []
        /// Of every port, in the order of the file.
        var places: [PortPlace] = []
    }

    let figures: FigureReader
    /// By name; nil if one of them could not be read.
    let nozzles: [String: Nozzle]?
    /// Whether a port says how it spreads the beam (from version 2 on).
    let tellsDelivery: Bool

    /// All ports; nil if one cannot be read or an id occurs twice.
    func read(_ element: YAMLElement) -> Ports? {
        guard let items = element.readList(count: 1...100) else { return nil }
        var ports = Ports()
        var complete = true
        for item in items {
            guard let port = readPort(item) else {
                complete = false
                continue
            }
            guard !ports.places.contains(where: { $0.id == port.id }) else {
                item.report("the id ‘\(port.id)’ occurs twice (plans name ports by it); rename one")
                complete = false
                continue
            }
            ports.scanning.append(port)
            ports.places.append(PortPlace(id: port.id, room: port.room))
        }
        return complete ? ports : nil
    }

    private func readPort(_ element: YAMLElement) -> Port? {
        let keys =
            ["id", "room"] + (tellsDelivery ? ["delivery"] : []) + ["nozzle", "gantry-angle", "couch-angle"]
        guard let map = element.readMapping(keys, required: keys) else { return nil }
        let id = map["id"]?.readText()
        let room = map["room"]?.readText()
        let nozzleName = map["nozzle"]?.readText()
        let gantry = figures.numberOrLimits(map["gantry-angle"], unit: "deg", in: -360...360)
        let couch = figures.limits(map["couch-angle"], unit: "deg", in: -360...360)
        if tellsDelivery {
            guard let delivery = map["delivery"]?.readWord(PortDelivery.self) else { return nil }
            guard delivery == .scanning else {
                map["delivery"]?.report(
                    "ports of passive delivery are not described yet; leave the port out, or write scanning")
                return nil
            }
        }
        guard let nozzles, let nozzleName else { return nil }
        guard let nozzle = nozzles[nozzleName] else {
            map["nozzle"]?.report(
                "there is no nozzle ‘\(nozzleName)’ under ‘nozzles’"
                    + YAMLElement.suggestion(nozzleName, among: nozzles.keys.sorted()))
            return nil
        }
        guard let id, let room, let gantry, let couch else { return nil }
        let lower = AngleDegrees(gantry.lower)
        return Port(
            id: id, room: room,
            direction: gantry.upper.map { .rotating(lower...AngleDegrees($0)) } ?? .fixed(lower),
            patientSupportAngles: AngleDegrees(couch.lowerBound)...AngleDegrees(couch.upperBound),
            nozzle: nozzle)
    }
}
