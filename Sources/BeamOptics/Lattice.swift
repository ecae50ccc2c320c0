/// A sequence of elements with the particle it is set for: a ring or a beam line.
///
/// ## Checked by
/// `LatticeTests`.
public struct Lattice: Hashable, Sendable {
    public var name: String
    public var reference: ReferenceParticle
    /// In the order of the beam, drifts included.
    public var elements: [LatticeElement]

    /// A lattice from its elements in order.
    ///
    /// - Parameters:
    ///   - name: Name.
    ///   - reference: Particle it is set for.
    ///   - elements: Elements in the order of the beam.
    /// - Throws: If there is none, or one is impossible.
    public init(name: String, reference: ReferenceParticle, elements: [LatticeElement])
        throws(BeamOpticsError)
    {
        guard !elements.isEmpty else { throw .emptyLattice }
        for element in elements {
            guard element.lengthM >= 0, element.lengthM.isFinite else {
                throw .element(element.name, "its length \(element.lengthM) m is not possible")
            }
            switch element.kind {
            case .bend(let bend):
                guard element.lengthM > 0, bend.angleRad != 0 else {
                    throw .element(element.name, "a bend needs a length and an angle")
                }
                guard abs(bend.entranceEdgeRad) < 1.4, abs(bend.exitEdgeRad) < 1.4 else {
                    throw .element(element.name, "its edge angles must be less than 80 degrees")
                }
            case .quadrupole, .sextupole:
                guard element.lengthM > 0 else {
                    throw .element(element.name, "it has no length; a thin one is a multipole")
                }
            case .cavity(_, let harmonic, _):
                guard harmonic >= 1 else {
                    throw .element(element.name, "its harmonic \(harmonic) is not positive")
                }
            case .septum(let septum):
                guard septum.positionM != 0, septum.thicknessM >= 0 else {
                    throw .element(element.name, "a septum stands off the orbit and has a thickness")
                }
            default: break
            }
        }
        let length = elements.reduce(0) { $0 + $1.lengthM }
        if length == 0,
            let cavity = elements.first(where: { if case .cavity = $0.kind { true } else { false } })
        {
            throw .element(cavity.name, "its harmonic needs a ring with a length")
        }
        self.name = name
        self.reference = reference
        self.elements = elements
    }

    /// Length of the orbit, m.
    public var lengthM: Double { elements.reduce(0) { $0 + $1.lengthM } }

    /// Where each element begins, m, and the length at the end: one more than there are elements.
    public var positionsM: [Double] {
        var positions = [0.0]
        positions.reserveCapacity(elements.count + 1)
        for element in elements { positions.append(positions[positions.count - 1] + element.lengthM) }
        return positions
    }

    /// Index of the first element of a name.
    ///
    /// - Parameter name: Name of an element; case does not matter.
    public func index(of name: String) throws(BeamOpticsError) -> Int {
        let wanted = name.lowercased()
        guard let index = elements.firstIndex(where: { $0.name.lowercased() == wanted }) else {
            throw .unknownElement(name)
        }
        return index
    }

    /// Strengths by knob, in alphabetical order of the knobs.
    public var strengths: [(family: String, value: Double)] {
        var found: [String: Double] = [:]
        for element in elements {
            if let family = element.family, let value = element.mainStrength { found[family] = value }
        }
        return found.sorted { $0.key < $1.key }.map { (family: $0.key, value: $0.value) }
    }

    /// The same lattice with one knob turned.
    ///
    /// - Parameters:
    ///   - family: Knob.
    ///   - value: k₁ or k₂ of all its elements.
    public func setting(_ family: String, to value: Double) throws(BeamOpticsError) -> Lattice {
        var copy = self
        var found = false
        for i in copy.elements.indices where copy.elements[i].family == family {
            copy.elements[i].mainStrength = value
            found = true
        }
        guard found else { throw .unknownFamily(family) }
        return copy
    }

    /// The same elements from another one on, for a ring seen from another place.
    ///
    /// - Parameter index: Element that comes first.
    public func starting(at index: Int) -> Lattice {
        var copy = self
        copy.elements = Array(elements[index...]) + Array(elements[..<index])
        return copy
    }

    /// The same lattice for another energy; strengths over rigidity stay.
    ///
    /// - Parameter energy: Kinetic energy, MeV per nucleon.
    public func at(energyMeVPerNucleon energy: Double) throws(BeamOpticsError) -> Lattice {
        var copy = self
        copy.reference = try reference.at(energyMeVPerNucleon: energy)
        return copy
    }
}
