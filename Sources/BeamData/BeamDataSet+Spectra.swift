import Quantities

#if canImport(Glibc)
    import Glibc
#endif

/// Fluence spectrum of one species at one depth.
public struct FluenceSpectrum: Sendable, Equatable {
    /// The ion.
    public var species: Isotope
    /// Edges of the energy bins, MeV per nucleon.
    public var edgesMeVPerNucleon: [Double]
    /// Particles per primary ion in each bin, over the whole plane.
    public var particlesPerPrimary: [Double]

    /// Particles per primary of all energies.
    public var total: Double { particlesPerPrimary.reduce(0, +) }
}

extension BeamDataSet {
    /// Spectra of all species at a depth of a beam of any energy between the nodes.
    ///
    /// Linear in depth between the stored depths and linear in ln R between the nodes, at the same depth/R and E/E₀.
    ///
    /// - Throws: `energyOutsideNodes`; `invalidArgument` for a depth outside the stored ones.
    public func spectra(
        energyMeVPerNucleon energy: Double, depthMM: Double
    ) throws(BeamDataError) -> [FluenceSpectrum] {
        let range = try rangeMM(energyMeVPerNucleon: energy)
        let t = depthMM / range
        let axis = axes.spectrumDepths
        guard axis.count >= 2, t >= axis[0], t <= axis[axis.count - 1] else {
            throw .invalidArgument("depth", value: depthMM)
        }
        let upper = max(1, nodes.firstIndex { $0.rangeMM >= range } ?? nodes.count - 1)
        let nodeShare =
            log(range / nodes[upper - 1].rangeMM) / log(nodes[upper].rangeMM / nodes[upper - 1].rangeMM)
        let deeper = max(1, axis.firstIndex { $0 >= t } ?? axis.count - 1)
        let depthShare = (t - axis[deeper - 1]) / (axis[deeper] - axis[deeper - 1])
        let bins = axes.energyBinCount
        return axes.species.indices.map { species in
            let values = (0..<bins).map { bin in
                var sum = 0.0
                for (node, nodeWeight) in [(upper - 1, 1 - nodeShare), (upper, nodeShare)] {
                    for (depth, depthWeight) in [(deeper - 1, 1 - depthShare), (deeper, depthShare)] {
                        let index = (species * axis.count + depth) * bins + bin
                        sum += nodeWeight * depthWeight * Double(nodes[node].spectra[index])
                    }
                }
                return sum
            }
            return FluenceSpectrum(
                species: axes.species[species], edgesMeVPerNucleon: axes.spectrumEdges.map { $0 * energy },
                particlesPerPrimary: values)
        }
    }
}
