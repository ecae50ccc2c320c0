import BeamData
import IonTransport

/// Lateral widths of a component by depth from the radial distributions of a run.
struct LateralShape: Sendable {
    /// Depth of the middle of each slab, mm.
    private let depths: [Double]
    private let fits: [TwoGaussianFit]

    /// Slabs on either side that are taken together with one, so that single particles do not decide a width.
    private static let neighbours = 1

    /// Nil if the run has no radial distributions, or no energy of the component.
    init?(_ result: WaterTransportResult, component: BeamComponent) {
        guard let radial = result.radial else { return nil }
        let slabs = radial.energyMeV[component.rawValue]
        var depths: [Double] = []
        var fits: [TwoGaussianFit] = []
        for slab in slabs.indices {
            var energy = [Double](repeating: 0, count: radial.edgesMM2.count - 1)
            for near in max(0, slab - Self.neighbours)...min(slabs.count - 1, slab + Self.neighbours) {
                for bin in energy.indices { energy[bin] += slabs[near][bin] }
            }
            // Starting from the neighbour's keeps the two Gaussians the same two all along.
            guard let fit = TwoGaussianFit(energy: energy, edgesMM2: radial.edgesMM2, start: fits.last) else {
                continue
            }
            depths.append((Double(slab) + 0.5) * result.request.radialSlabMM)
            fits.append(fit)
        }
        guard !fits.isEmpty else { return nil }
        self.depths = depths
        self.fits = fits
    }

    /// The shape at a depth: share and variances linear between the middles of the slabs. Before the first slab's
    /// middle the widths fall in proportion to the depth, as those of particles that are born with an angle do.
    func at(depthMM: Double) -> TwoGaussianFit {
        guard depthMM > depths[0] else {
            let scale = (depthMM / depths[0]) * (depthMM / depths[0])
            return TwoGaussianFit(
                narrow: scale * fits[0].narrow, wide: scale * fits[0].wide, share: fits[0].share)
        }
        guard let upper = depths.firstIndex(where: { $0 > depthMM }) else { return fits[fits.count - 1] }
        let t = (depthMM - depths[upper - 1]) / (depths[upper] - depths[upper - 1])
        func between(_ value: KeyPath<TwoGaussianFit, Double>) -> Double {
            (1 - t) * fits[upper - 1][keyPath: value] + t * fits[upper][keyPath: value]
        }
        return TwoGaussianFit(narrow: between(\.narrow), wide: between(\.wide), share: between(\.share))
    }
}
