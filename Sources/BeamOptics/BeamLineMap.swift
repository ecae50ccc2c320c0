/// A lattice prepared for tracking: constants of every element computed once, the elements in one flat array.
///
/// ## Physics
/// Every map is symplectic and keeps the square root of the Hamiltonian:
/// - drift: exact;
/// - bend without gradient: exact in the body; edges linear (as MAD-X), or exact (`edges`);
/// - quadrupole: paraxial body exactly, what is left of the square root as two half drifts around it (error p⁴ k l);
/// - bend with gradient, sextupole: exact body or drift and kicks, fourth order of Suzuki;
/// - multipole, kicker, exciter, cavity: thin kicks in the middle of an exact drift.
///
/// ## Source
/// Forest, Beam Dynamics (1998), chapters 10 and 13, and J. Phys. A 39 (2006) 5321 for body and edges of bends; Suzuki, Phys. Lett. A 146 (1990) 319.
/// ## Checked by
/// `ElementMapTests` (symplectic, against closed forms and step-by-step integration), `PIMMSOpticsTests`.
public struct BeamLineMap: Sendable {
    /// How the ends of bends act.
    public enum Edges: String, Sendable, Hashable, CaseIterable {
        /// Thin lens h tan(e) at every momentum, as Xsuite takes it for imported sequences.
        case linear
        /// Rotation to the pole face and the hard-edge field of Maxwell's equations in first order of the field; has the chromaticity of MAD-X's second-order edges.
        case exact
    }

    let reference: ReferenceParticle
    let lengthM: Double
    let steps: [Step]
    /// Index of the step in `steps` at which each element begins, and their number.
    let firstStep: [Int]
    let elementLengthsM: [Double]

    /// - Parameters:
    ///   - lattice: Ring or beam line.
    ///   - edges: How the ends of bends act.
    ///   - slices: Steps of fourth order for each sextupole and for each bend with gradient.
    public init(_ lattice: Lattice, edges: Edges = .exact, slices: Int = 8) {
        reference = lattice.reference
        lengthM = lattice.lengthM
        var steps: [Step] = []
        var first: [Int] = []
        for (index, element) in lattice.elements.enumerated() {
            first.append(steps.count)
            Step.append(
                element, index: index, reference: lattice.reference, ringLengthM: lengthM, edges: edges,
                slices: max(1, slices), to: &steps)
        }
        first.append(steps.count)
        self.steps = steps
        firstStep = first
        elementLengthsM = lattice.elements.map(\.lengthM)
    }

    /// Takes a point through a range of elements.
    ///
    /// Septa and exciters do nothing here: `ParticleTracker` knows them.
    ///
    /// - Parameters:
    ///   - point: Coordinates before the first of them; receives those behind the last.
    ///   - elements: Range of elements; nil for all.
    public func apply<Number: OpticsNumber>(
        _ point: inout BeamCoordinates<Number>, elements: Range<Int>? = nil
    ) {
        let range = elements ?? 0..<(firstStep.count - 1)
        for i in firstStep[range.lowerBound]..<firstStep[range.upperBound] {
            steps[i].apply(&point, reference)
        }
    }
}
