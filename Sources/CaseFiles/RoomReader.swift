import FacilityModel

/// Reads the treatment rooms of a machine file.
struct RoomReader {
    let figures: FigureReader
    /// Nil if the ports could not be read.
    let ports: [PortPlace]?

    func read(_ element: YAMLElement) -> [TreatmentRoom]? {
        guard let items = element.readList(count: 1...50) else { return nil }
        var ids: Set<String> = []
        let rooms = items.map { item -> TreatmentRoom? in
            guard let room = readRoom(item) else { return nil }
            guard ids.insert(room.id).inserted else {
                item.report("the id ‘\(room.id)’ occurs twice (ports name rooms by it); rename one")
                return nil
            }
            return room
        }
        guard let found = all(rooms) else { return nil }
        for port in ports ?? [] where !ids.contains(port.room) {
            element.report(
                "there is no room ‘\(port.room)’, which the port ‘\(port.id)’ names; add the room")
            return nil
        }
        return found
    }

    private func readRoom(_ element: YAMLElement) -> TreatmentRoom? {
        let keys = [
            "id", "ports", "imaging", "set-up-time", "preparation-time", "leaving-time", "simulation-room",
        ]
        guard let map = element.readMapping(keys + ["in-use"], required: keys) else { return nil }
        let id = map["id"]?.readText()
        let names = map["ports"]?.readList(count: 1...20).flatMap { all($0.map { $0.readText() }) }
        let imaging = figures.words(map["imaging"], TreatmentRoom.Imaging.self, count: 1...4)
        let setUp = figures.duration(map["set-up-time"])
        let preparation = figures.duration(map["preparation-time"])
        let leaving = figures.duration(map["leaving-time"])
        let simulation = figures.word(map["simulation-room"], YesNo.self)
        let use = map["in-use"].map { figures.word($0, YesNo.self) } ?? .yes
        guard let id, let names, let imaging, let setUp, let preparation, let leaving, let simulation,
            let use,
            portsAgree(names, room: id, at: map["ports"])
        else { return nil }
        return TreatmentRoom(
            id: id, ports: names, imaging: imaging, setUp: setUp, preparation: preparation, leaving: leaving,
            hasSimulationRoom: simulation == .yes, isInUse: use == .yes)
    }

    /// A room's list and the `room` of the ports must say the same.
    private func portsAgree(_ names: [String], room: String, at element: YAMLElement?) -> Bool {
        guard let ports else { return false }
        for name in names {
            guard let port = ports.first(where: { $0.id == name }) else {
                element?.report(
                    "there is no port ‘\(name)’" + YAMLElement.suggestion(name, among: ports.map(\.id)))
                return false
            }
            guard port.room == room else {
                element?.report(
                    "the port ‘\(name)’ says that it is in room ‘\(port.room)’, not ‘\(room)’; correct one of them"
                )
                return false
            }
        }
        if let missing = ports.first(where: { $0.room == room && !names.contains($0.id) }) {
            element?.report(
                "the port ‘\(missing.id)’ says that it is in room ‘\(room)’; add it here or correct it")
            return false
        }
        return true
    }

    private enum YesNo: String, CaseIterable {
        case yes
        case no
    }
}

extension FigureReader {
    /// Mean and standard deviation in minutes.
    func duration(_ element: YAMLElement?) -> TreatmentRoom.Duration? {
        numbers(element, count: 2, unit: "min", in: 0...600).map {
            TreatmentRoom.Duration(meanMin: $0[0], deviationMin: $0[1])
        }
    }
}
