import FacilityModel
import Quantities

/// A port of any delivery as rooms and beam lines name it.
struct PortPlace: Hashable {
    let id: String
    let room: String
}

/// Reads the ports of a machine file, scanning and passive ones.
struct PortReader {
    /// All ports of a file.
    struct Ports {
        var scanning: [Port] = []
        var passive: [PassivePort] = []
        /// Name of the nozzle of each scanning port, by its ID.
        var nozzleNames: [String: String] = [:]
        /// Of every port, in the order of the file.
        var places: [PortPlace] = []
    }

    let figures: FigureReader
    /// By name; nil if one of them could not be read.
    let nozzles: [String: Nozzle]?
    let passiveNozzles: [String: PassiveNozzle]?
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
            guard !ports.places.contains(where: { $0.id == port.place.id }) else {
                item.report("the id ‘\(port.place.id)’ occurs twice (plans name ports by it); rename one")
                complete = false
                continue
            }
            switch port {
            case .scanning(let port):
                ports.scanning.append(port)
                ports.nozzleNames[port.id] = item.member("nozzle")?.scalarText
            case .passive(let port): ports.passive.append(port)
            }
            ports.places.append(port.place)
        }
        return complete ? ports : nil
    }

    /// A port with one of the two kinds of nozzle.
    private enum AnyPort {
        case scanning(Port)
        case passive(PassivePort)

        var place: PortPlace {
            switch self {
            case .scanning(let port): PortPlace(id: port.id, room: port.room)
            case .passive(let port): PortPlace(id: port.id, room: port.room)
            }
        }
    }

    private func readPort(_ element: YAMLElement) -> AnyPort? {
        let keys = ["id", "room"] + (tellsDelivery ? ["delivery"] : []) + ["gantry-angle", "couch-angle"]
        guard let map = element.readMapping(keys + ["nozzle", "passive-nozzle"], required: keys) else {
            return nil
        }
        let id = map["id"]?.readText()
        let room = map["room"]?.readText()
        let gantry = figures.numberOrLimits(map["gantry-angle"], unit: "deg", in: -360...360)
        let couch = figures.limits(map["couch-angle"], unit: "deg", in: -360...360)
        guard (map["nozzle"] == nil) != (map["passive-nozzle"] == nil) else {
            element.report("a port has one nozzle; give either ‘nozzle’ or ‘passive-nozzle’")
            return nil
        }
        if tellsDelivery {
            guard let delivery = map["delivery"]?.readWord(PortDelivery.self) else { return nil }
            guard (delivery == .passive) == (map["passive-nozzle"] != nil) else {
                map["delivery"]?.report(
                    "a port of \(delivery.rawValue) delivery has no such nozzle; scanning ports have ‘nozzle’, passive ones "
                        + "‘passive-nozzle’")
                return nil
            }
        }
        let scanning = map["nozzle"].flatMap { named($0, in: nozzles, section: "nozzles") }
        let broad = map["passive-nozzle"].flatMap {
            named($0, in: passiveNozzles, section: "passive-nozzles")
        }
        guard let id, let room, let gantry, let couch else { return nil }
        let lower = AngleDegrees(gantry.lower)
        let direction: Port.Direction =
            gantry.upper.map { .rotating(lower...AngleDegrees($0)) } ?? .fixed(lower)
        let couchAngles = AngleDegrees(couch.lowerBound)...AngleDegrees(couch.upperBound)
        if let scanning {
            return .scanning(
                Port(
                    id: id, room: room, direction: direction, patientSupportAngles: couchAngles,
                    nozzle: scanning))
        }
        return broad.map {
            .passive(
                PassivePort(
                    id: id, room: room, direction: direction, patientSupportAngles: couchAngles, nozzle: $0))
        }
    }

    /// The nozzle that a port names.
    private func named<Kind>(_ element: YAMLElement, in nozzles: [String: Kind]?, section: String) -> Kind? {
        guard let nozzles, let name = element.readText() else { return nil }
        guard let nozzle = nozzles[name] else {
            element.report(
                "there is no nozzle ‘\(name)’ under ‘\(section)’"
                    + YAMLElement.suggestion(name, among: nozzles.keys.sorted()))
            return nil
        }
        return nozzle
    }
}
