import Frames

#if canImport(Glibc)
    import Glibc
#endif

/// What one number of a bin adds up.
struct ScoreField: BitwiseCopyable, Hashable, Sendable {
    enum Quantity: Int32, BitwiseCopyable, Sendable {
        /// Energy ε, MeV.
        case energy
        /// ε/ρ, MeV cm³/g: dose to medium times volume.
        case medium
        /// Energy that unit-density water would have received on the same way, MeV.
        case water
        /// The same of those that rule number `index` includes.
        case weight
        /// The same times response number `index`, of those that `rule` includes.
        case weighted
        /// Way of those that rule number `index` includes, mm.
        case path
    }

    var quantity: Quantity
    var index: Int32 = 0
    /// Number of the rule in the layout.
    var rule: Int32 = 0

    var scale: Double {
        quantity == .weighted ? ScoreLayout.responseScale : ScoreLayout.energyScale
    }
}

/// Where each sum of a run stands in one flat array of whole numbers.
///
/// Whole numbers because their sums do not depend on the order: the same result to the last bit for any number of threads.
struct ScoreLayout: Sendable {
    /// Whole numbers per MeV (1 unit is 0.95 eV) and per mm.
    static let energyScale = 1_048_576.0
    /// Whole numbers per MeV times the response's unit.
    static let responseScale = 16_384.0
    /// Kinds of ions that energy is split by: primaries, others with Z = 1...10, recoils that stop where they are made.
    static let ionKinds = 12
    static let recoilKind = 11
    /// Kinds of particles that are counted: the transported species, the neutron, and the primaries.
    static let countedKinds = TransportedSpecies.all.count + 2
    static let primaryKind = TransportedSpecies.all.count + 1

    /// One score as the stepping loop reads it.
    struct Block: BitwiseCopyable, Sendable {
        var bins: ScoreBins
        /// First sum, and sums per bin: fields, then kinds of ions.
        var offset: Int
        var sumsPerBin: Int
        var fieldCount: Int
        /// Whether there are `ionKinds` sums of energy behind the fields.
        var isByIon: Bool
        /// The first of its fields in `fields`.
        var firstField: Int
        /// Energy bins per MeV/u of a spectrum; 0 if it is none. A spectrum has `countedKinds` times `energyCount` sums per bin.
        var perMeV: Double
        var energyCount: Int
        var isSpectrum: Bool { perMeV > 0 }
    }

    /// One plane as the stepping loop reads it; sums `[kind][angle][energy]`.
    struct PlaneBlock: BitwiseCopyable, Sendable {
        var depthMM: Double
        var radiusSquared: Double
        var offset: Int
        var firstCosine: Int
        var angleCount: Int
        var perMeV: Double
        var energyCount: Int
    }

    let blocks: [Block]
    let fields: [ScoreField]
    let planes: [PlaneBlock]
    /// Cosines of the upper angle edges of all planes.
    let cosines: [Double]
    /// Rules in use; their number is the bit in `included`.
    let rules: [InclusionRule]
    /// Bits of the rules that include a particle, by origin times 24 plus charge (plus 12 for a recoil).
    let included: [UInt32]
    let total: Int
    let axes: ScoreAxes
    /// Origin of the axes in the geometry's frame.
    let axesOrigin: Point3<DICOMPatient>

    static func inclusionIndex(origin: Int, chargeNumber: Int, isRecoil: Bool) -> Int {
        origin * 24 + (isRecoil ? 12 : 0) + chargeNumber
    }

    /// `shift`: Where the geometry's frame begins in the phantom.
    init(_ request: TransportScores, beamChargeNumber: Int, shift: Point3<DICOMPatient>) {
        var rules: [InclusionRule] = []
        func number(_ rule: InclusionRule) -> Int32 {
            if let known = rules.firstIndex(of: rule) { return Int32(known) }
            rules.append(rule)
            return Int32(rules.count - 1)
        }
        var blocks: [Block] = []
        var fields: [ScoreField] = []
        var total = 0
        for score in request.scores {
            var block = Block(
                bins: ScoreBins(score.bins, shift: shift.mm), offset: total, sumsPerBin: 0, fieldCount: 0,
                isByIon: false, firstField: fields.count, perMeV: 0,
                energyCount: 0)
            switch score.content {
            case .sums(let byIon, let averages):
                let own = Self.fields(averages: averages, number: number)
                fields += own
                block.fieldCount = own.count
                block.isByIon = byIon
                block.sumsPerBin = own.count + (byIon ? Self.ionKinds : 0)
            case .spectrum(let step, let count):
                (block.perMeV, block.energyCount) = (1 / step, count)
                block.sumsPerBin = Self.countedKinds * count
            }
            total += score.bins.count * block.sumsPerBin
            blocks.append(block)
        }
        var planes: [PlaneBlock] = []
        var cosines: [Double] = []
        for plane in request.planes {
            planes.append(
                PlaneBlock(
                    depthMM: plane.depthMM,
                    radiusSquared: plane.radiusMM.map { $0 * $0 } ?? .infinity, offset: total,
                    firstCosine: cosines.count, angleCount: plane.angleEdgesDegrees.count,
                    perMeV: 1 / plane.stepMeVPerNucleon, energyCount: plane.energyCount))
            // Ninety degrees and more take everything that goes forward.
            cosines += plane.angleEdgesDegrees.map { $0 >= 90 ? -2 : cos($0 * .pi / 180) }
            total += Self.countedKinds * plane.angleEdgesDegrees.count * plane.energyCount
        }
        axes = request.axes
        axesOrigin = Point3(request.axes.origin.mm - shift.mm)
        self.blocks = blocks
        self.fields = fields
        self.planes = planes
        self.cosines = cosines
        self.rules = rules
        self.total = total
        included = Self.inclusionBits(rules, beamChargeNumber: beamChargeNumber)
    }

    private static func inclusionBits(_ rules: [InclusionRule], beamChargeNumber: Int) -> [UInt32] {
        var bits = [UInt32](repeating: 0, count: 24 * ParticleOrigin.allCases.count)
        for origin in ParticleOrigin.allCases {
            for charge in 0...10 {
                for isRecoil in [false, true] {
                    for (bit, rule) in rules.enumerated()
                    where rule.includes(
                        origin: origin, chargeNumber: charge, isRecoil: isRecoil,
                        beamChargeNumber: beamChargeNumber)
                    {
                        bits[
                            inclusionIndex(
                                origin: Int(origin.rawValue), chargeNumber: charge, isRecoil: isRecoil)] |=
                            1 << UInt32(bit)
                    }
                }
            }
        }
        return bits
    }

    /// Energy, dose to medium and dose to water first: these have a standard error.
    static let fieldsWithError = 3

    private static func fields(
        averages: [TransportScore.Average], number: (InclusionRule) -> Int32
    ) -> [ScoreField] {
        var fields = [
            ScoreField(quantity: .energy), ScoreField(quantity: .medium), ScoreField(quantity: .water),
        ]
        func need(_ field: ScoreField) { if !fields.contains(field) { fields.append(field) } }
        for average in averages {
            switch average {
            case .dose(let response, let rule):
                need(ScoreField(quantity: .weight, index: number(rule), rule: number(rule)))
                need(ScoreField(quantity: .weighted, index: Int32(response), rule: number(rule)))
            case .trackLET(let rule):
                need(ScoreField(quantity: .weight, index: number(rule), rule: number(rule)))
                need(ScoreField(quantity: .path, index: number(rule), rule: number(rule)))
            }
        }
        return fields
    }
}
