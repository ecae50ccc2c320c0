import BeamOptics
import IonPhysics

/// A beam line from the ring's extraction septum to an isocentre, with everything that the beam passes.
///
/// It is made of sections; each may be turned about the beam against the one before it: by a fixed angle (a vertical bend is a bend in a section turned by 90 degrees), or with the gantry.
///
/// ## Checked by
/// `LineBeamTests`, `ScanOpticsTests`, `BeamLineFileTests`.
public struct TransferLine: Sendable {
    /// How a section stands to the one before it.
    public enum Turn: Hashable, Sendable {
        /// Turned from x towards y, rad.
        case fixed(Double)
        /// Turned by the angle of the gantry: the section begins at the coupling point.
        case gantry
    }

    /// A plane of the optics, in the frame of the last section.
    public enum Plane: String, CaseIterable, Hashable, Sendable {
        case horizontal
        case vertical
        /// 0 or 1.
        public var index: Int { self == .horizontal ? 0 : 1 }
    }

    /// One thing on the way.
    public enum Part: Hashable, Sendable {
        /// A magnet, a drift or a marker in vacuum.
        case element(LatticeElement)
        /// A stretch filled with a material: air, helium.
        case gas(name: String, material: Material, lengthM: Double)
        /// A thin plate without length: vacuum window, monitor.
        case plate(name: String, material: Material, thicknessMM: Double)
        /// Foils of which one is put in so that both emittances become equal; only the matching scheme `scatterer` uses it.
        case scatterer(name: String, material: Material, thicknessesMM: [Double])
        /// A scanning magnet.
        case scanner(ScanningMagnet)

        public var name: String {
            switch self {
            case .element(let element): element.name
            case .gas(let name, _, _), .plate(let name, _, _), .scatterer(let name, _, _): name
            case .scanner(let magnet): magnet.name
            }
        }

        /// Length along the beam, m.
        public var lengthM: Double {
            switch self {
            case .element(let element): element.lengthM
            case .gas(_, _, let length): length
            case .plate, .scatterer: 0
            case .scanner(let magnet): magnet.lengthM
            }
        }
    }

    /// Parts that stand in one frame.
    public struct Section: Hashable, Sendable {
        public var name: String
        public var turn: Turn
        public var parts: [Part]

        /// - Parameters:
        ///   - name: Name.
        ///   - turn: How it stands to the section before it.
        ///   - parts: In the order of the beam.
        public init(name: String, turn: Turn, parts: [Part]) {
            self.name = name
            self.turn = turn
            self.parts = parts
        }
    }

    public let name: String
    public let entry: EntryBeam
    /// How the beam is made independent of the gantry's angle; nil for a line without gantry.
    public let matching: RotatingGantry.Matching?
    /// Which optical plane of the last section is x of the IEC gantry system at the isocentre.
    public let isocentreX: Plane
    public let sections: [Section]

    /// One part with what is needed to follow the beam through it.
    struct Step: Sendable {
        var part: Part
        /// Turn of the frame in front of it; nil for none.
        var turn: Turn?
        /// Of a magnet or drift.
        var map: BeamLineMap?
        var matrix: TransferMatrix
        var material: MaterialProperties?
    }
    let steps: [Step]
    let rangeTable: RangeTable

    /// - Parameters:
    ///   - name: Name.
    ///   - entry: Beam at the start.
    ///   - matching: Scheme of a line with gantry; nil without one.
    ///   - isocentreX: Optical plane that is x of the IEC gantry system.
    ///   - sections: In the order of the beam.
    /// - Throws: If a part is impossible, scanning magnets do not stand in the last section, or scheme and sections contradict each other.
    public init(
        name: String, entry: EntryBeam, matching: RotatingGantry.Matching?, isocentreX: Plane,
        sections: [Section]
    ) throws(BeamTransportError) {
        self.name = name
        self.entry = entry
        self.matching = matching
        self.isocentreX = isocentreX
        self.sections = sections
        try Self.check(sections, matching: matching)
        var steps: [Step] = []
        for section in sections {
            for (index, part) in section.parts.enumerated() {
                var step = Step(part: part, turn: index == 0 ? section.turn : nil, matrix: .identity)
                let element: LatticeElement
                switch part {
                case .element(let own): element = own
                default: element = LatticeElement(name: part.name, kind: .drift, lengthM: part.lengthM)
                }
                do {
                    let map = BeamLineMap(
                        try Lattice(name: part.name, reference: entry.reference, elements: [element]))
                    var axis = BeamCoordinates<Double>(reference: entry.reference)
                    step.matrix = map.transferMatrix(about: &axis)
                    if case .element = part {
                        step.map = map
                    } else {
                        step.map = part.lengthM > 0 ? map : nil
                    }
                } catch { throw .optics(error) }
                switch part {
                case .gas(_, let material, _), .plate(_, let material, _), .scatterer(_, let material, _):
                    step.material = MaterialProperties(material)
                default: break
                }
                steps.append(step)
            }
        }
        self.steps = steps
        do { rangeTable = try RangeTable(entry.reference.isotope) } catch {
            throw .line("the range of \(entry.reference.isotope) is not known")
        }
    }

    private static func check(_ sections: [Section], matching: RotatingGantry.Matching?)
        throws(BeamTransportError)
    {
        guard let last = sections.last, sections.allSatisfy({ !$0.parts.isEmpty }) else {
            throw .line("the line has no section, or one without parts")
        }
        for section in sections.dropLast() {
            for part in section.parts {
                if case .scanner(let magnet) = part {
                    throw .line(
                        "the scanning magnet \(magnet.name) stands in section \(section.name); it must stand in the last one, \(last.name)"
                    )
                }
            }
        }
        let turning = sections.filter { $0.turn == .gantry }.count
        guard turning <= 1 else {
            throw .line("\(turning) sections turn with the gantry; one can, at the coupling point")
        }
        guard (turning == 1) == (matching != nil) else {
            throw .line(
                turning == 1
                    ? "a section turns with the gantry, but no matching scheme is given"
                    : "a matching scheme is given, but no section turns with the gantry")
        }
        let scatterers = sections.flatMap(\.parts).filter {
            if case .scatterer = $0 { true } else { false }
        }.count
        guard scatterers <= 1, matching != .scatterer || scatterers == 1 else {
            throw .line("the line has \(scatterers) scatterers; the scheme ‘scatterer’ needs one")
        }
    }

    /// Length along the beam, m.
    public var lengthM: Double { sections.reduce(0) { $0 + $1.parts.reduce(0) { $0 + $1.lengthM } } }

    /// Whether a part of the line turns with a gantry.
    public var hasGantry: Bool { matching != nil }

    /// All magnets, drifts and other elements of optics in the order of the beam; lengths of gas, plates and scanning magnets as drifts.
    ///
    /// - Throws: If the line has no length.
    public func lattice() throws(BeamTransportError) -> Lattice {
        let elements = steps.map { step -> LatticeElement in
            if case .element(let element) = step.part { return element }
            return LatticeElement(name: step.part.name, kind: .drift, lengthM: step.part.lengthM)
        }
        do { return try Lattice(name: name, reference: entry.reference, elements: elements) } catch {
            throw .optics(error)
        }
    }

    /// The same line with the magnets of another lattice, element by element as `lattice()` gives them.
    ///
    /// - Parameter lattice: As many elements as the line has parts.
    /// - Throws: If an element is impossible.
    public func replacingElements(by lattice: Lattice) throws(BeamTransportError) -> TransferLine {
        guard lattice.elements.count == steps.count else {
            throw .line(
                "\(lattice.elements.count) elements cannot replace the \(steps.count) parts of the line")
        }
        var index = 0
        var replaced = sections
        for s in replaced.indices {
            for p in replaced[s].parts.indices {
                if case .element = replaced[s].parts[p] {
                    replaced[s].parts[p] = .element(lattice.elements[index])
                }
                index += 1
            }
        }
        return try TransferLine(
            name: name, entry: entry, matching: matching, isocentreX: isocentreX, sections: replaced)
    }
}
