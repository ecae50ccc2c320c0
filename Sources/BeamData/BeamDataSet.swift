import Quantities

/// Axes that all nodes of a beam data set share.
public struct BeamDataAxes: Sendable, Equatable {
    /// Depths of the component tables in units of the range, t = depth/R; the first is 0, increasing. A value stands for
    /// the mean over the bin between the midpoints to its neighbours.
    public var depths: [Double]
    /// Depths of the fluence spectra in units of the range, increasing.
    public var spectrumDepths: [Double]
    /// Edges of the spectra's energy bins in units of the node's energy, increasing from 0.
    public var spectrumEdges: [Double]
    /// Ions of the spectra.
    public var species: [Isotope]

    public init(
        depths: [Double], spectrumDepths: [Double], spectrumEdges: [Double], species: [Isotope]
    ) {
        self.depths = depths
        self.spectrumDepths = spectrumDepths
        self.spectrumEdges = spectrumEdges
        self.species = species
    }

    /// Number of energy bins of a spectrum.
    public var energyBinCount: Int { max(0, spectrumEdges.count - 1) }
    /// Number of values of one node's spectra.
    public var spectrumCount: Int { species.count * spectrumDepths.count * energyBinCount }

    /// The axes of the shipped sets: fine around the peak, 15 species, 80 energy bins.
    public static let standard: BeamDataAxes = {
        func steps(_ from: Double, _ to: Double, _ step: Double) -> [Double] {
            let count = Int(((to - from) / step).rounded())
            return (0..<count).map { from + Double($0) * step }
        }
        let depths =
            steps(0, 0.9, 0.005) + steps(0.9, 0.97, 0.001) + steps(0.97, 1.02, 0.0005)
            + steps(1.02, 1.06, 0.001) + steps(1.06, 1.2, 0.005) + steps(1.2, 3.0001, 0.02)
        let spectrumDepths =
            steps(0, 0.9, 0.1) + [
                0.9, 0.93, 0.95, 0.97, 0.98, 0.985, 0.99, 0.995, 1, 1.005, 1.01, 1.02, 1.05, 1.1, 1.2, 1.3,
                1.5, 1.75, 2,
            ]
        // 150 bins of the transport up to 1.6 E₀: the first ten kept, then joined in pairs.
        let edges = (Array(0...10) + Array(stride(from: 12, through: 150, by: 2))).map {
            1.6 * Double($0) / 150
        }
        let species = [
            (1, 1), (1, 2), (1, 3), (2, 3), (2, 4), (3, 6), (3, 7), (4, 7), (4, 9), (4, 10), (5, 10), (5, 11),
            (6, 10), (6, 11), (6, 12),
        ].map { Isotope(atomicNumber: $0.0, massNumber: $0.1) }
        return BeamDataAxes(
            depths: depths, spectrumDepths: spectrumDepths, spectrumEdges: edges, species: species)
    }()
}

/// What transport gave for one energy.
public struct BeamDataNode: Sendable, Equatable {
    /// Energy of the mono-energetic beam, MeV per nucleon.
    public var energyMeVPerNucleon: Double
    /// CSDA range in water, mm.
    public var rangeMM: Double
    /// Tables by `BeamComponent.rawValue`, each on `BeamDataAxes.depths`.
    public var components: [ComponentDepthTable]
    /// Particles per primary ion and energy bin that pass a depth, over the whole plane;
    /// `[species][spectrum depth][energy bin]`, energy bin fastest.
    public var spectra: [Float]

    public init(
        energyMeVPerNucleon: Double, rangeMM: Double, components: [ComponentDepthTable], spectra: [Float]
    ) {
        self.energyMeVPerNucleon = energyMeVPerNucleon
        self.rangeMM = rangeMM
        self.components = components
        self.spectra = spectra
    }
}

/// Depth tables and spectra of mono-energetic beams of one ion in water at energy nodes, from which the table of any
/// energy in between is interpolated in range.
///
/// Doses are those of a pencil of zero width, per ion, integrated over the plane. The file format stands in
/// docs/formats/beam-data.md.
///
/// ## Checked by
/// `BeamDataSetTests`; validation case `interpolated beam data`.
public struct BeamDataSet: Sendable, Equatable {
    /// The primary ion.
    public let ion: Isotope
    /// Where the data come from: program, seed, histories, physics; one line, for people.
    public let provenance: String
    /// Axes of all nodes.
    public let axes: BeamDataAxes
    /// Nodes by increasing range, at least two.
    public let nodes: [BeamDataNode]

    /// Puts a set together.
    ///
    /// - Throws: `BeamDataError.invalidField` if axes do not increase, counts do not agree or a value is not finite or
    ///   negative.
    public init(
        ion: Isotope, provenance: String, axes: BeamDataAxes, nodes: [BeamDataNode]
    ) throws(BeamDataError) {
        try Self.validate(axes)
        guard nodes.count >= 2 else { throw .invalidField("number of nodes", value: Double(nodes.count)) }
        for (index, node) in nodes.enumerated() {
            try Self.validate(node, axes: axes, name: "node \(index)")
            guard index > 0 else { continue }
            let previous = nodes[index - 1]
            guard node.rangeMM > previous.rangeMM else {
                throw .invalidField("node \(index) range", value: node.rangeMM)
            }
            guard node.energyMeVPerNucleon > previous.energyMeVPerNucleon else {
                throw .invalidField("node \(index) energy", value: node.energyMeVPerNucleon)
            }
        }
        self.ion = ion
        self.provenance = provenance
        self.axes = axes
        self.nodes = nodes
    }

    /// Energies that can be interpolated, MeV per nucleon.
    public var validEnergies: ClosedRange<Double> {
        nodes[0].energyMeVPerNucleon...nodes[nodes.count - 1].energyMeVPerNucleon
    }

    /// Ranges that can be interpolated, mm of water.
    public var validRangesMM: ClosedRange<Double> { nodes[0].rangeMM...nodes[nodes.count - 1].rangeMM }

    private static func validate(_ axes: BeamDataAxes) throws(BeamDataError) {
        for (name, axis) in [
            ("depths", axes.depths), ("spectrum depths", axes.spectrumDepths),
            ("spectrum edges", axes.spectrumEdges),
        ] {
            for (a, b) in zip(axis, axis.dropFirst()) where !(b > a) || !b.isFinite {
                throw .invalidField(name, value: b)
            }
        }
        guard axes.depths.count >= 2, axes.depths[0] == 0 else {
            throw .invalidField("depths", value: axes.depths.first ?? -1)
        }
    }

    private static func validate(
        _ node: BeamDataNode, axes: BeamDataAxes, name: String
    ) throws(BeamDataError) {
        for (field, value) in [("energy", node.energyMeVPerNucleon), ("range", node.rangeMM)] {
            guard value.isFinite, value > 0 else { throw .invalidField("\(name) \(field)", value: value) }
        }
        guard node.components.count == BeamComponent.allCases.count else {
            throw .invalidField("\(name) number of components", value: Double(node.components.count))
        }
        for component in node.components {
            for column in component.columns {
                guard column.count == axes.depths.count else {
                    throw .invalidField("\(name) column length", value: Double(column.count))
                }
                if let bad = column.first(where: { !($0 >= 0) || !$0.isFinite }) {
                    throw .invalidField("\(name) value", value: Double(bad))
                }
            }
            if let bad = component.wideShare.first(where: { $0 > 1 }) {
                throw .invalidField("\(name) share of the wide Gaussian", value: Double(bad))
            }
        }
        guard node.spectra.count == axes.spectrumCount else {
            throw .invalidField("\(name) spectrum length", value: Double(node.spectra.count))
        }
        if let bad = node.spectra.first(where: { !($0 >= 0) || !$0.isFinite }) {
            throw .invalidField("\(name) spectrum value", value: Double(bad))
        }
    }
}

extension ComponentDepthTable {
    static let columnCount = 6

    /// The columns in the order of the file: dose, dose z*, dose LET, sigma, share and sigma of the wide Gaussian.
    var columns: [[Float]] {
        [doseGyMM2, doseZStarGy2MM2, doseLETGyMM2KeVPerUM, sigmaMM, wideShare, wideSigmaMM]
    }

    init(columns: [[Float]]) {
        self.init(
            doseGyMM2: columns[0], doseZStarGy2MM2: columns[1], doseLETGyMM2KeVPerUM: columns[2],
            sigmaMM: columns[3], wideShare: columns[4], wideSigmaMM: columns[5])
    }
}
