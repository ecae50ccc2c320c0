import BeamOptics
import FacilityModel

/// The plan view of a facility: ring, beam lines, rooms and ports, drawn to scale where the machine file tells sizes.
///
/// Nobody has published where things stand. So the ring, the gantries and the building have their sizes if these are known (full
/// lines), everything else is a scheme (dashed): places, lengths of beam lines, rooms of 9 m.
///
/// ## Checked by
/// `RoomPlanTests`.
public struct RoomPlan: Sendable {
    /// A length that the machine file tells, or a stand-in for it.
    package struct Size: Sendable, Hashable {
        package var metres: Double
        package var isKnown: Bool
    }

    /// A port in its room.
    package struct Place: Sendable {
        package var id: String
        package var direction: FacilityModel.Port.Direction
        package var isPassive: Bool

        package var isGantry: Bool { if case .rotating = direction { true } else { false } }
    }

    /// A room.
    package struct Room: Sendable {
        package var id: String
        package var ports: [Place]

        package var hasGantry: Bool { ports.contains(where: \.isGantry) }
    }

    package let machine: String
    package let circumference: Size
    /// Number of rings above each other.
    package let ringCount: Int
    package let ring: RingFloor?
    package let rooms: [Room]
    package let gantryDiameter: Size
    package let gantryLength: Size
    /// Width and depth of the building, m; nil if nobody tells.
    package let building: SIMD2<Double>?
    /// What is to scale and what is not, with sources.
    public let notes: [String]

    /// Edge of a room without gantry, m: a scheme.
    package static let roomM = 9.0
    /// Stand-ins for a gantry whose size is not known, m: that of the first one.
    package static let standInGantryM = SIMD2(11.0, 13.0)

    /// - Parameters:
    ///   - description: The machine.
    ///   - lattice: The lattice of its ring; nil draws the ring as a circle.
    public init(_ description: MachineDescription, lattice: Lattice?) {
        machine = description.machine.name
        func figure(_ path: String) -> AnnotatedFigure? { description.figures.first { $0.path == path } }
        let around = figure("synchrotron.circumference")
        circumference = Size(
            metres: description.synchrotron.circumferenceM,
            isKnown: around.map { $0.confidence != .assumed } ?? false)
        ringCount = Self.numbers(figure("facts.rings")).first.map { Int($0) } ?? 1
        ring = lattice.map(RingFloor.init)
        rooms = Self.rooms(description)
        func size(_ path: String, else standIn: Double) -> Size {
            guard let known = figure(path), known.unit == "m", let metres = Self.numbers(known).first,
                metres > 0
            else { return Size(metres: standIn, isKnown: false) }
            return Size(metres: metres, isKnown: known.confidence != .assumed)
        }
        gantryDiameter = size("facts.gantry-diameter", else: Self.standInGantryM.x)
        gantryLength = size("facts.gantry-length", else: Self.standInGantryM.y)
        let edges = figure("facts.building").map { $0.unit == "m" ? Self.numbers($0) : [] } ?? []
        let isBuilding = edges.count == 2 && edges.allSatisfy { $0 > 0 }
        building = isBuilding ? SIMD2(edges[0], edges[1]) : nil

        func told(_ name: String, _ figure: AnnotatedFigure?, _ fallback: String) -> String {
            guard let figure else { return "\(name): \(fallback)" }
            return "\(name): \(FigureText.value(figure)), \(figure.source) (\(figure.confidence.rawValue))"
        }
        var notes = [told("Ring, circumference", around, "\(NumberText.short(circumference.metres)) m")]
        if let lattice {
            notes.append(
                "Shape of the ring and places of its magnets: lattice \(lattice.name), "
                    + "\(NumberText.fixed(lattice.lengthM, 2)) m")
        } else {
            notes.append("Shape of the ring: not known, a circle of that length")
        }
        if rooms.contains(where: \.hasGantry) {
            notes.append(
                told("Gantry, diameter", figure("facts.gantry-diameter"), "not known, drawn with 11 m"))
            notes.append(told("Gantry, length", figure("facts.gantry-length"), "not known, drawn with 13 m"))
        }
        if isBuilding { notes.append(told("Building", figure("facts.building"), "")) }
        notes.append(
            "Scheme, not to scale: where ring, building and rooms stand to each other, rooms of 9 m, injector and beam lines"
        )
        self.notes = notes
    }

    /// Rooms of the file with their ports; those that ports name, where the file has no rooms.
    private static func rooms(_ description: MachineDescription) -> [Room] {
        let places =
            description.machine.ports.map {
                ($0.room, Place(id: $0.id, direction: $0.direction, isPassive: false))
            }
            + description.machine.passivePorts.map {
                ($0.room, Place(id: $0.id, direction: $0.direction, isPassive: true))
            }
        var names = description.rooms.map(\.id)
        for (room, _) in places where !names.contains(room) { names.append(room) }
        return names.map { name in
            let listed = description.rooms.first { $0.id == name }?.ports ?? []
            return Room(
                id: name,
                ports: places.filter { $0.0 == name || listed.contains($0.1.id) }.map { $0.1 })
        }
    }

    /// The numbers of a value such as `120 x 65`, `120, 65` or `11`.
    private static func numbers(_ figure: AnnotatedFigure?) -> [Double] {
        guard let figure else { return [] }
        let words = figure.value.split { $0 == " " || $0 == "," || $0 == "x" || $0 == "×" }
        let numbers = words.compactMap { Double($0) }
        return numbers.count == words.count ? numbers : []
    }
}
