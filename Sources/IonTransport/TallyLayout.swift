/// Where each score of a run stands in one flat array of Doubles.
struct TallyLayout: Sendable {
    static let spectrumBins = 150
    static let profileBins = 240
    static let profileBinMM = 0.5
    static let profileStartMM = -60.0
    static let profileHalfThicknessMM = 2.0
    static let components = 3
    /// Energy, recoil energy, lateral moment, then the responses.
    static let fixedFields = 3

    let bins: Int
    let fields: Int
    let species: Int
    let planes: Int
    let cuts: Int
    let profiles: Int

    let yields: Int
    let primaries: Int
    let spectra: Int
    let profileStart: Int
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
        yields = Self.components * bins * fields
        primaries = yields + planes * cuts * species
        spectra = primaries + planes * cuts
        profileStart = spectra + planes * species * Self.spectrumBins
        balance = profileStart + profiles * Self.components * Self.profileBins
        total = balance + 6
    }

    @inline(__always) func depth(_ component: Int, _ bin: Int) -> Int {
        (component * bins + bin) * fields
    }
}
