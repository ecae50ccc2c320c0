import Quantities

/// One run: a mono-energetic or Gaussian-energy beam along +z into water that fills z ≥ 0.
public struct WaterTransportRequest: Sendable {
    /// What is shot; one of `TransportedSpecies.all`.
    public var projectile: Isotope
    /// Mean kinetic energy, MeV per nucleon (total over integer A), 1...600.
    public var energyMeVPerNucleon: Double
    /// Standard deviation of the energy, relative, 0...0.05.
    public var energySpread = 0.0
    /// Standard deviation of the beam in x and y at z = 0, mm.
    public var sigmaMM = 0.0
    /// Number of primary ions.
    public var histories: Int
    /// Seed of the run; equal seeds give equal results on any number of threads.
    public var seed: UInt64
    /// Width of a depth bin, mm; bin i covers i · step ..< (i + 1) · step.
    public var depthStepMM: Double
    /// Depth of the phantom, mm; particles beyond have left it.
    public var depthMM: Double
    /// Half width of the phantom in x and y, mm.
    public var halfWidthMM = 200.0
    /// Longest step of scattering, mm: docs/theory/transport.md, (T2). Scores do not depend on it.
    public var longestStepMM = 4.0
    /// Longest step of scattering as share of the residual range (near the end of range).
    public var longestRangeShare = 0.2
    /// A particle with less residual range stops where it is, mm.
    public var stopRangeMM = 0.02
    /// Nuclear reactions on (true) or electromagnetic transport alone.
    public var nuclearReactions = true
    /// Dose-weighted responses to score.
    public var responses: [ResponseTable] = []
    /// Planes where particles that cross forward are counted, mm, increasing.
    public var planesMM: [Double] = []
    /// Greatest angles to the beam axis for counting at the planes, degrees; 180 counts all.
    public var angleCutsDegrees: [Double] = [180, 10]
    /// Width of the spectra's energy bins, MeV/u; 150 bins.
    public var spectrumStepMeVPerNucleon = 4.0
    /// Centres of 4 mm thick slabs in which lateral profiles are scored, mm.
    public var profileDepthsMM: [Double] = []

    /// Thickness of the slabs in which the energy is scored by distance from the axis, mm; 0 for none.
    public var radialSlabMM = 0.0

    public init(
        projectile: Isotope, energyMeVPerNucleon: Double, histories: Int, seed: UInt64,
        depthStepMM: Double = 1, depthMM: Double
    ) {
        self.projectile = projectile
        self.energyMeVPerNucleon = energyMeVPerNucleon
        self.histories = histories
        self.seed = seed
        self.depthStepMM = depthStepMM
        self.depthMM = depthMM
    }

    /// Number of depth bins.
    public var depthBinCount: Int { Int((depthMM / depthStepMM).rounded(.up)) }

    /// Number of slabs with radial distributions.
    public var radialSlabCount: Int {
        radialSlabMM > 0 ? Int((depthMM / radialSlabMM).rounded(.up)) : 0
    }

    func validate() throws(WaterTransportError) {
        func check(_ quantity: String, _ value: Double, _ valid: ClosedRange<Double>)
            throws(WaterTransportError)
        {
            guard valid.contains(value) else {
                throw .outsideLimits(quantity: quantity, value: value, valid: valid)
            }
        }
        guard TransportedSpecies.index(of: projectile) != nil else {
            throw .projectileNotTransported(projectile)
        }
        try check("energy (MeV/u)", energyMeVPerNucleon, 1...600)
        try check("relative energy spread", energySpread, 0...0.05)
        try check("beam sigma (mm)", sigmaMM, 0...100)
        try check("number of histories", Double(histories), 1...1e12)
        try check("depth step (mm)", depthStepMM, 0.01...1000)
        try check("depth (mm)", depthMM, depthStepMM...5000)
        try check("half width (mm)", halfWidthMM, 1...5000)
        try check("longest step (mm)", longestStepMM, 0.01...50)
        try check("longest step over range", longestRangeShare, 0.005...0.5)
        try check("stop range (mm)", stopRangeMM, 0.001...1)
        try check("spectrum step (MeV/u)", spectrumStepMeVPerNucleon, 0.1...100)
        for angle in angleCutsDegrees { try check("angle cut (degrees)", angle, 0...180) }
        for plane in planesMM { try check("plane (mm)", plane, 0...depthMM) }
        for depth in profileDepthsMM { try check("profile depth (mm)", depth, 0...depthMM) }
        if radialSlabMM != 0 { try check("radial slab (mm)", radialSlabMM, 0.1...1000) }
        try check("number of planes", Double(planesMM.count), 0...200)
    }
}
