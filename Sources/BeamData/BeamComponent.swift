/// The three lateral components of a carbon beam in water ("trichrome").
///
/// ## Source
/// Inaniwa & Kanematsu, Phys. Med. Biol. 60 (2015) 437.
public enum BeamComponent: Int, Sendable, CaseIterable {
    /// Primary ions.
    case primary = 0
    /// Fragments with Z ≥ 3.
    case heavyFragments = 1
    /// Fragments with Z ≤ 2: the wide halo.
    case lightFragments = 2
}

/// One component's depth tables at one energy; all arrays have the same length, index = depth bin.
public struct ComponentDepthTable: Sendable, Equatable {
    /// Laterally integrated dose per ion, Gy mm² (1 MeV/mm in unit-density water is 1.602176634e-7 Gy mm²).
    public var doseGyMM2: [Float]
    /// Laterally integrated dose times dose-averaged saturation-corrected specific energy z*, Gy² mm².
    public var doseZStarGy2MM2: [Float]
    /// Laterally integrated dose times dose-averaged LET, Gy mm² keV/µm.
    public var doseLETGyMM2KeVPerUM: [Float]
    /// Projected width σ of the narrow Gaussian of the component of a beam that enters with zero width, mm.
    public var sigmaMM: [Float]
    /// Share q of the dose that lies in a second, wide Gaussian, 0...1.
    public var wideShare: [Float]
    /// Projected width σ_w of that one, mm.
    public var wideSigmaMM: [Float]

    /// Lateral shape (1 − q) G(r; σ) + q G(r; σ_w).
    public init(
        doseGyMM2: [Float], doseZStarGy2MM2: [Float], doseLETGyMM2KeVPerUM: [Float],
        sigmaMM: [Float], wideShare: [Float], wideSigmaMM: [Float]
    ) {
        self.doseGyMM2 = doseGyMM2
        self.doseZStarGy2MM2 = doseZStarGy2MM2
        self.doseLETGyMM2KeVPerUM = doseLETGyMM2KeVPerUM
        self.sigmaMM = sigmaMM
        self.wideShare = wideShare
        self.wideSigmaMM = wideSigmaMM
    }

    /// Lateral shape of one Gaussian.
    public init(
        doseGyMM2: [Float], doseZStarGy2MM2: [Float], doseLETGyMM2KeVPerUM: [Float], sigmaMM: [Float]
    ) {
        self.init(
            doseGyMM2: doseGyMM2, doseZStarGy2MM2: doseZStarGy2MM2,
            doseLETGyMM2KeVPerUM: doseLETGyMM2KeVPerUM, sigmaMM: sigmaMM,
            wideShare: sigmaMM.map { _ in 0 }, wideSigmaMM: sigmaMM)
    }

    /// Projected RMS width of both Gaussians together at a depth bin, mm.
    public func rmsSigmaMM(at i: Int) -> Float {
        ((1 - wideShare[i]) * sigmaMM[i] * sigmaMM[i] + wideShare[i] * wideSigmaMM[i] * wideSigmaMM[i])
            .squareRoot()
    }
}

/// A mono-energetic beam in water on an equidistant grid of depth, ready for dose calculation.
public struct BeamDepthTable: Sendable, Equatable {
    /// Distance of depth samples, mm of water; sample i is the value at depth i · stepMM.
    public var stepMM: Double
    /// Mean (CSDA) range of the primaries in water, mm.
    public var rangeMM: Double
    /// Tables by `BeamComponent.rawValue`.
    public var components: [ComponentDepthTable]

    public init(stepMM: Double, rangeMM: Double, components: [ComponentDepthTable]) {
        self.stepMM = stepMM
        self.rangeMM = rangeMM
        self.components = components
    }

    /// Number of depth samples.
    public var count: Int { components.first?.doseGyMM2.count ?? 0 }
}
