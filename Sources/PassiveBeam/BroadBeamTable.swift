import BeamData
import FacilityModel
import PencilBeam

#if canImport(Glibc)
    import Glibc
#endif

/// What the thicknesses of a ridge filter do to a beam: shares of its area by water-equivalent thickness.
public struct RangeMixture: Sendable, Equatable {
    /// Water-equivalent thickness of each step, mm.
    public var thicknessMM: [Double]
    /// Share of the ions that pass it; sum 1.
    public var shares: [Double]
    /// (ρ_N − ρ_S)/ρ_S of the filter's material: what it has more of nuclei for its stopping power.
    public var nuclearExcess: Double

    public init(thicknessMM: [Double], shares: [Double], nuclearExcess: Double) {
        precondition(thicknessMM.count == shares.count && !shares.isEmpty)
        self.thicknessMM = thicknessMM
        self.shares = shares
        self.nuclearExcess = nuclearExcess
    }

    /// No filter.
    public static let none = RangeMixture(thicknessMM: [0], shares: [1], nuclearExcess: 0)

    /// Mean water-equivalent thickness, mm.
    public var meanMM: Double { zip(thicknessMM, shares).reduce(0) { $0 + $1.0 * $1.1 } }
}

/// Depth doses of a broad beam behind a nozzle, for one ion per mm²: the depth tables of a beam in water, moved by what lies
/// upstream and mixed by the ridge filter.
///
///     f(d) = Σ_i p_i n_i f_0(d + U + t_i)                                                             (5)
///
/// U is the water-equivalent thickness of the nozzle, t_i and p_i thickness and share of the filter's steps, n_i the factor of
/// the excess of nuclei, N = [excess of U + t_i]/λ: e^−N for primaries, [1 − e^−(D/λ + N)]/[1 − e^−(D/λ)] for fragments with
/// D = d + U + t_i.
///
/// Widths are those that tissue makes behind the nozzle, mixed by dose: primaries of residual range R_i = R − U − t_i have
/// σ²/V_w of the beam in water times V_w(d; R_i), fragments σ²/(D²/3).
///
/// ## Source
/// Kanai et al., Int. J. Radiat. Oncol. Biol. Phys. 44 (1999) 201; the factors are those of docs/theory/pencil-beam.md.
/// ## Checked by
/// `BroadBeamTableTests`.
public struct BroadBeamTable: Sendable {
    /// Distance of the rows, mm of water.
    public let stepMM: Double
    /// Residual range behind the thinnest step, mm of water.
    public let residualRangeMM: Double
    /// U, mm.
    public let upstreamWaterMM: Double
    /// By `LateralTerm.rawValue` and depth: D, D z*, D LET (Gy mm² and so on per ion), width coefficient.
    package let rows: [[SIMD4<Float>]]

    /// - Parameters:
    ///   - beam: The beam at the entrance of the nozzle, depth 0 there.
    ///   - upstreamWaterMM: U.
    ///   - upstreamExcessMM: Excess of nuclei in U, mm of water.
    ///   - mixture: The ridge filter.
    ///   - widthRangeMM: Residual range that the width coefficients of primaries refer to, mm; nil for that of the thinnest step.
    ///   - meanFreePathMM: λ in water, mm.
    /// - Throws: `PassiveBeamError.peakTooWide` if a step stops the beam.
    public init(
        beam: BeamDepthTable, upstreamWaterMM: Double, upstreamExcessMM: Double, mixture: RangeMixture,
        widthRangeMM: Double? = nil,
        meanFreePathMM: Double = PencilBeamSettings().nuclearMeanFreePathMM
    ) throws(PassiveBeamError) {
        let residual = beam.rangeMM - upstreamWaterMM
        let thickest = mixture.thicknessMM.max() ?? 0
        guard residual - thickest > 1 else {
            throw .peakTooWide(widthMM: thickest, residualRangeMM: residual)
        }
        let step = beam.stepMM
        let count = max(2, Int(Double(beam.count - 1) - (upstreamWaterMM / step).rounded(.up)))
        let whole = PrimaryScattering(rangeMM: beam.rangeMM)
        let behind = PrimaryScattering(rangeMM: widthRangeMM ?? residual)
        var mixers: [Mixer] = []
        for (thickness, share) in zip(mixture.thicknessMM, mixture.shares) where share > 0 {
            let excess = upstreamExcessMM + mixture.nuclearExcess * thickness
            mixers.append(
                Mixer(
                    offset: (upstreamWaterMM + thickness) / step, share: share, lost: excess / meanFreePathMM,
                    scattering: PrimaryScattering(rangeMM: residual - thickness)))
        }
        let mixing = Mixing(
            beam: beam, mixers: mixers, whole: whole, behind: behind, meanFreePathMM: meanFreePathMM)
        var rows: [[SIMD4<Float>]] = []
        for term in LateralTerm.allCases {
            rows.append((0..<count).map { mixing.row(term, depthIndex: $0) })
        }
        self.rows = rows
        stepMM = step
        residualRangeMM = residual
        self.upstreamWaterMM = upstreamWaterMM
    }

    /// One step of the filter.
    private struct Mixer {
        /// U + t_i in rows of the beam's table.
        var offset: Double
        var share: Double
        /// N of equation 5.
        var lost: Double
        /// With the residual range behind it.
        var scattering: PrimaryScattering
    }

    /// Makes the rows of equation 5.
    private struct Mixing {
        let beam: BeamDepthTable
        let mixers: [Mixer]
        let whole: PrimaryScattering
        let behind: PrimaryScattering
        let meanFreePathMM: Double

        func row(_ term: LateralTerm, depthIndex: Int) -> SIMD4<Float> {
            let depth = Double(depthIndex) * beam.stepMM
            var (dose, doseZStar, doseLET, spread) = (0.0, 0.0, 0.0, 0.0)
            for mixer in mixers {
                let at = mixer.offset + Double(depthIndex)
                guard at < Double(beam.count - 1) else { continue }
                let factor = mixer.share * survival(term, mixer, pathMM: at * beam.stepMM)
                let value = value(term, at: at)
                let own = factor * value.dose
                dose += own
                doseZStar += factor * value.doseZStar
                doseLET += factor * value.doseLET
                spread += own * variance(term, mixer, at: at, depthMM: depth)
            }
            var width = dose > 0 ? spread / dose : 0
            if term == .primary {
                let model = behind.varianceInWater(depthMM: depth)
                width = model > 0 ? width / model : 0
            }
            return SIMD4(Float(dose), Float(doseZStar), Float(doseLET), Float(width))
        }

        /// n_i of equation 5.
        private func survival(_ term: LateralTerm, _ mixer: Mixer, pathMM: Double) -> Double {
            if term == .primary { return exp(-mixer.lost) }
            let path = pathMM / meanFreePathMM
            guard path > 1e-9 else { return 1 }
            return (1 - exp(-(path + mixer.lost))) / (1 - exp(-path))
        }

        private func value(
            _ term: LateralTerm, at index: Double
        ) -> (dose: Double, doseZStar: Double, doseLET: Double) {
            let table = beam.components[term.component.rawValue]
            let i = Int(index)
            let f = index - Double(i)
            var (dose, doseZStar, doseLET) = (0.0, 0.0, 0.0)
            for (k, weight) in [(i, 1 - f), (i + 1, f)] {
                let wide = Double(table.wideShare[k])
                let share = weight * (term.isWide ? wide : 1 - wide)
                dose += share * Double(table.doseGyMM2[k])
                doseZStar += share * Double(table.doseZStarGy2MM2[k])
                doseLET += share * Double(table.doseLETGyMM2KeVPerUM[k])
            }
            return (dose, doseZStar, doseLET)
        }

        /// Variance of primaries that tissue makes, mm²; of fragments the coefficient of D²/3. The ratios of the beam in water
        /// are taken from a quarter of its range on, those of primaries until their last millimetre.
        private func variance(
            _ term: LateralTerm, _ mixer: Mixer, at index: Double, depthMM: Double
        ) -> Double {
            let table = beam.components[term.component.rawValue]
            let least = 0.25 * beam.rangeMM
            var place = max(index * beam.stepMM, least)
            if term == .primary { place = min(place, beam.rangeMM - PrimaryScattering.leastResidualMM) }
            let k = min(Int((place / beam.stepMM).rounded()), table.sigmaMM.count - 1)
            let sigma = Double(term.isWide ? table.wideSigmaMM[k] : table.sigmaMM[k])
            guard term == .primary else { return sigma * sigma * 3 / (place * place) }
            return sigma * sigma / whole.varianceInWater(depthMM: place)
                * mixer.scattering.varianceInWater(depthMM: depthMM)
        }
    }

    /// Number of rows.
    public var count: Int { rows[0].count }

    /// Row of a Gaussian at a depth behind the nozzle, linear between rows; nothing beyond the last.
    @inline(__always)
    package func row(_ term: LateralTerm, atWaterMM depth: Float) -> SIMD4<Float> {
        let rows = rows[term.rawValue]
        let place = max(depth, 0) / Float(stepMM)
        let i = Int(place)
        guard i + 1 < rows.count else { return SIMD4(0, 0, 0, rows[rows.count - 1][3]) }
        let f = place - Float(i)
        return (1 - f) * rows[i] + f * rows[i + 1]
    }

    /// Dose, dose z* and dose LET of one ion per mm² in a broad beam at a depth of water behind the nozzle.
    public func broadBeam(atWaterMM depth: Double) -> (dose: Double, doseZStar: Double, doseLET: Double) {
        var sum = SIMD4<Float>.zero
        for term in LateralTerm.allCases { sum += row(term, atWaterMM: Float(depth)) }
        return (Double(sum[0]), Double(sum[1]), Double(sum[2]))
    }

    /// Depth of the greatest dose of the beam in water behind the nozzle, without a filter, mm.
    public static func peakDepthMM(of beam: BeamDepthTable) -> Double {
        let total = (0..<beam.count).map { i in beam.components.reduce(0) { $0 + $1.doseGyMM2[i] } }
        let top = total.indices.max { total[$0] < total[$1] } ?? 0
        return Double(top) * beam.stepMM
    }
}
