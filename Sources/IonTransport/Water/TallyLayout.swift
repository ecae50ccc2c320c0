/// Where each score of a run stands in one flat array of Doubles.
struct TallyLayout: Sendable {
    static let spectrumBins = 150
    static let profileBins = 240
    static let profileBinMM = 0.5
    static let profileStartMM = -60.0
    static let profileHalfThicknessMM = 2.0
    static let components = 3
    /// Four bins of r² per octave, from 2⁻⁸ mm² (all below are in the first) to 2¹⁷ mm².
    static let radialBins = 100
    private static let radialStart = Float(sign: .plus, exponent: -8, significand: 1).bitPattern >> 21

    /// Bin of a squared distance from the axis, mm²: the exponent and two bits of the mantissa.
    @inline(__always) static func radialBin(squareMM2: Double) -> Int {
        let code = Int(Float(squareMM2).bitPattern >> 21) - Int(radialStart)
        return min(max(code, 0), radialBins - 1)
    }

    /// Edges of the bins in r², mm²; the first is 0.
    static let radialEdgesMM2: [Double] = (0...radialBins).map { bin in
        bin == 0 ? 0 : Double(Float(bitPattern: (radialStart + UInt32(bin)) << 21))
    }
    /// Energy, recoil energy, lateral moment, then the responses.
    static let fixedFields = 3

    let bins: Int
    let fields: Int
    let species: Int
    let planes: Int
    let cuts: Int
    let profiles: Int
    let radialSlabs: Int

    let yields: Int
    let primaries: Int
    let spectra: Int
    let profileStart: Int
    let radialStart: Int
    /// Deposited, escaped, neutrons, binding, reactions, in.
    let balance: Int
    let total: Int

    init(_ request: WaterTransportRequest) {
        bins = request.depthBinCount
        fields = Self.fixedFields + request.responses.count
        species = TransportedSpecies.all.count
        planes = request.planesMM.count
        cuts = request.angleCutsDegrees.count
        profiles = request.profileDepthsMM.count
        radialSlabs = request.radialSlabCount
        yields = Self.components * bins * fields
        primaries = yields + planes * cuts * species
        spectra = primaries + planes * cuts
        profileStart = spectra + planes * species * Self.spectrumBins
        radialStart = profileStart + profiles * Self.components * Self.profileBins
        balance = radialStart + Self.components * radialSlabs * Self.radialBins
        total = balance + 6
    }

    @inline(__always) func depth(_ component: Int, _ bin: Int) -> Int {
        (component * bins + bin) * fields
    }
}
