import Frames
import IonTransport
import Volumes

/// How the scores of a run became sums, and where each stands in the result.
public struct ScorePlan: Sendable {
    /// Where a description's sums are.
    public struct Entry: Sendable {
        public var description: ScoreDescription
        /// Its numbers in `TransportScores.scores`; for a depth dose with a core the second is the core.
        public var scores: [Int]
        /// Its numbers in `TransportScores.planes`.
        public var planes: [Int]
        /// Its averages as the result knows them, in the order of the description.
        public var averages: [TransportScore.Average]
        /// The grid of a mesh.
        public var grid: VolumeGeometry?
        /// Volume of a region, mm³.
        public var volumeMM3: Double?
    }

    public let scores: TransportScores
    public let entries: [Entry]
    /// How far the phantom reaches along the beam's axis from where that enters it, mm.
    public let depths: ClosedRange<Double>

    /// - Throws: `PhantomTransportError` for a beam beside the phantom, an unknown solid, or depths outside of it.
    init(
        _ descriptions: [ScoreDescription], beam: BeamDescription, phantom: TransportPhantom
    ) throws(PhantomTransportError) {
        let axes = try Self.axes(of: beam, in: phantom)
        depths = Self.depths(of: phantom, along: axes)
        var builder = Builder(axes: axes, depths: depths, phantom: phantom)
        for description in descriptions { try builder.add(description) }
        do { builder.scores.responses = try builder.catalogue.tables() } catch { throw .biology(error) }
        scores = builder.scores
        entries = builder.entries
    }

    /// Axes of depth: from where the beam's axis, extended backwards if need be, enters the phantom's box.
    ///
    /// - Throws: `beamMissesPhantom`.
    public static func axes(
        of beam: BeamDescription, in phantom: TransportPhantom
    ) throws(PhantomTransportError) -> ScoreAxes {
        let own = beam.axes
        let (p, d) = (own.origin.mm, own.z.mm)
        var (near, far) = (-Double.infinity, Double.infinity)
        for axis in 0..<3 {
            let (low, high) = (phantom.lowerCorner.mm[axis], phantom.upperCorner.mm[axis])
            if d[axis] == 0 {
                if p[axis] < low || p[axis] > high { far = -.infinity }
                continue
            }
            let (a, b) = ((low - p[axis]) / d[axis], (high - p[axis]) / d[axis])
            near = max(near, min(a, b))
            far = min(far, max(a, b))
        }
        guard near < far, far > 0 else {
            throw .beamMissesPhantom(
                position: [p.x, p.y, p.z], direction: [d.x, d.y, d.z])
        }
        return ScoreAxes(
            origin: Point3(p + near * d), direction: own.z, xAxis: own.x)
    }

    /// Least and greatest depth of the corners of the phantom's box.
    public static func depths(of phantom: TransportPhantom, along axes: ScoreAxes) -> ClosedRange<Double> {
        let (a, b) = (phantom.lowerCorner.mm, phantom.upperCorner.mm)
        let depths = (0..<8).map { corner in
            axes.local(
                Point3(
                    corner & 1 == 0 ? a.x : b.x, corner & 2 == 0 ? a.y : b.y, corner & 4 == 0 ? a.z : b.z)
            ).z
        }
        return (depths.min() ?? 0)...(depths.max() ?? 0)
    }

    /// Names of the scores that have a dose.
    public var doseScoreNames: [String] {
        entries.filter { $0.description.hasDose }.map(\.description.name)
    }

    /// Number of the sums that hold the dose of a description.
    public func doseScore(named name: String) -> Int? {
        entries.first { $0.description.name == name && $0.description.hasDose }?.scores.first
    }
}

/// Collects the sums of one description after the other.
private struct Builder {
    let axes: ScoreAxes
    let depths: ClosedRange<Double>
    let phantom: TransportPhantom
    var scores: TransportScores
    var entries: [ScorePlan.Entry] = []
    var catalogue = ResponseCatalogue()

    init(axes: ScoreAxes, depths: ClosedRange<Double>, phantom: TransportPhantom) {
        self.axes = axes
        self.depths = depths
        self.phantom = phantom
        scores = TransportScores(axes: axes)
    }

    mutating func add(_ description: ScoreDescription) throws(PhantomTransportError) {
        let averages = description.averages.map { average -> TransportScore.Average in
            switch average.quantity {
            case .doseLET: .dose(response: catalogue.index(of: .let), average.rule)
            case .trackLET: .trackLET(average.rule)
            case .response(let response):
                .dose(response: catalogue.index(of: .biology(response)), average.rule)
            }
        }
        var entry = ScorePlan.Entry(
            description: description, scores: [], planes: [], averages: averages, grid: nil, volumeMM3: nil)
        func score(_ bins: TransportScore.Bins, _ content: TransportScore.Content) {
            entry.scores.append(scores.scores.count)
            scores.scores.append(TransportScore(name: description.name, bins: bins, content: content))
        }
        let name = description.name
        switch description.kind {
        case .depthDose(let from, let to, let step, let radius):
            try check([("from", from), ("to", to)], of: name)
            let count = Int(((to - from) / step).rounded())
            score(
                .depth(fromMM: from, stepMM: step, count: count, radiusMM: nil),
                .sums(byIon: true, averages: averages))
            if let radius {
                score(
                    .depth(fromMM: from, stepMM: step, count: count, radiusMM: radius),
                    .sums(byIon: false, averages: averages))
            }
        case .lateral(let depths, let thickness, let halfWidth, let bin):
            try check(depths.map { ("depth", $0) }, of: name)
            for depth in depths {
                for alongY in [false, true] {
                    score(
                        .lateral(
                            depthMM: depth, thicknessMM: thickness, binMM: bin,
                            count: Int((2 * halfWidth / bin).rounded()), alongY: alongY),
                        .sums(byIon: true, averages: averages))
                }
            }
        case .radial(let depths, let thickness, let radius, let ring):
            try check(depths.map { ("depth", $0) }, of: name)
            for depth in depths {
                score(
                    .radial(
                        depthMM: depth, thicknessMM: thickness, ringMM: ring,
                        count: Int((radius / ring).rounded())),
                    .sums(byIon: true, averages: averages))
            }
        case .mesh(let grid, _):
            entry.grid = try resolved(grid, of: name)
            score(.mesh(try resolved(grid, of: name)), .sums(byIon: false, averages: averages))
        case .region(let solid):
            let place = try place(solid, of: name)
            entry.volumeMM3 = volume(place)
            score(.place(place), .sums(byIon: true, averages: averages))
        case .meshSpectrum(let grid, let step, let to):
            entry.grid = try resolved(grid, of: name)
            score(
                .mesh(try resolved(grid, of: name)),
                .spectrum(stepMeVPerNucleon: step, count: Int((to / step).rounded())))
        case .regionSpectrum(let solid, let step, let to):
            let place = try place(solid, of: name)
            entry.volumeMM3 = volume(place)
            score(.place(place), .spectrum(stepMeVPerNucleon: step, count: Int((to / step).rounded())))
        case .planes(let depths, let radius, let angles, let step, let to):
            try check(depths.map { ("depth", $0) }, of: name)
            for depth in depths {
                entry.planes.append(scores.planes.count)
                scores.planes.append(
                    TransportPlane(
                        depthMM: depth, radiusMM: radius, angleEdgesDegrees: angles, stepMeVPerNucleon: step,
                        energyCount: Int((to / step).rounded())))
            }
        }
        entries.append(entry)
    }

    /// Depths must lie in the phantom.
    private func check(_ values: [(key: String, value: Double)], of name: String)
        throws(PhantomTransportError)
    {
        for (key, value) in values
        where value < depths.lowerBound - 1e-6 || value > depths.upperBound + 1e-6 {
            throw .scoreOutside(score: name, key: key, value: value, reaches: depths)
        }
    }

    private func resolved(
        _ grid: ScoreDescription.Grid, of name: String
    ) throws(PhantomTransportError) -> VolumeGeometry {
        switch grid {
        case .box(let geometry): return geometry
        case .phantom:
            guard case .voxels(let voxels) = phantom else { throw .noVoxelGrid(score: name) }
            return voxels.geometry
        }
    }

    /// Number of a solid; the world's for nil.
    private func place(_ solid: String?, of name: String) throws(PhantomTransportError) -> Int {
        guard let solid else { return 0 }
        guard case .solids(let solids) = phantom else { throw .noSuchSolid(solid, score: name, known: []) }
        guard let index = solids.solids.firstIndex(where: { $0.name == solid }) else {
            throw .noSuchSolid(solid, score: name, known: solids.solids.map(\.name))
        }
        return index + 1
    }

    private func volume(_ place: Int) -> Double {
        switch phantom {
        case .solids(let solids): solids.volumeMM3(ofPlace: place)
        case .voxels(let voxels): voxels.geometry.voxelVolumeMM3 * Double(voxels.geometry.voxelCount)
        }
    }
}
