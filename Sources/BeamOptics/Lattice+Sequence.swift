extension Lattice {
    /// An element and where its centre stands.
    public struct Placement: Hashable, Sendable {
        public var element: LatticeElement
        /// Centre along the orbit from the start, m.
        public var centreM: Double

        /// - Parameters:
        ///   - element: The element.
        ///   - centreM: Its centre, m from the start.
        public init(element: LatticeElement, centreM: Double) {
            self.element = element
            self.centreM = centreM
        }
    }

    /// A lattice from elements at given places; drifts fill the space between.
    ///
    /// - Parameters:
    ///   - name: Name.
    ///   - reference: Particle it is set for.
    ///   - lengthM: Whole length, m.
    ///   - placements: Elements in order of place.
    /// - Throws: If elements overlap, are out of order or stand outside, naming element and place.
    public init(
        name: String, reference: ReferenceParticle, lengthM: Double, placements: [Placement]
    ) throws(BeamOpticsError) {
        // A micrometre: positions are written with fewer digits than sums of lengths have.
        let tolerance = 1e-6
        var elements: [LatticeElement] = []
        var end = 0.0
        for placement in placements {
            let start = placement.centreM - 0.5 * placement.element.lengthM
            guard start > end - tolerance else {
                throw .element(
                    placement.element.name,
                    "it begins at \(start) m, before \(elements.last?.name ?? "the lattice") ends at \(end) m"
                )
            }
            if start > end + tolerance {
                elements.append(LatticeElement(name: "drift", kind: .drift, lengthM: start - end))
            }
            elements.append(placement.element)
            end = max(end, start) + placement.element.lengthM
        }
        guard end < lengthM + tolerance else {
            throw .element(
                elements.last?.name ?? name, "it ends at \(end) m, behind the lattice of \(lengthM) m")
        }
        if end < lengthM - tolerance {
            elements.append(LatticeElement(name: "drift", kind: .drift, lengthM: lengthM - end))
        }
        try self.init(name: name, reference: reference, elements: elements)
    }
}
